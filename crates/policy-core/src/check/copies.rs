//! Copies that somebody put aside: what is wrong with a file is wrong with its copy, and told once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use policy_text::purpose;
use policy_text::source::{FileId, Span};

use crate::finding::{Label, Severity};
use crate::report::{Diagnostic, ReportFile};
use crate::rule_id::RuleId;

/// How many copies a finding names.
const MAX_COPIES: usize = 16;

/// What findings in copies have in common.
#[derive(PartialEq, Eq, Hash)]
struct Told<'d> {
    /// One of the files with the same text, byte for byte.
    file: FileId,
    rule: RuleId,
    severity: Severity,
    start: u32,
    end: u32,
    message: &'d str,
}

/// Leaves out the findings in copies that lie in a folder of what was put aside, where the file that they are copies of has the
/// same ones. Those name the copies.
pub(super) fn tell_once(diagnostics: &mut Vec<Diagnostic>, files: &BTreeMap<FileId, ReportFile>) {
    let is_aside = |at: &Span| files.get(&at.file).is_some_and(|file| purpose::is_put_aside(&file.path));
    if !diagnostics.iter().any(|diagnostic| is_aside(&diagnostic.finding.primary.span)) {
        return;
    }
    let mut left_out: BTreeSet<usize> = BTreeSet::new();
    for same in alike(diagnostics, files) {
        let (copies, originals): (Vec<_>, Vec<_>) = same.into_iter().partition(|(_, at)| is_aside(at));
        let Some(first) = originals.first().and_then(|(index, _)| diagnostics.get_mut(*index)) else {
            continue;
        };
        for (count, (index, at)) in copies.into_iter().enumerate() {
            left_out.insert(index);
            if count < MAX_COPIES {
                first.finding.related.push(Label::new(at, "a copy of the file says the same here"));
            }
        }
    }
    let mut index = 0..;
    diagnostics.retain(|_| index.next().is_none_or(|index| !left_out.contains(&index)));
}

/// The findings that say the same at the same place of files with the same text: each with its place, in the order of paths.
fn alike(diagnostics: &[Diagnostic], files: &BTreeMap<FileId, ReportFile>) -> Vec<Vec<(usize, Span)>> {
    let mut by_text: HashMap<&str, FileId> = HashMap::new();
    let one: BTreeMap<FileId, FileId> =
        files.iter().map(|(id, file)| (*id, *by_text.entry(file.text.as_str()).or_insert(*id))).collect();
    let mut alike: HashMap<Told<'_>, Vec<(usize, Span)>> = HashMap::new();
    for (index, diagnostic) in diagnostics.iter().enumerate().filter(|(_, own)| own.suppression.is_none()) {
        let at = diagnostic.finding.primary.span;
        let Some(file) = one.get(&at.file).copied() else { continue };
        let told = Told {
            file,
            rule: diagnostic.rule,
            severity: diagnostic.severity,
            start: at.start,
            end: at.end,
            message: &diagnostic.finding.message,
        };
        alike.entry(told).or_default().push((index, at));
    }
    let mut several: Vec<_> = alike.into_values().filter(|same| same.len() > 1).collect();
    for same in &mut several {
        same.sort_by_key(|(_, at)| at.file);
    }
    several.sort_unstable();
    several
}
