//! Findings at their cause: the place that decides a value, perhaps for many resources at once.

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::value::Provenance;

/// A finding at the place that decides a value, with the places that the value passed through.
pub(crate) fn finding(message: String, from: &Provenance, label: &str) -> Finding {
    let finding = Finding::new(message, Label::new(from.at, label));
    from.steps().fold(finding, |finding, step| finding.step(Label::new(step.at, step.note.clone())))
}

/// One finding for each cause: the first one there, with what the others add to it.
pub(crate) fn merge(found: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    let mut causes = BTreeMap::new();
    for finding in found {
        let index = *causes.entry(finding.primary.span).or_insert(merged.len());
        match merged.get_mut(index) {
            Some(first) => {
                let new = finding.related.into_iter().filter(|label| !first.related.contains(label));
                let new: Vec<Label> = new.collect();
                first.related.extend(new);
            }
            None => merged.push(finding),
        }
    }
    merged
}
