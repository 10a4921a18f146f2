//! `portcullis init`: the configuration that it writes.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

use crate::project::{Run, project};

fn init(folder: &Path) -> (i32, String) {
    let output = Command::cargo_bin("portcullis").unwrap().arg("init").arg(folder).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

const FILES: &[(&str, &[u8])] = &[
    (".git/HEAD", b""),
    ("compose.yaml", b"services:\n  web:\n    image: nginx:latest\n"),
    ("examples/a/Dockerfile", b"FROM scratch\n"),
    ("infra/main.tf", b""),
    ("infra/prod.tfvars", b""),
    ("infra/terraform.tfvars", b""),
    ("web/app.ts", b""),
];

#[test]
fn it_names_what_is_in_the_repository_and_changes_no_check() {
    let folder = project(FILES);
    let before = Run::new(folder.path(), &[]).output;
    let (code, said) = init(&folder.path().join("infra"));
    assert_eq!(code, 0, "{said}");
    let text = fs::read_to_string(folder.path().join("portcullis.toml")).unwrap();
    for line in [
        "# exclude = [\"vendor\"]",
        "# baseline = \"portcullis-baseline.json\"",
        "# \"image/floating-tag\" = \"warning\"  # off by default",
        "# var-files = [\"infra/prod.tfvars\"]",
    ] {
        assert!(text.lines().any(|written| written == line), "{line}\n{text}");
    }
    assert_eq!(Run::new(folder.path(), &[]).output, before);
}

#[test]
fn every_line_that_is_uncommented_is_understood() {
    let folder = project(FILES);
    assert_eq!(init(folder.path()).0, 0);
    let file = folder.path().join("portcullis.toml");
    let is_setting = |line: &&str| line.starts_with('[') || line.contains(" = ");
    let text = fs::read_to_string(&file).unwrap();
    let settings: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("# ")).filter(is_setting).collect();
    assert!(settings.len() > 12, "{settings:#?}");
    fs::write(&file, settings.join("\n")).unwrap();
    fs::write(folder.path().join("portcullis-baseline.json"), "{\"version\": 1, \"findings\": []}").unwrap();
    let run = Run::new(folder.path(), &[]);
    // Nothing that is suggested hides a finding.
    assert_eq!((run.code, run.errors.as_str()), (1, ""), "{}", run.output);
}

#[test]
fn a_configuration_that_is_there_stays() {
    let folder = project(&[("portcullis.toml", b"exclude = []\n")]);
    let (code, said) = init(folder.path());
    assert_eq!(code, 2);
    assert!(said.ends_with("portcullis.toml` already exists\n"), "{said}");
    assert_eq!(fs::read(folder.path().join("portcullis.toml")).unwrap(), b"exclude = []\n");
}
