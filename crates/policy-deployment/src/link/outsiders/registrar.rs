//! Whether anything beside the services of Terraform registers tasks with names of service discovery.

use std::sync::LazyLock;

use policy_text::source::Sources;

use crate::link::signs::Signs;
use crate::model::AwsRoot;

/// What is written where code, a tool or a permission registers instances, in lower case.
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

/// Whether anything shows that, looked for where it matters: nothing of Terraform registers with a name.
pub(super) fn is_there(roots: &[AwsRoot], sources: &Sources<'_>) -> bool {
    static ALL: LazyLock<Signs> = LazyLock::new(|| Signs::of(SIGNS));
    let mut names = roots.iter().flat_map(|root| &root.private_names.names);
    names.any(|name| !name.is_registered) && ALL.are_written(sources, |_| true)
}
