//! The rules by name.

use policy_core::config::{UnknownRule, names};
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

/// The cards of the rule or of all rules of the family called `name`.
pub(crate) fn named(name: &str) -> Result<Vec<Card>, Failure> {
    let cards: Vec<Card> = cards()?.into_iter().filter(|card| names(name, &card.id)).collect();
    if cards.is_empty() { Err(UnknownRule::new(name, &ids()).into()) } else { Ok(cards) }
}
