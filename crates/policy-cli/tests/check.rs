//! `portcullis check` as a user runs it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

fn project(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, contents) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, contents).unwrap();
    }
    folder
}

fn portcullis(arguments: &[&str], path: &Path) -> Command {
    let mut command = Command::cargo_bin("portcullis").unwrap();
    command.args(arguments).arg(path);
    command
}

fn parsed(output: &[u8]) -> Value {
    serde_json::from_slice(output).unwrap()
}

#[test]
fn a_file_that_is_not_utf8_is_said_in_every_format_and_fails() {
    let folder = project(&[("web/Dockerfile", b"FROM scratch\n# \xff\n")]);
    let sarif = portcullis(&["check", "--format", "sarif"], folder.path()).assert().code(1);
    let run = &parsed(&sarif.get_output().stdout)["runs"][0];
    assert_eq!(run["results"][0]["ruleId"], "input/unreadable");
    let place = &run["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "web/Dockerfile");
    assert_eq!(place["region"]["startLine"], 2);
    assert_eq!(place["region"]["startColumn"], 3);
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().len(), 1);

    let json = portcullis(&["check", "--format", "json"], folder.path()).assert().code(1);
    let document = parsed(&json.get_output().stdout);
    assert_eq!(document["summary"]["files"]["dockerfile"], 1);
    assert_eq!(document["findings"][0]["location"]["start"]["line"], 2);

    let human = portcullis(&["check"], folder.path()).assert().code(1);
    assert!(String::from_utf8_lossy(&human.get_output().stdout).contains("web/Dockerfile:2:3"));
}

#[test]
fn a_root_that_does_not_exist_is_said_with_its_path() {
    let folder = project(&[]);
    let failed = portcullis(&["check"], &folder.path().join("nowhere")).assert().code(2);
    assert!(String::from_utf8_lossy(&failed.get_output().stderr).contains("nowhere"));
}

#[test]
fn a_broken_configuration_stops_the_check_with_its_line() {
    let folder = project(&[("portcullis.toml", b"[rules]\nimge = 'off'\n")]);
    let failed = portcullis(&["check"], folder.path()).assert().code(2);
    let words = String::from_utf8_lossy(&failed.get_output().stderr).into_owned();
    assert!(
        words.contains("portcullis.toml") && words.contains("line 2") && words.contains("`image`"),
        "{words}"
    );
    assert!(failed.get_output().stdout.is_empty());
}
