//! A file of configuration or of values, as it was read.

use policy_text::source::RepoPath;

use super::syntax::Body;

/// What a file is to Terraform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// A part of a module.
    #[default]
    Configuration,
    /// The values of a root module's variables.
    Values,
}

/// One file of configuration or of variables' values.
#[derive(Debug, Default)]
pub struct File {
    /// What the file is.
    pub role: Role,
    /// What it says. A file of variables' values holds attributes only.
    pub body: Body,
}

impl Role {
    /// What a file is that nobody has said it of, by its name.
    pub fn of(path: &RepoPath) -> Self {
        let name = path.file_name();
        let holds_values = name.ends_with(".tfvars") || name.ends_with(".tfvars.json");
        if holds_values { Self::Values } else { Self::Configuration }
    }
}
