//! Resources: instances, nested blocks, references between them.

use indoc::indoc;

use super::{resource, root, shown, value};

#[test]
fn count_and_for_each_make_instances() {
    let root = root(
        "resource \"aws_lb\" \"none\" {\n  count = 0\n}
        resource \"aws_lb\" \"two\" {\n  count = 2\n  name = \"n${count.index}\"\n}
        resource \"aws_lb\" \"map\" {\n  for_each = { a = 1, b = 2 }\n  name = \"${each.key}${each.value}\"\n}",
    );
    let named: Vec<String> = root
        .resources
        .iter()
        .filter_map(|resource| Some(format!("{} {}", resource.address, shown(resource.body.get("name")?))))
        .collect();
    assert_eq!(
        named,
        [
            "aws_lb.map[\"a\"] \"a1\"",
            "aws_lb.map[\"b\"] \"b2\"",
            "aws_lb.two[0] \"n0\"",
            "aws_lb.two[1] \"n1\"",
        ]
    );
    assert!(root.resources.iter().all(|resource| resource.certain));
}

#[test]
fn instances_that_may_not_exist_are_not_certain() {
    let root = root(
        "variable \"create\" {}
        resource \"aws_lb\" \"maybe\" {\n  count = var.create ? 1 : 0\n}
        resource \"aws_lb\" \"many\" {\n  for_each = var.create\n  name = \"x-${each.key}\"\n}",
    );
    assert!(!resource(&root, "aws_lb.maybe[0]").certain);
    let many = resource(&root, "aws_lb.many");
    assert!(!many.certain);
    assert_eq!(shown(many.body.get("name").unwrap()), "\"x-${var.create}\"");
}

#[test]
fn dynamic_blocks_are_expanded() {
    let root = root(
        "variable \"unset\" {}
        locals {\n  rules = [{ paths = [\"/a\"] }, { paths = [\"/b\", \"/c\"] }]\n}
        resource \"aws_lb_listener_rule\" \"r\" {
          condition {\n    host_header {\n      values = [\"h\"]\n    }\n  }
          dynamic \"condition\" {
            for_each = local.rules
            iterator = rule
            content {
              dynamic \"path_pattern\" {
                for_each = [rule.value.paths]
                content {\n                  values = [for p in path_pattern.value : \"${rule.key}${p}\"]\n                }
              }
            }
          }
          dynamic \"action\" {
            for_each = var.unset
            content {\n              type = \"forward\"\n            }
          }
        }",
    );
    let body = &resource(&root, "aws_lb_listener_rule.r").body;
    let paths: Vec<String> = body
        .blocks("condition")
        .filter_map(|condition| Some(shown(condition.block("path_pattern")?.get("values")?)))
        .collect();
    assert_eq!(paths, ["[\"0/a\"]", "[\"1/b\", \"1/c\"]"]);
    assert_eq!(body.blocks("condition").count(), 3);
    assert!(body.may_have_more("action") && !body.may_have_more("condition"));
    assert_eq!(body.block("action").map(|_| ()), None);
}

#[test]
fn lifecycle_arguments_are_kept_as_names() {
    let root = root(indoc! {r#"
            resource "aws_ecs_service" "s" {
              depends_on = [aws_lb.main]
              lifecycle {
                ignore_changes = [task_definition, tags["a"]]
              }
            }"#});
    let body = &resource(&root, "aws_ecs_service.s").body;
    let ignored = body.block("lifecycle").unwrap().get("ignore_changes").unwrap();
    assert_eq!(shown(ignored), "[\"task_definition\", \"tags[\\\"a\\\"]\"]");
    assert_eq!(shown(body.get("depends_on").unwrap()), "[\"aws_lb.main\"]");
}

#[test]
fn references_lead_to_what_is_configured_or_to_the_resource() {
    let declarations = "
        resource \"aws_lb\" \"a\" {\n  name = \"web\"\n}
        resource \"aws_lb\" \"c\" {\n  count = 2\n  name = \"web${count.index}\"\n}
        resource \"aws_lb\" \"e\" {\n  for_each = toset_of_unknown\n}
        resource \"aws_lb\" \"f\" {\n  for_each = { x = 1 }\n  name = each.key\n}
        data \"aws_vpc\" \"v\" {\n  id = \"vpc-1\"\n}";
    for (expression, expected) in [
        ("aws_lb.a.name", "\"web\""),
        ("aws_lb.a.arn", "&aws_lb.a.arn"),
        ("\"${aws_lb.a.dns_name}:80\"", "\"${aws_lb.a.dns_name}:80\""),
        ("aws_lb.c[1].arn", "&aws_lb.c[1].arn"),
        ("aws_lb.c[*].name", "[\"web0\", \"web1\"]"),
        ("aws_lb.c.*.arn", "[&aws_lb.c[0].arn, &aws_lb.c[1].arn]"),
        ("aws_lb.f[\"x\"].name", "\"x\""),
        ("[for k, lb in aws_lb.f : lb.arn]", "[&aws_lb.f[\"x\"].arn]"),
        ("try(aws_lb.c[2].arn, \"none\")", "\"none\""),
        ("data.aws_vpc.v.id", "\"vpc-1\""),
        ("data.aws_vpc.v.cidr_block", "&data.aws_vpc.v.cidr_block"),
        ("aws_lb.e[\"k\"].arn", "&aws_lb.e.arn"),
    ] {
        assert_eq!(value(declarations, expression), expected, "{expression}");
    }
}
