//! What one file says about images: those it names, the builds it asks for, and what it makes before them.

use std::collections::BTreeMap;

use super::Deployment;
use super::build::BuildRequest;
use super::compose::Composition;
use super::image::{ImageRole, ImageUse};
use crate::resolve::alternatives::Alternatives;
use crate::resolve::{Text, Unresolved};
use crate::source::{RepoPath, Span};

/// Images and builds, in the order they were found.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    pub(super) images: Vec<ImageUse>,
    pub(super) builds: Vec<BuildRequest>,
    /// The workflows and actions of the repository that it calls, with the inputs that it gives them.
    pub(super) calls: Vec<(RepoPath, BTreeMap<String, Alternatives>)>,
    /// Whether it bakes images to push them.
    pub(super) bakes_for_registry: bool,
    /// Files and folders that commands make.
    pub(super) made: Vec<RepoPath>,
    /// What could not be followed.
    pub(super) unresolved: Vec<Unresolved>,
    /// Compose files that commands use together.
    pub(super) compositions: Vec<Composition>,
}

impl Delivery {
    /// Adds an image, once however often the same place comes to it.
    pub(super) fn image(&mut self, reference: &Text, at: Span, role: ImageRole, user: &str) {
        self.images_once([ImageUse { reference: reference.clone(), at, role, user: user.to_owned() }]);
    }

    /// Adds images, each once however often the same place comes to it.
    pub(super) fn images_once(&mut self, images: impl IntoIterator<Item = ImageUse>) {
        for image in images {
            if !self.images.contains(&image) {
                self.images.push(image);
            }
        }
    }

    /// Adds a build, once however often the same place comes to it.
    pub(super) fn build(&mut self, request: BuildRequest) {
        if !self.builds.contains(&request) {
            self.builds.push(request);
        }
    }

    /// Moves everything into the deployment.
    pub(super) fn join(self, deployment: &mut Deployment) {
        deployment.images.extend(self.images);
        deployment.builds.extend(self.builds);
        deployment.bakes_for_registry |= self.bakes_for_registry;
        deployment.made.extend(self.made);
        deployment.unresolved.extend(self.unresolved);
        deployment.compositions.extend(self.compositions);
    }
}
