//! `portcullis.toml` as written: well-formed TOML whose rule names and globs are not validated yet.

use std::collections::BTreeMap;

use policy_text::globs::Globs;
use serde::Deserialize;
use toml::Spanned;

use super::threshold::Level;
use super::{ConfigError, Options, Threshold};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct ConfigFile {
    pub(super) fail_on: Option<Threshold>,
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

impl ConfigFile {
    pub(super) fn parse(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError::from_toml(text, &error))
    }
}
