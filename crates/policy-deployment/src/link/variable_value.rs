//! Values that root modules' variables have in the repository's files: whoever applies a root module may give another one.

use std::collections::{BTreeMap, BTreeSet};

use policy_terraform::parse::Role;
use policy_text::source::{FileId, RepoPath, Sources, Span};

use crate::files::Parsed;
use crate::model::AwsRoot;

/// Where variables are given values in files, by the beginning of the value.
pub(super) struct VariableValues<'p>(BTreeMap<(FileId, u32), VariableValue<'p>>);

/// The default of a variable of a root module, or its value in a file of values.
#[derive(Clone, Copy)]
pub(super) struct VariableValue<'p> {
    /// The variable.
    pub(super) name: &'p str,
    /// The value.
    pub(super) at: Span,
    /// What the file is.
    pub(super) role: Role,
}

impl<'p> VariableValues<'p> {
    /// Those that stand in the files that are `wanted`.
    pub(super) fn of(
        roots: &[AwsRoot],
        parsed: &'p Parsed,
        sources: &Sources<'_>,
        wanted: impl Fn(FileId) -> bool,
    ) -> Self {
        let folders: BTreeSet<&RepoPath> = roots.iter().map(|root| &root.folder).collect();
        let mut values = BTreeMap::new();
        for (file, terraform) in parsed.terraform.iter().filter(|(file, _)| wanted(*file)) {
            let role = terraform.role;
            let mut add = |name: &'p str, at: Span| {
                values.insert((at.file, at.start), VariableValue { name, at, role });
            };
            match role {
                Role::Values => {
                    terraform.body.attributes.iter().for_each(|given| add(&given.name, given.value.at));
                }
                Role::Configuration if folders.contains(&sources.folder_of(*file)) => {
                    for variable in terraform.body.blocks_of("variable") {
                        let default = variable.body().attribute("default");
                        if let (Some(name), Some(default)) = (variable.labels.first(), default) {
                            add(name, default.value.at);
                        }
                    }
                }
                Role::Configuration => {}
            }
        }
        Self(values)
    }

    /// The default of the variable `name` that `wanted` holds for.
    pub(super) fn default_of(&self, name: &str, wanted: impl Fn(Span) -> bool) -> Option<VariableValue<'p>> {
        let mut defaults = self.0.values().filter(|value| value.role == Role::Configuration);
        defaults.find(|value| value.name == name && wanted(value.at)).copied()
    }

    /// The value that `at` is, or is a part of.
    pub(super) fn at(&self, at: Span) -> Option<VariableValue<'p>> {
        let (_, value) = self.0.range(..=(at.file, at.start)).next_back()?;
        (value.at.file == at.file && at.end <= value.at.end).then_some(*value)
    }
}
