//! Findings that have one explanation: one rule finds the same fault in several places.

use std::collections::HashMap;

use policy_core::RuleId;
use policy_core::finding::{Label, Severity};
use policy_core::report::Diagnostic;
use policy_core::words::{names, without_names};

/// A finding, and those that its explanation covers as well.
pub(super) struct Group<'r> {
    pub(super) first: &'r Diagnostic,
    pub(super) others: Vec<&'r Diagnostic>,
}

/// What findings of one explanation have in common.
#[derive(PartialEq, Eq, Hash)]
struct Explanation<'r> {
    rule: RuleId,
    severity: Severity,
    /// The words at the place without the names in them.
    label: String,
    help: Option<&'r str>,
    /// The message without the names in it.
    message: String,
}

/// Findings by their explanations, in the order of the first of each.
pub(super) fn groups<'r>(diagnostics: impl Iterator<Item = &'r Diagnostic>) -> Vec<Group<'r>> {
    let mut groups: Vec<Group<'r>> = Vec::new();
    let mut known: HashMap<Explanation<'r>, usize> = HashMap::new();
    for diagnostic in diagnostics {
        let index = *known.entry(Explanation::of(diagnostic)).or_insert(groups.len());
        match groups.get_mut(index) {
            Some(group) => group.others.push(diagnostic),
            None => groups.push(Group::of_one(diagnostic)),
        }
    }
    groups
}

impl<'r> Explanation<'r> {
    fn of(diagnostic: &'r Diagnostic) -> Self {
        let finding = &diagnostic.finding;
        Self {
            rule: diagnostic.rule,
            severity: diagnostic.severity,
            label: without_names(&finding.primary.text),
            help: finding.help.as_deref(),
            message: without_names(&finding.message),
        }
    }
}

impl<'r> Group<'r> {
    pub(super) fn of_one(first: &'r Diagnostic) -> Self {
        Self { first, others: Vec::new() }
    }

    /// The places of the other findings, each with what it is called there.
    pub(super) fn other_places(&self) -> impl Iterator<Item = Label> {
        let first = &self.first.finding;
        self.others.iter().map(|other| &other.finding).map(|other| {
            let own =
                names(&other.message).zip(names(&first.message)).find(|(own, of_first)| own != of_first);
            let text = match own {
                _ if other.primary.text != first.primary.text => other.primary.text.clone(),
                Some((name, _)) => format!("the same for `{name}`"),
                None => "the same here".to_owned(),
            };
            Label::new(other.primary.span, text)
        })
    }
}
