//! From what readers found to one deployment. What one step needs of another stands in its arguments: commands first, then
//! the compose and bake files that commands use, then what depends on all images and builds.

mod base_image;
mod build_cost;
mod build_variables;
mod calls;
mod compose_services;
mod container_user;
mod containers;
mod filler;
mod given_variable;
mod image_bringer;
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
mod task_definition_file;
mod told_names;
mod unnamed_values;
mod unresolved;
mod unset_variable;
mod variable_value;
mod workloads;

use policy_script::Scripts;
use policy_script::endpoint::Endpoint;
use policy_terraform::resolve::world::World;
use policy_terraform::{TerraformOptions, resolve};
use policy_text::source::Sources;

use crate::built_image::built_images;
use crate::contexts::{Brought, contexts};
use crate::files::Parsed;
use crate::found::Found;
use crate::model::context::{BrokenBuild, BuildContext};
use crate::model::{AwsRoot, Deployment};
use crate::{DockerOptions, compose, read};
use calls::Calls;
use programs::{Behind, Linked};

/// Links what the files say.
pub fn link(
    parsed: &Parsed,
    sources: &Sources<'_>,
    terraform: &TerraformOptions,
    docker: &DockerOptions,
) -> Deployment {
    let World { roots, cut_off, mut problems } =
        resolve::evaluate(&parsed.terraform, sources, &read::selection(), terraform);
    let mut roots = beside_others(read::aws::read(roots), parsed, sources);
    let commands = Commands(read::commands_and_manifests(parsed, sources, &roots));
    let Images { found, contexts, broken_builds } = Images::of(commands, parsed, sources, docker);
    let Found {
        mut images,
        builds,
        renamed,
        ecs_calls,
        mut outside_requests,
        given_images,
        unresolved,
        problems: left_out,
        ..
    } = found;
    problems.extend(left_out);
    let mut built_images = built_images(&builds, &renamed, parsed, sources);
    servers::of_images(&mut built_images, sources);
    problems.extend(containers::link(&mut roots, &given_images, &built_images, sources));
    let keeps_images_from_root = container_user::keeps_images_from_root(&images, &roots, parsed, sources);
    images.extend(base_image::images(&builds, parsed, sources));

    let set_by_builds = |name: &str| build_variables::values(name, &builds, &parsed.dockerfiles, sources);
    let scripts = Scripts::new(&parsed.scripts, &parsed.imports, &set_by_builds, sources);
    let mut cluster = read::ingress::read(parsed);
    let mut compose_services = compose_services::compose_services(parsed, &built_images, sources);
    let mut workloads = workloads::workloads(parsed, &built_images, sources);
    let behind = Behind { roots: &mut roots, cluster: &mut cluster, workloads: &mut workloads };
    let Linked { programs, sites, problems: of_programs } =
        programs::link(behind, &compose_services, &built_images, &scripts, sources);
    let mut ingresses = cluster.ingresses;
    problems.extend(of_programs);
    let Calls { endpoints, mut requests, development_proxies } = Calls::of(&scripts, &roots, &sites, parsed);
    let left_out = pairs::bound(&mut requests, &mut outside_requests, &mut roots, &mut ingresses, &programs);
    problems.extend(left_out);
    unset_variable::leave_out(&mut requests, sources);

    let outsiders = outsiders::outsiders(&roots, sources);
    let mut deployed = read::deployed_image::read(&roots, outsiders);
    given_variable::leave_open(&mut deployed, &roots, parsed, sources);
    let without_values = unnamed_values::images(&deployed, &roots, parsed, sources);
    images.extend(deployed);
    images.extend(without_values);
    images.extend(task_definition_file::images(&images, parsed, sources));
    let mut unresolved: Vec<_> = cut_off.into_iter().chain(unresolved).chain(scripts.passed_over()).collect();
    unresolved.extend(endpoints.iter().filter_map(Endpoint::unresolved));
    problems.extend(scripts.problems());
    let tls = if endpoints.iter().any(Endpoint::is_plain_to_own_host) {
        read::tls::proofs(&roots, sources)
    } else {
        Vec::new()
    };
    drop(scripts);
    let mut definitions = read::aws::definition_file::read(parsed, &roots, sources);
    problems.extend(containers::link(&mut definitions, &[], &built_images, sources));
    roots.extend(definitions);
    let mut made_names = made_names::made_names(&roots, &ecs_calls, parsed, sources);
    told_names::add(&mut made_names, &ecs_calls, &images, sources);
    servers::of_services(&mut compose_services, &built_images, sources);
    let mut deployment = Deployment {
        commit_pushes: image_bringer::commit_pushes(parsed, &images, &roots, sources),
        outsiders,
        images,
        builds,
        built_images,
        keeps_images_from_root,
        contexts,
        roots,
        programs,
        sites,
        compose_services,
        workloads,
        ingresses,
        ecs_calls,
        made_names,
        endpoints,
        requests,
        development_proxies,
        outside_requests,
        tls,
        broken_builds,
        unresolved,
        problems,
    };
    let of_parts = unresolved::of(&deployment);
    deployment.unresolved.extend(of_parts);
    deployment.unresolved.sort();
    deployment.unresolved.dedup();
    deployment
}

/// The roots with what stands beside them: listeners that their values leave out, and what else fills target groups.
fn beside_others(mut roots: Vec<AwsRoot>, parsed: &Parsed, sources: &Sources<'_>) -> Vec<AwsRoot> {
    left_out::note(&mut roots, parsed, sources);
    filler::note(&mut roots, sources);
    resolver::note(&mut roots, sources);
    roots
}

/// What commands, pipelines and manifests say by themselves, before it is known which compose files they use.
struct Commands(Found);

/// Every image and every build, with the contexts of the builds.
struct Images {
    found: Found,
    contexts: Vec<BuildContext>,
    broken_builds: Vec<BrokenBuild>,
}

impl Images {
    /// Adds what bake and compose files say, which depends on the commands that use them.
    fn of(
        Commands(commands): Commands,
        parsed: &Parsed,
        sources: &Sources<'_>,
        options: &DockerOptions,
    ) -> Self {
        let baked = read::bake::read(parsed, sources, commands.bakes_for_registry);
        let composed = Found::from(compose::read(parsed, sources, &commands.compositions));
        let mut found: Found = [commands, baked, composed].into_iter().collect();
        let pushed = compose::pushed(&found.compose_pushes, &found.images, parsed, sources);
        found.images.extend(pushed.images);
        found.problems.extend(pushed.problems);
        let too_costly = build_cost::bound(&mut found.builds, parsed, sources);
        found.problems.extend(too_costly);
        let brought = Brought { made: &found.made, supplied: &found.supplied };
        let (contexts, broken_builds) = contexts(&found.builds, brought, parsed, sources, options);
        Self { found, contexts, broken_builds }
    }
}

/// The deployment of a tree, with no options, for tests.
#[cfg(test)]
pub(crate) fn link_plainly(sources: &Sources<'_>) -> Deployment {
    let parsed = crate::files::parse_plainly(sources);
    link(&parsed, sources, &TerraformOptions::default(), &DockerOptions::default())
}
