//! The deployment: what is built, pushed, run, routed and called.

mod aws_root;
pub mod balanced_port;
pub mod built_image;
pub mod commit_pushes;
pub mod compose_service;
pub mod container_start;
pub mod context;
pub mod distribution;
pub mod ecs_call;
pub mod function;
pub mod given_image;
pub mod image;
pub mod image_link;
pub mod ingress;
pub mod load_balancer;
pub mod log_group;
pub mod made_name;
pub mod nginx_image;
pub mod outside_request;
pub mod outsiders;
pub mod private_names;
pub mod probe;
pub mod program;
pub mod proxy;
pub mod references;
pub mod repository;
pub mod route;
pub mod routing;
pub mod scaling_target;
pub mod security_group;
pub mod server;
pub mod service;
pub mod setting;
pub mod task_definition;
pub mod tls;
pub mod told_request;
mod word;
pub mod workflow_job;
pub mod workload;

pub use aws_root::AwsRoot;
use build::BuildRequest;
use ecs_call::EcsCall;
use endpoint::Endpoint;
use made_name::MadeNames;
pub use policy_docker::asker::{Asker, Title};
pub use policy_docker::build;
pub use policy_script::{development_proxy, endpoint, request};
use policy_text::{Problem, Unresolved};

use built_image::BuiltImage;
use commit_pushes::CommitPushes;
use compose_service::ComposeService;
use context::{BrokenBuild, BuildContext};
use development_proxy::DevelopmentProxy;
use image::ImageUse;
use image_link::BuiltImageId;
use ingress::Ingress;
use outside_request::OutsideRequest;
use outsiders::Outsiders;
use program::{Backend, Program, ProgramId};
use request::Request;
use routing::Site;
use task_definition::TaskDefinition;
use tls::TlsProof;
use workflow_job::WorkflowJob;
use workload::Workload;

/// One repository's deployment, as far as its files tell.
#[derive(Debug, Default)]
pub struct Deployment {
    /// Every place that names an image.
    pub images: Vec<ImageUse>,
    /// Every place that asks for an image to be built.
    pub builds: Vec<BuildRequest>,
    /// Every image that is built here.
    pub built_images: Vec<BuiltImage>,
    /// The services of compose files.
    pub compose_services: Vec<ComposeService>,
    /// Whether whatever runs the images that are built here sets another user than root, whatever the images say.
    pub keeps_images_from_root: bool,
    /// The folders that are sent to Docker, by path.
    pub contexts: Vec<BuildContext>,
    /// What each tool creates in AWS: the root modules of Terraform in every environment, in the order of folders, then the
    /// task definitions in files.
    pub roots: Vec<AwsRoot>,
    /// The workloads of Kubernetes whose pods have one container.
    pub workloads: Vec<Workload>,
    /// The Ingresses of Kubernetes.
    pub ingresses: Vec<Ingress>,
    /// The entrances of compose files and of clusters.
    pub sites: Vec<Site>,
    /// The programs behind the entrances of the roots and of the sites.
    pub programs: Vec<Program>,
    /// The calls of ECS that pipelines and scripts make.
    pub ecs_calls: Vec<EcsCall>,
    /// The names of what the repository's infrastructure makes, where anything calls it by names.
    pub made_names: MadeNames,
    /// Every socket that code opens.
    pub endpoints: Vec<Endpoint>,
    /// Every request that code of pages sends. They are looked for only where an entrance has routes.
    pub requests: Vec<Request>,
    /// What development servers of pages send to a backend. It is looked for only where an entrance has routes.
    pub development_proxies: Vec<DevelopmentProxy>,
    /// The requests that commands of pipelines and scripts send.
    pub outside_requests: Vec<OutsideRequest>,
    /// What shows that pages come over TLS. It is looked for only where a socket to a page's own host never does.
    pub tls: Vec<TlsProof>,
    /// Builds that cannot start.
    pub broken_builds: Vec<BrokenBuild>,
    /// What something beside Terraform may do.
    pub outsiders: Outsiders,
    /// The jobs of the workflows that run with each push.
    pub workflow_jobs: Vec<WorkflowJob>,
    /// What workflows push with each commit.
    pub commit_pushes: CommitPushes,
    /// Values that a rule would have needed and that could not be known.
    pub unresolved: Vec<Unresolved>,
    /// What could not be read, or not be compared, while the files were linked.
    pub problems: Vec<Problem>,
}

impl Deployment {
    /// A program of this deployment.
    pub fn program(&self, id: ProgramId) -> Option<&Program> {
        self.programs.get(id.0)
    }

    /// An image that is built here.
    pub fn built_image(&self, id: BuiltImageId) -> Option<&BuiltImage> {
        self.built_images.get(id.0)
    }

    /// The program that answers for a backend, where it is known.
    pub fn program_of(&self, backend: &Backend) -> Option<&Program> {
        self.program(*backend.program.as_ref().ok()?)
    }

    /// Whether `host` is a name of one label that nothing resolves in the network of these tasks.
    pub fn lacks_host(&self, tasks: &TaskDefinition, host: &str) -> bool {
        // What gives one service a name for another by Service Connect may give any.
        let has_aliases = self.roots.iter().any(|root| root.private_names.has_aliases);
        !has_aliases && tasks.has_own_network() && private_names::is_of_one_label(host)
    }
}
