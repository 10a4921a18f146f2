//! Input that is broken, deep or endless.

use policy_text::Problem;
use policy_text::source::{MemoryTree, RepoPath, Sources};

use super::{only, root, shown, world};
use crate::TerraformOptions;
use crate::parse::parse_all;

const SAMPLE: &str = r#"variable "a" {
  type = list(object({ b = optional(string, "x") }))
  default = [{ b = "${1}" }]
}
locals {
  t = <<-EOT
    x %{ for i in [1] ~}
    ${i}
    %{ endfor }
  EOT
}
resource "aws_lb" "x" {
  for_each = { for k, v in var.a : k => v... if true }
  dynamic "s" {
    for_each = each.value[*].b
    content { t = try(s.value, local.t)[0] }
  }
}
"#;

/// Reads and evaluates whatever comes out of it.
fn evaluate_anyway(text: &str) -> usize {
    let tree = MemoryTree::new().with(RepoPath::new("main.tf").unwrap(), text);
    let sources = Sources::open(&tree);
    let (files, problems) = parse_all(&sources);
    let world = super::evaluate(&files, &sources, &super::Selection::All, &TerraformOptions::default());
    problems.len() + world.problems.len()
}

#[test]
fn a_file_cut_anywhere_is_read_as_far_as_it_goes() {
    for end in (0..SAMPLE.len()).filter(|end| SAMPLE.is_char_boundary(*end)) {
        evaluate_anyway(&SAMPLE[..end]);
        evaluate_anyway(&SAMPLE[end..]);
    }
    assert_eq!(evaluate_anyway(SAMPLE), 0);
}

#[test]
fn deep_nesting_is_said_and_costs_one_block() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{ a = ", "}"), ("\"${", "}\""), ("!", ""), ("-", "")] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        let text = format!("locals {{\n  a = {deep}\n}}\nresource \"aws_lb\" \"x\" {{}}\n");
        assert_eq!(evaluate_anyway(&text), 1, "{open}");
    }
    let blocks = format!("{}\n{}", "a {\n".repeat(10_000), "}\n".repeat(10_000));
    assert_eq!(evaluate_anyway(&blocks), 1);
}

#[test]
fn long_chains_of_locals_end() {
    let chain: Vec<String> = (0..20_000).map(|n| format!("  l{n} = local.l{}", n + 1)).collect();
    // In several blocks: one alone would be too large to read.
    let blocks: Vec<String> =
        chain.chunks(1_000).map(|lines| format!("locals {{\n{}\n}}\n", lines.join("\n"))).collect();
    let root = root(&format!(
        "{}locals {{\n  l20000 = 1\n}}\noutput \"it\" {{\n  value = local.l0\n}}\n",
        blocks.concat()
    ));
    assert_eq!(shown(&root.outputs["it"]), "<…>");
}

#[test]
fn values_that_double_at_each_step_end() {
    for double in ["[local.l0, local.l0]", "\"${local.l0}${local.l0}\"", "{ a = local.l0, b = local.l0 }"] {
        let steps: Vec<String> =
            (1..64).map(|n| format!("  l{n} = {}", double.replace("l0", &format!("l{}", n - 1)))).collect();
        let steps = steps.join("\n");
        let root = root(&format!(
            "locals {{\n  l0 = \"x\"\n{steps}\n}}\noutput \"it\" {{\n  value = local.l63 == local.l63\n}}\n"
        ));
        assert!(shown(&root.outputs["it"]).starts_with('<') || shown(&root.outputs["it"]) == "true");
    }
}

#[test]
fn huge_counts_and_trees_of_modules_end() {
    let root = root("resource \"aws_lb\" \"x\" {\n  count = 1000000\n}\n");
    assert_eq!(root.resources.iter().filter(|resource| resource.certain).count(), 1_001);
    let call = |n: usize| {
        (0..10)
            .map(|c| format!("module \"c{c}\" {{\n  source = \"../m{n}\"\n}}\n"))
            .collect::<Vec<_>>()
            .concat()
    };
    let files: Vec<(String, String)> = (0..8)
        .map(|n| (format!("m{n}/main.tf"), format!("{}resource \"null_resource\" \"x\" {{}}\n", call(n + 1))))
        .chain([("m8/main.tf".to_owned(), "resource \"null_resource\" \"x\" {}\n".to_owned())])
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert!(only(world(&files)).resources.len() < 10_000);
}

/// What is said to be cut off, with the line that it is said at.
fn cut_off(text: &str) -> Vec<(usize, String)> {
    let world = world(&[("main.tf", text)]);
    let line = |at: policy_text::source::Span| text[..at.start as usize].matches('\n').count() + 1;
    world.cut_off.into_iter().map(|it| (line(it.at), format!("{}: {}", it.what, it.why))).collect()
}

