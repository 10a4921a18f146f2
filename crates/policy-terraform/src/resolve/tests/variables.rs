//! Variables, locals and types.

use indoc::indoc;

use super::{only, root, shown, value, world};

#[test]
fn a_default_is_the_place_that_decides() {
    let text = indoc! {r#"
        variable "tag" {
          default = "latest"
        }
        locals {
          image = "app:${var.tag}"
        }
        output "it" {
          value = local.image
        }
    "#};
    let root = root(text);
    let it = root.outputs["it"].to_text().unwrap();
    let tag = it.last_literal().unwrap();
    assert_eq!(&text[tag.at.range()], "\"latest\"");
    let steps: Vec<&str> = tag.steps().map(|step| &text[step.at.range()]).collect();
    assert_eq!(steps, ["local.image", "var.tag"]);
}

#[test]
fn a_variable_without_a_value_is_unknown_by_name() {
    assert_eq!(value("variable \"a\" {}", "\"x-${var.a}\""), "\"x-${var.a}\"");
    assert_eq!(value("", "var.missing"), "<…>");
}

#[test]
fn values_take_the_type_of_their_variable() {
    let typed = |kind: &str, default: &str| {
        value(&format!("variable \"a\" {{\n  type = {kind}\n  default = {default}\n}}"), "var.a")
    };
    assert_eq!(typed("string", "8080"), "\"8080\"");
    assert_eq!(typed("number", "\"8080\""), "8080");
    assert_eq!(typed("list(string)", "[1, true]"), "[\"1\", \"true\"]");
    assert_eq!(typed("set(string)", "[\"b\", \"a\", \"b\"]"), "[\"a\", \"b\"]");
    assert_eq!(typed("map(number)", "{ a = \"1\" }"), "{a: 1}");
    assert_eq!(typed("tuple([string, number])", "[1, \"2\"]"), "[\"1\", 2]");
    assert_eq!(
        typed(
            "list(object({ a = string, b = optional(number, 5), c = optional(string), d = optional(object({ e = optional(bool, true) }), {}) }))",
            "[{ a = 1, extra = 2 }, { a = 2, b = null, c = \"x\", d = { e = false } }]"
        ),
        "[{a: \"1\", b: 5, c: null, d: {e: true}}, {a: \"2\", b: 5, c: \"x\", d: {e: false}}]"
    );
}

#[test]
fn null_means_the_default_only_where_the_variable_is_not_nullable() {
    let files = |nullable: &str| {
        let module = format!(
            "variable \"a\" {{\n  default = 1\n  nullable = {nullable}\n}}\noutput \"a\" {{\n  value = var.a\n}}\n"
        );
        let root = only(world(&[
            (
                "main.tf",
                "module \"m\" {\n  source = \"./m\"\n  a = null\n}\noutput \"a\" {\n  value = module.m.a\n}\nresource \"null_resource\" \"x\" {}\n",
            ),
            ("m/main.tf", &module),
        ]));
        shown(&root.outputs["a"])
    };
    assert_eq!(files("true"), "null");
    assert_eq!(files("false"), "1");
}

#[test]
fn locals_meet_across_files_and_cycles_end() {
    let root = only(world(&[
        ("a.tf", "locals {\n  a = local.b + 1\n  loop = local.pool\n  pool = [local.loop]\n}\n"),
        (
            "b.tf",
            "locals {\n  b = 1\n}\noutput \"a\" {\n  value = local.a\n}\noutput \"loop\" {\n  value = local.loop\n}\n",
        ),
        ("c.tf", "resource \"null_resource\" \"x\" {}\n"),
    ]));
    assert_eq!(shown(&root.outputs["a"]), "2");
    assert_eq!(shown(&root.outputs["loop"]), "[<…>]");
}

#[test]
fn override_files_change_what_is_there() {
    let root = only(world(&[
        (
            "main.tf",
            "variable \"a\" {\n  default = 1\n}\nresource \"aws_lb\" \"x\" {\n  name = \"n\"\n  internal = var.a == 2\n}\n",
        ),
        ("override.tf", "variable \"a\" {\n  default = 2\n}\n"),
        ("x_override.tf", "resource \"aws_lb\" \"x\" {\n  name = \"m\"\n}\n"),
    ]));
    let body = &super::resource(&root, "aws_lb.x").body;
    assert_eq!(
        (shown(body.get("name").unwrap()), shown(body.get("internal").unwrap())),
        ("\"m\"".into(), "true".into())
    );
}

#[test]
fn json_says_the_same_as_the_native_syntax() {
    let root = only(world(&[(
        "main.tf.json",
        r#"{
          "//": "a comment",
          "variable": { "tag": { "default": "v1" } },
          "locals": { "image": "app:${var.tag}", "n": 2 },
          "resource": { "aws_lb_listener_rule": { "r": {
            "priority": "${local.n * 5}",
            "condition": [{ "path_pattern": { "values": ["/a", "/${local.image}"] } }]
          } } }
        }"#,
    )]));
    let body = &super::resource(&root, "aws_lb_listener_rule.r").body;
    assert_eq!(shown(body.get("priority").unwrap()), "10");
    let values = body.block("condition").unwrap().block("path_pattern").unwrap().get("values").unwrap();
    assert_eq!(shown(values), "[\"/a\", \"/app:v1\"]");
}
