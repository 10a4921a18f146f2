//! What people do every day: look, count, leave out, allow.

use std::fs;

use crate::project::{Run, program, project};

const LATEST: &[u8] = b"services:\n  web:\n    image: nginx:latest\n";
const DOCKERFILE: &[u8] = b"FROM python:3.13.1-slim\nCOPY . .\nUSER 1000\n";

#[test]
fn paths_are_shown_from_the_current_folder_and_errors_first() {
    let base: &[u8] = b"FROM nginx:latest\nUSER 1000\n";
    let folder = project(&[(".git/HEAD", b""), ("a/Dockerfile", base), ("b/compose.prod.yaml", LATEST)]);
    let run = Run::new(&folder.path().join("a"), &[".."]);
    let headers: Vec<&str> = run.output.lines().filter(|line| line.contains('▶')).map(str::trim).collect();
    assert_eq!(headers, ["╭▶[../b/compose.prod.yaml:3:18]", "╭▶[Dockerfile:1:12]"], "{}", run.output);
}

#[test]
fn a_finding_is_one_line_that_editors_understand() {
    let folder = project(&[("compose.prod.yaml", LATEST)]);
    let run = Run::new(folder.path(), &["--format", "concise"]);
    assert!(run.output.starts_with("compose.prod.yaml:3:18: error: service `web` runs"), "{}", run.output);
    assert!(run.output.ends_with(" [image/latest-tag]\n") && run.output.lines().count() == 1);
}

#[test]
fn rules_are_selected_in_any_case_and_all_at_once() {
    let folder = project(&[("compose.yaml", LATEST)]);
    let rules = |name: &str| Run::json(folder.path(), &["--select", name]).rules_at("compose.yaml");
    assert_eq!(rules("IMAGE/Latest-Tag"), ["image/latest-tag"]);
    assert_eq!(rules("all"), ["image/latest-tag"]);
    assert!(rules("Docker").is_empty());
    let floating: &[u8] = b"services:\n  web:\n    image: nginx:stable\n";
    let folder = project(&[("compose.yaml", floating)]);
    assert_eq!(
        Run::json(folder.path(), &["--select", "ALL"]).rules_at("compose.yaml"),
        ["image/floating-tag"]
    );
    assert!(Run::json(folder.path(), &[]).rules_at("compose.yaml").is_empty());
}

#[test]
fn findings_are_counted_by_rule() {
    let two: &[u8] = b"services:\n  a:\n    image: nginx:latest\n  b:\n    image: redis:latest\n";
    let folder = project(&[("compose.prod.yaml", two), ("Dockerfile", b"FROM nginx:latest\nUSER 1000\n")]);
    let run = Run::new(folder.path(), &["--statistics"]);
    assert_eq!(run.code, 1);
    let lines: Vec<&str> = run.output.lines().take(3).collect();
    assert_eq!(
        lines,
        ["2  error    image/latest-tag", "1  warning  image/latest-base", ""],
        "{}",
        run.output
    );
    assert!(run.output.contains("2 errors, 1 warning."), "{}", run.output);
}

#[test]
fn paths_can_be_left_out_for_one_run() {
    let folder = project(&[("a/compose.yaml", LATEST), ("b/compose.yaml", LATEST)]);
    let run = Run::json(folder.path(), &["--exclude", "a,c/**"]);
    assert!(run.rules_at("a/compose.yaml").is_empty() && !run.rules_at("b/compose.yaml").is_empty());
    let run = Run::new(folder.path(), &["--exclude", "a["]);
    assert_eq!(run.code, 2);
    assert!(run.errors.contains("`--exclude`: `a[` is not a glob"), "{}", run.errors);
}

#[test]
fn the_exit_code_can_be_zero_whatever_is_found() {
    let folder = project(&[("compose.yaml", LATEST)]);
    let run = Run::new(folder.path(), &["--exit-zero"]);
    assert_eq!(run.code, 0);
    assert!(run.output.contains("image/latest-tag"));
    assert_eq!(Run::new(folder.path(), &["--exit-zero", "--fail-on", "error"]).code, 2);
}

#[test]
fn the_files_that_are_read_are_listed() {
    let script: &[u8] = b"#!/bin/sh\ndocker push a/b:1.2\n";
    let folder = project(&[
        ("a/compose.yaml", LATEST),
        ("deploy", script),
        ("notes", b"none of ours\n"),
        ("vendor/compose.yaml", LATEST),
        ("README.md", b""),
    ]);
    let run = Run::new(folder.path(), &["--show-files", "--exclude", "vendor"]);
    assert_eq!((run.code, run.output.as_str()), (0, "a/compose.yaml\ndeploy\n"));
}

#[test]
fn the_settings_are_shown_as_a_configuration_that_means_the_same() {
    let settings: &[u8] =
        b"fail-on = 'error'\nexclude = ['old']\nrules = { docker = 'off', 'image/latest-tag' = 'note' }\n\
        [options.image]\nmoving = ['r.io/*']\n";
    let folder = project(&[("compose.yaml", LATEST), ("portcullis.toml", settings)]);
    let shown = Run::new(folder.path(), &["--show-settings"]);
    assert_eq!(shown.code, 0, "{}", shown.errors);
    for line in
        ["fail-on = \"error\"", "\"docker/runs-as-root\" = \"off\"", "\"image/latest-tag\" = \"note\""]
    {
        assert!(shown.output.lines().any(|shown| shown == line), "{line}: {}", shown.output);
    }
    let before = Run::new(folder.path(), &["--format", "json"]).output;
    fs::write(folder.path().join("portcullis.toml"), &shown.output).unwrap();
    assert_eq!(Run::new(folder.path(), &["--format", "json"]).output, before);
    assert_eq!(Run::new(folder.path(), &["--show-settings"]).output, shown.output);
}

