//! A fingerprint for a finding that stays the same when lines above it are added or removed.

use std::collections::HashMap;

use policy_text::source::FileId;

use super::{Diagnostic, Report};
use crate::rule_id::RuleId;

/// One fingerprint for each of the report's diagnostics, in their order: 16 hexadecimal digits.
///
/// It is made of the rule, the path and the text of the line without its white space. Findings that share all three are
/// told apart by counting.
pub(super) fn fingerprints(report: &Report) -> Vec<String> {
    let mut seen: HashMap<u64, u64> = HashMap::new();
    let mut lines = HashMap::new();
    report
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let place = hash_place(report, diagnostic, &mut lines);
            let occurrence = seen.entry(place).or_insert(0);
            let hash = Fnv::seeded(place).feed(&occurrence.to_le_bytes());
            *occurrence += 1;
            format!("{:016x}", hash.0)
        })
        .collect()
}

/// What rules find in a line has one hash for each of them: a line may be as long as its file, and have many findings.
type Lines = HashMap<(RuleId, FileId, usize), u64>;

fn hash_place(report: &Report, diagnostic: &Diagnostic, lines: &mut Lines) -> u64 {
    let span = diagnostic.finding.primary.span;
    let mut hash = Fnv::new().feed(diagnostic.rule.to_string().as_bytes()).feed(&[0]);
    if let Some(file) = report.file(span) {
        let number = file.text.line_of(span.start as usize);
        let key = (diagnostic.rule, span.file, number);
        if let Some(&known) = lines.get(&key) {
            return known;
        }
        let line = file.text.line_range(number);
        hash = hash.feed(file.path.as_str().as_bytes()).feed(&[0]);
        for word in file.text.slice(line).split_whitespace() {
            hash = hash.feed(word.as_bytes());
        }
        lines.insert(key, hash.0);
    }
    hash.0
}

/// FNV-1a in 64 bits: small, and the same on every machine and in every version, as the standard hasher is not.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn seeded(seed: u64) -> Self {
        Self::new().feed(&seed.to_le_bytes())
    }

    fn feed(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn lines_above_and_indentation_change_nothing() {
        let before = fingerprints(&sample::report("main.tf", "a = 1\nb = 2\n", &["b = 2"]));
        let after = fingerprints(&sample::report("main.tf", "# new\n\na = 1\n    b  =  2\n", &["b  =  2"]));
        assert_eq!(before, after);
    }

    #[test]
    fn path_line_and_occurrence_tell_findings_apart() {
        let text = "x\ny\nx\n";
        let mut report = sample::report("a.tf", text, &["x", "y"]);
        let again = report.diagnostics[0].clone();
        report.diagnostics.push(again);
        let mut all = fingerprints(&report);
        all.extend(fingerprints(&sample::report("b.tf", text, &["x"])));
        let distinct: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), 4, "{all:?}");
    }
}
