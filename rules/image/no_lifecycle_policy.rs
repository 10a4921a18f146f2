//! An ECR repository keeps every image that was ever pushed.

use policy_core::finding::{Finding, Label};
use policy_core::model::repository::Repository;
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        let kept = root.repositories.iter().filter(|repository| !repository.may_expire_images);
        kept.map(keeps_all).collect()
    })
}

fn keeps_all(repository: &Repository) -> Finding {
    let message = format!(
        "`{}` has no lifecycle policy: it keeps every image ever pushed, and storage costs money every month",
        repository.resource
    );
    let help =
        "add an `aws_ecr_lifecycle_policy` that expires untagged images and all but the newest tagged ones";
    Finding::new(message, Label::new(repository.at, "no lifecycle policy applies to this repository"))
        .help(help)
}
