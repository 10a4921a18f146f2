//! `--since` and `--staged`: what a change brings, in a repository of git.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::project::{Run, project};

const LATEST: &str = "services:\n  web:\n    image: nginx:latest\n";
const TWO: &str = "services:\n  web:\n    image: nginx:latest\n  cache:\n    image: redis:latest\n";

/// Runs git, as a person would whose own settings do not matter.
#[expect(clippy::disallowed_methods, reason = "the test makes the repository that is checked")]
fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for (key, value) in [("user.name", "a"), ("user.email", "a@example.org"), ("init.defaultBranch", "main")]
    {
        command.args(["-c", &format!("{key}={value}")]);
    }
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A repository in which all files are committed.
fn repository(files: &[(&str, &[u8])]) -> TempDir {
    let folder = project(files);
    git(folder.path(), &["init", "--quiet"]);
    commit(folder.path());
    folder
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "a"]);
}

/// The lines that a check shows.
fn found(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let run = Run::new(folder, &[&["--format", "concise"], arguments].concat());
    assert!(matches!(run.code, 0 | 1), "{}", run.errors);
    let places = run.output.lines().map(|line| line.split(": ").next().unwrap().to_owned());
    places.collect()
}

#[test]
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "the test makes what is checked")]
fn a_pipe_where_git_opens_a_file_is_refused_and_not_waited_for() {
    let folder = repository(&[("compose.yaml", LATEST.as_bytes())]);
    let head = folder.path().join(".git/HEAD");
    fs::remove_file(&head).unwrap();
    assert!(Command::new("mkfifo").arg(&head).status().unwrap().success());
    let run = Run::new(folder.path(), &["--since", "main"]);
    assert_eq!(run.code, 2);
    assert!(run.errors.contains("HEAD` is no regular file"), "{}", run.errors);
}

#[test]
fn only_what_the_work_tree_brings_is_shown() {
    let folder = repository(&[("compose.yaml", LATEST.as_bytes())]);
    let write = |path: &str, text: &str| fs::write(folder.path().join(path), text).unwrap();
    assert!(found(folder.path(), &["--since", "HEAD"]).is_empty());
    write("compose.yaml", &format!("# moved\n{TWO}"));
    write("new.yaml", LATEST);
    assert_eq!(found(folder.path(), &["--since", "HEAD"]), ["compose.yaml:6:18", "new.yaml:3:18"]);
    let run = Run::new(folder.path(), &["--since", "HEAD"]);
    assert!(run.output.contains("2 warnings, 1 existed before."), "{}", run.output);
    assert_eq!(Run::new(folder.path(), &["--since", "HEAD", "--ignore", "image/latest-tag"]).code, 0);
}

#[test]
fn what_a_change_in_one_file_breaks_in_another_is_shown() {
    // Nothing says that tags are immutable yet.
    let push: &[u8] = b"docker build -t 1.dkr.ecr.eu-west-1.amazonaws.com/web:latest .\n\
        docker push 1.dkr.ecr.eu-west-1.amazonaws.com/web:latest\n";
    let repository_of = |mutability: &str| {
        format!(
            "resource \"aws_ecr_repository\" \"web\" {{\n  name = \"web\"\n  image_tag_mutability = \"{mutability}\"\n}}\n"
        )
    };
    let folder = repository(&[
        ("deploy.sh", push),
        ("ecr.tf", repository_of("MUTABLE").as_bytes()),
        ("Dockerfile", b"FROM scratch\n"),
    ]);
    let before = found(folder.path(), &["--select", "image/push-to-immutable-repository"]);
    assert!(before.is_empty(), "{before:?}");
    fs::write(folder.path().join("ecr.tf"), repository_of("IMMUTABLE")).unwrap();
    let since = found(folder.path(), &["--since", "HEAD", "--select", "image/push-to-immutable-repository"]);
    assert!(since.len() == 1 && since[0].starts_with("deploy.sh:"), "{since:?}");
}

