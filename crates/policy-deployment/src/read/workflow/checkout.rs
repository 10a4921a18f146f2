//! The folder that a workflow's paths count from: the checkout, which need not be the root of the tree, nor this repository.

use policy_docker::build::{BuildRequest, DockerfileSource};
use policy_text::source::{RepoPath, Sources};
use policy_text::yaml::{Node, Yaml};

use crate::found::Found;

/// Moves the builds of the file at `path` into the repository that it belongs to, and takes out those that it may do in
/// another one.
pub(super) fn settle(path: &RepoPath, yaml: &Yaml, found: &mut Found, sources: &Sources<'_>) {
    let home = path.ancestors().find(|folder| folder.file_name() == ".github").and_then(|own| own.parent());
    if let Some(home) = home.as_ref().filter(|home| !home.is_root()) {
        // A workflow below the root was copied from a repository of its own, or is to be moved to the root.
        for build in &mut found.builds {
            let moved = moved(build, home);
            if moved.can_start(sources) {
                *build = moved;
            }
        }
    }
    if home.as_ref().is_none_or(|home| !home.is_root()) || yaml.root().is_some_and(is_for_others) {
        let exists = |path: RepoPath| sources.find(&path).is_some();
        found.builds.retain(|build| build.dockerfiles().any(exists));
    }
}

fn moved(build: &BuildRequest, home: &RepoPath) -> BuildRequest {
    let mut moved = build.clone();
    if let Some(context) = home.join(build.context.as_str()) {
        moved.context = context;
    }
    if let Some(path) = build.dockerfile.path().and_then(|path| home.join(path.as_str())) {
        moved.dockerfile = DockerfileSource::File(path);
    }
    for folder in moved.named_contexts.values_mut().flatten() {
        if let Some(path) = home.join(folder.as_str()) {
            *folder = path;
        }
    }
    moved
}

/// Whether a workflow can run on files of another repository: one that calls it, or one that it checks out.
fn is_for_others(root: Node<'_>) -> bool {
    let only_called = root.get("on").is_some_and(|on| {
        on.as_str() == Some("workflow_call")
            || matches!(on.entries().as_slice(), [(trigger, _)] if trigger.as_str() == Some("workflow_call"))
    });
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    let mut steps = jobs.into_iter().filter_map(|(_, job)| job.get("steps")).flat_map(Node::items);
    only_called
        || steps.any(|step| {
            let checks_out = step
                .get("uses")
                .and_then(Node::as_str)
                .is_some_and(|action| action.starts_with("actions/checkout@"));
            checks_out && ["repository", "path"].iter().any(|key| step.path(&["with", key]).is_some())
        })
}
