//! Findings on values that one place decides for many: located there, with what the value passed through.

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::value::Provenance;

/// A finding at the place that decides a value, with the places that the value passed through.
pub(crate) fn by(message: String, from: &Provenance, label: &str) -> Finding {
    through(Finding::new(message, Label::new(from.at, label)), from)
}

/// Adds the places that a value passed through.
pub(crate) fn through(finding: Finding, from: &Provenance) -> Finding {
    from.steps().fold(finding, |finding, step| finding.related(Label::new(step.at, step.note.clone())))
}

/// One finding for each place: the first one there, with what the others add to it.
pub(crate) fn once_for_each_place(found: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    let mut places = BTreeMap::new();
    for finding in found {
        let place = *places.entry(finding.primary.span).or_insert(merged.len());
        match merged.get_mut(place) {
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