#[test]
fn the_summary_says_what_is_fixable_and_a_fix_says_what_it_wrote() {
    let folder = project(&[("app/Dockerfile", DOCKERFILE), ("app/pyproject.toml", b"[tool.ruff]\n")]);
    let run = Run::new(folder.path(), &[]);
    assert!(run.output.contains(" fixable with `--fix`."), "{}", run.output);
    let run = Run::new(folder.path(), &["--fix"]);
    assert_eq!(run.errors, "portcullis: created `app/.dockerignore`\n");
    assert!(!run.output.contains("fixable"), "{}", run.output);
    assert_eq!(Run::new(folder.path(), &["--fix"]).errors, "");
}

#[test]
fn comments_that_allow_are_written_with_a_reason_to_fill_in() {
    let folder = project(&[("compose.yaml", LATEST), ("task-definition.json", task())]);
    let run = Run::new(folder.path(), &["--add-allow"]);
    // A comment without a reason allows nothing, and JSON has no comments.
    assert_eq!(
        (run.code, run.errors.as_str()),
        (1, "portcullis: changed `compose.yaml`\n"),
        "{}",
        run.output
    );
    let file = folder.path().join("compose.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let comment = "    # portcullis: allow(image/latest-tag) TODO: say why\n    image: nginx:latest\n";
    assert!(text.ends_with(comment), "{text}");
    let json = Run::json(folder.path(), &[]);
    assert_eq!(json.rules_at("compose.yaml"), ["suppression/missing-reason", "image/latest-tag"]);

    fs::write(&file, text.replace("TODO: say why", "a sandbox")).unwrap();
    assert!(Run::new(folder.path(), &[]).output.contains("1 allowed in the source"));
    assert_eq!(fs::read(folder.path().join("task-definition.json")).unwrap(), task());
}

fn task() -> &'static [u8] {
    br#"{"family": "a", "containerDefinitions": [{"name": "a", "image": "r.example.org/a:latest"}]}"#
}

#[test]
fn no_comment_is_written_where_it_would_be_a_text() {
    let script: &[u8] = b"#!/bin/sh\ndocker push \\\n  r.example.org/a:latest\n";
    let folder = project(&[("deploy.sh", script)]);
    let run = Run::new(folder.path(), &["--add-allow"]);
    assert!(run.output.contains("image/push-latest"), "{}", run.output);
    assert_eq!(fs::read(folder.path().join("deploy.sh")).unwrap(), script);
}

#[test]
fn a_file_can_come_from_standard_input() {
    let folder = project(&[("compose.yaml", b"services: {}\n"), ("other/compose.yaml", LATEST)]);
    let run = |name: &str, more: &[&str]| {
        let mut command = program();
        let arguments = ["check", "--format", "concise", "--stdin-filename", name];
        command.current_dir(folder.path()).args(arguments).args(more).write_stdin(LATEST);
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(text).unwrap())
    };
    for name in ["compose.yaml", "other/new.yaml"] {
        let (code, text) = run(name, &["-"]);
        assert!(code == 1 && text.starts_with(&format!("{name}:3:18: warning: ")), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    assert_eq!(fs::read(folder.path().join("compose.yaml")).unwrap(), b"services: {}\n");
    assert_eq!(run("nowhere/compose.yaml", &[]).0, 2);
    assert_eq!(run("compose.yaml", &["other"]).0, 2);
    let run = Run::new(folder.path(), &["-"]);
    assert!(run.code == 2 && run.errors.contains("`--stdin-filename`"), "{}", run.errors);
}

#[test]
fn colours_are_forced_and_forbidden_by_the_environment() {
    let folder = project(&[("compose.yaml", LATEST)]);
    let coloured = |set: &[(&str, &str)]| {
        let mut command = program();
        let output = command.arg("check").arg(folder.path()).envs(set.iter().copied()).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured(&[]));
    assert!(coloured(&[("FORCE_COLOR", "1")]) && coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    // A link is for terminals alone.
    assert!(!coloured(&[("FORCE_HYPERLINK", "1")]));
}

#[test]
fn a_narrow_terminal_gets_narrow_text() {
    let long = format!("services:\n  web:\n    image: nginx:latest # {}\n", "word ".repeat(40));
    let folder = project(&[("compose.yaml", long.as_bytes())]);
    let mut command = program();
    command.current_dir(folder.path()).args(["check", "--color", "never", "--quiet"]).env("COLUMNS", "60");
    let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let widest = text.lines().filter(|line| !line.contains("╰──")).map(|line| line.chars().count()).max();
    assert!(widest <= Some(60), "{text}");
}

#[test]
fn a_comment_that_is_not_understood_is_found() {
    let compose =
        "services:\n  web:\n    image: nginx:latest # portcullis: ignore(image/latest-tag) a sandbox\n";
    let folder = project(&[("compose.yaml", compose.as_bytes())]);
    assert_eq!(
        Run::json(folder.path(), &[]).rules_at("compose.yaml"),
        ["image/latest-tag", "suppression/malformed"]
    );
    let family = compose.replace("ignore(image/latest-tag)", "allow(image)");
    let folder = project(&[("compose.yaml", family.as_bytes())]);
    let run = Run::new(folder.path(), &[]);
    assert!(run.output.contains("`image`, which is a family of rules"), "{}", run.output);
}
