//! Readers: each returns what one source of facts says. None of them knows of another's result but the root modules of Terraform.

mod ansible;
pub(crate) mod aws;
pub(crate) mod bake;
mod cdk;
mod cloudformation;
mod copilot;
pub(crate) mod deployed_image;
mod docker_provider;
mod fly;
mod handed_over;
mod helm_values;
mod in_turn;
pub(crate) mod ingress;
mod jenkinsfile;
mod makefile;
mod manifest;
mod nomad;
mod package_scripts;
mod pipeline;
mod provisioner;
mod render;
mod script_file;
mod skaffold;
mod start_folder;
pub(crate) mod tls;
mod workflow;
pub(crate) mod workload;

use policy_terraform::resolve::Selection;
use policy_text::source::Sources;

use crate::files::Parsed;
use crate::found::Found;
use crate::model::AwsRoot;

/// The types of resources that are taken for their names alone.
const NAMED: [&str; 1] = ["aws_ecs_cluster"];

/// What the readers take of Terraform's resources and data sources, from the table of each.
pub(crate) fn selection() -> Selection {
    let kinds = aws::kinds().chain(deployed_image::kinds()).chain(docker_provider::KINDS).chain(NAMED);
    Selection::Of {
        kinds: kinds.chain(provisioner::KINDS).collect(),
        arguments: provisioner::arguments().collect(),
        blocks: provisioner::BLOCKS.to_vec(),
        outputs_beside: aws::kinds_with_outputs().collect(),
    }
}

/// What commands, pipelines and manifests say by themselves. To teach one more source, add its module above and a line
/// here.
pub(crate) fn commands_and_manifests(parsed: &Parsed, sources: &Sources<'_>, roots: &[AwsRoot]) -> Found {
    let read = [
        script_file::read(parsed, sources),
        workflow::read(parsed, sources),
        pipeline::read(parsed, sources),
        jenkinsfile::read(parsed, sources),
        makefile::read(parsed, sources),
        package_scripts::read(sources),
        provisioner::read(roots, sources),
        docker_provider::read(roots),
        manifest::read(parsed, sources),
        helm_values::read(parsed, sources),
        fly::read(sources),
        render::read(sources),
        cdk::read(sources),
        cloudformation::read(parsed, sources),
        ansible::read(parsed, sources),
        nomad::read(parsed, sources),
        copilot::read(parsed, sources),
        skaffold::read(parsed, sources),
    ];
    read.into_iter().collect()
}
