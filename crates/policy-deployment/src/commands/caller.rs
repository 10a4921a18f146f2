//! The caller of commands, such as a step or a script, and the role that images have for it.

use policy_docker::asker::Asker;
use policy_shell::resolve::Word;

use crate::found::Found;
use crate::model::image::ImageRole;

/// Who runs the commands.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'a> {
    /// Who it is.
    pub(super) name: &'a Asker,
    /// What an image is to it that a command pulls or runs.
    pub(super) runs: ImageRole,
    /// Whether the cluster that it talks to serves users, as far as anybody can tell.
    pub(super) deploys: bool,
    /// The images that its commands only build from or throw away, as they are written.
    pub(super) tools: &'a [String],
    /// Whether something before it made a cluster on its own machine.
    pub(super) local_cluster: bool,
}

impl<'a> Caller<'a> {
    /// One whose commands run where they serve users.
    pub(crate) fn deploying(name: &'a Asker) -> Self {
        Self { name, runs: ImageRole::Deployed, deploys: true, tools: &[], local_cluster: false }
    }

    /// One whose own containers are tools.
    pub(crate) fn of_a_pipeline(name: &'a Asker) -> Self {
        Self { name, runs: ImageRole::Development, deploys: true, tools: &[], local_cluster: false }
    }

    /// The same, where `local` says whether its cluster is on its own machine.
    pub(crate) fn with_local_cluster(self, local: bool) -> Self {
        Self { local_cluster: local, ..self }
    }

    /// One that people call by hand, with a cluster of their own.
    pub(crate) fn of_a_developer(name: &'a Asker) -> Self {
        Self { deploys: false, ..Self::of_a_pipeline(name) }
    }
}

/// Adds the image that `word` names.
pub(super) fn add(word: &Word, role: ImageRole, caller: &Caller<'_>, found: &mut Found) {
    for value in &word.values {
        found.image(value, word.at, role, caller.name);
    }
}
