//! The targets of libFuzzer on this machine's own toolchain: the same functions over the same corpora, with so many mutations
//! as a test has time for. `PORTCULLIS_FUZZ=10000 cargo test --release -p policy-rules --test fuzz` has more.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "corpora are read from disk, and the environment says how much to do"
)]
#![expect(unreachable_pub, reason = "the targets are public where libFuzzer runs them")]

#[path = "../../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use targets::{TARGETS, Target};

/// Mutations of each file of a corpus.
const MUTATIONS: usize = 10;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

/// The files of a target's corpus: seeds, and whatever once made it fail.
fn corpus(target: Target) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder().join("corpus").join(target.name))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} has no seed", target.name);
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// The words of libFuzzer's dictionary.
fn dictionary() -> Vec<Vec<u8>> {
    let text = fs::read_to_string(folder().join("dictionary.txt")).unwrap();
    let quoted = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    quoted.map(unescaped).collect()
}

fn unescaped(word: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = word;
    while let Some(first) = rest.bytes().next() {
        let code = rest.strip_prefix("\\x").and_then(|code| u8::from_str_radix(code.get(..2)?, 16).ok());
        let (byte, length) = match (code, rest.strip_prefix('\\')) {
            (Some(code), _) => (code, 4),
            (None, Some(escaped)) => (escaped.bytes().next().unwrap_or(b'\\'), 2),
            (None, None) => (first, 1),
        };
        bytes.push(byte);
        rest = rest.get(length..).unwrap_or_default();
    }
    bytes
}

/// The same numbers for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..start + self.below((length - start + 1).min(40))
    }

    /// `input` with a few things done to it.
    fn mutated(&mut self, input: &[u8], words: &[Vec<u8>], others: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = input.to_vec();
        for _ in 0..=self.below(6) {
            let range = self.range(bytes.len());
            match self.below(7) {
                0 => bytes.truncate(range.start),
                1 => drop(bytes.drain(range)),
                2 => {
                    let copy = bytes[range.clone()].repeat(1 + self.below(20));
                    let at = self.below(bytes.len() + 1);
                    drop(bytes.splice(at..at, copy));
                }
                3 => drop(bytes.splice(range, [self.below(256) as u8])),
                4 => {
                    let other = &others[self.below(others.len())];
                    let part = other[self.range(other.len())].to_vec();
                    drop(bytes.splice(range, part));
                }
                _ => {
                    let word = words[self.below(words.len())].clone();
                    drop(bytes.splice(range.start..range.start, word));
                }
            }
        }
        bytes
    }
}

#[test]
fn no_input_makes_a_target_fail() {
    let mutations =
        std::env::var("PORTCULLIS_FUZZ").map_or(MUTATIONS, |count| count.parse().expect("a number"));
    let words = dictionary();
    let all: Vec<Vec<u8>> = TARGETS.iter().flat_map(|target| corpus(*target)).collect();
    let failed = |target: Target, input: &[u8]| {
        let outcome = catch_unwind(AssertUnwindSafe(|| target.run(input)));
        outcome.is_err().then(|| format!("{}: {:?}", target.name, String::from_utf8_lossy(input)))
    };
    let of_target = |(at, target): (usize, &Target)| -> Vec<String> {
        let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ (at as u64 + 1));
        let mut failures = Vec::new();
        for input in corpus(*target) {
            failures.extend(failed(*target, &input));
            for _ in 0..mutations {
                failures.extend(failed(*target, &random.mutated(&input, &words, &all)));
            }
        }
        failures
    };
    let pool = ThreadPoolBuilder::new().stack_size(64 << 20).build().unwrap();
    let failures: Vec<String> =
        pool.install(|| TARGETS.par_iter().enumerate().flat_map_iter(of_target).collect());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_corpus_has_a_target() {
    for entry in fs::read_dir(folder().join("corpus")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(Target::named(&name).is_some(), "{name}");
    }
}
