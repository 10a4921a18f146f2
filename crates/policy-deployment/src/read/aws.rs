//! What AWS would make of Terraform's root modules: their resources, and what well-known modules make of their inputs.

mod action;
mod condition;
mod container;
pub(crate) mod definition_file;
mod distribution;
mod entrance_name;
mod function;
mod listener;
mod listener_rule;
mod load_balancer;
mod log_group;
mod machine_image;
mod machines;
mod module_rules;
mod opening;
mod private_names;
mod repository;
mod routes;
mod routing_table;
mod scaling_target;
mod security_group;
mod service;
mod setting;
mod target_group;
mod task_definition;

pub(crate) use container::images;

use policy_terraform::resolve::world::Root;
use rayon::prelude::*;

use crate::model::AwsRoot;

/// The types of resources that are read, each in the list of its reader.
const KINDS: [&[&str]; 20] = [
    &distribution::KINDS,
    &function::KINDS,
    &listener::KINDS,
    &listener_rule::KINDS,
    &load_balancer::KINDS,
    &log_group::KINDS,
    &machine_image::DATA,
    &machines::KINDS,
    &private_names::KINDS,
    &private_names::DATA,
    &private_names::REGISTRARS,
    &repository::KINDS,
    &repository::POLICIES,
    &routes::KINDS,
    &scaling_target::KINDS,
    &security_group::KINDS,
    &security_group::RULES,
    &service::KINDS,
    &target_group::KINDS,
    &task_definition::KINDS,
];

/// Whether resources of this type are listeners.
pub(crate) fn is_listener(kind: &str) -> bool {
    listener::KINDS.contains(&kind)
}

/// The types that matter to who uses the outputs of their root module: a listener elsewhere, a script that pushes, a service
/// that registers, a route.
pub(crate) fn kinds_with_outputs() -> impl Iterator<Item = &'static str> {
    let names = private_names::KINDS.into_iter().filter(|kind| kind.ends_with("discovery_service"));
    let whole = [&target_group::KINDS[..], &load_balancer::KINDS, &repository::KINDS, &[routes::TABLE]];
    whole.into_iter().flatten().copied().chain(names)
}

/// The types of resources that are read.
pub(crate) fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.into_iter().flatten().copied()
}

/// Reads every root module.
pub(crate) fn read(roots: Vec<Root>) -> Vec<AwsRoot> {
    roots.into_par_iter().map(of_root).collect()
}

fn of_root(terraform: Root) -> AwsRoot {
    let listeners = listener::listeners(&terraform);
    let listener_rules = listener_rule::listener_rules(&terraform);
    let task_definitions = task_definition::task_definitions(&terraform);
    let load_balancers = load_balancer::load_balancers(&terraform);
    let mut tables = routing_table::tables(&terraform, &load_balancers, &listeners, &listener_rules);
    tables.extend(distribution::tables(&terraform));
    AwsRoot {
        entrance_names: entrance_name::entrance_names(&terraform),
        tables,
        backends: Vec::new(),
        told_requests: Vec::new(),
        openings: opening::openings(&terraform, &listeners, &listener_rules),
        services: service::services(&terraform, &task_definitions),
        target_groups: target_group::target_groups(&terraform),
        machine_architecture: machine_image::architecture(&terraform),
        machines: machines::machines(&terraform),
        functions: function::functions(&terraform),
        scaling_targets: scaling_target::scaling_targets(&terraform),
        repositories: repository::repositories(&terraform),
        log_groups: log_group::log_groups(&terraform),
        routes: routes::routes(&terraform),
        security_groups: security_group::security_groups(&terraform),
        private_names: private_names::private_names(&terraform),
        distributions: distribution::distributions(&terraform),
        load_balancers,
        listeners,
        left_out_listeners: Vec::new(),
        listener_rules,
        task_definitions,
        folder: terraform.folder.clone(),
        environment: terraform.environment,
        terraform: Some(terraform),
    }
}

/// The root modules of a tree in their environments, with no options, for tests.
#[cfg(test)]
pub(crate) fn read_plainly(sources: &policy_text::source::Sources<'_>) -> Vec<AwsRoot> {
    let parsed = crate::files::parse_plainly(sources);
    let options = policy_terraform::TerraformOptions::default();
    read(policy_terraform::resolve::evaluate(&parsed.terraform, sources, &super::selection(), &options).roots)
}

#[cfg(test)]
mod tests {
    use policy_text::source::{MemoryTree, Sources};

    use super::*;

    /// How many things the model has of one resource.
    fn count_of(kind: &str) -> usize {
        let tree =
            MemoryTree::of(&[("main.tf", &format!("resource \"{kind}\" \"x\" {{\n  name = \"x\"\n}}\n"))]);
        let roots = read_plainly(&Sources::open(&tree));
        let count = |root: &AwsRoot| {
            let balancer = root.listeners.len()
                + root.listener_rules.len()
                + root.target_groups.len()
                + root.machines.len();
            let service = root.services.len()
                + root.task_definitions.len()
                + root.functions.len()
                + root.scaling_targets.len();
            let names = root.private_names.zones.len() + root.private_names.names.len();
            let content =
                root.load_balancers.len() + root.distributions.len() + root.security_groups.groups.len();
            balancer + content + service + root.repositories.len() + root.log_groups.len() + names
        };
        roots.iter().map(count).sum()
    }

    #[test]
    fn every_type_makes_one_thing_of_the_model() {
        let none: [&[&str]; 6] = [
            &repository::POLICIES,
            &private_names::DATA,
            &security_group::RULES,
            &private_names::REGISTRARS[1..],
            &machine_image::DATA,
            &routes::KINDS,
        ];
        for kind in kinds().filter(|kind| !none.concat().contains(kind)) {
            assert_eq!(count_of(kind), 1, "{kind}");
        }
        assert_eq!(count_of("aws_s3_bucket"), 0);
    }
}
