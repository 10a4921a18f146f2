//! The rules by name.

use policy_core::config::UnknownRule;
use policy_core::rule::{Card, CardError};

use crate::exit::Failure;

/// The cards of all rules, ordered by id.
pub(crate) fn cards() -> Result<Vec<Card>, CardError> {
    let mut cards = policy_rules::all()
        .iter()
        .map(|rule| Card::parse(rule.id, rule.card))
        .collect::<Result<Vec<_>, CardError>>()?;
    cards.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    Ok(cards)
}

/// The ids of all rules.
pub(crate) fn ids() -> Vec<&'static str> {
    policy_rules::all().iter().map(|rule| rule.id).collect()
}

/// The card of the rule `id`.
pub(crate) fn card(id: &str) -> Result<Card, Failure> {
    let rule = policy_rules::all().into_iter().find(|rule| rule.id == id);
    let rule = rule.ok_or_else(|| UnknownRule::new(id, &ids()))?;
    Ok(Card::parse(rule.id, rule.card)?)
}
