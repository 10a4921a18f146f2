//! Listeners that Terraform's configuration has, and that the values which are given leave out.

use std::collections::BTreeSet;

use policy_text::source::{RepoPath, Sources, Span};

use crate::files::Parsed;
use crate::model::AwsRoot;
use crate::read::aws::is_listener;

/// Gives each root the heads of the listeners in its modules of which it has no instance.
pub(super) fn note(roots: &mut [AwsRoot], parsed: &Parsed, sources: &Sources<'_>) {
    let heads: Vec<Span> = parsed
        .terraform
        .iter()
        .flat_map(|(_, file)| &file.body.blocks)
        .filter(|block| {
            &*block.kind == "resource" && block.labels.first().is_some_and(|kind| is_listener(kind))
        })
        .map(|block| block.at)
        .collect();
    for root in roots {
        let made: BTreeSet<Span> = root.listeners.iter().map(|listener| listener.at).collect();
        let folders: BTreeSet<RepoPath> = made.iter().map(|at| sources.folder_of(at.file)).collect();
        let left_out = heads.iter().filter(|at| !made.contains(*at));
        root.left_out_listeners =
            left_out.copied().filter(|at| folders.contains(&sources.folder_of(at.file))).collect();
    }
}
