//! Builds that cannot start: the context, the Dockerfile or the stage that they name does not exist.

use std::collections::BTreeSet;

use policy_docker::build::BuildRequest;
use policy_text::source::{EntryKind, RepoPath, Sources};

use super::git_ignored::GitIgnored;
use crate::compose::DEFAULT_NAMES;
use crate::model::context::Missing;

/// What a checkout lacks though it is not missing.
pub(super) struct Absent<'s> {
    sources: &'s Sources<'s>,
    ignored: GitIgnored<'s>,
    submodules: Vec<RepoPath>,
    /// Files and folders that commands make.
    made: &'s BTreeSet<RepoPath>,
}

impl<'s> Absent<'s> {
    pub(super) fn of(sources: &'s Sources<'s>, made: &'s BTreeSet<RepoPath>) -> Self {
        Self { sources, ignored: GitIgnored::new(sources), submodules: submodules(sources), made }
    }

    /// Whether `path` lies in a submodule: one that is not checked out is an empty folder, or none at all.
    fn is_submodule(&self, path: &RepoPath) -> bool {
        self.submodules.iter().any(|module| path.is_within(module))
    }
}

/// What `request` names before any stage and the tree does not hold, also not as something that git ignores or that
/// commands make.
pub(super) fn on_disk(request: &BuildRequest, absent: &mut Absent<'_>) -> Option<Missing> {
    let sources = absent.sources;
    let is_folder =
        |path: &RepoPath| sources.is_folder(path) || sources.entry(path) == Some(EntryKind::Folder);
    let mut made = absent.made.iter();
    if !is_folder(&request.context) {
        let elsewhere = absent.is_submodule(&request.context)
            || absent.ignored.leaves_out(&request.context, true)
            || made.any(|made| made.is_within(&request.context) || request.context.is_within(made))
            || from_above(request, sources)
                .any(|folder| is_folder(&folder) && holds_dockerfile(&folder, request, sources));
        return (!elsewhere).then_some(Missing::Context);
    }
    let exists = |path: &RepoPath| sources.find(path).is_some() || sources.entry(path).is_some();
    if request.dockerfiles().any(|path| exists(&path)) {
        return None;
    }
    // A Dockerfile that is no file of its own has no path.
    let path = request.dockerfiles().next()?;
    let elsewhere = absent.is_submodule(&path)
        || laid_over_one_above(&path, request, sources).any(|path| exists(&path))
        || absent.is_submodule(&request.context)
        || absent.ignored.leaves_out(&path, false)
        || made.any(|made| path.is_within(made));
    (!elsewhere).then_some(Missing::Dockerfile(path))
}

/// Whether `folder`, in the place of the context, has the Dockerfile that the request looks for in it.
fn holds_dockerfile(folder: &RepoPath, request: &BuildRequest, sources: &Sources<'_>) -> bool {
    let mut within =
        request.dockerfiles().filter_map(|path| folder.join(path.strip_prefix(&request.context)?)).peekable();
    within.peek().is_none() || within.any(|path| sources.find(&path).is_some())
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

/// The folders of the submodules.
fn submodules(sources: &Sources<'_>) -> Vec<RepoPath> {
    let listed = RepoPath::new(".gitmodules").and_then(|path| sources.find(&path));
    let text =
        listed.and_then(|file| sources.read(file).ok()).map(|decoded| decoded.text).unwrap_or_default();
    let paths = text.lines().filter_map(|line| line.trim().strip_prefix("path")?.trim().strip_prefix('='));
    paths.filter_map(|module| RepoPath::new(module.trim())).collect()
}