#[test]
fn what_a_limit_cuts_off_is_said_where_it_happens() {
    let said = |what: &str, line: usize, text: &str| {
        let found = cut_off(text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, line, "{found:?}");
        assert!(found[0].1.contains(what), "{found:?}");
    };
    let instances = "a block is expanded to 1,000 instances at most";
    said(instances, 2, "resource \"aws_lb\" \"x\" {\n  count = 1001\n}\n");
    said(
        instances,
        2,
        "resource \"aws_lb\" \"x\" {\n  for_each = toset([for n in range(1001) : tostring(n)])\n}\n",
    );
    said(
        instances,
        3,
        "resource \"aws_lb\" \"x\" {\n  dynamic \"s\" {\n    for_each = range(1001)\n    content {}\n  }\n}\n",
    );
    let many: Vec<String> =
        (0..22).map(|n| format!("resource \"aws_lb\" \"x{n:02}\" {{\n  count = 1000\n}}\n")).collect();
    said("more than 20,000 resources", 61, &many.concat());
    assert_eq!(cut_off("resource \"aws_lb\" \"x\" {\n  count = 1000\n}\n"), []);
}

#[test]
fn instances_beyond_the_limit_are_not_taken_to_be_absent() {
    let root = root(
        "resource \"aws_lb\" \"x\" {\n  count = 1001\n}\noutput \"it\" {\n  value = length(aws_lb.x)\n}\n",
    );
    assert_eq!(
        root.resources.iter().filter(|resource| &*resource.name == "x" && resource.certain).count(),
        1_000
    );
    assert!(shown(&root.outputs["it"]).starts_with('<'));
}

#[test]
fn a_broken_block_costs_itself() {
    let text = "resource \"aws_lb\" \"a\" {\n  name = \n}\nresource \"aws_lb\" \"b\" {\n  name = \"b\"\n\nresource \"aws_lb\" \"c\" {\n  name = \"c\"\n}\n";
    let tree = MemoryTree::new().with(RepoPath::new("main.tf").unwrap(), text);
    let sources = Sources::open(&tree);
    let (files, problems) = parse_all(&sources);
    let world = super::evaluate(&files, &sources, &super::Selection::All, &TerraformOptions::default());
    let found: Vec<&str> = world.roots[0].resources.iter().map(|resource| &*resource.address).collect();
    assert_eq!(found, ["aws_lb.c"]);
    let places = |problems: &[Problem]| -> Vec<String> {
        problems.iter().map(|problem| text[problem.at.range()].trim().to_owned()).collect()
    };
    assert_eq!(places(&problems), ["resource \"aws_lb\" \"b\" {"]);
    assert_eq!(places(&world.problems), [""]);
}

#[test]
fn a_block_that_nobody_asks_for_is_not_read() {
    let text =
        "resource \"aws_iam_role\" \"a\" {\n  name = \n}\nresource \"aws_lb\" \"b\" {\n  name = \"b\"\n}\n";
    let problems = |rest: &str| {
        let tree = MemoryTree::new().with(RepoPath::new("main.tf").unwrap(), format!("{text}{rest}"));
        let sources = Sources::open(&tree);
        let (files, problems) = parse_all(&sources);
        assert_eq!(problems, []);
        let kinds = vec!["aws_lb", "aws_lb_listener"];
        let (arguments, blocks) = (vec!["user_data"], vec!["provisioner"]);
        let selection = super::Selection::Of { kinds, arguments, blocks, outputs_beside: Vec::new() };
        super::evaluate(&files, &sources, &selection, &TerraformOptions::default()).problems.len()
    };
    assert_eq!(problems(""), 0);
    assert_eq!(problems("resource \"aws_lb_listener\" \"c\" {\n  port = aws_iam_role.a.id\n}\n"), 1);
    assert_eq!(problems("resource \"aws_iam_role\" \"d\" {\n  user_data = \n}\n"), 1);
}

#[test]
fn what_terraform_accepts_is_read() {
    for text in [
        "\u{feff}locals {\n  a = 1\n}\n",
        "locals {\n  a = { x = 1, x = 2, \"x\" = 3 }\n}\n",
        "locals {\n  a = { for k, v in {} : k => v == 1\n    ? 1\n    : 2 }\n}\n",
        "locals {\r\n  a = [for\r\n    x in [1] : x]\r\n}\r\n",
        "locals {\n  a = [\n    1, # one\n    2 // two\n  ]\n}\n",
        "locals { a = 1 }\nlocals {}\n",
    ] {
        assert_eq!(evaluate_anyway(text), 0, "{text}");
    }
}

#[test]
fn nesting_that_is_allowed_is_read_in_no_time() {
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{ a = ", "}"),
        ("{ for x in ", " : x => x }"),
        ("\"${", "}\""),
        ("max(", ")"),
        ("[1][", "]"),
        ("!", ""),
        ("true ? ", " : 1"),
        ("\"%{ if ", " }x%{ endif }\""),
    ] {
        let deep = format!("{}1{}", open.repeat(25), close.repeat(25));
        assert_eq!(evaluate_anyway(&format!("locals {{\n  a = {deep}\n}}\n")), 0, "{open}");
    }
}

#[test]
fn files_that_never_close_anything_are_read_in_one_pass() {
    for line in ["resource \"a\" \"b\" {\n", "<<A\n", "a = <<A\n", "a = \"${\n", "locals {", "/*", "a = {\n"]
    {
        let started = evaluate_anyway(&line.repeat(30_000));
        assert!(started > 0, "{line}");
    }
}
