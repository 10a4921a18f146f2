//! Expressions, with and without unknowns.

use super::value;

#[track_caller]
fn assert_value(expression: &str, expected: &str) {
    let declarations = "
        variable \"unset\" {}
        locals {
          one  = 1
          list = [\"a\", \"b\", \"c\"]
          map  = { x = { n = 1 }, y = { n = 2 } }
        }";
    assert_eq!(value(declarations, expression), expected, "{expression}");
}

#[test]
fn operators_compute() {
    assert_value("1 + 2 * 3 - 4 / 2", "5");
    assert_value("-local.one % 2", "-1");
    assert_value("0.1 + 0.2 == 0.3 ? 7 / 2 : 0", "3.5");
    assert_value("!(1 < 2) || 3 >= 3 && \"a\" != \"b\"", "true");
    assert_value("\"4\" * 2", "8");
    assert_value("5 % 0", "<…>");
}

#[test]
fn an_unknown_operand_makes_only_what_depends_on_it_unknown() {
    assert_value("var.unset + 1", "<var.unset>");
    assert_value("false && var.unset", "false");
    assert_value("var.unset && false", "false");
    assert_value("var.unset || true", "true");
    assert_value("[1, var.unset, 3]", "[1, <var.unset>, 3]");
    assert_value("{ a = 1, b = var.unset, (var.unset) = 2 }", "{a: 1, b: <var.unset>, …}");
    assert_value("\"${var.unset}:latest\" == \"x:1\"", "false");
}

#[test]
fn what_names_a_resource_is_always_there() {
    let assert_value = |expression, expected| {
        assert_eq!(value("resource \"aws_lb\" \"web\" {}", expression), expected, "{expression}");
    };
    assert_value("aws_lb.web.arn != null", "true");
    assert_value("aws_lb.web.id == \"\"", "false");
    assert_value("null == aws_lb.web", "false");
    assert_value("aws_lb.web.arn == \"web\" ? 1 : 2", "1 | 2");
    assert_value("aws_lb.web.customer_owned_ipv4_pool != null ? 1 : 2", "1 | 2");
}

#[test]
fn a_condition_that_is_not_known_leaves_both_alternatives() {
    assert_value("var.unset ? 1 : 2", "1 | 2");
    assert_value("var.unset ? 1 : 1", "1");
    assert_value(
        "\"app:${var.unset != \"\" ? var.unset : \"latest\"}\"",
        "\"app:${var.unset}\" | \"app:latest\"",
    );
    assert_value("(var.unset ? [1] : [2, 3])[0]", "1 | 2");
    assert_value("true ? 1 : var.unset", "1");
}

#[test]
fn templates_keep_what_is_known() {
    assert_value("\"${local.one}-${var.unset}-z\"", "\"1-${var.unset}-z\"");
    assert_value("\"${local.list}\"", "[\"a\", \"b\", \"c\"]");
    assert_value("\"$${x} %%{y} \\\"\\n\"", "\"${x} %{y} \\\"\\n\"");
    assert_value("\"%{ if local.one == 1 }yes%{ else }no%{ endif }!\"", "\"yes!\"");
    assert_value("\"%{ for i, x in local.list }${i}${x},%{ endfor }\"", "\"0a,1b,2c,\"");
    assert_value("\"x %{ if var.unset }a%{ else }b%{ endif }\"", "\"x a\" | \"x b\"");
    assert_value("\"a ${~ \"b\" ~} c\"", "\"abc\"");
}

#[test]
fn here_documents_lose_the_indentation_that_all_their_lines_share() {
    assert_value(
        "<<-EOT\n      x\n\n    y ${local.one}\n        z\n    ${\"w\"} k\n  EOT\n",
        "\"  x\\n\\ny 1\\n    z\\nw k\\n\"",
    );
    assert_value("<<-EOT\n      x\n     \n      y\n  EOT\n", "\"x\\n     \\ny\\n\"");
    assert_value("<<-EOT\n    a\n${\"w\"}\n  EOT\n", "\"    a\\nw\\n\"");
    assert_value("<<EOT\n  a\n  EOT\n", "\"  a\\n\"");
    assert_value("<<-EOT\n  abc ${1}\n      def\n  EOT\n", "\"abc 1\\n    def\\n\"");
}

#[test]
fn strip_markers_reach_to_the_end_of_a_line() {
    assert_value(
        "<<EOT\na\n  %{ for x in [1, 2] ~}\n  item ${x}\n\n  %{ endfor ~}\nend ${~ \"Z\" ~}\n\n\n  tail\nEOT\n",
        "\"a\\n    item 1\\n\\n    item 2\\n\\n  endZ\\n\\n  tail\\n\"",
    );
}

#[test]
fn for_goes_through_lists_and_maps() {
    assert_value("[for i, x in local.list : \"${i}${x}\" if x != \"b\"]", "[\"0a\", \"2c\"]");
    assert_value("{ for k, v in local.map : k => v.n }", "{x: 1, y: 2}");
    assert_value("{ for x in [\"a\", \"b\", \"a\"] : x => 1... }", "{a: [1, 1], b: [1]}");
    assert_value("[for x in [1, var.unset, 3] : x * 2]", "[2, <var.unset>, 6]");
    assert_value("[for x in [1, 2] : x if x == 1 || var.unset]", "[1, …]");
    assert_value("[for x in var.unset : x]", "<var.unset>");
    assert_value("{ for x in [1, 1] : \"k\" => x }", "<…>");
}

#[test]
fn steps_lead_into_values() {
    assert_value("local.map[\"x\"].n + local.map.y.n", "3");
    assert_value("local.list[1]", "\"b\"");
    assert_value("local.list.1", "\"b\"");
    assert_value("[{ a = { b = 1 } }, { a = { b = 2 } }][*].a.b", "[1, 2]");
    assert_value("[{ a = [1] }, { a = [2] }].*.a[0]", "[1]");
    assert_value("[for x in local.list : x][*]", "[\"a\", \"b\", \"c\"]");
    assert_value("null[*]", "[]");
    assert_value("{ a = 1 }[*].a", "[1]");
    assert_value("var.unset[0].x", "<var.unset>");
    assert_value("local.list[9]", "<…>");
}

#[test]
fn failures_are_caught_only_by_try_and_can() {
    assert_value("try(local.map.z.n, local.list[9], \"default\")", "\"default\"");
    assert_value("try(local.map.x.n, 9)", "1");
    assert_value("can(local.map.z)", "false");
    assert_value("can(local.map.x)", "true");
    assert_value("can(var.unset)", "<var.unset>");
    assert_value("try(var.unset.a, 1)", "<var.unset>");
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    assert_value("{ a = 1, \"a\" = 2, b = 3, b = 4 }", "{a: 2, b: 4}");
}
