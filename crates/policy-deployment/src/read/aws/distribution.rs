//! CloudFront distributions, from Terraform.

use policy_terraform::resolve::value::Value;
use policy_terraform::resolve::world::{Block, Resource, Root};

use crate::model::distribution::{ContentOrigin, Distribution};

/// The types of resources that are read.
pub(super) const KINDS: [&str; 1] = ["aws_cloudfront_distribution"];

/// The distributions of a root module and all modules that it calls, by address.
pub(super) fn distributions(root: &Root) -> Vec<Distribution> {
    root.resources(&KINDS).map(of_resource).collect()
}

fn of_resource(resource: &Resource) -> Distribution {
    let body = &resource.body;
    let mut origins: Vec<ContentOrigin> = body.blocks("origin").map(of_block).collect();
    origins.extend(body.may_have_more("origin").then_some(ContentOrigin::Unknown));
    Distribution { origins }
}

fn of_block(origin: &Block) -> ContentOrigin {
    let domain = origin.get("domain_name");
    let resource = domain.and_then(Value::as_reference).cloned().map(ContentOrigin::Resource);
    let named = || domain.and_then(Value::as_string).map(ContentOrigin::Named);
    resource.or_else(named).unwrap_or(ContentOrigin::Unknown)
}
