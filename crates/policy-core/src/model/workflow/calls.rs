//! Workflows and actions that others in the repository call: read with the inputs that they are given.

use std::collections::BTreeMap;

use crate::model::delivery::Delivery;
use crate::resolve::alternatives::{Alternatives, MAX_ALTERNATIVES};
use crate::source::{FileId, RepoPath, Sources};

/// Inputs by name.
pub(super) type Inputs = BTreeMap<String, Alternatives>;

/// What each file is given by all that call it.
pub(super) fn given<'d>(
    read: impl Iterator<Item = &'d Delivery>,
    sources: &Sources<'_>,
) -> BTreeMap<FileId, Inputs> {
    let mut given: BTreeMap<FileId, Inputs> = BTreeMap::new();
    for (path, inputs) in read.flat_map(|delivery| &delivery.calls) {
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
