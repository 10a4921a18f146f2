//! Modules: calls, instances of calls, outputs, files.

use indoc::indoc;

use super::{only, resource, shown, world};

const SERVICE: &str = "
variable \"name\" {}
variable \"paths\" {\n  default = [\"/default\"]\n}
resource \"aws_lb_listener_rule\" \"rule\" {
  listener_arn = var.name
  condition {\n    path_pattern {\n      values = var.paths\n    }\n  }
}
output \"name\" {\n  value = \"svc-${var.name}\"\n}
output \"rule\" {\n  value = aws_lb_listener_rule.rule.arn\n}
";

#[test]
fn a_module_is_evaluated_once_for_each_call() {
    let root = only(world(&[
        ("modules/service/main.tf", SERVICE),
        (
            "live/main.tf",
            "module \"a\" {\n  source = \"../modules/service\"\n  name = \"a\"\n  paths = [\"/a\"]\n}
            module \"many\" {\n  source = \"../modules/service\"\n  for_each = { x = \"X\", y = \"Y\" }\n  name = each.value\n}
            output \"names\" {\n  value = [module.a.name, module.many[\"x\"].name, module.many[\"y\"].rule]\n}",
        ),
    ]));
    assert_eq!(root.folder.as_str(), "live");
    let listeners: Vec<String> = root
        .resources
        .iter()
        .map(|rule| format!("{} {}", rule.address, shown(rule.body.get("listener_arn").unwrap())))
        .collect();
    assert_eq!(
        listeners,
        [
            "module.a.aws_lb_listener_rule.rule \"a\"",
            "module.many[\"x\"].aws_lb_listener_rule.rule \"X\"",
            "module.many[\"y\"].aws_lb_listener_rule.rule \"Y\"",
        ]
    );
    let calls: Vec<&str> = root.resources[1].calls.iter().map(|call| &*call.address).collect();
    assert_eq!(calls, ["module.many[\"x\"]"]);
    assert_eq!(
        shown(&root.outputs["names"]),
        "[\"svc-a\", \"svc-X\", &module.many[\"y\"].aws_lb_listener_rule.rule.arn]"
    );
    assert_eq!(root.at_address("module.a.aws_lb_listener_rule.rule").count(), 1);
}

#[test]
fn a_default_is_not_known_where_the_module_is_given_what_it_has_no_variable_for() {
    let module = "variable \"arn\" {\n  default = \"x\"\n}\nresource \"aws_lb_listener_rule\" \"rule\" {\n  listener_arn = var.arn\n}\n";
    let arn = |given: &str| {
        let call = format!("module \"a\" {{\n  source = \"../modules/service\"\n{given}}}\n");
        let root = only(world(&[("modules/service/main.tf", module), ("live/main.tf", &call)]));
        shown(resource(&root, "module.a.aws_lb_listener_rule.rule").body.get("listener_arn").unwrap())
    };
    assert_eq!(arn(""), "\"x\"");
    assert_eq!(arn("  arns = [\"y\"]\n"), "<…>");
}

#[test]
fn a_module_that_nothing_calls_is_evaluated_by_itself() {
    let root = only(world(&[("modules/service/main.tf", SERVICE)]));
    let rule = resource(&root, "aws_lb_listener_rule.rule");
    assert_eq!(shown(rule.body.get("listener_arn").unwrap()), "<var.name>");
    assert!(rule.is_in_root());
}

