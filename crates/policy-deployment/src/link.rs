//! From what readers found to one deployment, in steps that are each made of those before: infrastructure, what is built, what
//! it is deployed to, who asks whom.

mod base_image;
mod build_cost;
mod build_variables;
mod builds;
mod calls;
mod compose_services;
mod container_user;
mod containers;
mod filler;
mod given_variable;
mod image_bringer;
mod images;
mod left_out;
mod made_names;
mod mounted_nginx;
mod outsiders;
mod pairs;
mod pipeline_variable;
mod programs;
mod resolver;
mod servers;
mod signs;
mod sites;
mod stack;
mod task_definition_file;
mod told_names;
mod traffic;
mod unnamed_values;
mod unresolved;
mod unset_variable;
mod variable_value;
mod workloads;

use policy_terraform::resolve::world::World;
use policy_terraform::{TerraformOptions, resolve};
use policy_text::source::Sources;

use crate::files::Parsed;
use crate::model::Deployment;
use crate::{DockerOptions, read};
use builds::{Builds, Told, builds};
use calls::Calls;
use images::images;
use stack::{Stack, beside_others};
use traffic::Traffic;

/// Links what the files say.
pub fn link(
    parsed: &Parsed,
    sources: &Sources<'_>,
    terraform: &TerraformOptions,
    docker: &DockerOptions,
) -> Deployment {
    let World { roots, cut_off, problems } =
        resolve::evaluate(&parsed.terraform, sources, &read::selection(), terraform);
    let roots = beside_others(read::aws::read(roots), parsed, sources);
    let (builds, Told { ecs_calls, workflow_jobs, given_images, outside_requests }) =
        builds(&roots, parsed, sources, docker);
    let mut stack = Stack::of(roots, &given_images, &builds.images, parsed, sources);
    let traffic = Traffic::of(&mut stack, &builds, outside_requests, parsed, sources);
    let Stack { mut roots, definitions, cluster, workloads, compose_services, problems: of_stack } = stack;
    let outsiders = outsiders::outsiders(&roots, sources);
    let Builds { named, requests: build_requests, images: built_images, .. } = builds;
    let keeps_images_from_root = container_user::keeps_images_from_root(&named, &roots, parsed, sources);
    let images = images(named, &build_requests, &roots, outsiders, parsed, sources);
    roots.extend(definitions);
    let mut made_names = made_names::made_names(&roots, &ecs_calls, parsed, sources);
    told_names::add(&mut made_names, &ecs_calls, &images, sources);
    let commit_pushes = image_bringer::commit_pushes(parsed, &images, &roots, sources);
    let Traffic { programs, sites, outside_requests, tls, .. } = traffic;
    let Calls { endpoints, requests, development_proxies } = traffic.calls;
    let deployment = Deployment {
        images,
        builds: build_requests,
        built_images,
        compose_services,
        keeps_images_from_root,
        contexts: builds.contexts,
        roots,
        workloads,
        ingresses: cluster.ingresses,
        sites,
        programs,
        ecs_calls,
        workflow_jobs,
        made_names,
        endpoints,
        requests,
        development_proxies,
        outside_requests,
        tls,
        broken_builds: builds.broken,
        outsiders,
        commit_pushes,
        unresolved: cut_off.into_iter().chain(builds.unresolved).chain(traffic.unresolved).collect(),
        problems: [problems, builds.problems, of_stack, traffic.problems].concat(),
    };
    with_unresolved(deployment)
}

/// The deployment with what can only be seen to be unresolved in the whole of it.
fn with_unresolved(mut deployment: Deployment) -> Deployment {
    let of_parts = unresolved::of(&deployment);
    deployment.unresolved.extend(of_parts);
    deployment.unresolved.sort();
    deployment.unresolved.dedup();
    deployment
}

/// The deployment of a tree, with no options, for tests.
#[cfg(test)]
pub(crate) fn link_plainly(sources: &Sources<'_>) -> Deployment {
    let parsed = crate::files::parse_plainly(sources);
    link(&parsed, sources, &TerraformOptions::default(), &DockerOptions::default())
}
