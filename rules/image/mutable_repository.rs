//! An ECR repository lets a tag be pushed twice.

use policy_core::finding::{Finding, Label};
use policy_core::model::repository::{Repository, repositories};
use policy_core::resolve::Resolved;
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.deployment.terraform.each_root(|root| repositories(root).iter().filter_map(mutable).collect())
}

fn mutable(repository: &Repository) -> Option<Finding> {
    let label = match &repository.mutability {
        None => Label::new(repository.at, "no `image_tag_mutability`, which means `MUTABLE`"),
        Some(Resolved::Known(value, from)) if value == "MUTABLE" => {
            Label::new(from.at, "tags can be pushed again")
        }
        Some(_) => return None,
    };
    let message = format!(
        "`{}` lets a tag be pushed again, so a version can change after it was tested",
        repository.resource
    );
    Some(
        Finding::new(message, label)
            .help("set `image_tag_mutability = \"IMMUTABLE\"`, and push every build under a tag of its own"),
    )
}
