//! What people see, on small trees and on hostile ones.

use policy_core::Family;
use policy_core::config::Settings;
use policy_core::finding::{Finding, Label, Severity};
use policy_core::rule::{Context, Rule};
use policy_core::source::{MemoryTree, RepoPath, Sources, Span};

use std::path::Path;

use super::{Detail, Style, render};
use crate::here::Here;

const PLAIN: Style = Style { colour: false, links: false, width: 100, narrow: false, detail: Detail::Quiet };

const CARD: &str = "+++\nsummary = \"s\"\nseverity = \"error\"\nsince = \"0.1.0\"\ndefault = true\nreferences = []\nsource = \"s\"\n+++\n";

/// Finds fault with `BAD` in the first file that has it; `WHY` anywhere is a related place. `BAD` at the very end of a
/// file is marked by an empty label after it.
fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut primary = None;
    let mut related = Vec::new();
    for (file, _) in context.sources.files() {
        let text = context.sources.read(file).unwrap().text;
        if let Some(at) = text.find("BAD") {
            let range = if text.ends_with("BAD") { text.len()..text.len() } else { at..at + 3 };
            primary.get_or_insert(Label::new(Span::new(file, range), "wrong here"));
        }
        let whys =
            text.match_indices("WHY").map(|(at, _)| Label::new(Span::new(file, at..at + 3), "because"));
        related.extend(whys);
    }
    if primary.is_none() {
        return each(context);
    }
    let finding = primary.map(|primary| Finding::new("a \x1b[2J fault", primary).help("do better"));
    finding.map(|finding| related.into_iter().fold(finding, Finding::related)).into_iter().collect()
}

/// Finds fault with what follows each `EACH`, and a little with each `MILD`.
fn each(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, _) in context.sources.files() {
        let text = context.sources.read(file).unwrap().text;
        let mild = text.match_indices("MILD").map(|(at, _)| Label::new(Span::new(file, at..at + 4), "here"));
        findings.extend(mild.map(|label| Finding::new("mild", label).severity(Severity::Warning)));
        for (at, _) in text.match_indices("EACH") {
            let name = text[at + 5..].lines().next().unwrap();
            let label = Label::new(Span::new(file, at..at + 4), "here");
            findings.push(Finding::new(format!("{name} is wrong"), label));
        }
    }
    findings
}

fn shown(files: &[(&str, &str)], style: Style) -> String {
    let tree = files
        .iter()
        .fold(MemoryTree::new(), |tree, (path, text)| tree.with(RepoPath::new(path).unwrap(), *text));
    let rule = Rule::new(Family::Input, "y", CARD, check);
    let sources = Sources::open(&tree);
    render(
        &policy_core::check(&sources, &[rule], &Settings::default()).unwrap(),
        style,
        &Here::new(Path::new("")),
    )
}

