//! Looking for the few words that decide whether a text is worth parsing.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// Finds the first of few words in a text. The automaton that is built soonest will do: its prefilter does the search.
pub fn one_pass(words: &[&str]) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .kind(Some(AhoCorasickKind::NoncontiguousNFA))
        .build(words)
        .ok()
}
