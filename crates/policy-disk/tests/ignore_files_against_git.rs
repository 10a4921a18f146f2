//! Trees with ignore files, listed by us and by git: `git ls-files --others --exclude-standard`. Skipped with a notice where
//! git is missing.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]
#![expect(
    clippy::disallowed_methods,
    reason = "the test makes the trees, and asks git what it makes of them"
)]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use policy_disk::{DiskTree, GitIgnored, is_listed};
use policy_text::source::{RepoPath, SourceTree};
use tempfile::TempDir;

const TREES: usize = 60;
const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn path(&mut self) -> String {
        let folders = ["a", "b", "ab", "src", "x.d"];
        let names = ["a.md", "b.log", "aab", "a-b", "{a,b}", "x2", "!a", "#a", "a b", "[a", "c"];
        let mut parts: Vec<&str> = (0..self.below(4)).map(|_| self.pick(&folders)).collect();
        parts.push(self.pick(&names));
        parts.join("/")
    }

    fn line(&mut self) -> String {
        let parts = [
            "a",
            "b",
            "ab",
            "src",
            "*",
            "**",
            "*.md",
            "a*",
            "*b",
            "?",
            "a?",
            "[ab]",
            "[a-c]*",
            "[!a]",
            "[^a]*",
            "x.d",
            "**b",
            "a**",
            "*.l?g",
            "{a,b}",
            "\\{a,b}",
            "\\!a",
            "#a",
            "\\#a",
            "a\\ b",
            "a b ",
            "[a",
            "[]a]*",
            "*.*",
            "[[:alpha:]]*",
            "[[:digit:]b]",
            "x[0-9]",
            "[z-a]",
            "*-*",
            "**/*",
            "c\\",
            "*\\c",
            "?[!-]?",
        ];
        let parts: Vec<&str> = (0..=self.below(3)).map(|_| self.pick(&parts)).collect();
        let start = self.pick(&["", "", "", "!", "/", "!/", "**/"]);
        format!("{start}{}{}", parts.join("/"), self.pick(&["", "", "/", "/**", "  ", "\r"]))
    }

    fn ignore_file(&mut self) -> String {
        (0..self.below(6)).map(|_| self.line() + "\n").collect()
    }
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    // Nobody's own settings count.
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null").env_remove("GIT_DIR");
    let output = git.arg("-C").arg(root).args(arguments).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    let _ = fs::create_dir_all(path.parent().unwrap());
    // Some paths are a file in one place and a folder in another: the first to come stays.
    let _ = fs::write(path, text);
}

#[test]
fn git_lists_what_we_list() {
    let mut random = Random(SEED);
    for _ in 0..TREES {
        let folder = TempDir::new().unwrap();
        let root = fs::canonicalize(folder.path()).unwrap();
        if git(&root, &["init", "--quiet"]).is_none() {
            assert!(std::env::var_os("PORTCULLIS_COMPARE").is_none(), "git is not installed");
            eprintln!("SKIPPED: git is not installed, so ignore files are not compared with it");
            return;
        }
        for _ in 0..40 {
            write(&root, &random.path(), "");
        }
        for place in [".gitignore", "a/.gitignore", "src/b/.gitignore", ".git/info/exclude"] {
            if random.below(3) > 0 || place == ".gitignore" {
                write(&root, place, &random.ignore_file());
            }
        }
        let expected = git(&root, &["ls-files", "--others", "--exclude-standard", "-z"]).unwrap();
        let expected: BTreeSet<&str> = expected.split_terminator('\0').collect();
        let listing = DiskTree::new(root.clone(), GitIgnored::Skip, 1).list();
        let listed: BTreeSet<&str> = listing.files.iter().map(RepoPath::as_str).collect();
        let rules = fs::read_to_string(root.join(".gitignore")).unwrap();
        assert_eq!(listed, expected, "{rules:?}");
        assert!(listing.unlisted.is_empty());

        // What was added belongs to the tree, also where it is ignored.
        let ignored = git(&root, &["ls-files", "--others", "--ignored", "--exclude-standard", "-z"]).unwrap();
        let added: Vec<&str> = ignored.split_terminator('\0').step_by(2).collect();
        git(&root, &[&["add", "--force", "--", ".gitignore"], &added[..]].concat());
        for version in ["2", "4"] {
            git(&root, &["update-index", "--index-version", version]);
            let listed = |below: &Path| DiskTree::new(below.to_path_buf(), GitIgnored::Skip, 1).list().files;
            let all = git(&root, &["ls-files", "--cached", "--others", "--exclude-standard", "-z"]).unwrap();
            let expected: BTreeSet<&str> = all.split_terminator('\0').collect();
            let files = listed(&root);
            assert_eq!(files.iter().map(RepoPath::as_str).collect::<BTreeSet<_>>(), expected, "{rules:?}");
            for path in expected {
                assert!(is_listed(&root, &root.join(path), GitIgnored::Skip), "{path}");
            }
            // Below the top, a folder that is named counts whatever is said of it.
            for below in ["a", "src"].map(|below| root.join(below)).iter().filter(|below| below.is_dir()) {
                let added = git(below, &["ls-files", "--cached", "-z"]).unwrap();
                let files = listed(below);
                for path in added.split_terminator('\0') {
                    assert!(files.iter().any(|file| file.as_str() == path), "{path} in {below:?}");
                }
            }
        }
    }
}
