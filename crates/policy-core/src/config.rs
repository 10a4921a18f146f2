//! A repository's `portcullis.toml`: as written, and as validated settings.

mod choice;
mod error;
mod file;
mod nearest;
mod schema;
mod selector;
mod settings;
mod shown;
mod threshold;

pub use choice::Choice;
pub use error::ConfigError;
pub use file::is_root;
pub use nearest::nearest;
pub use policy_deployment::DockerOptions;
pub use policy_terraform::TerraformOptions;
pub use policy_text::globs::{GlobError, Globs};
pub use schema::schema;
pub use selector::{Selector, UnknownRule};
pub use settings::Settings;
pub use threshold::{Threshold, UnknownWord};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Facts about a deployment that the repository cannot tell, by family of rules.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct WebsocketOptions {
    /// Ports that the load balancer opens, beyond those that the Terraform configuration tells of.
    pub open_ports: Vec<u16>,
}

/// What the `image` rules should know.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ImageOptions {
    /// Repositories whose images may go by a tag that moves, as globs: `registry.example.org/sandbox/*`.
    #[schemars(with = "Vec<String>")]
    pub moving: Globs,
}
