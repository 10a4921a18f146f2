//! `portcullis context`: what would be sent.

use assert_cmd::Command;
use serde_json::Value;

use crate::project::project;

fn said(arguments: &[&str]) -> (i32, String) {
    let output = Command::cargo_bin("portcullis").unwrap().arg("context").args(arguments).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[test]
fn what_git_ignores_is_sent_and_what_docker_ignores_is_not() {
    let folder = project(&[
        ("api/.gitignore", b"cache\n"),
        ("api/cache/a", b"12345"),
        ("api/.dockerignore", b"# no logs\n**/*.log\n"),
        ("api/logs/a.log", b"1"),
        ("api/main.py", b""),
    ]);
    let context = folder.path().join("api");
    let context = context.to_str().unwrap();
    assert_eq!(said(&[context, "--list"]), (0, ".dockerignore\n.gitignore\ncache/a\nmain.py\n".to_owned()));
    let (_, json) = said(&[context, "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["excluded"][0]["path"], "logs/a.log");
    assert_eq!(json["excluded"][0]["line"], 2);
    let (_, table) = said(&[context]);
    assert!(table.contains("logs/a.log  by line 2: **/*.log"), "{table}");
}

#[test]
fn the_ignore_file_of_a_dockerfile_replaces_the_folders() {
    let folder = project(&[
        (".dockerignore", b"b\n"),
        ("a", b""),
        ("b", b""),
        ("docker/web.Dockerfile", b"FROM scratch\n"),
        ("docker/web.Dockerfile.dockerignore", b"a\n.dockerignore\ndocker\n"),
    ]);
    let file = folder.path().join("docker/web.Dockerfile");
    let (_, list) = said(&[folder.path().to_str().unwrap(), "--list", "-f", file.to_str().unwrap()]);
    assert_eq!(list, "b\n");
}

#[test]
fn a_folder_or_a_dockerfile_that_is_not_there_is_an_error() {
    let folder = project(&[("a", b"")]);
    let missing = folder.path().join("missing");
    assert_eq!(said(&[missing.to_str().unwrap()]).0, 2);
    assert_eq!(said(&[folder.path().to_str().unwrap(), "-f", missing.to_str().unwrap()]).0, 2);
}
