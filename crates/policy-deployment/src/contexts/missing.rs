//! Builds that cannot start: the context, the Dockerfile or the stage that they name does not exist.

use policy_docker::build::BuildRequest;
use policy_text::source::{EntryKind, RepoPath, Sources};

use super::absent::Absent;
use crate::compose::DEFAULT_NAMES;
use crate::model::context::Missing;

/// What `request` names before any stage and the tree does not hold, also not as something that git ignores or that
/// commands make.
pub(super) fn on_disk(request: &BuildRequest, absent: &mut Absent<'_>) -> Option<Missing> {
    let sources = absent.sources();
    let is_folder =
        |path: &RepoPath| sources.is_folder(path) || sources.entry(path) == Some(EntryKind::Folder);
    if !is_folder(&request.context) {
        let elsewhere = absent.is_submodule(&request.context)
            || absent.is_behind_link(&request.context)
            || absent.is_left_out_by_git(&request.context, true)
            || absent.may_be_brought(&request.context, request.at)
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
        || absent.is_behind_link(&path)
        || laid_over_one_above(&path, request, sources).any(|path| exists(&path))
        || absent.is_submodule(&request.context)
        || absent.is_left_out_by_git(&path, false)
        || absent.may_be_brought(&path, request.at);
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
