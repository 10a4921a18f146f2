//! Lines of an ignore file that do not do what they are there for, and how they are mended.

use policy_core::finding::{Applicability, Edit, Fix};

use super::{NODE, PACKAGE, check};

const INEFFECTIVE: &str = "docker/ineffective-ignore-pattern";

fn fix(ignore: &str, more: &[(&str, &str)]) -> Option<Fix> {
    let files = [("Dockerfile", NODE), ("a.js", ""), (".dockerignore", ignore)];
    let files: Vec<_> = files.into_iter().chain(more.iter().copied()).collect();
    let report = check(&files);
    report.diagnostics.iter().find(|found| found.rule == INEFFECTIVE).unwrap().finding.fix.clone()
}

/// The texts that a fix writes, where it is safe.
fn safe(fix: Option<Fix>) -> Vec<String> {
    let fix = fix.unwrap();
    assert_eq!(fix.applicability, Applicability::Safe);
    let texts = fix.edits.into_iter().map(|edit| match edit {
        Edit::Replace { text, .. } | Edit::Create { text, .. } => text,
    });
    texts.collect()
}

#[test]
fn a_comment_moves_to_a_line_of_its_own() {
    assert_eq!(safe(fix("dist/ # made anew\n", &[])), ["# made anew\ndist/"]);
    assert_eq!(safe(fix("x\r\ndist # made anew\r\n", &[])), ["# made anew\r\ndist"]);
    let taken = fix("dist # made anew\n", &[("dist/a.js", "")]).unwrap();
    assert_eq!(taken.applicability, Applicability::Unsafe);
}

#[test]
fn alternatives_become_lines() {
    assert_eq!(safe(fix("**/*.{log,tmp}\n", &[])), ["**/*.log\n**/*.tmp"]);
    assert!(fix("{a,b}/{c,d}\n", &[]).is_none());
}

#[test]
fn patterns_that_lose_no_file_are_mended_without_the_others() {
    let more = [
        ("web/package.json", PACKAGE),
        ("web/package-lock.json", ""),
        ("api/config/environment.rb", ""),
        ("api/log/.keep", ""),
    ];
    assert_eq!(safe(fix("log\nnode_modules\n", &more)), ["**/node_modules"]);
}

#[test]
fn the_pattern_that_names_the_directory_is_the_one_that_misses() {
    let more = [("app/__init__.py", ""), ("setup.py", "")];
    assert_eq!(safe(fix("*.pyc\n__pycache__/\n", &more)), ["**/__pycache__/"]);
}

#[test]
fn a_pattern_for_files_of_many_kinds_is_not_held_to_be_for_a_cache() {
    let dockerfile = "FROM python:3.13-slim\nCOPY . .\nUSER 1000\nCMD [\"python\", \"a.py\"]\n";
    let rules = |ignore: &str| -> Vec<String> {
        let files =
            [("Dockerfile", dockerfile), ("mypy.ini", "[mypy]\n"), ("a.py", ""), (".dockerignore", ignore)];
        check(&files).diagnostics.iter().map(|found| found.rule.to_string()).collect()
    };
    assert_eq!(rules("*.json\n**/__pycache__\n"), ["docker/context-includes-cache"]);
    assert_eq!(rules(".mypy_cache/\n**/__pycache__\n"), [""; 0]);
}
