//! Settings as a `portcullis.toml` that says all of them.

use std::fmt::Write;

use policy_text::globs::Globs;
use policy_text::source::RepoPath;
use serde::Serialize;

use super::{Options, Settings};
use crate::card::Card;

/// The keys that stand before the first table.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Keys<'s> {
    fail_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<&'s RepoPath>,
    exclude: &'s Globs,
}

/// The tables after the rules.
#[derive(Serialize)]
struct Tables<'s> {
    options: &'s Options,
}

impl Settings {
    /// The settings with the severity of each rule, of which `cards` are all, in files that no override speaks of. What
    /// the environment gives stays its own.
    pub fn to_toml(&self, cards: &[Card]) -> String {
        let keys = Keys {
            fail_on: self.fail_on.to_string(),
            baseline: self.baseline.as_ref(),
            exclude: self.exclude(),
        };
        // Strings, numbers and tables with string keys: nothing here can fail to be written.
        let mut text = toml::to_string(&keys).unwrap_or_default();
        text.push_str("\n[rules]\n");
        for card in cards {
            let own = (card.facts.default || self.choice.asks_for(card.id)).then_some(card.facts.severity);
            let severity = self.severity(card.id, &RepoPath::root(), own);
            let runs = self.runs(card.id, card.facts.default);
            let level = severity.filter(|_| runs).map_or("off", |severity| severity.name());
            let _ = writeln!(text, "\"{}\" = \"{level}\"", card.id);
        }
        text.push('\n');
        text.push_str(&toml::to_string(&Tables { options: &self.options }).unwrap_or_default());
        text
    }
}
