//! What the repository deploys to: its root modules, task definitions in files, clusters and compose files, with the images that
//! their containers run.

use policy_text::Problem;
use policy_text::source::Sources;

use super::{compose_services, containers, filler, left_out, resolver, servers, workloads};
use crate::files::Parsed;
use crate::model::AwsRoot;
use crate::model::built_image::BuiltImage;
use crate::model::compose_service::ComposeService;
use crate::model::given_image::GivenImage;
use crate::model::workload::Workload;
use crate::read;
use crate::read::ingress::Cluster;

/// All that something is deployed to.
pub(super) struct Stack {
    /// The root modules.
    pub(super) roots: Vec<AwsRoot>,
    /// The task definitions in files.
    pub(super) definitions: Vec<AwsRoot>,
    /// The Ingresses of clusters.
    pub(super) cluster: Cluster,
    /// The workloads of clusters.
    pub(super) workloads: Vec<Workload>,
    /// The services of compose files.
    pub(super) compose_services: Vec<ComposeService>,
    /// What was left out.
    pub(super) problems: Vec<Problem>,
}

impl Stack {
    /// The stack around `roots`, whose containers run images of `built`, or those that commands write into them.
    pub(super) fn of(
        mut roots: Vec<AwsRoot>,
        given: &[GivenImage],
        built: &[BuiltImage],
        parsed: &Parsed,
        sources: &Sources<'_>,
    ) -> Self {
        let mut problems = containers::link(&mut roots, given, built, sources);
        let mut definitions = read::aws::definition_file::read(parsed, &roots, sources);
        problems.extend(containers::link(&mut definitions, &[], built, sources));
        let (mut compose_services, problem) = compose_services::compose_services(parsed, built, sources);
        problems.extend(problem);
        servers::of_services(&mut compose_services, built, sources);
        Self {
            roots,
            definitions,
            cluster: read::ingress::read(parsed),
            workloads: workloads::workloads(parsed, built, sources),
            compose_services,
            problems,
        }
    }
}

/// The roots with what stands beside them: listeners that their values leave out, and what else fills target groups.
pub(super) fn beside_others(mut roots: Vec<AwsRoot>, parsed: &Parsed, sources: &Sources<'_>) -> Vec<AwsRoot> {
    left_out::note(&mut roots, parsed, sources);
    filler::note(&mut roots, sources);
    resolver::note(&mut roots, sources);
    roots
}
