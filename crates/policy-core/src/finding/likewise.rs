//! Findings at one place that say the same of different names: one line to mend, and one finding.

use std::collections::{BTreeSet, HashMap};

use policy_text::source::Span;

use super::{Finding, Severity};
use crate::words::{listed, names, without_names};

/// How many places one finding keeps beside its own.
const MAX_RELATED: usize = 64;

/// What findings that are told as one have in common: the place, and all words but the names in them.
#[derive(PartialEq, Eq, Hash)]
struct Told {
    at: Span,
    message: String,
    help: Option<String>,
    severity: Option<Severity>,
}

/// The findings of one rule, each place with each message once. Those that differ only in names become the first of them,
/// which then says for what else it holds.
pub(crate) fn told_once(findings: Vec<Finding>) -> Vec<Finding> {
    let mut all: Vec<(Finding, BTreeSet<String>)> = Vec::new();
    let mut known: HashMap<Told, usize> = HashMap::new();
    for finding in findings {
        let told = Told {
            at: finding.primary.span,
            message: without_names(&finding.message),
            help: finding.help.as_deref().map(without_names),
            severity: finding.severity,
        };
        let index = *known.entry(told).or_insert(all.len());
        match all.get_mut(index) {
            Some((first, others)) if first.fix == finding.fix => {
                others.extend(differing(&finding.message, &first.message));
                add(first, finding);
            }
            _ => all.push((finding, BTreeSet::new())),
        }
    }
    let named = all.into_iter().map(|(mut finding, others)| {
        if !others.is_empty() {
            let others: Vec<String> = others.into_iter().collect();
            finding.message = format!("{}; the same for {}", finding.message, listed(&others));
        }
        finding
    });
    named.collect()
}

/// The name in a message that the other message does not have there.
fn differing(message: &str, other: &str) -> Option<String> {
    let mut pairs = names(message).zip(names(other));
    pairs.find(|(own, of_other)| own != of_other).map(|(own, _)| own.to_owned())
}

/// Adds what another finding shows beside its message.
fn add(first: &mut Finding, other: Finding) {
    for label in other.related {
        if first.related.len() < MAX_RELATED && !first.related.contains(&label) {
            first.related.push(label);
        }
    }
    // Whatever is left out of the others, their secrets stay hidden.
    first.secrets.extend(other.secrets);
    for reason in other.evidence {
        if first.evidence.len() < MAX_RELATED && !first.evidence.contains(&reason) {
            first.evidence.push(reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::{MemoryTree, RepoPath, Sources};

    use super::*;
    use crate::finding::Label;

    #[test]
    fn what_differs_in_names_alone_is_said_once() {
        let tree = MemoryTree::new().with(RepoPath::new("a").unwrap(), "0123456789");
        let sources = Sources::open(&tree);
        let file = sources.find(&RepoPath::new("a").unwrap()).unwrap();
        let at = |start: usize, message: &str| {
            let label = Label::new(Span::new(file, start..start + 1), "here");
            Finding::new(message, label.clone()).related(Label::new(label.span, message))
        };
        let found = vec![
            at(1, "`a` has no `x`"),
            at(1, "`b` has no `x`"),
            at(2, "`c` has no `x`"),
            at(1, "`a` has two `x`"),
            at(1, "`d` has no `x`"),
            at(1, "`b` has no `x`"),
            at(2, "`c` has no `x`").severity(Severity::Note),
        ];
        let told = told_once(found);
        let messages: Vec<&str> = told.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`a` has no `x`; the same for `b` and `d`",
                "`c` has no `x`",
                "`a` has two `x`",
                "`c` has no `x`"
            ]
        );
        assert_eq!(told[0].related.len(), 3);
    }
}
