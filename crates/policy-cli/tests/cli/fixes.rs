//! `--fix` and `--diff`.

use std::fs;

use crate::project::{Run, project};

const SERVICE: [(&str, &[u8]); 3] = [
    ("app/Dockerfile", b"FROM python:3.13.1-slim\nCOPY . .\nUSER 1000\n"),
    ("app/pyproject.toml", b"[tool.ruff]\n"),
    ("app/.dockerignore", b".git\n"),
];

#[test]
fn a_safe_fix_is_shown_and_then_written() {
    let folder = project(&SERVICE);
    let ignore_file = folder.path().join("app/.dockerignore");
    let shown = Run::new(folder.path(), &["--diff"]);
    assert_eq!(shown.code, 1);
    assert!(shown.output.contains("--- a/app/.dockerignore\n+++ b/app/.dockerignore\n"), "{}", shown.output);
    assert!(shown.output.contains("ruff_cache"), "{}", shown.output);
    assert_eq!(fs::read(&ignore_file).unwrap(), b".git\n");

    let fixed = Run::new(folder.path(), &["--fix"]);
    assert_eq!(fixed.code, 0, "{}", fixed.output);
    assert!(fs::read_to_string(&ignore_file).unwrap().contains("ruff_cache"));
    assert_eq!(Run::new(folder.path(), &["--diff"]).output, "");
}

#[test]
fn a_fix_that_creates_a_file_never_overwrites_one() {
    let folder = project(&SERVICE[..2]);
    assert!(Run::new(folder.path(), &["--diff"]).output.contains("--- /dev/null\n+++ b/app/.dockerignore\n"));
    assert_eq!(Run::new(folder.path(), &["--fix"]).code, 0);
    assert!(folder.path().join("app/.dockerignore").exists());
}

#[test]
fn a_diff_goes_to_a_file_as_a_report_does() {
    let folder = project(&SERVICE);
    let file = folder.path().join("fixes.diff");
    let run = Run::new(folder.path(), &["--diff", "--unsafe-fixes", "--output", file.to_str().unwrap()]);
    assert_eq!((run.code, run.output.as_str()), (1, ""), "{}", run.errors);
    assert!(fs::read_to_string(file).unwrap().starts_with("--- a/app/.dockerignore\n"));
}
