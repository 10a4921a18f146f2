//! The context of a Dockerfile that nothing in the repository asks to build.

use policy_docker::taken::{Source, Taken};
use policy_text::source::{RepoPath, Sources};

use crate::model::context::KnownBy;

/// Finds the folder that a Dockerfile at `path` is built with, from what it takes. `None` where what it takes is put
/// together elsewhere, so that no folder of the repository is its context.
pub(super) fn context_of(
    path: &RepoPath,
    takes: &[Taken],
    sources: &Sources<'_>,
) -> Option<(RepoPath, KnownBy)> {
    let own = path.parent()?;
    let named: Vec<&str> = takes
        .iter()
        .filter_map(|taken| match &taken.source {
            Source::Path(path) if !path.is_empty() => Some(path.as_str()),
            _ => None,
        })
        .collect();
    let found = |folder: &RepoPath| {
        let exists = |name: &&&str| {
            folder.join(name).is_some_and(|path| sources.find(&path).is_some() || sources.is_folder(&path))
        };
        named.iter().filter(exists).count()
    };
    let here = found(&own);
    if named.is_empty() || here == named.len() {
        return Some((own, KnownBy::OwnFolder));
    }
    // The nearest folder above that holds more of what is copied.
    let above = own.ancestors().skip(1).map(|folder| (found(&folder), folder));
    let better = above
        .filter(|(count, _)| *count > here)
        .max_by_key(|(count, folder)| (*count, folder.as_str().len()));
    if let Some((_, folder)) = better {
        return Some((folder, KnownBy::Copies));
    }
    let ignores = own.join(".dockerignore").is_some_and(|path| sources.find(&path).is_some());
    (here > 0 || ignores).then_some((own, KnownBy::OwnFolder))
}
