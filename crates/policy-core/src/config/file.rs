//! `portcullis.toml` as written: well-formed TOML whose rule names are not validated yet.

use std::collections::BTreeMap;

use policy_text::globs::Globs;
use policy_text::source::RepoPath;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::threshold::Level;
use super::{ConfigError, Options, Threshold};

/// Settings of portcullis. The file in the root of a repository configures its checks; one in a folder below configures
/// that folder, with `exclude`, `rules` and `overrides`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "portcullis.toml")]
pub(super) struct ConfigFile {
    /// Whether this folder is the root of its own checks, also where it lies in a repository.
    pub(super) root: bool,
    /// The lowest severity that makes a check fail.
    pub(super) fail_on: Option<Threshold>,
    /// A file of known findings, which `--write-baseline` writes: only other findings are shown.
    #[schemars(with = "Option<String>")]
    pub(super) baseline: Option<RepoPath>,
    /// Files and folders that are not read, as globs.
    #[schemars(with = "Vec<String>")]
    pub(super) exclude: Globs,
    /// Severities by rule or family.
    #[schemars(with = "BTreeMap<String, Level>")]
    pub(super) rules: RuleLevels,
    /// Other severities for some paths; later ones go before earlier ones.
    pub(super) overrides: Vec<Override>,
    /// Facts about the deployment that the repository cannot tell.
    pub(super) options: Option<Options>,
}

/// Levels by rule id or family.
pub(super) type RuleLevels = BTreeMap<Spanned<String>, Level>;

/// Severities for some paths.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    /// The files and folders, as globs.
    #[schemars(with = "Vec<String>")]
    pub(super) paths: Globs,
    /// Severities by rule or family.
    #[schemars(with = "BTreeMap<String, Level>")]
    pub(super) rules: RuleLevels,
}

impl ConfigFile {
    pub(super) fn parse(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError::from_toml(text, &error))
    }

    /// The first key that only the configuration of a root may have.
    pub(super) fn key_of_root(&self) -> Option<&'static str> {
        [
            ("fail-on", self.fail_on.is_some()),
            ("baseline", self.baseline.is_some()),
            ("options", self.options.is_some()),
        ]
        .into_iter()
        .find_map(|(key, is_there)| is_there.then_some(key))
    }
}

/// Whether the text of a `portcullis.toml` says that its folder is the root of its own checks.
pub fn is_root(text: &str) -> bool {
    ConfigFile::parse(text).is_ok_and(|file| file.root)
}
