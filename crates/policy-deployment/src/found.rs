//! What a reader returns: the images that a source of facts names, the builds that it asks for, and what it makes before
//! them.

use std::collections::{BTreeSet, HashMap};

use policy_docker::asker::Asker;
use policy_docker::build::BuildRequest;
use policy_text::budget::Budget;
use policy_text::source::{RepoPath, Span};
use policy_text::value::Text;
use policy_text::{Problem, Unresolved};

use crate::compose::{ComposePush, Composed, Composition};
use crate::model::ecs_call::EcsCall;
use crate::model::given_image::GivenImage;
use crate::model::image::{ImageRole, ImageUse};
use crate::model::outside_request::OutsideRequest;
use crate::model::workflow_job::WorkflowJob;
use crate::turns::Turns;

/// What one file says, or all files of one kind together, in the order in which it was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The places that name an image.
    pub(crate) images: Vec<ImageUse>,
    /// The requests for builds.
    pub(crate) builds: Vec<BuildRequest>,
    /// Images that are given another name: the old one, then the new one.
    pub(crate) renamed: Vec<(Text, Text)>,
    /// The calls of ECS.
    pub(crate) ecs_calls: Vec<EcsCall>,
    /// The jobs of workflows that run with each push.
    pub(crate) workflow_jobs: Vec<WorkflowJob>,
    /// The requests that commands send.
    pub(crate) outside_requests: Vec<OutsideRequest>,
    /// The images that are written into containers of task definitions.
    pub(crate) given_images: Vec<GivenImage>,
    /// Which of the images are called the same at a place, and have their tag from one place.
    places: HashMap<(Span, ImageRole, String, Option<Span>), Vec<usize>>,
    /// Which of the builds are asked for at a place.
    build_places: HashMap<Span, Vec<usize>>,
    /// Whether something bakes images to push them.
    pub(crate) bakes_for_registry: bool,
    /// The compose files whose images commands push.
    pub(crate) compose_pushes: Vec<ComposePush>,
    /// Files and folders that commands make where they run.
    pub(crate) made: BTreeSet<RepoPath>,
    /// The parts of pipelines that get files which are not known, from other jobs or from elsewhere.
    pub(crate) supplied: Vec<Span>,
    /// What could not be followed.
    pub(crate) unresolved: Vec<Unresolved>,
    /// What was left out for its cost.
    pub(crate) problems: Vec<Problem>,
    /// Compose files that commands use together.
    pub(crate) compositions: Vec<Composition>,
    /// What running its scripts cost.
    pub(crate) turns: Turns,
}

impl Found {
    /// Images alone.
    pub(crate) fn of_images(images: Vec<ImageUse>) -> Self {
        Self { images, ..Self::default() }
    }

    /// Builds alone.
    pub(crate) fn of_builds(builds: Vec<BuildRequest>) -> Self {
        Self { builds, ..Self::default() }
    }

    /// Whether `budget` has `steps` for what stands at `at`. Where it has not, what is left out from there on is said.
    pub(crate) fn pays(&mut self, budget: &Budget, steps: usize, at: Span, left_out: &'static str) -> bool {
        let paid = budget.spend(steps);
        if paid.is_err_and(|refused| refused.is_first) {
            self.problems.push(Problem::too_costly(at, left_out));
        }
        paid.is_ok()
    }

    /// Adds an image, once however often the same place comes to it.
    pub(crate) fn image(&mut self, reference: &Text, at: Span, role: ImageRole, user: &Asker) {
        self.images_once([ImageUse {
            reference: reference.clone(),
            at,
            role,
            user: user.clone(),
            caveat: None,
        }]);
    }

    /// Adds images, each once however often the same place comes to it.
    pub(crate) fn images_once(&mut self, images: impl IntoIterator<Item = ImageUse>) {
        for image in images {
            let tag = image.reference.last_literal().map(|literal| literal.at);
            let same_place =
                self.places.entry((image.at, image.role, image.reference.to_string(), tag)).or_default();
            if !same_place.iter().any(|&index| self.images.get(index) == Some(&image)) {
                same_place.push(self.images.len());
                self.images.push(image);
            }
        }
    }

    /// Adds a build, once however often the same place comes to it.
    pub(crate) fn build(&mut self, request: BuildRequest) {
        let same_place = self.build_places.entry(request.at).or_default();
        if !same_place.iter().any(|&index| self.builds.get(index) == Some(&request)) {
            same_place.push(self.builds.len());
            self.builds.push(request);
        }
    }

    /// Adds a push of a compose file's images, once however often the same place comes to it.
    pub(crate) fn compose_push(&mut self, push: ComposePush) {
        if !self.compose_pushes.contains(&push) {
            self.compose_pushes.push(push);
        }
    }

    /// Adds compose files that are used together, once however often the same place comes to it.
    pub(crate) fn composition(&mut self, composition: Composition) {
        if !self.compositions.contains(&composition) {
            self.compositions.push(composition);
        }
    }
}

/// All that several files or readers found, one after the other. What two of them found alike stays twice: each has its
/// own places.
impl FromIterator<Found> for Found {
    fn from_iter<I: IntoIterator<Item = Self>>(found: I) -> Self {
        let mut all = Self::default();
        for one in found {
            all.images.extend(one.images);
            all.builds.extend(one.builds);
            all.renamed.extend(one.renamed);
            all.ecs_calls.extend(one.ecs_calls);
            all.workflow_jobs.extend(one.workflow_jobs);
            all.outside_requests.extend(one.outside_requests);
            all.given_images.extend(one.given_images);
            all.bakes_for_registry |= one.bakes_for_registry;
            all.compose_pushes.extend(one.compose_pushes);
            all.made.extend(one.made);
            all.supplied.extend(one.supplied);
            all.unresolved.extend(one.unresolved);
            all.problems.extend(one.problems);
            all.compositions.extend(one.compositions);
        }
        all
    }
}

impl From<Composed> for Found {
    fn from(Composed { images, builds }: Composed) -> Self {
        Self { images, builds, ..Self::default() }
    }
}
