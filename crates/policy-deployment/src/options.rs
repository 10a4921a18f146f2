//! Facts about a deployment that the repository cannot tell and that linking needs.

use policy_text::globs::Globs;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the `docker` rules should know.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct DockerOptions {
    /// Names of directories that are sent on purpose, as globs: `dist`.
    #[schemars(with = "Vec<String>")]
    pub wanted: Globs,
}
