//! Looks for signs that something beside Terraform deploys, registers or routes.

mod deployer;
mod registrar;
mod router;

use policy_text::source::Sources;

use super::signs::are_written;
use crate::model::AwsRoot;
use crate::model::outsiders::{Deployer, Outsiders};

/// What may be done beside what `roots` make. Signs are looked for where they matter alone.
pub(super) fn outsiders(roots: &[AwsRoot], sources: &Sources<'_>) -> Outsiders {
    let deploys = deployer::matters(roots);
    let asked = [
        deploys.then(deployer::signs_of_revisions),
        deploys.then(deployer::signs_of_restarts),
        registrar::matters(roots).then(registrar::signs),
        router::matters(roots).then(router::signs),
    ];
    let [brings_revisions, restarts, register, route] = are_written(asked, sources, |_| true);
    let deploy = if brings_revisions {
        Deployer::BringsRevisions
    } else if restarts {
        Deployer::Restarts
    } else {
        Deployer::None
    };
    Outsiders { deploy, register, route }
}
