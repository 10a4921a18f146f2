//! How Terraform configuration is evaluated where the repository leaves it open.

use std::collections::BTreeMap;

use policy_text::source::RepoPath;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How Terraform configuration is evaluated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct TerraformOptions {
    /// Files of variables' values, in the order in which they would be given to
    /// Terraform. With none, those in the repository that fit a root module are its environments.
    #[schemars(with = "Vec<String>")]
    pub var_files: Vec<RepoPath>,
    /// The workspace that `terraform.workspace` names. With none it is not known.
    pub workspace: Option<String>,
    /// The values that the environment gives root modules' variables, by name: `TF_VAR_tag` without its prefix. Files of
    /// values go before them.
    #[serde(skip)]
    pub environment: BTreeMap<String, String>,
}

impl TerraformOptions {
    /// Whether the file at `path` is one of [`TerraformOptions::var_files`].
    pub fn takes_values_from(&self, path: &RepoPath) -> bool {
        self.var_files.contains(path)
    }
}
