//! The repository follows its own conventions: cards, checks and modules are consistent.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the sources are read from disk")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use policy_core::rule::{Card, Examples};
use policy_core::{Family, RuleId};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() && path.file_name().unwrap() != "target" {
            found.extend(files_below(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn modules() -> Vec<PathBuf> {
    ["crates", "rules"].iter().flat_map(|folder| files_below(&workspace().join(folder), "rs")).collect()
}

/// `image/latest-tag` as a path without its ending: `image/latest_tag`.
fn stem(name: &str) -> String {
    name.replace('-', "_")
}

#[test]
fn every_card_belongs_to_a_rule_and_every_rule_has_a_card_and_a_check_beside_it() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR"));
    let expected: BTreeSet<PathBuf> = policy_rules::all()
        .iter()
        .map(|rule| rules.join(stem(&rule.id.to_string())).with_extension("md"))
        .collect();
    let found: BTreeSet<PathBuf> = files_below(rules, "md").into_iter().collect();
    assert_eq!(found, expected);
    for card in expected {
        assert!(card.with_extension("rs").exists(), "{} has no check beside it", card.display());
    }
}

#[test]
fn ids_are_unique_and_written_as_family_and_problem() {
    let ids: Vec<_> = policy_rules::all().iter().map(|rule| rule.id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let is_name =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    for RuleId { family, problem } in ids {
        assert!(is_name(family.name()) && is_name(problem), "{family}/{problem}");
    }
}

#[test]
fn families_are_those_of_the_rules() {
    let found: BTreeSet<Family> = policy_rules::all().iter().map(|rule| rule.id.family).collect();
    let known: BTreeSet<Family> = Family::ALL.into_iter().collect();
    assert_eq!(known, found);
}

#[test]
fn every_card_tells_the_whole_story() {
    for rule in policy_rules::all() {
        let card = Card::parse(rule.id, rule.card).unwrap();
        for heading in ["What", "Why", "Bad", "Good", "How to fix"] {
            assert!(!card.section(heading).is_empty(), "{}: nothing under {heading}", rule.id);
        }
        assert!(!card.facts.summary.ends_with('.'), "{}: a summary is no sentence", rule.id);
        assert!(!card.examples(Examples::Bad).is_empty(), "{}", rule.id);
    }
}

#[test]
fn every_incident_has_a_before_and_an_after() {
    for incident in fs::read_dir(workspace().join("fixtures/incidents")).unwrap() {
        let incident = incident.unwrap().path();
        for side in ["before", "after"] {
            assert!(incident.join(side).is_dir(), "{} has no {side}", incident.display());
        }
    }
}

/// The names in a section of a manifest.
fn names(manifest: &str, section: &str) -> Vec<String> {
    let lines = manifest.lines().skip_while(|line| *line != format!("[{section}]")).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    lines.filter_map(|line| Some(line.split_once(['.', ' '])?.0.to_owned())).collect()
}

#[test]
fn every_dependency_is_used() {
    let workspace = workspace();
    let mut named = BTreeSet::new();
    for manifest in files_below(&workspace, "toml").into_iter().filter(|path| path.ends_with("Cargo.toml")) {
        let text = fs::read_to_string(&manifest).unwrap();
        let is_program = text.contains("[workspace.dependencies]\n");
        // The program's manifest is that of the root.
        let folder =
            if is_program { workspace.join("crates/policy-cli") } else { manifest.parent().unwrap().into() };
        let sources = files_below(&folder, "rs");
        let code: String = sources.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        for name in ["dependencies", "dev-dependencies"].iter().flat_map(|section| names(&text, section)) {
            let used = ["{}::", "use {};", "use {} as "].map(|form| form.replace("{}", &stem(&name)));
            assert!(used.iter().any(|used| code.contains(used)), "{} needs no {name}", manifest.display());
            // What is a workspace of its own has its own versions.
            if is_program || !text.contains("[workspace]\n") {
                named.insert(name);
            }
        }
    }
    assert!(!named.is_empty());
    let root = fs::read_to_string(workspace.join("Cargo.toml")).unwrap();
    let versions: BTreeSet<String> = names(&root, "workspace.dependencies").into_iter().collect();
    assert_eq!(versions, named);
}

#[test]
fn every_module_says_what_it_is_for_and_stays_small() {
    for module in modules() {
        let text = fs::read_to_string(&module).unwrap();
        assert!(text.starts_with("//! "), "{} does not open with a //! line", module.display());
        let lines = text.lines().count();
        assert!(lines <= 450, "{} has {lines} lines: one idea each", module.display());
    }
}
