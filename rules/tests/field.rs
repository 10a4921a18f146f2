//! What is said about public repositories at pinned commits, written down so that a change shows what it moves.
//!
//! `PORTCULLIS_FIELD=folder cargo test -p policy-rules --test field -- --ignored` checks each repository of `rules/tests/field/`
//! in `folder/owner+name`; one that is not there is cloned first. `PORTCULLIS_FIELD_ACCEPT=1` writes down what is said now.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "repositories are cloned with git and read from disk")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, iter};

use policy_core::check;
use policy_core::config::Settings;
use policy_core::source::Sources;
use policy_disk::{DiskTree, GitIgnored};

/// A repository at a commit, and what was said of it: lines of `severity rule path:line`, sorted.
struct Pinned {
    file: PathBuf,
    /// `owner/name`.
    repository: String,
    commit: String,
    said: BTreeSet<String>,
}

impl Pinned {
    fn read(file: PathBuf) -> Self {
        let text = fs::read_to_string(&file).unwrap();
        let (head, said) = text.split_once('\n').unwrap();
        let (repository, commit) = head.split_once(' ').unwrap();
        let said = said.lines().map(str::to_owned).collect();
        Self { repository: repository.to_owned(), commit: commit.to_owned(), said, file }
    }

    /// The work tree in `folder`, cloned if it is not there.
    fn tree(&self, folder: &Path) -> PathBuf {
        let tree = folder.join(self.repository.replace('/', "+"));
        if !tree.exists() {
            let address = format!("https://github.com/{}", self.repository);
            git(&["clone", "--quiet", &address, tree.to_str().unwrap()]);
            git(&["-C", tree.to_str().unwrap(), "checkout", "--quiet", &self.commit]);
        }
        tree
    }

    fn write(&self, said: &BTreeSet<String>) {
        let head = format!("{} {}", self.repository, self.commit);
        let lines: Vec<&str> = iter::once(&head).chain(said).map(String::as_str).collect();
        fs::write(&self.file, lines.join("\n") + "\n").unwrap();
    }
}

fn git(arguments: &[&str]) {
    let status = Command::new("git").args(arguments).status().unwrap();
    assert!(status.success(), "git {arguments:?}");
}

fn said_of(tree: &Path) -> BTreeSet<String> {
    let tree = DiskTree::new(fs::canonicalize(tree).unwrap(), GitIgnored::Skip, 2);
    let report = check(&Sources::open(&tree), &policy_rules::all(), &Settings::default()).unwrap();
    let line = |found: &policy_core::report::Diagnostic| {
        let at = found.finding.primary.span;
        let file = report.files.get(&at.file).unwrap();
        format!(
            "{} {} {}:{}",
            found.severity.name(),
            found.rule,
            file.path,
            file.text.line_of(at.start as usize)
        )
    };
    report.active().map(line).collect()
}

#[test]
#[ignore = "needs clones of public repositories; see the head of this file"]
fn what_is_said_about_public_repositories_stays() {
    let folder = env::var_os("PORTCULLIS_FIELD").expect("PORTCULLIS_FIELD names the folder of the clones");
    let accept = env::var_os("PORTCULLIS_FIELD_ACCEPT").is_some();
    let lists = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/field")).unwrap();
    let mut lists: Vec<PathBuf> = lists.map(|entry| entry.unwrap().path()).collect();
    lists.sort();
    let mut moved = Vec::new();
    for pinned in lists.into_iter().map(Pinned::read) {
        let said = said_of(&pinned.tree(Path::new(&folder)));
        let gone = pinned.said.difference(&said).map(|line| format!("- {}: {line}", pinned.repository));
        let new = said.difference(&pinned.said).map(|line| format!("+ {}: {line}", pinned.repository));
        moved.extend(gone.chain(new));
        if accept {
            pinned.write(&said);
        }
    }
    assert!(accept || moved.is_empty(), "{} findings moved:\n{}", moved.len(), moved.join("\n"));
}
