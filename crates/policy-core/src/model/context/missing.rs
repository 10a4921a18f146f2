//! Builds that cannot start: the context, the Dockerfile or the stage that they name does not exist.

use std::collections::BTreeSet;

use super::git_ignored::is_git_ignored;
use crate::model::build::BuildRequest;
use crate::model::compose::DEFAULT_NAMES;
use crate::source::{EntryKind, FileId, RepoPath, Sources, Span};

/// A request for a build that names something that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenBuild {
    /// The place that asks for the build.
    pub at: Span,
    /// Who asks.
    pub by: String,
    /// The folder that is to be sent.
    pub context: RepoPath,
    /// What does not exist.
    pub missing: Missing,
}

/// What a request names and the repository lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The folder to send.
    Context,
    /// The Dockerfile.
    Dockerfile(RepoPath),
    /// A stage of a Dockerfile, by name.
    Stage(String, FileId),
}

/// What `request` names before any stage and the tree does not hold, also not as something that git ignores or that
/// commands make.
pub(super) fn on_disk(
    request: &BuildRequest,
    made: &BTreeSet<RepoPath>,
    sources: &Sources<'_>,
) -> Option<Missing> {
    let is_folder =
        |path: &RepoPath| sources.is_folder(path) || sources.entry(path) == Some(EntryKind::Folder);
    if !is_folder(&request.context) {
        // A submodule that is not checked out is an empty folder, or none at all.
        let elsewhere = is_submodule(&request.context, sources)
            || is_git_ignored(&request.context, true, sources)
            || made.iter().any(|made| made.is_within(&request.context) || request.context.is_within(made))
            || from_above(request, sources).any(|folder| is_folder(&folder));
        return (!elsewhere).then_some(Missing::Context);
    }
    let exists = |path: &RepoPath| sources.find(path).is_some() || sources.entry(path).is_some();
    if request.dockerfiles().any(|path| exists(&path)) {
        return None;
    }
    // A Dockerfile that is no file of its own has no path.
    let path = request.dockerfiles().next()?;
    let elsewhere = is_submodule(&path, sources)
        || laid_over_one_above(&path, request, sources).any(|path| exists(&path))
        || is_submodule(&request.context, sources)
        || is_git_ignored(&path, false, sources)
        || made.iter().any(|made| path.is_within(made));
    (!elsewhere).then_some(Missing::Dockerfile(path))
}

/// The folders that the request means where its paths count from a folder above its file, as they do for compose with
/// `--project-directory`.
fn from_above<'a>(request: &'a BuildRequest, sources: &Sources<'_>) -> impl Iterator<Item = RepoPath> + 'a {
    let own = sources.path(request.at.file).parent();
    let written = own.as_ref().and_then(|own| request.context.strip_prefix(own)).unwrap_or_default();
    let above = own.clone().filter(|_| !written.is_empty());
    above.into_iter().flat_map(|own| own.ancestors().skip(1)).filter_map(move |folder| folder.join(written))
}

/// What a compose file that has a name of its own may mean by `path`: laid over one in a folder above, its paths count
/// from there.
fn laid_over_one_above<'a>(
    path: &'a RepoPath,
    request: &BuildRequest,
    sources: &'a Sources<'_>,
) -> impl Iterator<Item = RepoPath> + 'a {
    let file = sources.path(request.at.file);
    let is_laid_over = file.file_name().contains("compose.") && !DEFAULT_NAMES.contains(&file.file_name());
    let own = file.parent().filter(|_| is_laid_over);
    let written = own.as_ref().and_then(|own| path.strip_prefix(own)).unwrap_or_default().to_owned();
    let above = own.into_iter().flat_map(|own| own.ancestors().skip(1));
    let based = above.filter(|folder| {
        DEFAULT_NAMES.iter().any(|name| folder.join(name).is_some_and(|base| sources.find(&base).is_some()))
    });
    based.filter_map(move |folder| folder.join(&written))
}

/// Whether `path` lies in a submodule.
fn is_submodule(path: &RepoPath, sources: &Sources<'_>) -> bool {
    let listed = RepoPath::new(".gitmodules")
        .and_then(|path| sources.find(&path))
        .and_then(|file| sources.read(file).ok());
    listed.is_some_and(|modules| {
        let paths = modules
            .text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("path")?.trim().strip_prefix('='));
        paths.filter_map(|module| RepoPath::new(module.trim())).any(|module| path.is_within(&module))
    })
}
