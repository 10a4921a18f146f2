//! The deployment: what is built, pushed, run, routed and called, linked across files.

mod ansible;
mod app_manifest;
mod aws_root;
mod bake;
mod base_image;
pub mod build;
mod cdk;
mod cloudformation;
pub mod commands;
mod compose;
mod container_user;
pub mod context;
mod copilot;
mod delivery;
mod deployed_image;
mod deployer;
mod docker_provider;
mod helm_values;
pub mod image;
mod jenkinsfile;
pub mod load_balancer;
pub mod log_group;
mod makefile;
mod manifest;
mod nomad;
mod package_scripts;
mod pipeline;
mod provisioner;
mod pushed_service;
pub mod repository;
mod script_file;
pub mod service;
pub mod setting;
mod skaffold;
mod standing;
pub mod task_definition;
mod task_definition_file;
mod unknown_setting;
mod unknown_tag;
mod workflow;

use std::collections::BTreeSet;

use crate::config::Options;
use crate::parse::{Parsed, Problem};
pub use crate::resolve::script::endpoint;
use crate::resolve::terraform::{self, world::World};
use crate::resolve::{Unresolved, script};
use crate::source::{RepoPath, Sources};
pub use aws_root::AwsRoot;
use build::BuildRequest;
use context::{BrokenBuild, BuildContext};
use image::ImageUse;

/// One repository's deployment, as far as its files tell.
#[derive(Debug, Default)]
pub struct Deployment {
    /// Every place that names an image.
    pub images: Vec<ImageUse>,
    /// Every place that asks for an image to be built.
    pub builds: Vec<BuildRequest>,
    /// Whether something bakes images to push them.
    pub(crate) bakes_for_registry: bool,
    /// Compose files whose images commands push.
    pub(crate) compose_pushes: Vec<pushed_service::ComposePush>,
    /// Files and folders that commands make where they run.
    pub(crate) made: BTreeSet<RepoPath>,
    /// Compose files that commands use together.
    pub(crate) compositions: Vec<compose::Composition>,
    /// Whether whatever runs the images that are built here sets another user than root, whatever the images say.
    pub keeps_images_from_root: bool,
    /// The folders that are sent to Docker, by path.
    pub contexts: Vec<BuildContext>,
    /// The root modules of Terraform in every environment, in the order of folders.
    pub roots: Vec<AwsRoot>,
    /// Every socket that code opens.
    pub endpoints: Vec<endpoint::Endpoint>,
    /// Builds that cannot start.
    pub broken_builds: Vec<BrokenBuild>,
    /// Whether something beside Terraform may give services new task definitions. It is looked for only where a service
    /// ignores changes of its own.
    pub has_other_deployer: bool,
    /// Values that a rule would have needed and that could not be known.
    pub unresolved: Vec<Unresolved>,
    /// What could not be read of the modules that are read only because others import them.
    pub problems: Vec<Problem>,
}

impl Deployment {
    /// Links what the files say.
    pub fn link(parsed: &Parsed, sources: &Sources<'_>, options: &Options) -> Self {
        let World { roots, cut_off } = terraform::evaluate(&parsed.terraform, sources, &options.terraform);
        let mut deployment = Self { roots: aws_root::read(roots), unresolved: cut_off, ..Self::default() };
        script_file::add(&mut deployment, parsed, sources);
        workflow::add(&mut deployment, parsed, sources);
        pipeline::add(&mut deployment, parsed, sources);
        jenkinsfile::add(&mut deployment, parsed, sources);
        makefile::add(&mut deployment, parsed, sources);
        package_scripts::add(&mut deployment, sources);
        provisioner::add(&mut deployment, sources);
        docker_provider::add(&mut deployment);
        manifest::add(&mut deployment, parsed, sources);
        helm_values::add(&mut deployment, parsed, sources);
        app_manifest::add(&mut deployment, sources);
        cdk::add(&mut deployment, sources);
        cloudformation::add(&mut deployment, parsed, sources);
        ansible::add(&mut deployment, parsed, sources);
        nomad::add(&mut deployment, parsed, sources);
        bake::add(&mut deployment, parsed, sources);
        copilot::add(&mut deployment, parsed, sources);
        skaffold::add(&mut deployment, parsed, sources);
        compose::add(&mut deployment, parsed, sources);
        pushed_service::add(&mut deployment, parsed, sources);
        container_user::add(&mut deployment, parsed, sources);
        base_image::add(&mut deployment, parsed, sources);
        context::add(&mut deployment, parsed, sources, &options.docker);
        let scripts = script::Scripts::new(parsed, sources, &deployment.builds);
        let endpoints = script::endpoints(&scripts);
        deployment.problems = scripts.problems();
        deployment.unresolved.extend(scripts.passed_over());
        deployment.unresolved.extend(endpoints.iter().filter_map(endpoint::Endpoint::unresolved));
        deployment.endpoints = endpoints;
        deployed_image::add(&mut deployment);
        task_definition_file::add(&mut deployment, parsed, sources);
        deployer::add(&mut deployment, sources);
        unknown_setting::add(&mut deployment);
        unknown_tag::add(&mut deployment);
        deployment
    }
}
