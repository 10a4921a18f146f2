//! The rules that one run was asked for, whatever the configuration says of severities.

use super::{Selector, UnknownRule};
use crate::rule_id::RuleId;

/// Rules by id or family: those that alone run, and those that do not. By default, all do that the configuration wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    select: Vec<Selector>,
    ignore: Vec<Selector>,
}

impl Choice {
    /// Runs what `select` names, or everything where it is empty, without what `ignore` names. `known` are the ids of
    /// all rules.
    pub fn new<S: AsRef<str>>(select: &[S], ignore: &[S], known: &[RuleId]) -> Result<Self, UnknownRule> {
        let parse = |names: &[S]| -> Result<Vec<Selector>, UnknownRule> {
            names.iter().map(|name| Selector::parse(name.as_ref(), known)).collect()
        };
        Ok(Self { select: parse(select)?, ignore: parse(ignore)? })
    }

    /// Whether the rule was selected by name, as a rule that is off by default has to be.
    pub(crate) fn asks_for(&self, rule: RuleId) -> bool {
        self.select.iter().any(|named| named.selects(rule))
    }

    /// Whether the rule may run.
    pub(super) fn admits(&self, rule: RuleId) -> bool {
        (self.select.is_empty() || self.asks_for(rule))
            && !self.ignore.iter().any(|named| named.selects(rule))
    }
}

#[cfg(test)]
mod tests {
    use policy_text::Family;

    use super::*;

    const LATEST: RuleId = RuleId::new(Family::Image, "latest-tag");
    const FLOATING: RuleId = RuleId::new(Family::Image, "floating-tag");
    const ROOT: RuleId = RuleId::new(Family::Docker, "runs-as-root");

    #[test]
    fn families_and_ids_select_and_ignore() {
        let choice = Choice::new(&["image"], &["image/latest-tag"], &[LATEST, FLOATING, ROOT]).unwrap();
        assert!(choice.admits(FLOATING) && choice.asks_for(FLOATING));
        assert!(!choice.admits(LATEST));
        assert!(!choice.admits(ROOT));
        assert!(Choice::default().admits(ROOT));
        assert!(!Choice::default().asks_for(ROOT));
    }
}
