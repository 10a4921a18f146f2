//! An ECR repository keeps every image that was ever pushed.

use policy_core::finding::{Finding, Label};
use policy_core::model::repository::{Repository, lifecycle_policies, repositories};
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.deployment.terraform.each_root(|root| {
        let policies = lifecycle_policies(root);
        let kept = |repository: &&Repository| {
            !repository.expires_images && !policies.iter().any(|policy| policy.may_name(repository))
        };
        repositories(root).iter().filter(kept).map(keeps_all).collect()
    })
}

fn keeps_all(repository: &Repository) -> Finding {
    let message = format!(
        "`{}` keeps every image that was ever pushed, and they are paid for by the month",
        repository.resource
    );
    let help =
        "add an `aws_ecr_lifecycle_policy` that expires untagged images and all but the newest tagged ones";
    Finding::new(message, Label::new(repository.at, "no lifecycle policy names this repository")).help(help)
}
