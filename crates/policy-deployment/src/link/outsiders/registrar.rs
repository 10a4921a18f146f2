//! Whether anything beside the services of Terraform registers tasks with names of service discovery.

use std::sync::LazyLock;

use crate::link::signs::Signs;
use crate::model::AwsRoot;

/// What is written where code, a tool or a permission registers instances.
const SIGNS: [&str; 10] = [
    "servicediscovery register",
    "servicediscovery:register",
    "servicediscovery:*",
    "servicediscovery\"",
    "servicediscovery'",
    "client-servicediscovery",
    "registerinstancecommand",
    "registerinstancerequest",
    "serviceregistries",
    "service-registries",
];

/// Whether it matters: nothing of Terraform registers with a name.
pub(super) fn matters(roots: &[AwsRoot]) -> bool {
    let mut names = roots.iter().flat_map(|root| &root.private_names.names);
    names.any(|name| !name.is_registered)
}

/// What shows that something else registers.
pub(super) fn signs() -> &'static Signs {
    static ALL: LazyLock<Signs> = LazyLock::new(|| Signs::of(SIGNS));
    &ALL
}
