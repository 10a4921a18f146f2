//! Whether a compose file is used for deployment.

use std::collections::BTreeSet;

use policy_core::finding::Severity;
use policy_core::model::image::{ImageRole, ImageUse, Reference};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::{FileId, RepoPath};

/// What the repository deploys, and what of it compose files run.
pub(super) struct Stacks<'a> {
    context: &'a Context<'a>,
    /// The names of the images that are built or pushed here.
    own: BTreeSet<String>,
    /// The compose files that say production.
    production: BTreeSet<FileId>,
    /// Whether something else than compose files deploys.
    deploys_otherwise: bool,
}

impl<'a> Stacks<'a> {
    pub(super) fn of(context: &'a Context<'_>) -> Self {
        let images = || context.deployment.images.iter();
        let built = images().filter(|image| matches!(image.role, ImageRole::Built | ImageRole::Pushed));
        let own = built.filter_map(|image| Reference::parse(&image.reference));
        let deployed = || images().filter(|image| image.role == ImageRole::Deployed);
        let composed = deployed().filter(|image| is_composed(image, context)).map(|image| image.at.file);
        let production = composed.filter(|file| says_production(context.sources.path(*file))).collect();
        let deploys_otherwise = deployed().any(|image| !is_composed(image, context))
            || context.deployment.roots.iter().any(|root| !root.task_definitions.is_empty());
        Self {
            context,
            own: own.map(|reference| reference.name.render('*')).collect(),
            production,
            deploys_otherwise,
        }
    }

    /// How severe a tag that moves is there: nobody says what most compose files are for. Beside something that is deployed
    /// they are for those who develop, and what others make is a tool of theirs.
    pub(super) fn severity(&self, image: &ImageUse) -> Severity {
        if !is_composed(image, self.context) || self.production.contains(&image.at.file) {
            return Severity::Error;
        }
        let is_own = Reference::parse(&image.reference).is_none_or(|reference| {
            reference.name.known().is_none() || self.own.contains(&reference.name.render('*'))
        });
        let for_development = self.deploys_otherwise || !self.production.is_empty();
        if for_development && !is_own { Severity::Note } else { Severity::Warning }
    }
}

/// Whether a compose file runs the image, and not one that a script writes where it deploys.
fn is_composed(image: &ImageUse, context: &Context<'_>) -> bool {
    let path = context.sources.path(image.at.file);
    image.user.is_compose_service() && matches!(path.extension(), Some("yml" | "yaml"))
}

fn says_production(path: &RepoPath) -> bool {
    path.as_str().split(|c: char| !c.is_ascii_alphanumeric()).any(purpose::is_production)
}
