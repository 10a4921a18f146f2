//! A rule that panics costs its own findings alone, and the report says so.

#![expect(clippy::unwrap_used, clippy::panic, reason = "the tests are about panics")]

use policy_core::config::Settings;
use policy_core::finding::Finding;
use policy_core::report::{self, Report};
use policy_core::rule::{Check, Context, Directives, Rule};
use policy_core::source::{MemoryTree, RepoPath, Sources};

const DOCKERFILE: &str = "# portcullis: allow(image/latest-base) nightly\nFROM nginx:latest\nCOPY . .\n";

fn panics(_: &Context<'_>) -> Vec<Finding> {
    panic!("index 3 of 2");
}

fn panics_too(_: &Directives<'_>) -> Vec<Finding> {
    panic!("index 4 of 2");
}

/// What is found where the rule `id` panics.
fn check(id: &str) -> Report {
    let mut rules = policy_rules::all();
    let broken = rules.iter_mut().find(|rule| rule.id == *id).unwrap();
    let check = match broken.check {
        Check::Model(_) => Check::Model(panics),
        Check::Directives(_) => Check::Directives(panics_too),
    };
    *broken = Rule { check, ..*broken };
    let tree = MemoryTree::new().with(RepoPath::new("Dockerfile").unwrap(), DOCKERFILE).with(
        RepoPath::new("compose.yaml").unwrap(),
        "services:\n  web:\n    build: .\n  db:\n    image: memcached:latest\n",
    );
    policy_core::check(&Sources::open(&tree), &rules, &Settings::default()).unwrap()
}

fn found(report: &Report) -> Vec<String> {
    report.active().map(|found| found.rule.to_string()).collect()
}

#[test]
fn a_rule_that_panics_costs_its_own_findings_alone() {
    let report = check("docker/runs-as-root");
    assert!(!found(&report).iter().any(|rule| rule == "docker/runs-as-root"));
    assert!(found(&report).iter().any(|rule| rule == "image/latest-tag"), "{:?}", found(&report));
    let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    assert_eq!(faults, ["the rule docker/runs-as-root: index 3 of 2"]);
}

#[test]
fn what_a_directive_allows_of_a_rule_that_panicked_is_not_called_unused() {
    let report = check("image/latest-base");
    assert_eq!(report.faults.len(), 1);
    assert!(!found(&report).iter().any(|rule| rule.starts_with("suppression/")), "{:?}", found(&report));
}

#[test]
fn a_rule_about_directives_that_panics_is_contained_too() {
    let report = check("suppression/unused");
    assert_eq!(report.faults.len(), 1);
    assert!(found(&report).iter().any(|rule| rule == "image/latest-tag"), "{:?}", found(&report));
}

#[test]
fn the_formats_for_programs_say_that_something_went_wrong() {
    let report = check("docker/runs-as-root");
    for text in [report::json(&report), report::sarif(&report), report::github(&report)] {
        assert!(text.contains("the rule docker/runs-as-root: index 3 of 2"), "{text}");
    }
    assert!(report::sarif(&report).contains("\"executionSuccessful\": false"));
}
