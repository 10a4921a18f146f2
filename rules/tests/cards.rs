//! Every card's examples run: each Bad fires its rule, each Good is quiet about it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use policy_core::RuleId;
use policy_core::config::{Choice, Settings};
use policy_core::report::Report;
use policy_core::rule::{Card, Check, Example, ExampleFile, Examples, Rule};
use policy_core::source::{MemoryTree, RepoPath, Sources};

fn run(rule: &Rule, example: &Example) -> Report {
    let tree = example.files.iter().fold(MemoryTree::new(), |tree, file| {
        let path = file.path.clone();
        if file.readable { tree.with(path, file.text.as_bytes()) } else { tree.with_unreadable(path) }
    });
    let sources = Sources::open(&tree);
    let known: Vec<RuleId> = policy_rules::all().iter().map(|rule| rule.id).collect();
    let written = example.files.iter().find(|file| file.path.as_str() == "portcullis.toml");
    let mut settings =
        written.map_or_else(Settings::default, |file| Settings::parse(&file.text, &known).unwrap());
    // What a directive allows depends on what the other rules find.
    let rules = match rule.check {
        Check::Model(_) => {
            // A rule that is off by default has to be asked for.
            settings.choice = Choice::new(&[rule.id.to_string()], &[], &[rule.id]).unwrap();
            vec![*rule]
        }
        Check::Directives(_) => policy_rules::all(),
    };
    policy_core::check(&sources, &rules, &settings).unwrap()
}

/// What is wrong with an example. What portcullis cannot read would be quiet, or fire, for another reason than the one
/// that the card gives.
fn fault(rule: &Rule, which: Examples, example: &Example) -> Option<String> {
    let report = run(rule, example);
    let found: Vec<RuleId> = report.diagnostics.iter().map(|found| found.rule).collect();
    let is_meant = ["input/unreadable", "input/too-costly", "docker/invalid-ignore-pattern"]
        .iter()
        .any(|id| rule.id == *id)
        || example.files.iter().any(|file| !file.readable);
    if let Some(problem) = report.problems.first().filter(|_| !is_meant) {
        return Some(format!("cannot be read: {}", problem.message));
    }
    let quoted_twice = report.diagnostics.iter().find(|found| found.finding.message.contains("``"));
    if let Some(diagnostic) = quoted_twice {
        return Some(format!("gave a message with doubled quotes: {}", diagnostic.finding.message));
    }
    (found.contains(&rule.id) != (which == Examples::Bad)).then(|| format!("gave {found:?}"))
}

#[test]
fn every_bad_example_fires_and_every_good_one_is_quiet() {
    let mut wrong = Vec::new();
    for rule in policy_rules::all() {
        let card = Card::parse(rule.id, rule.card).unwrap();
        for which in [Examples::Bad, Examples::Good] {
            let examples = card.examples(which);
            if examples.is_empty() {
                wrong.push(format!("{}: no {which:?} example", rule.id));
            }
            for example in examples {
                if let Some(fault) = fault(&rule, which, &example) {
                    wrong.push(format!("{}: {which:?} example `{}` {fault}", rule.id, example.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_example_that_cannot_be_read_is_no_example() {
    let rule = policy_rules::all().into_iter().find(|rule| rule.id == "image/latest-tag").unwrap();
    let fault_of = |which, text: &str| {
        let file = ExampleFile {
            path: RepoPath::new("compose.yaml").unwrap(),
            text: text.to_owned(),
            readable: true,
        };
        fault(&rule, which, &Example { name: String::new(), files: vec![file] })
    };
    let good = "services:\n  web:\n    image: nginx:1.27\n";
    assert_eq!(fault_of(Examples::Good, good), None);
    assert!(fault_of(Examples::Bad, good).is_some());
    let broken = fault_of(Examples::Good, &good.replace("1.27", "1.27\n  : [")).unwrap();
    assert!(broken.starts_with("cannot be read"), "{broken}");
}
