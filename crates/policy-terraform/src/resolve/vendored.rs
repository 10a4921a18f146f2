//! Modules from elsewhere that `terraform init` has put below the root module.

use std::collections::BTreeMap;

use policy_text::json;
use policy_text::source::{RepoPath, Sources};

/// The folders of installed modules, by the names of the calls that lead to them: `web.inner`.
#[derive(Debug, Default)]
pub(super) struct Vendored(BTreeMap<String, RepoPath>);

impl Vendored {
    /// Reads Terraform's own list of what it has installed, where that is among the files under check.
    pub(super) fn read(root: &RepoPath, sources: &Sources<'_>) -> Self {
        Self::list(root, sources).unwrap_or_default()
    }

    fn list(root: &RepoPath, sources: &Sources<'_>) -> Option<Self> {
        let file = sources.find(&root.join(".terraform/modules/modules.json")?)?;
        let decoded = sources.read(file).ok()?;
        let list = json::parse(&decoded.text).ok()?;
        let json::Value::Array(modules) = &list.get("Modules")?.value else { return None };
        let string = |node: &json::Node, name: &str| match &node.get(name)?.value {
            json::Value::String(text) => Some(text.clone()),
            _ => None,
        };
        let folders = modules
            .iter()
            .filter_map(|module| Some((string(module, "Key")?, root.join(&string(module, "Dir")?)?)))
            .filter(|(key, _)| !key.is_empty());
        Some(Self(folders.collect()))
    }

    /// Where the module behind these calls is installed.
    pub(super) fn folder(&self, key: &str) -> Option<RepoPath> {
        self.0.get(key).cloned()
    }
}
