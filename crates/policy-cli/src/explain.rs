//! `portcullis explain` and `portcullis rules`: what the rules are about.

use std::fmt::Write;

use policy_core::config::Selector;
use policy_core::report::rules_json;
use policy_core::rule::Card;

use crate::arguments::RulesFormat;
use crate::catalogue;
use crate::exit::Failure;

/// The card of the rule `name`, or the list of rules of the family `name`.
pub(crate) fn explain(name: &str) -> Result<String, Failure> {
    let selector = Selector::parse(name, &catalogue::ids())?;
    let cards: Vec<Card> = catalogue::cards()?.into_iter().filter(|card| selector.selects(card.id)).collect();
    Ok(match selector {
        Selector::Rule(_) => cards.iter().map(explained).collect(),
        Selector::Family(_) | Selector::All => {
            format!("{}\n`portcullis explain <RULE>` explains one of them.\n", table(&cards))
        }
    })
}

fn explained(card: &Card) -> String {
    let facts = &card.facts;
    let mut text = format!("{}: {}\n\n", card.id, facts.summary);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "Severity: {}{}", facts.severity.name(), remarks(card));
    let _ = writeln!(text, "Since: {}", facts.since);
    let _ = writeln!(text, "Source: {}\n", facts.source);
    text.push_str(card.body.trim_end());
    text.push('\n');
    if !facts.references.is_empty() {
        text.push_str("\n## References\n\n");
        text.extend(facts.references.iter().map(|link| format!("- {link}\n")));
    }
    text
}

/// The list of all rules.
pub(crate) fn rules(format: RulesFormat) -> Result<String, Failure> {
    let cards = catalogue::cards()?;
    Ok(match format {
        RulesFormat::Human => table(&cards),
        RulesFormat::Json => rules_json(&cards),
    })
}

fn table(cards: &[Card]) -> String {
    let ids: Vec<String> = cards.iter().map(|card| card.id.to_string()).collect();
    let width = ids.iter().map(String::len).max().unwrap_or_default();
    let mut text = String::new();
    for (id, card) in ids.iter().zip(cards) {
        let _ = writeln!(
            text,
            "{:width$}  {:7}  {}{}",
            id,
            card.facts.severity.name(),
            card.facts.summary,
            remarks(card),
        );
    }
    text
}

/// What is out of the ordinary, in brackets.
fn remarks(card: &Card) -> String {
    let opt_in = (!card.facts.default).then_some("opt-in");
    let remarks: Vec<&str> = opt_in.into_iter().chain(card.facts.fixable.then_some("fixable")).collect();
    if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join(", ")) }
}
