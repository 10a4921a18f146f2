//! Ignore files against an independent implementation: the `docker` package for Python. Every difference is counted under
//! a reason, and a difference without one fails. Skipped with a notice where Python or the package is missing.
//!
//! Reasons for differences, all of them in favour of moby's own matcher, which is what builds images:
//! - `leading **`: moby takes `**name` at the start as a plain suffix; Python wants a `/` before the name;
//! - `bracket`: `[^a]` is a negation for moby and a plain `^` for Python, and the other way round with `[!a]`;
//! - `brace`: moby hands `{`, `|` and `}` to its regular expression unescaped, where `{2}` repeats and `|` separates;
//! - `parents`: Python asks only the folder that is as deep as the pattern is long, moby every folder above the path, which
//!   matters to patterns that match at more than one depth: those with `**`, `[^a]` or `|`;
//! - `memory`: moby does not ask a pattern that cannot change the answer for a folder, and forgets it below that folder.

#![expect(clippy::indexing_slicing, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the environment says whether a comparison may be skipped")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so, and differences are listed")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use policy_docker::dockerignore::{self, IgnoreFile, Pattern};
use policy_text::source::{MemoryTree, RepoPath, Sources};

const CASES: usize = 6_000;
const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// For each case: whether each pattern by itself matches each prefix of the path, and the answer of all together.
const PYTHON: &str = r"
import json, sys
from docker.utils.build import Pattern, PatternMatcher
for line in sys.stdin:
    patterns, path = json.loads(line)
    parts = path.split('/')
    prefixes = ['/'.join(parts[:n + 1]) for n in range(len(parts))]
    single = [[Pattern(p).match(prefix) for prefix in prefixes] for p in patterns]
    print(json.dumps([single, PatternMatcher(patterns).matches(path)]))
";

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
        let names = ["a", "b", "ab", "src", "a.md", "b.log", ".git", "x2", "aab", "a-b", "{a,b}"];
        (0..=self.below(4)).map(|_| self.pick(&names)).collect::<Vec<_>>().join("/")
    }

    fn pattern(&mut self) -> String {
        let parts = [
            "a", "b", "ab", "src", "*", "**", "*.md", "a*", "*b", "?", "a?", "[ab]", "[a-c]b", "[^a]",
            "[!a]", "**b", "a**", ".git", ".*", "x[0-9]", "*.l?g", "{a,b}", "a{2}*", "a|b*", "a-b", "b.log",
        ];
        let body = (0..=self.below(3)).map(|_| self.pick(&parts)).collect::<Vec<_>>().join("/");
        let front = self.pick(&["", "", "", "/", "!", "!"]);
        let end = self.pick(&["", "", "", "/"]);
        format!("{front}{body}{end}")
    }
}

