//! ECR repositories: where images are pushed to, and whether a tag can be pushed twice.

use std::sync::Arc;

use super::setting::{self, Setting};
use crate::resolve::Text;
use crate::resolve::terraform::value::{Data, Value};
use crate::resolve::terraform::world::{Resource, Root};
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
    /// Whether a lifecycle policy is for it, or may be.
    pub may_expire_images: bool,
}

/// The repositories of a root module and all modules that it calls, by address.
pub(super) fn repositories(root: &Root) -> Vec<Repository> {
    let policies = lifecycle_policies(root);
    root.resources(&["aws_ecr_repository"]).map(|resource| of_resource(resource, &policies)).collect()
}

fn of_resource(resource: &Resource, policies: &[Option<&Value>]) -> Repository {
    let body = &resource.body;
    let kind = "image_tag_mutability_exclusion_filter";
    let filters = body.blocks(kind).map(|filter| filter.get("filter").and_then(Value::as_string));
    let exclusions = if body.may_have_more(kind) { None } else { filters.collect() };
    let name = body.get("name").and_then(Value::to_text).unwrap_or_default();
    let named = Value::new(Data::String(name.clone()), resource.at);
    Repository {
        resource: format!("{}.{}", resource.kind, resource.name).into(),
        address: resource.address.clone(),
        at: resource.at,
        name,
        mutability: setting::text(body, "image_tag_mutability"),
        exclusions,
        may_expire_images: policies.iter().any(|policy| may_name(*policy, &resource.address, &named)),
    }
}

/// The lifecycle policies of a root module, each by what it says which repository it is for.
fn lifecycle_policies(root: &Root) -> Vec<Option<&Value>> {
    root.resources(&["aws_ecr_lifecycle_policy"]).map(|policy| policy.body.get("repository")).collect()
}

/// Whether a policy may be for a repository: it is not known to be for another one.
fn may_name(policy: Option<&Value>, address: &str, name: &Value) -> bool {
    let Some(value) = policy else { return true };
    match &value.data {
        // A reference without a key may mean any instance.
        Data::Reference(reference) => address
            .strip_prefix(&*reference.address)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('[')),
        Data::String(_) => value.same(name) != Some(false),
        _ => true,
    }
}
