//! Whether private names that Terraform does not make may resolve all the same.

use std::sync::LazyLock;

use policy_text::source::{RepoPath, Sources};
use policy_text::value::Text;

use super::signs::Signs;
use crate::model::AwsRoot;
use crate::model::private_names::PRIVATE_ENDS;
use crate::model::task_definition::Variable;

/// What is written where names get into a network by another way, in lower case: code, tools, other configurations.
const SIGNS: [&str; 18] = [
    "servicediscovery",
    "service_discovery",
    "service-discovery",
    "cloudmap",
    "cloud map",
    "service_connect",
    "serviceconnect",
    "route53",
    "route 53",
    "hosted_zone",
    "hosted zone",
    "dhcp_options",
    "consul",
    "coredns",
    "appmesh",
    "vpc_lattice",
    "/etc/hosts",
    "extra_hosts",
];

/// What documents write where somebody makes a zone by hand. They may speak of the rest without it, or of public names.
const BY_HAND: [&str; 3] = ["servicediscovery create", "create-private-dns-namespace", "create-hosted-zone"];

/// Notes it of the roots that have no zone at all, where a container is given a name that looks private.
pub(super) fn note(roots: &mut [AwsRoot], sources: &Sources<'_>) {
    static ALL: LazyLock<Signs> = LazyLock::new(|| Signs::of(SIGNS));
    static TOLD: LazyLock<Signs> = LazyLock::new(|| Signs::of(BY_HAND));
    let without: Vec<_> = roots
        .iter_mut()
        .filter(|root| root.private_names.zones.is_empty() && root_names_private_host(root))
        .collect();
    let is_document =
        |path: &RepoPath| matches!(path.extension(), Some("md" | "mdx" | "rst" | "txt" | "adoc"));
    if without.is_empty() {
        return;
    }
    if ALL.are_written(sources, |path| !is_document(path)) || TOLD.are_written(sources, is_document) {
        for root in without {
            root.private_names.more = true;
        }
    }
}

fn root_names_private_host(root: &AwsRoot) -> bool {
    let containers = root.task_definitions.iter().flat_map(|definition| &definition.containers);
    containers.flat_map(|container| &container.environment.variables).any(is_private)
}

fn is_private(variable: &Variable) -> bool {
    let value = variable.value.as_ref().and_then(Text::known);
    value.is_some_and(|value| PRIVATE_ENDS.iter().any(|end| value.contains(end)))
}
