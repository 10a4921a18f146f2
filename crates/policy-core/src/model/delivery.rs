//! What one file says about images: those it names, the builds it asks for, and what it makes before them.

use std::collections::{BTreeMap, HashMap};

use super::Deployment;
use super::build::BuildRequest;
use super::compose::Composition;
use super::image::{ImageRole, ImageUse};
use super::pushed_service::ComposePush;
use crate::resolve::alternatives::Alternatives;
use crate::resolve::{Text, Unresolved};
use crate::source::{RepoPath, Span};

/// Images and builds, in the order they were found.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    pub(super) images: Vec<ImageUse>,
    pub(super) builds: Vec<BuildRequest>,
    /// Which of the images are called the same at a place.
    places: HashMap<(Span, ImageRole, String), Vec<usize>>,
    /// The workflows and actions of the repository that it calls, with the inputs that it gives them.
    pub(super) calls: Vec<(RepoPath, BTreeMap<String, Alternatives>)>,
    /// Whether it bakes images to push them.
    pub(super) bakes_for_registry: bool,
    /// The compose files whose images it pushes.
    pub(super) compose_pushes: Vec<ComposePush>,
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
            let same_place =
                self.places.entry((image.at, image.role, image.reference.to_string())).or_default();
            if !same_place.iter().any(|&index| self.images.get(index) == Some(&image)) {
                same_place.push(self.images.len());
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

    /// Adds a push of a compose file's images, once however often the same place comes to it.
    pub(super) fn compose_push(&mut self, push: ComposePush) {
        if !self.compose_pushes.contains(&push) {
            self.compose_pushes.push(push);
        }
    }

    /// Adds compose files that are used together, once however often the same place comes to it.
    pub(super) fn composition(&mut self, composition: Composition) {
        if !self.compositions.contains(&composition) {
            self.compositions.push(composition);
        }
    }

    /// Moves everything into the deployment.
    pub(super) fn join(self, deployment: &mut Deployment) {
        deployment.images.extend(self.images);
        deployment.builds.extend(self.builds);
        deployment.bakes_for_registry |= self.bakes_for_registry;
        deployment.compose_pushes.extend(self.compose_pushes);
        deployment.made.extend(self.made);
        deployment.unresolved.extend(self.unresolved);
        deployment.compositions.extend(self.compositions);
    }
}