#[test]
fn places_in_other_files_are_drawn_under_their_own_paths() {
    let text = shown(&[("a.txt", "1\n2\nBAD = 3\n4\n5\n6\n7\n8 WHY\n"), ("b/c.txt", "WHY\n")], PLAIN);
    let expected = "\
input/y

  × a ␛[2J fault
   ╭▶[a.txt:3:1]
 2 │ 2
 3 │ BAD = 3
   · ─┬─
   ·  ╰── wrong here
 4 │ 4
   ╰────
   ╭─[a.txt:8:3]
 7 │ 7
 8 │ 8 WHY
   ·   ─┬─
   ·    ╰── because
   ╰────
   ╭─[b/c.txt:1:1]
 1 │ WHY
   · ─┬─
   ·  ╰── because
   ╰────
  help: do better

";
    assert_eq!(text, expected);
}

#[test]
fn the_place_that_has_to_change_is_drawn_first_wherever_it_stands() {
    let text = shown(&[("a.txt", "WHY\n2\n3\n4\n5\n6\n7\nBAD = 3\n")], PLAIN);
    let headers: Vec<&str> = text.lines().filter(|line| line.contains("[a.txt:")).map(str::trim).collect();
    assert_eq!(headers, ["╭▶[a.txt:8:1]", "╭─[a.txt:1:1]"]);
}

#[test]
fn the_place_that_has_to_change_has_the_colour_of_its_severity() {
    let text = shown(&[("a.txt", "WHY\nBAD\n")], Style { colour: true, ..PLAIN });
    let line = |word: &str| text.lines().find(|line| line.contains(word)).unwrap().to_owned();
    let red = |line: &str| line.contains("\x1b[31m") || line.contains("\x1b[1;31m");
    assert!(red(&line("wrong here")) && !red(&line("because")), "{text:?}");
}

#[test]
fn links_are_there_only_when_asked_for_and_change_no_word() {
    let linked = shown(&[("a.txt", "BAD ")], Style { links: true, ..PLAIN });
    assert!(linked.contains("\x1b]8;;file://a.txt\x1b\\a.txt\x1b]8;;\x1b\\"), "{linked:?}");
    let plain = shown(&[("a.txt", "BAD ")], PLAIN);
    let stripped =
        linked.split("\x1b]8;;").map(|part| part.split_once("\x1b\\").map_or(part, |(_, rest)| rest));
    assert_eq!(stripped.collect::<String>(), plain);
}

#[test]
fn lines_of_source_are_cut_to_a_narrow_terminal() {
    let long = format!("{}BAD{}", "x".repeat(90), "y".repeat(90));
    let narrow = Style { width: 60, narrow: true, ..PLAIN };
    let text = shown(&[("a.txt", &long)], narrow);
    let line = text.lines().find(|line| line.contains("BAD")).unwrap();
    assert!(line.chars().count() <= 60, "{text}");
}

#[test]
fn errors_come_before_what_is_milder() {
    let text = shown(&[("a.txt", "MILD\n"), ("b.txt", "EACH `x`\n")], PLAIN);
    assert!(text.find("[b.txt").unwrap() < text.find("[a.txt").unwrap(), "{text}");
}

#[test]
fn one_fault_in_several_places_is_explained_once() {
    let two = &[("a.txt", "EACH `x`\n\n\n\n\nEACH `y`\n"), ("b.txt", "EACH `x`\n\nEACH `z`\n")];
    let expected = "\
input/y

  × `x` is wrong
   ╭▶[a.txt:1:1]
 1 │ EACH `x`
   · ──┬─
   ·   ╰── here
 2 │
   ╰────
   ╭─[a.txt:6:1]
 5 │
 6 │ EACH `y`
   · ──┬─
   ·   ╰── the same for `y`
   ╰────
   ╭─[b.txt:1:1]
 1 │ EACH `x`
   · ──┬─
   ·   ╰── the same here
 2 │
 3 │ EACH `z`
   · ──┬─
   ·   ╰── the same for `z`
   ╰────

";
    assert_eq!(shown(two, PLAIN), expected);
    let verbose = shown(two, Style { detail: Detail::Verbose, ..PLAIN });
    assert_eq!(verbose.matches("input/y").count(), 4, "{verbose}");
}

#[test]
fn places_that_are_too_many_to_draw_are_listed() {
    let names: Vec<String> = (0..12).map(|number| format!("{number:02}.txt")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (&**name, "EACH `x`\n")).collect();
    let text = shown(&files, Style { width: 40, ..PLAIN });
    assert_eq!(text.matches("the same here").count(), 8, "{text}");
    assert!(text.contains("\n  also: 09.txt:1, 10.txt:1, 11.txt:1\n"), "{text}");
    let narrow = shown(&files, Style { width: 30, ..PLAIN });
    assert!(narrow.contains("\n  also: 09.txt:1, 10.txt:1,\n        11.txt:1\n"), "{narrow}");
}

#[test]
fn a_place_far_along_a_long_line_is_drawn_with_its_true_column() {
    let text = shown(&[("a.min.js", &format!("{}BAD{}", "é".repeat(70_000), "x".repeat(70_000)))], PLAIN);
    assert!(text.contains("a.min.js:1:70001"), "{text}");
    assert!(text.contains("BADxxx") && text.contains('…'), "{text}");
    assert!(text.lines().all(|line| line.chars().count() < 200));
}

#[test]
fn escapes_in_a_checked_file_do_not_reach_the_terminal() {
    let text = shown(&[("a.txt", "\x1b]0;owned\x07 BAD \u{202e}x\r\n")], PLAIN);
    assert!(text.contains("␛]0;owned␇ BAD"), "{text}");
    assert!(!text.contains(['\x1b', '\x07', '\u{202e}', '\r']));
}

#[test]
fn an_empty_place_at_the_end_of_a_file_is_drawn() {
    let text = shown(&[("a.txt", "first\nBAD")], PLAIN);
    assert!(text.contains("[a.txt:2:4]") && text.contains("╰── wrong here"), "{text}");
}

#[test]
fn the_summary_says_what_was_read() {
    let normal = Style { detail: Detail::Normal, ..PLAIN };
    assert_eq!(
        shown(&[("Dockerfile", "FROM scratch\n"), ("main.tf", "")], normal),
        "No findings.\nRead 2 files: 1 Terraform, 1 Dockerfile.\n"
    );
    assert!(shown(&[("a.txt", "BAD ")], normal).contains("1 error.\nNothing to read"));
}

#[test]
fn colours_are_there_only_when_asked_for() {
    let coloured = shown(&[("a.txt", "BAD ")], Style { colour: true, ..PLAIN });
    assert!(coloured.contains("\x1b["));
    assert!(!shown(&[("a.txt", "BAD ")], PLAIN).contains('\x1b'));
}
