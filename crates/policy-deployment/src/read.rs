//! Readers: each returns what one source of facts says. None of them knows of another's result.

pub(crate) mod ansible;
pub(crate) mod app_manifest;
pub(crate) mod aws;
pub(crate) mod bake;
pub(crate) mod cdk;
pub(crate) mod cloudformation;
pub(crate) mod copilot;
pub(crate) mod deployed_image;
pub(crate) mod docker_provider;
pub(crate) mod helm_values;
pub(crate) mod jenkinsfile;
pub(crate) mod makefile;
pub(crate) mod manifest;
pub(crate) mod nomad;
pub(crate) mod package_scripts;
pub(crate) mod pipeline;
pub(crate) mod provisioner;
pub(crate) mod script_file;
pub(crate) mod skaffold;
mod start_folder;
pub(crate) mod workflow;

use policy_terraform::resolve::Selection;

/// What the readers take of Terraform's resources and data sources, from the table of each.
pub(crate) fn selection() -> Selection {
    let kinds = aws::kinds().chain(deployed_image::kinds()).chain(docker_provider::KINDS);
    Selection::Of {
        kinds: kinds.chain(provisioner::KINDS).collect(),
        arguments: provisioner::arguments().collect(),
        blocks: provisioner::BLOCKS.to_vec(),
    }
}
