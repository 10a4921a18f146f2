//! Workflows and actions that others in the repository call: read with the inputs that they are given.

use std::collections::BTreeMap;

use policy_text::source::{FileId, RepoPath, Sources};
use policy_text::value::alternatives::{Alternatives, MAX_ALTERNATIVES};

/// Inputs by name.
pub(super) type Inputs = BTreeMap<String, Alternatives>;

/// A call of a workflow or an action of the repository.
pub(super) struct Call {
    /// The path that is written: a workflow, or the folder of an action.
    pub(super) path: RepoPath,
    /// The inputs that it is given.
    pub(super) inputs: Inputs,
}

/// What each file is given by all `calls`.
pub(super) fn given<'c>(
    calls: impl Iterator<Item = &'c Call>,
    sources: &Sources<'_>,
) -> BTreeMap<FileId, Inputs> {
    let mut given: BTreeMap<FileId, Inputs> = BTreeMap::new();
    for Call { path, inputs } in calls {
        let Some(file) = called(path, sources) else { continue };
        let known = given.entry(file).or_default();
        for (name, values) in inputs {
            let all = known.entry(name.clone()).or_default();
            for value in values {
                if all.len() < MAX_ALTERNATIVES && !all.contains(value) {
                    all.push(value.clone());
                }
            }
        }
    }
    given
}

/// The file that `uses: ./path` means: a workflow, or the action in a folder.
fn called(path: &RepoPath, sources: &Sources<'_>) -> Option<FileId> {
    let names = ["action.yml", "action.yaml"].into_iter().filter_map(|name| path.join(name));
    std::iter::once(path.clone()).chain(names).find_map(|path| sources.find(&path))
}
