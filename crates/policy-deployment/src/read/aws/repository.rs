//! ECR repositories, from Terraform.

use policy_terraform::resolve::value::{Data, Value};
use policy_terraform::resolve::world::{RemoteCall, Resource, Root};
use policy_text::source::Span;
use policy_text::value::{Provenance, Text};

use super::setting;
use crate::model::repository::{Mutability, Repository};
use crate::model::setting::Setting;

/// The types of resources that are read.
pub(super) const KINDS: [&str; 1] = ["aws_ecr_repository"];

/// The types of resources that say when images of a repository expire.
pub(super) const POLICIES: [&str; 1] = ["aws_ecr_lifecycle_policy"];

/// The module of the registry that makes a repository.
const MODULE: &str = "terraform-aws-modules/ecr/aws";

/// The repositories of a root module and all modules that it calls, by address.
pub(super) fn repositories(root: &Root) -> Vec<Repository> {
    let policies = lifecycle_policies(root);
    let resources = root.resources(&KINDS).map(|resource| of_resource(resource, &policies));
    let calls = root.remote_calls.iter().filter(|call| &*call.source == MODULE);
    resources.chain(calls.filter_map(|call| of_call(call, &policies))).collect()
}

/// The repository that the module makes; its tags are immutable unless it is told otherwise.
fn of_call(call: &RemoteCall, policies: &[Option<&Value>]) -> Option<Repository> {
    let (body, argument) = (&call.arguments, "repository_image_tag_mutability");
    let says = |name: &str, value: bool| body.get(name).and_then(Value::as_bool) == Some(value);
    if says("create", false) || says("create_repository", false) {
        return None;
    }
    let mutability = match setting::word(body, argument) {
        Setting::Unset => Setting::Known(Mutability::Immutable, Provenance::at(call.at)),
        set => set,
    };
    let excepts = body.argument("repository_image_tag_mutability_exclusion_filter").is_some();
    let names = body.get("repository_name").map(Value::texts).unwrap_or_default();
    let brings_policy = !says("create_lifecycle_policy", false);
    Some(Repository {
        resource: without_keys(&call.address).into(),
        address: call.address.clone(),
        at: call.at,
        mutability,
        exclusions: (!excepts).then(Vec::new),
        argument,
        may_expire_images: brings_policy || is_named_by(policies, &call.address, &names, call.at),
        names,
    })
}

/// An address without the keys of `for_each` and `count`.
fn without_keys(address: &str) -> String {
    let parts = address.split('[').enumerate();
    parts
        .map(|(index, part)| match part.split_once(']') {
            Some((_, behind)) if index > 0 => behind,
            _ => part,
        })
        .collect()
}

fn of_resource(resource: &Resource, policies: &[Option<&Value>]) -> Repository {
    let body = &resource.body;
    let kind = "image_tag_mutability_exclusion_filter";
    let filters = body.blocks(kind).map(|filter| filter.get("filter").and_then(Value::as_string));
    let exclusions = if body.may_have_more(kind) { None } else { filters.collect() };
    let names = body.get("name").map(Value::texts).unwrap_or_default();
    Repository {
        resource: format!("{}.{}", resource.kind, resource.name).into(),
        address: resource.address.clone(),
        at: resource.at,
        mutability: setting::word(body, "image_tag_mutability"),
        exclusions,
        argument: "image_tag_mutability",
        may_expire_images: is_named_by(policies, &resource.address, &names, resource.at),
        names,
    }
}

/// The lifecycle policies of a root module, each by what it says which repository it is for.
fn lifecycle_policies(root: &Root) -> Vec<Option<&Value>> {
    root.resources(&POLICIES).map(|policy| policy.body.get("repository")).collect()
}

/// Whether one of the policies may be for a repository.
fn is_named_by(policies: &[Option<&Value>], address: &str, names: &[Text], at: Span) -> bool {
    let names: Vec<Value> = names.iter().map(|name| Value::new(Data::String(name.clone()), at)).collect();
    policies.iter().any(|policy| may_name(*policy, address, &names))
}

/// Whether a policy may be for a repository: it is not known to be for another one.
fn may_name(policy: Option<&Value>, address: &str, names: &[Value]) -> bool {
    let Some(value) = policy else { return true };
    match &value.data {
        Data::Reference(reference) => reference.may_mean(address),
        Data::String(_) => names.iter().any(|name| value.same(name) != Some(false)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_left_out_of_an_address() {
        assert_eq!(without_keys("module.a[\"x\"].module.b[0].c"), "module.a.module.b.c");
        assert_eq!(without_keys("module.a"), "module.a");
    }
}
