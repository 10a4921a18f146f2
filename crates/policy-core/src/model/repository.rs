//! ECR repositories: where images are pushed to, and whether a tag can be pushed twice.

use std::sync::Arc;

use super::setting::{self, Setting};
use crate::resolve::terraform::value::{Data, Value};
use crate::resolve::terraform::world::{RemoteCall, Resource, Root};
use crate::resolve::{Provenance, Resolved, Text};
use crate::source::Span;

/// A repository.
#[derive(Clone, Debug)]
pub struct Repository {
    /// The resource without the modules it is in.
    pub resource: Arc<str>,
    /// The full address.
    pub address: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// The repository's name, of which parts may be unknown.
    pub name: Text,
    /// `MUTABLE` where it is not set, `IMMUTABLE`, `IMMUTABLE_WITH_EXCLUSION` or `MUTABLE_WITH_EXCLUSION`.
    pub mutability: Setting<String>,
    /// The wildcard filters of the tags for which the opposite holds. `None` where not all are known.
    pub exclusions: Option<Vec<String>>,
    /// The argument that sets the mutability.
    pub argument: &'static str,
    /// Whether it brings a lifecycle policy of its own.
    pub expires_images: bool,
    /// Whether the repository is created for certain.
    pub certain: bool,
}

/// The module of the registry that makes a repository.
const MODULE: &str = "terraform-aws-modules/ecr/aws";

/// The repositories of a root module and all modules that it calls, by address.
pub fn repositories(root: &Root) -> Vec<Repository> {
    let calls = root.remote_calls.iter().filter(|call| &*call.source == MODULE);
    root.resources(&["aws_ecr_repository"]).map(of_resource).chain(calls.filter_map(of_call)).collect()
}

/// The repository that the module makes; its tags are immutable unless it is told otherwise.
fn of_call(call: &RemoteCall) -> Option<Repository> {
    let (body, argument) = (&call.arguments, "repository_image_tag_mutability");
    let says = |name: &str, value: bool| body.get(name).and_then(Value::as_bool) == Some(value);
    if says("create", false) || says("create_repository", false) {
        return None;
    }
    let default = || Resolved::Known("IMMUTABLE".to_owned(), Provenance::at(call.at));
    let excepts = body.argument("repository_image_tag_mutability_exclusion_filter").is_some();
    Some(Repository {
        resource: without_keys(&call.address).into(),
        address: call.address.clone(),
        at: call.at,
        name: body.get("repository_name").and_then(Value::to_text).unwrap_or_default(),
        mutability: Some(setting::text(body, argument).unwrap_or_else(default)),
        exclusions: (!excepts).then(Vec::new),
        argument,
        expires_images: !says("create_lifecycle_policy", false),
        certain: call.certain,
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

fn of_resource(resource: &Resource) -> Repository {
    let body = &resource.body;
    let kind = "image_tag_mutability_exclusion_filter";
    let filters = body.blocks(kind).map(|filter| filter.get("filter").and_then(Value::as_string));
    let exclusions = if body.may_have_more(kind) { None } else { filters.collect() };
    Repository {
        resource: format!("{}.{}", resource.kind, resource.name).into(),
        address: resource.address.clone(),
        at: resource.at,
        name: body.get("name").and_then(Value::to_text).unwrap_or_default(),
        mutability: setting::text(body, "image_tag_mutability"),
        exclusions,
        argument: "image_tag_mutability",
        expires_images: false,
        certain: resource.certain,
    }
}

/// A lifecycle policy, by what it says which repository it is for.
#[derive(Clone, Debug)]
pub struct LifecyclePolicy {
    repository: Option<Value>,
}

/// The lifecycle policies of a root module and all modules that it calls.
pub fn lifecycle_policies(root: &Root) -> Vec<LifecyclePolicy> {
    let policies = root.resources(&["aws_ecr_lifecycle_policy"]);
    policies.map(|policy| LifecyclePolicy { repository: policy.body.get("repository").cloned() }).collect()
}

impl LifecyclePolicy {
    /// Whether the policy may be for `repository`: it is not known to be for another one.
    pub fn may_name(&self, repository: &Repository) -> bool {
        let Some(value) = &self.repository else { return true };
        match &value.data {
            Data::Reference(reference) => {
                let address = &*reference.address;
                // A reference without a key may mean any instance.
                repository
                    .address
                    .strip_prefix(address)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
            }
            Data::String(_) => {
                let name = Value::new(Data::String(repository.name.clone()), repository.at);
                value.same(&name) != Some(false)
            }
            _ => true,
        }
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
