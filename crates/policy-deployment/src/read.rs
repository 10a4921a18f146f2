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
