//! The rules by name.

use policy_core::RuleId;
use policy_core::rule::{Card, CardError};

/// The cards of all rules, ordered by id.
pub(crate) fn cards() -> Result<Vec<Card>, CardError> {
    let mut cards = policy_rules::all()
        .iter()
        .map(|rule| Card::parse(rule.id, rule.card))
        .collect::<Result<Vec<_>, CardError>>()?;
    cards.sort_unstable_by_key(|card| card.id);
    Ok(cards)
}

/// The ids of all rules.
pub(crate) fn ids() -> Vec<RuleId> {
    policy_rules::all().iter().map(|rule| rule.id).collect()
}
