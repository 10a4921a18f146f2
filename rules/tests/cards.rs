//! Every card's examples run: each Bad fires its rule, each Good is quiet about it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use policy_core::config::{Choice, Settings};
use policy_core::rule::{Card, Check, Example, Examples, Rule};
use policy_core::source::{MemoryTree, Sources};

fn findings(rule: &Rule, example: &Example) -> Vec<String> {
    let tree = example.files.iter().fold(MemoryTree::new(), |tree, file| {
        let path = file.path.clone();
        if file.readable { tree.with(path, file.text.as_bytes()) } else { tree.with_unreadable(path) }
    });
    let sources = Sources::open(&tree);
    let known: Vec<&str> = policy_rules::all().iter().map(|rule| rule.id).collect();
    let written = example.files.iter().find(|file| file.path.as_str() == "portcullis.toml");
    let mut settings =
        written.map_or_else(Settings::default, |file| Settings::parse(&file.text, &known).unwrap());
    // What a directive allows depends on what the other rules find.
    let rules = match rule.check {
        Check::Model(_) => {
            // A rule that is off by default has to be asked for.
            settings.choice = Choice::new(vec![rule.id.to_owned()], Vec::new(), &[rule.id]).unwrap();
            vec![*rule]
        }
        Check::Directives(_) => policy_rules::all(),
    };
    let report = policy_core::check(&sources, &rules, &settings).unwrap();
    report.diagnostics.into_iter().map(|found| format!("{}: {}", found.rule, found.finding.message)).collect()
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
                let found = findings(&rule, &example);
                let fires = found.iter().any(|message| message.starts_with(rule.id));
                let unread = example.files.iter().all(|file| file.readable)
                    && found.iter().any(|message| {
                        message.starts_with("input/unreadable") && !message.starts_with(rule.id)
                    });
                if fires != (which == Examples::Bad) || unread {
                    wrong.push(format!("{}: {which:?} example `{}` gave {found:#?}", rule.id, example.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
