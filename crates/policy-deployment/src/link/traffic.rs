//! Who asks whom: the programs behind the entrances, and what code and commands ask them for.

use policy_script::Scripts;
use policy_script::endpoint::Endpoint;
use policy_text::source::Sources;
use policy_text::{Problem, Unresolved};

use super::builds::Builds;
use super::calls::Calls;
use super::programs::{self, Behind, Linked};
use super::stack::Stack;
use super::{build_variables, pairs, unset_variable};
use crate::files::Parsed;
use crate::model::outside_request::OutsideRequest;
use crate::model::program::Program;
use crate::model::routing::Site;
use crate::model::tls::TlsProof;
use crate::read;

/// Programs, and what they are asked for.
pub(super) struct Traffic {
    /// The programs behind the entrances.
    pub(super) programs: Vec<Program>,
    /// The entrances of compose files and of clusters.
    pub(super) sites: Vec<Site>,
    /// What code asks for.
    pub(super) calls: Calls,
    /// What commands ask for.
    pub(super) outside_requests: Vec<OutsideRequest>,
    /// What shows that pages come over TLS, where a socket depends on it.
    pub(super) tls: Vec<TlsProof>,
    /// What could not be followed.
    pub(super) unresolved: Vec<Unresolved>,
    /// What was left out.
    pub(super) problems: Vec<Problem>,
}

impl Traffic {
    /// The traffic of a stack, which is told which programs stand behind it, and left with no more than can be compared.
    pub(super) fn of(
        stack: &mut Stack,
        builds: &Builds,
        mut outside_requests: Vec<OutsideRequest>,
        parsed: &Parsed,
        sources: &Sources<'_>,
    ) -> Self {
        let Stack { roots, cluster, workloads, compose_services, .. } = stack;
        let set_by_builds =
            |name: &str| build_variables::values(name, &builds.requests, &parsed.dockerfiles, sources);
        let scripts = Scripts::new(&parsed.scripts, &parsed.imports, &set_by_builds, sources);
        let behind = Behind { roots: &mut *roots, cluster: &mut *cluster, workloads };
        let Linked { programs, sites, mut problems } =
            programs::link(behind, compose_services, &builds.images, &scripts, sources);
        let mut calls = Calls::of(&scripts, roots, &sites, parsed);
        let left_out = pairs::bound(
            &mut calls.requests,
            &mut outside_requests,
            roots,
            &mut cluster.ingresses,
            &programs,
        );
        problems.extend(left_out);
        problems.extend(scripts.problems());
        unset_variable::leave_out(&mut calls.requests, sources);
        let tls = if calls.endpoints.iter().any(Endpoint::is_plain_to_own_host) {
            read::tls::proofs(roots, sources)
        } else {
            Vec::new()
        };
        let of_sockets = calls.endpoints.iter().filter_map(Endpoint::unresolved);
        let unresolved = scripts.passed_over().chain(of_sockets).collect();
        Self { programs, sites, calls, outside_requests, tls, unresolved, problems }
    }
}
