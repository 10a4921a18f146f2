//! The words for severities and thresholds in the configuration and on the command line.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::error::suggestion;
use super::nearest;
use crate::finding::Severity;

/// The severity from which findings fail a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Threshold {
    /// No finding fails it.
    Never,
    /// Findings of this severity and above do.
    At(Severity),
}

/// What a rule's findings count for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) enum Level {
    /// The rule does not run.
    Off,
    /// Its findings have this severity.
    At(Severity),
}

/// A word that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not one of {}{}", listed(known), suggestion(nearest(word, known.iter().copied())))]
pub struct UnknownWord {
    word: String,
    known: &'static [&'static str],
}

impl Default for Threshold {
    fn default() -> Self {
        Self::At(Severity::Warning)
    }
}

impl Threshold {
    /// All names, from the one that fails fewest checks to the one that fails most.
    pub const NAMES: [&'static str; 4] = ["never", "error", "warning", "note"];

    /// Whether findings of `severity` fail the check.
    pub fn is_reached_by(self, severity: Severity) -> bool {
        match self {
            Self::Never => false,
            Self::At(threshold) => severity >= threshold,
        }
    }
}

impl Level {
    const NAMES: [&'static str; 4] = ["off", "note", "warning", "error"];

    /// `None` where the rule is switched off.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::At(severity) => Some(severity),
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Never => "never",
            Self::At(severity) => severity.name(),
        })
    }
}

impl FromStr for Threshold {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "never" => Ok(Self::Never),
            _ => severity(word, &Self::NAMES).map(Self::At),
        }
    }
}

impl TryFrom<String> for Threshold {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        word.parse()
    }
}

impl TryFrom<String> for Level {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        match word.as_str() {
            "off" => Ok(Self::Off),
            word => severity(word, &Self::NAMES).map(Self::At),
        }
    }
}

/// The schema of a value that is one of `names`.
fn one_of(names: &[&str]) -> Schema {
    json_schema!({ "type": "string", "enum": names })
}

impl JsonSchema for Threshold {
    fn schema_name() -> Cow<'static, str> {
        "Threshold".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        one_of(&Self::NAMES)
    }
}

impl JsonSchema for Level {
    fn schema_name() -> Cow<'static, str> {
        "Level".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        one_of(&Self::NAMES)
    }
}

fn severity(word: &str, known: &'static [&'static str]) -> Result<Severity, UnknownWord> {
    let severity = Severity::ALL.into_iter().find(|severity| severity.name() == word);
    severity.ok_or_else(|| UnknownWord { word: word.to_owned(), known })
}

/// "`off`, `note`, `warning` or `error`"
fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_understood_and_a_slip_is_corrected() {
        assert!(Threshold::NAMES.iter().all(|name| name.parse::<Threshold>().is_ok()));
        assert!(Level::NAMES.iter().all(|&name| Level::try_from(name.to_owned()).is_ok()));
        assert_eq!(
            "eror".parse::<Threshold>().unwrap_err().to_string(),
            "`eror` is not one of `never`, `error`, `warning` or `note`; did you mean `error`?"
        );
    }
}
