//! Directives in the source: which findings each allows, and whether it was used.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use policy_text::directive::Directive;
use policy_text::source::FileId;

use crate::report::{Diagnostic, ReportFile, Suppression};
use crate::rule::JudgedDirective;
use crate::rule_id::RuleId;

/// Marks the diagnostics that a directive allows. `known` are the ids of all rules; `files` holds the files of all diagnostics.
pub(crate) fn apply(
    diagnostics: &mut [Diagnostic],
    directives: Vec<Directive>,
    known: &[RuleId],
    files: &BTreeMap<FileId, ReportFile>,
) -> Vec<JudgedDirective> {
    let mut used = vec![BTreeSet::new(); directives.len()];
    let mut by_line = HashMap::new();
    for (index, directive) in directives.iter().enumerate() {
        let Some(reason) = &directive.reason else { continue };
        for (name, _) in &directive.rules {
            let Some(&rule) = known.iter().find(|id| **id == **name) else { continue };
            let key = (directive.at.file, directive.line, rule);
            by_line.entry(key).or_insert((index, directive.at, reason));
        }
    }
    for diagnostic in diagnostics {
        let span = diagnostic.finding.primary.span;
        let Some(line) = files.get(&span.file).map(|file| file.text.line_of(span.start as usize)) else {
            continue;
        };
        let allowing = by_line.get(&(span.file, line, diagnostic.rule));
        if let Some(&(index, at, reason)) = allowing
            && let Some(used) = used.get_mut(index)
        {
            used.insert(diagnostic.rule);
            diagnostic.suppression = Some(Suppression::Directive { at, reason: reason.clone() });
        }
    }
    let judged = directives.into_iter().zip(used);
    judged.map(|(directive, used)| JudgedDirective { directive, used }).collect()
}
