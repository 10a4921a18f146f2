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
fn nothing_is_changed_in_a_file_whose_bytes_are_not_what_was_read() {
    let ignored = b"# \xff\n.git\n";
    let folder = project(&[SERVICE[0], SERVICE[1], ("app/.dockerignore", ignored)]);
    let fixed = Run::new(folder.path(), &["--fix"]);
    assert_eq!((fixed.code, fixed.errors.as_str()), (1, ""));
    assert_eq!(fs::read(folder.path().join("app/.dockerignore")).unwrap(), ignored);
}

#[test]
fn a_diff_goes_to_a_file_as_a_report_does() {
    let folder = project(&SERVICE);
    let file = folder.path().join("fixes.diff");
    let run = Run::new(folder.path(), &["--diff", "--unsafe-fixes", "--output", file.to_str().unwrap()]);
    assert_eq!((run.code, run.output.as_str()), (1, ""), "{}", run.errors);
    assert!(fs::read_to_string(file).unwrap().starts_with("--- a/app/.dockerignore\n"));
}

/// What a fix of [`SERVICE`] makes of its ignore file.
fn fixed() -> String {
    let folder = project(&SERVICE);
    assert_eq!(Run::new(folder.path(), &["--fix"]).code, 0);
    fs::read_to_string(folder.path().join("app/.dockerignore")).unwrap()
}

/// The files in the folder of the service.
fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("app")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_run_that_is_killed_leaves_every_file_whole() {
    let fixed = fixed();
    for milliseconds in (1..60).step_by(4) {
        let folder = project(&SERVICE);
        let mut command = assert_cmd::Command::cargo_bin("portcullis").unwrap();
        command.args(["check", "--fix"]).arg(folder.path());
        let _ = command.timeout(std::time::Duration::from_millis(milliseconds)).output();
        let left = fs::read_to_string(folder.path().join("app/.dockerignore")).unwrap();
        assert!(left == ".git\n" || left == fixed, "{left:?}");
    }
}

#[test]
fn two_runs_at_once_come_to_what_one_comes_to() {
    let fixed = fixed();
    let folder = project(&SERVICE);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let run = Run::new(folder.path(), &["--fix"]);
                // Who comes second waits, and finds nothing to fix.
                assert_eq!(run.code, 0, "{}", run.errors);
            });
        }
    });
    assert_eq!(fs::read_to_string(folder.path().join("app/.dockerignore")).unwrap(), fixed);
    assert_eq!(names(folder.path()), [".dockerignore", "Dockerfile", "pyproject.toml"]);
}

#[cfg(unix)]
#[test]
fn where_a_file_or_its_folder_may_not_be_written_nothing_is() {
    use std::os::unix::fs::PermissionsExt;
    for (path, mode) in [("app/.dockerignore", 0o444), ("app", 0o555)] {
        let folder = project(&SERVICE);
        let locked = folder.path().join(path);
        fs::set_permissions(&locked, fs::Permissions::from_mode(mode)).unwrap();
        let probe = if locked.is_dir() {
            fs::write(locked.join("probe"), "")
        } else {
            fs::OpenOptions::new().append(true).open(&locked).map(drop)
        };
        if probe.is_ok() {
            return; // Nothing is locked for a superuser.
        }
        let run = Run::new(folder.path(), &["--fix"]);
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(run.code == 2 && run.errors.contains("permission denied"), "{}", run.errors);
        assert_eq!(fs::read(folder.path().join("app/.dockerignore")).unwrap(), b".git\n");
        assert_eq!(names(folder.path()), [".dockerignore", "Dockerfile", "pyproject.toml"]);
    }
}

/// The Dockerfile of an image whose health check runs `curl`, as unsafe fixes leave it.
fn with_probe_fixed(from: &str) -> String {
    let text = format!(
        "{from}\nCOPY app.py .\nUSER 1000\nHEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1\nCMD [\"python\", \"app.py\"]\n"
    );
    let folder = project(&[("Dockerfile", text.as_bytes()), ("app.py", b""), (".dockerignore", b".git\n")]);
    let before = Run::json(folder.path(), &["--select", "docker/missing-health-check-tool"]);
    assert_eq!(before.rules_at("Dockerfile"), ["docker/missing-health-check-tool"], "{from}");
    let select = ["--fix", "--unsafe-fixes", "--select", "docker/missing-health-check-tool"];
    let fixed = Run::new(folder.path(), &select);
    let after = fs::read_to_string(folder.path().join("Dockerfile")).unwrap();
    assert_eq!(fixed.code == 0, after != text, "{}", fixed.output);
    after
}

#[test]
fn a_tool_of_a_health_check_is_installed_where_the_last_stage_begins() {
    let slim = with_probe_fixed("FROM python:3.13.1-slim");
    let apt = "FROM python:3.13.1-slim\nRUN apt-get update && apt-get install --yes --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\nCOPY ";
    assert!(slim.starts_with(apt), "{slim}");
    let alpine = with_probe_fixed("FROM golang:1.25-alpine AS build\nFROM node:22.1-alpine AS web");
    assert!(
        alpine.contains("\nFROM node:22.1-alpine AS web\nRUN apk add --no-cache curl\nCOPY "),
        "{alpine}"
    );
}

#[test]
fn no_tool_is_installed_where_that_may_not_work() {
    for from in [
        "FROM gcr.io/distroless/python3",
        "FROM nginxinc/nginx-unprivileged:1.27-alpine-slim",
        "FROM node:22.1-alpine AS base\nUSER node\nFROM base",
    ] {
        assert!(with_probe_fixed(from).starts_with(&format!("{from}\nCOPY app.py")), "{from}");
    }
}