#[test]
fn commits_are_compared_from_where_histories_meet() {
    let folder = repository(&[("compose.yaml", TWO.as_bytes())]);
    let path = folder.path();
    git(path, &["checkout", "--quiet", "-b", "work"]);
    fs::write(path.join("work.yaml"), LATEST).unwrap();
    commit(path);
    git(path, &["checkout", "--quiet", "main"]);
    // What was mended elsewhere meanwhile is nothing that this work brings.
    fs::write(path.join("compose.yaml"), LATEST).unwrap();
    commit(path);
    git(path, &["checkout", "--quiet", "work"]);
    assert_eq!(found(path, &["--since", "main"]), ["work.yaml:3:18"]);
    // From a folder of the repository too, whose other findings are not asked for.
    fs::create_dir(path.join("sub")).unwrap();
    assert!(found(&path.join("sub"), &["--since", "main"]).is_empty());
}

#[test]
fn what_is_staged_is_checked_and_the_work_tree_is_not() {
    let folder = repository(&[("compose.yaml", LATEST.as_bytes()), ("gone.yaml", b"a: 1\n")]);
    let path = folder.path();
    let write = |name: &str, text: &str| fs::write(path.join(name), text).unwrap();
    // Not staged, not added: no part of the commit.
    write("compose.yaml", TWO);
    write("untracked.yaml", LATEST);
    assert!(found(path, &["--staged"]).is_empty());
    git(path, &["add", "compose.yaml"]);
    assert_eq!(found(path, &["--staged"]), ["compose.yaml:5:18"]);
    // Mended in the work tree alone, and broken again on top.
    write("compose.yaml", "services: {}\n");
    assert_eq!(found(path, &["--staged"]), ["compose.yaml:5:18"]);
    write("compose.yaml", &TWO.replace("redis", "nats"));
    assert_eq!(found(path, &["--staged"]), ["compose.yaml:5:18"]);
    git(path, &["rm", "--quiet", "--cached", "--force", "compose.yaml"]);
    assert!(found(path, &["--staged"]).is_empty());
}

#[test]
fn before_the_first_commit_all_that_is_staged_is_new() {
    let folder = project(&[("compose.yaml", LATEST.as_bytes())]);
    git(folder.path(), &["init", "--quiet"]);
    assert!(found(folder.path(), &["--staged"]).is_empty());
    git(folder.path(), &["add", "--all"]);
    assert_eq!(found(folder.path(), &["--staged"]), ["compose.yaml:3:18"]);
}

#[test]
fn names_that_git_would_quote_and_large_files_are_read() {
    let large = vec![b'#'; 9 << 20];
    let folder = repository(&[("a \"ü\"\n/compose.yaml", LATEST.as_bytes()), ("large.yaml", &large)]);
    let path = folder.path();
    fs::write(path.join("a \"ü\"\n/compose.yaml"), TWO).unwrap();
    fs::write(path.join("large.yaml"), "a: 1\n").unwrap();
    assert_eq!(Run::json(path, &["--since", "HEAD"]).document["summary"]["warnings"], 1);
    git(path, &["add", "--all"]);
    assert_eq!(Run::json(path, &["--staged"]).document["summary"]["warnings"], 1);
    assert_eq!(Run::json(path, &["--staged"]).document["summary"]["suppressed"], 1);
}

#[test]
fn what_git_cannot_tell_is_said() {
    let folder = repository(&[("compose.yaml", LATEST.as_bytes())]);
    let refused = |folder: &Path, arguments: &[&str], words: &str| {
        let run = Run::new(folder, arguments);
        assert_eq!((run.code, run.output.as_str()), (2, ""), "{arguments:?}");
        assert!(run.errors.contains(words), "{arguments:?}: {}", run.errors);
    };
    refused(folder.path(), &["--since", "nowhere"], "`nowhere` names no commit here");
    refused(folder.path(), &["--since=--all"], "`--all` names no commit here");
    refused(folder.path(), &["--since", "HEAD", "--staged"], "--staged");
    refused(folder.path(), &["--staged", "--fix"], "--fix");
    let plain = project(&[("compose.yaml", LATEST.as_bytes())]);
    refused(plain.path(), &["--staged"], "`git` failed: not a git repository");
    let mut command = crate::project::program();
    command.current_dir(folder.path()).args(["check", "--staged"]).env("PATH", "/nowhere");
    let output = command.output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.contains("cannot run `git`, which `--staged` and `--since` need: it does not exist"),
        "{errors}"
    );
}