#[test]
fn modules_pass_values_through_any_depth() {
    let root = only(world(&[
        ("modules/service/main.tf", SERVICE),
        (
            "modules/stack/main.tf",
            indoc! {r#"
                variable "n" {}
                module "s" {
                  source = "../service"
                  name = "${var.n}-s"
                  count = 1
                }
                output "all" {
                  value = module.s[*].name
                }
            "#},
        ),
        (
            "main.tf",
            "module \"stack\" {\n  source = \"./modules/stack\"\n  n = \"deep\"\n}\noutput \"all\" {\n  value = module.stack\n}\n",
        ),
    ]));
    let rule = resource(&root, "module.stack.module.s[0].aws_lb_listener_rule.rule");
    assert_eq!(shown(rule.body.get("listener_arn").unwrap()), "\"deep-s\"");
    assert_eq!(shown(&root.outputs["all"]), "{all: [\"svc-deep-s\"]}");
}

#[test]
fn a_module_from_elsewhere_shows_its_arguments_and_hides_its_outputs() {
    let root = only(world(&[(
        "main.tf",
        "module \"alb\" {
          source  = \"terraform-aws-modules/alb/aws\"
          version = \"9.0.0\"
          listeners = { http = { port = 80, rules = { api = { priority = 1 } } } }
        }
        output \"arn\" {\n  value = \"${module.alb.listeners[\"http\"].arn}!\"\n}",
    )]));
    let call = &root.remote_calls[0];
    assert_eq!((&*call.address, &*call.source), ("module.alb", "terraform-aws-modules/alb/aws"));
    assert_eq!(
        shown(call.arguments.get("listeners").unwrap()),
        "{http: {port: 80, rules: {api: {priority: 1}}}}"
    );
    assert_eq!(shown(&root.outputs["arn"]), "\"${module.alb.listeners.arn}!\"");
}

#[test]
fn files_are_read_from_the_repository_alone() {
    let root = only(world(&[
        (
            "live/main.tf",
            "module \"m\" {\n  source = \"../m\"\n}\noutput \"all\" {\n  value = module.m\n}\nresource \"null_resource\" \"x\" {}\n",
        ),
        (
            "m/main.tf",
            "data \"template_file\" \"t\" {\n  template = file(\"${path.module}/t.tpl\")\n  vars = {\n    x = \"old\"\n  }\n}
            output \"file\" {\n  value = file(\"${path.module}/a.txt\")\n}
            output \"template\" {\n  value = templatefile(\"${path.module}/t.tpl\", { x = 1 })\n}
            output \"old\" {\n  value = data.template_file.t.rendered\n}
            output \"outside\" {\n  value = file(\"../../etc/passwd\")\n}
            output \"inline\" {\n  value = file(\"${path.root}/main.tf\") == \"\"\n}",
        ),
        ("m/a.txt", "one\ntwo\n"),
        ("m/t.tpl", "x=${x}%{ if true }!%{ endif }\n"),
    ]));
    assert_eq!(
        shown(&root.outputs["all"]),
        "{file: \"one\\ntwo\\n\", inline: false, old: \"x=old!\\n\", outside: <…>, template: \"x=1!\\n\"}"
    );
}

#[test]
fn modules_that_call_each_other_end() {
    let files = [
        ("a/main.tf", "module \"b\" {\n  source = \"../b\"\n}\nresource \"null_resource\" \"x\" {}\n"),
        ("b/main.tf", "module \"a\" {\n  source = \"../a\"\n}\n"),
        ("main.tf", "module \"a\" {\n  source = \"./a\"\n}\n"),
    ];
    let root = only(world(&files));
    assert_eq!(&*resource(&root, "module.a.null_resource.x").kind, "null_resource");
}

#[test]
fn an_installed_module_is_evaluated_where_it_is_among_the_files() {
    let root = only(world(&[
        ("live/main.tf", "module \"svc\" {\n  source = \"acme/service/aws\"\n  name = \"n\"\n}\n"),
        (
            "live/.terraform/modules/modules.json",
            r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"svc","Source":"registry","Dir":".terraform/modules/svc"}]}"#,
        ),
        ("live/.terraform/modules/svc/main.tf", SERVICE),
    ]));
    let rule = resource(&root, "module.svc.aws_lb_listener_rule.rule");
    assert_eq!(shown(rule.body.get("listener_arn").unwrap()), "\"n\"");
    assert!(root.remote_calls.is_empty());
}
