//! The caller of commands, such as a step or a script, and the role that images have for it.

use policy_docker::asker::Asker;
use policy_shell::resolve::Word;
use policy_text::source::Span;

use crate::found::Found;
use crate::model::image::{Caveat, ImageRole, ImageUse};

/// Who runs the commands.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'a> {
    /// Who it is.
    pub(super) name: &'a Asker,
    /// What an image is to it that a command pulls or runs.
    pub(super) runs: ImageRole,
    /// Whether the cluster that it talks to serves users, as far as anybody can tell.
    pub(super) deploys: bool,
    /// Whether anything may apply what it asks Terraform to plan.
    pub(super) applies: bool,
    /// The images that its commands only build from or throw away, as they are written.
    pub(super) tools: &'a [String],
    /// Whether something before it made a cluster on its own machine.
    pub(super) local_cluster: bool,
    /// The command that is carried out, if a check decides whether it is run, or it is expected that it may fail.
    pub(super) guard: Option<Span>,
}

impl<'a> Caller<'a> {
    /// One whose commands run where they serve users.
    pub(crate) fn deploying(name: &'a Asker) -> Self {
        Self { runs: ImageRole::Deployed, ..Self::of_a_pipeline(name) }
    }

    /// One whose own containers are tools.
    pub(crate) fn of_a_pipeline(name: &'a Asker) -> Self {
        Self {
            name,
            runs: ImageRole::Development,
            deploys: true,
            applies: true,
            tools: &[],
            local_cluster: false,
            guard: None,
        }
    }

    /// The same, where `local` says whether its cluster is on its own machine.
    pub(crate) fn with_local_cluster(self, local: bool) -> Self {
        Self { local_cluster: local, ..self }
    }

    /// The same, where `only_plans` says that nothing applies what is planned.
    pub(crate) fn with_plans_only(self, only_plans: bool) -> Self {
        Self { applies: !only_plans, ..self }
    }

    /// One that people call by hand, with a cluster of their own.
    pub(crate) fn of_a_developer(name: &'a Asker) -> Self {
        Self { deploys: false, ..Self::of_a_pipeline(name) }
    }
}

/// Adds the image that `word` names.
pub(super) fn add(word: &Word, role: ImageRole, caller: &Caller<'_>, found: &mut Found) {
    let guard = caller.guard.filter(|_| role == ImageRole::Pushed).map(|at| (Caveat::Guarded, at));
    found.images_once(word.values.iter().map(|value| ImageUse {
        reference: value.clone(),
        at: word.at,
        role,
        user: caller.name.clone(),
        caveat: guard.clone(),
    }));
}
