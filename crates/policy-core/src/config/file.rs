//! `portcullis.toml` as it is written: well-formed, but its rule names and globs not yet known to be right.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{ConfigError, Globs, Options};
use crate::finding::Severity;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct ConfigFile {
    pub(super) fail_on: Option<FailOn>,
    pub(super) exclude: Globs,
    pub(super) rules: RuleLevels,
    pub(super) overrides: Vec<Override>,
    pub(super) options: Options,
}

/// Levels by rule id or family.
pub(super) type RuleLevels = BTreeMap<Spanned<String>, Level>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    pub(super) paths: Globs,
    pub(super) rules: RuleLevels,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    Off,
    Note,
    Warning,
    Error,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum FailOn {
    Never,
    Note,
    Warning,
    Error,
}

impl ConfigFile {
    pub(super) fn parse(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError::from_toml(text, &error))
    }
}

impl Level {
    /// `None` where the rule is switched off.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Note => Some(Severity::Note),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}
