//! Looks for signs that something beside Terraform deploys, registers or routes.

mod deployer;
mod registrar;
mod router;

use policy_text::source::Sources;

use crate::model::AwsRoot;
use crate::model::outsiders::Outsiders;

/// What may be done beside what `roots` make.
pub(super) fn outsiders(roots: &[AwsRoot], sources: &Sources<'_>) -> Outsiders {
    Outsiders {
        deploy: deployer::of(roots, sources),
        register: registrar::is_there(roots, sources),
        route: router::is_there(roots, sources),
    }
}
