//! Private hosts of which nothing tells whether anything creates them.

use policy_text::{Family, Unresolved};

use crate::model::AwsRoot;
use crate::model::private_names::{host_of, is_private};

/// The hosts in variables of containers, where names may be created that are not known.
pub(super) fn unresolved(roots: &[AwsRoot]) -> Vec<Unresolved> {
    let any = |says: fn(&AwsRoot) -> bool| roots.iter().any(says);
    let why = if any(|root| root.private_names.more) {
        "a zone or namespace is looked up, or created outside this repository"
    } else if any(|root| root.private_names.has_aliases) {
        "Service Connect may give a service this name"
    } else {
        return Vec::new();
    };
    let containers = roots.iter().flat_map(|root| &root.task_definitions).flat_map(|task| &task.containers);
    let variables = containers.flat_map(|container| &container.environment.variables);
    let found = variables.filter_map(|variable| {
        let host = host_of(&variable.name, variable.value.as_ref()).filter(|host| is_private(host))?;
        let is_known = any_name(roots, &host);
        (!is_known).then(|| Unresolved {
            at: variable.at,
            what: format!("whether `{host}` exists"),
            why: why.to_owned(),
            needed_by: Some(Family::Network),
        })
    });
    found.collect()
}

fn any_name(roots: &[AwsRoot], host: &str) -> bool {
    roots.iter().any(|root| root.private_names.names.iter().any(|name| name.may_be(host)))
}