/// Python's answers, or `None` where there is no Python with the package.
#[expect(clippy::disallowed_methods, reason = "the other implementation is another program")]
fn python(input: &str) -> Option<String> {
    let available = Command::new("python3").args(["-c", "import docker.utils.build"]).output().ok()?;
    if !available.status.success() {
        return None;
    }
    let mut child = Command::new("python3")
        .args(["-c", PYTHON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    String::from_utf8(output.stdout).ok()
}

fn read(patterns: &[String]) -> Option<IgnoreFile> {
    let tree = MemoryTree::new().with(RepoPath::new(".dockerignore")?, patterns.join("\n"));
    let sources = Sources::open(&tree);
    let (file, _) = sources.files().next()?;
    let (ignore, problems) = dockerignore::parse(file, &patterns.join("\n"));
    problems.is_empty().then_some(ignore)
}

fn prefixes(path: &str) -> Vec<&str> {
    path.match_indices('/').map(|(at, _)| &path[..at]).chain([path]).collect()
}

/// Why a single pattern may answer differently.
fn reason_for(pattern: &str) -> Option<&'static str> {
    if pattern.contains("[^") || pattern.contains("[!") {
        Some("bracket")
    } else if pattern.contains(['{', '|']) {
        Some("brace")
    } else if pattern.starts_with("**") {
        Some("leading **")
    } else {
        None
    }
}

/// Python's way to join the answers of single patterns, given those answers.
fn joined_as_python(patterns: &[Pattern], single: impl Fn(usize, usize) -> bool, depth: usize) -> bool {
    let mut excluded = false;
    for (index, pattern) in patterns.iter().enumerate() {
        let length = pattern.path.split('/').count();
        if single(index, depth) || (length <= depth && single(index, length - 1)) {
            excluded = !pattern.exception;
        }
    }
    excluded
}

/// Every pattern asked about the path and all folders above it, without memory.
fn joined_without_memory(patterns: &[Pattern], single: impl Fn(usize, usize) -> bool, depth: usize) -> bool {
    let mut excluded = false;
    for (index, pattern) in patterns.iter().enumerate() {
        if (0..=depth).any(|prefix| single(index, prefix)) {
            excluded = !pattern.exception;
        }
    }
    excluded
}

/// Says that nothing is compared, past what the test runner captures. Where `PORTCULLIS_COMPARE` is set, that is a failure.
fn skip(reason: &str) {
    assert!(std::env::var_os("PORTCULLIS_COMPARE").is_none(), "{reason}");
    // What `eprintln!` writes is captured, and nobody sees it.
    let _ = std::io::stderr().write_all(format!("skipped: {reason}\n").as_bytes());
}

#[test]
fn generated_ignore_files_agree_or_differ_for_a_known_reason() {
    let mut random = Random(SEED);
    let mut cases = Vec::new();
    while cases.len() < CASES {
        let patterns: Vec<String> = (0..=random.below(4)).map(|_| random.pattern()).collect();
        let path = random.path();
        if let Some(ignore) = read(&patterns) {
            cases.push((patterns, path, ignore));
        }
    }
    let input: String = cases
        .iter()
        .map(|(patterns, path, _)| serde_json::json!([patterns, path]).to_string() + "\n")
        .collect();
    let Some(output) = python(&input) else {
        return skip("python3 with the package `docker` is not installed");
    };

    let mut differences: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    let mut lines = output.lines();
    for (patterns, path, ignore) in &cases {
        let (theirs, their_answer): (Vec<Vec<bool>>, bool) =
            serde_json::from_str(lines.next().unwrap()).unwrap();
        let prefixes = prefixes(path);
        let depth = prefixes.len() - 1;
        for (pattern, answers) in ignore.patterns.iter().zip(&theirs) {
            for (prefix, answer) in prefixes.iter().zip(answers) {
                if pattern.matches(prefix) != *answer {
                    match reason_for(&pattern.path) {
                        Some(reason) => *differences.entry(reason).or_default() += 1,
                        None => unexplained.push(format!("{} on {prefix}", pattern.path)),
                    }
                }
            }
        }
        // Joined from their own single answers, so that only the way of joining is compared.
        let single = |index: usize, prefix: usize| theirs[index][prefix];
        if joined_as_python(&ignore.patterns, single, depth) != their_answer {
            unexplained.push(format!("{patterns:?} on {path}: joined otherwise than understood"));
        }
        let ours = |index: usize, prefix: usize| ignore.patterns[index].matches(prefixes[prefix]);
        let answer = ignore.decide(path).excluded;
        let without_memory = joined_without_memory(&ignore.patterns, ours, depth);
        if answer != without_memory {
            *differences.entry("memory").or_default() += 1;
        }
        if without_memory != joined_as_python(&ignore.patterns, ours, depth) {
            *differences.entry("parents").or_default() += 1;
            let any_depth =
                |pattern: &Pattern| ["**", "[^", "|"].iter().any(|part| pattern.path.contains(part));
            if !ignore.patterns.iter().any(any_depth) {
                unexplained.push(format!("{patterns:?} on {path}: parents matter to patterns of one depth"));
            }
        }
    }
    eprintln!("{} cases; differences by reason: {differences:?}", cases.len());
    assert!(
        unexplained.is_empty(),
        "{} unexplained: {:#?}",
        unexplained.len(),
        &unexplained[..unexplained.len().min(10)]
    );
    assert!(differences.values().sum::<usize>() < CASES, "{differences:?}");
}
