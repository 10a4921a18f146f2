//! Replays of failed deployments: each is found before its fix, and nothing is found after it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "fixtures are read from disk")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use policy_core::config::Settings;
use policy_core::finding::Label;
use policy_core::report::{Diagnostic, Report};
use policy_core::source::{MemoryTree, RepoPath, Sources};

fn incidents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/incidents");
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn load(root: &Path, folder: &Path, tree: MemoryTree) -> MemoryTree {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).fold(tree, |tree, path| {
        if path.is_dir() {
            return load(root, &path, tree);
        }
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        tree.with(RepoPath::new(&name).unwrap(), fs::read(&path).unwrap())
    })
}

fn check(folder: &Path) -> Report {
    let tree = load(folder, folder, MemoryTree::new());
    policy_core::check(&Sources::open(&tree), &policy_rules::all(), &Settings::default()).unwrap()
}

fn describe(report: &Report) -> String {
    let place = |label: &Label| {
        let file = &report.files[&label.span.file];
        let start = file.text.line_column(label.span.start as usize);
        format!("{}:{}:{} `{}`", file.path, start.line, start.column, file.text.slice(label.span.range()))
    };
    let mut text = String::new();
    for Diagnostic { rule, severity, finding, .. } in &report.diagnostics {
        writeln!(text, "{} {rule}: {}", severity.name(), finding.message).unwrap();
        writeln!(text, "  at {}: {}", place(&finding.primary), finding.primary.text).unwrap();
        for label in &finding.related {
            writeln!(text, "  see {}: {}", place(label), label.text).unwrap();
        }
        if let Some(help) = &finding.help {
            writeln!(text, "  help: {help}").unwrap();
        }
    }
    text
}

#[test]
fn every_incident_is_found_before_its_fix() {
    for incident in incidents() {
        let name = incident.file_name().unwrap().to_str().unwrap();
        let report = check(&incident.join("before"));
        assert!(!report.diagnostics.is_empty(), "{name} is not found");
        insta::assert_snapshot!(name, describe(&report));
    }
}

#[test]
fn nothing_is_found_after_the_fix() {
    for incident in incidents() {
        let report = check(&incident.join("after"));
        assert!(report.diagnostics.is_empty(), "{}:\n{}", incident.display(), describe(&report));
    }
}

#[test]
fn a_report_does_not_depend_on_the_number_of_threads() {
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    for incident in incidents() {
        let folder = incident.join("before");
        let one = pool(1).install(|| describe(&check(&folder)));
        let many = pool(8).install(|| describe(&check(&folder)));
        assert_eq!(one, many);
    }
}
