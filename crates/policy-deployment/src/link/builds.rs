//! What is built here: every request for a build with its context, the images that come of them, and the names that commands,
//! pipelines, manifests and compose files give images.

use policy_docker::build::BuildRequest;
use policy_text::source::Sources;
use policy_text::{Problem, Unresolved};

use super::{build_cost, servers};
use crate::built_image::built_images;
use crate::contexts::{Brought, contexts};
use crate::files::Parsed;
use crate::found::Found;
use crate::model::AwsRoot;
use crate::model::built_image::BuiltImage;
use crate::model::context::{BrokenBuild, BuildContext};
use crate::model::ecs_call::EcsCall;
use crate::model::given_image::GivenImage;
use crate::model::image::ImageUse;
use crate::model::outside_request::OutsideRequest;
use crate::model::workflow_job::WorkflowJob;
use crate::{DockerOptions, compose, read};

/// All that is built.
pub(super) struct Builds {
    /// The places that name an image, but for those that only infrastructure has.
    pub(super) named: Vec<ImageUse>,
    /// The requests for builds.
    pub(super) requests: Vec<BuildRequest>,
    /// The images that come of them.
    pub(super) images: Vec<BuiltImage>,
    /// The folders that are sent to Docker.
    pub(super) contexts: Vec<BuildContext>,
    /// The builds that cannot start.
    pub(super) broken: Vec<BrokenBuild>,
    /// What could not be followed.
    pub(super) unresolved: Vec<Unresolved>,
    /// What was left out.
    pub(super) problems: Vec<Problem>,
}

/// What commands tell AWS and the programs.
pub(super) struct Told {
    /// The calls of ECS.
    pub(super) ecs_calls: Vec<EcsCall>,
    /// The jobs of workflows that run with each push.
    pub(super) workflow_jobs: Vec<WorkflowJob>,
    /// The images that are written into containers of task definitions.
    pub(super) given_images: Vec<GivenImage>,
    /// The requests that commands send.
    pub(super) outside_requests: Vec<OutsideRequest>,
}

/// What is built, and what the commands beside it tell others. Commands come first: bake and compose files count as they use
/// them.
pub(super) fn builds(
    roots: &[AwsRoot],
    parsed: &Parsed,
    sources: &Sources<'_>,
    options: &DockerOptions,
) -> (Builds, Told) {
    let commands = read::commands_and_manifests(parsed, sources, roots);
    let baked = read::bake::read(parsed, sources, commands.bakes_for_registry);
    let composed = Found::from(compose::read(parsed, sources, &commands.compositions));
    let mut found: Found = [commands, baked, composed].into_iter().collect();
    let pushed = compose::pushed(&found.compose_pushes, &found.images, parsed, sources);
    found.images.extend(pushed.images);
    found.problems.extend(pushed.problems);
    let too_costly = build_cost::bound(&mut found.builds, parsed, sources);
    found.problems.extend(too_costly);
    let brought = Brought { made: &found.made, supplied: &found.supplied };
    let (contexts, broken) = contexts(&found.builds, brought, parsed, sources, options);
    let mut images = built_images(&found.builds, &found.renamed, parsed, sources);
    servers::of_images(&mut images, sources);
    let builds = Builds {
        named: found.images,
        requests: found.builds,
        images,
        contexts,
        broken,
        unresolved: found.unresolved,
        problems: found.problems,
    };
    let told = Told {
        ecs_calls: found.ecs_calls,
        workflow_jobs: found.workflow_jobs,
        given_images: found.given_images,
        outside_requests: found.outside_requests,
    };
    (builds, told)
}
