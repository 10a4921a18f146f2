//! What a repository's `portcullis.toml` says, and what it means once it is known to be right.

mod choice;
mod error;
mod file;
mod globs;
mod nearest;
mod settings;
mod threshold;

pub use choice::{Choice, UnknownRule, names};
pub use error::ConfigError;
pub use globs::Globs;
pub use nearest::nearest;
pub use settings::Settings;
pub use threshold::{Threshold, UnknownWord};

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::source::RepoPath;

/// Facts about a deployment that the repository cannot tell, by family of rules.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// What the `websocket` rules should know.
    pub websocket: WebsocketOptions,
    /// What the `image` rules should know.
    pub image: ImageOptions,
    /// What the `docker` rules should know.
    pub docker: DockerOptions,
    /// How Terraform configuration is evaluated.
    pub terraform: TerraformOptions,
}

/// What the `websocket` rules should know.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct WebsocketOptions {
    /// Ports that the load balancer opens, beyond those that the Terraform configuration tells of.
    pub open_ports: Vec<u16>,
}

/// What the `image` rules should know.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ImageOptions {
    /// Repositories whose images may go by a tag that moves, as globs: `registry.example.org/sandbox/*`.
    pub moving: Globs,
}

/// What the `docker` rules should know.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct DockerOptions {
    /// Names of directories that are sent on purpose, as globs: `dist`.
    pub wanted: Globs,
}

/// How Terraform configuration is evaluated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct TerraformOptions {
    /// Files of variables' values, by path from the root of the check, in the order in which they would be given to
    /// Terraform. With none, those in the repository that fit a root module are its environments.
    pub var_files: Vec<String>,
    /// The workspace that `terraform.workspace` names. With none it is not known.
    pub workspace: Option<String>,
    /// The values that the environment gives root modules' variables, by name: `TF_VAR_tag` without its prefix. Files of
    /// values go before them.
    #[serde(skip)]
    pub environment: BTreeMap<String, String>,
}

impl TerraformOptions {
    /// Whether the file at `path` is one of [`TerraformOptions::var_files`].
    pub(crate) fn takes_values_from(&self, path: &RepoPath) -> bool {
        self.var_files.iter().any(|file| file == path.as_str())
    }
}
