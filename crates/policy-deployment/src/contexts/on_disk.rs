//! Caches that lie in build contexts, listed or left out by git, whoever made them. They are told by their names alone, or by
//! the tag that caches have; none is entered.

use std::collections::BTreeSet;

use policy_text::purpose;
use policy_text::source::{RepoPath, Sources};

use super::tools::{Directory, TOOLS, Tool};
use crate::model::context::{Cache, Weight};

/// The file by which a directory says that it is a cache.
const TAG: &str = "CACHEDIR.TAG";

/// How many directories without a telling name are asked for the tag.
const MAX_ASKED: usize = 1_000;

/// The caches in `contexts` that are there.
pub(super) fn caches(contexts: &BTreeSet<&RepoPath>, sources: &Sources<'_>) -> Vec<Cache> {
    let is_sent = |path: &RepoPath| path.ancestors().skip(1).any(|above| contexts.contains(&above));
    let listed = sources.folders().filter(|path| !purpose::is_made_up(path));
    let told = listed.chain(sources.folders_left_out()).filter_map(|path| {
        let (tool, directory) = can_only_be(path.file_name())?;
        let probe = path.join(directory.holds)?;
        is_cache(path, &is_sent).then(|| Cache {
            path: path.clone(),
            probe,
            tool: tool.name,
            evidence: None,
            weight: Weight::Fault,
            may_be_meant: false,
            made_by: tool.made_by,
        })
    });
    let unnamed = sources.folders_left_out().filter(|path| can_only_be(path.file_name()).is_none());
    let tagged = unnamed.filter(|path| is_cache(path, &is_sent)).take(MAX_ASKED).filter_map(|path| {
        let tag = path.join(TAG).filter(|tag| sources.entry(tag).is_some())?;
        // What a build makes anew is told by the commands that make it.
        let of = TOOLS.iter().find(|tool| tool.leaves.iter().any(|left| left.name == path.file_name()));
        Some(Cache {
            path: path.clone(),
            probe: tag,
            tool: of.map_or("a tool", |tool| tool.name),
            evidence: None,
            weight: Weight::Fault,
            may_be_meant: of.is_some(),
            made_by: of.map_or(&[], |tool| tool.made_by),
        })
    });
    told.chain(tagged).collect()
}

/// Whether a directory of that name lies in a context, and not in one that a tool made.
fn is_cache(path: &RepoPath, is_sent: &impl Fn(&RepoPath) -> bool) -> bool {
    !purpose::is_foreign_or_generated(path) && is_sent(path)
}

/// What a directory of this name can only be.
fn can_only_be(name: &str) -> Option<(&'static Tool, &'static Directory)> {
    TOOLS.iter().find_map(|tool| {
        let directory = tool.leaves.iter().find(|left| !left.may_be_meant && left.name == name)?;
        Some((tool, directory))
    })
}
