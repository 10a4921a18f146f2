//! The list of rules for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::card::Card;
use crate::finding::Severity;
use crate::rule_id::RuleId;

#[derive(Serialize, JsonSchema)]
pub(super) struct Row<'c> {
    id: RuleId,
    severity: Severity,
    default: bool,
    fixable: bool,
    since: &'c str,
    summary: &'c str,
    references: &'c [String],
    /// The address of the page that explains the rule.
    page: String,
}

/// `cards` as a JSON array, in their order.
pub fn rules_json(cards: &[Card]) -> String {
    let rows: Vec<Row<'_>> = cards
        .iter()
        .map(|card| Row {
            id: card.id,
            severity: card.facts.severity,
            default: card.facts.default,
            fixable: card.facts.fixable,
            since: &card.facts.since,
            summary: &card.facts.summary,
            references: &card.facts.references,
            page: card.id.page(),
        })
        .collect();
    super::pretty(&rows)
}
