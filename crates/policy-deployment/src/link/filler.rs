//! Whether anything beside Terraform's resources registers targets with target groups.

use std::sync::LazyLock;

use policy_text::source::Sources;

use super::signs::Signs;
use crate::model::AwsRoot;
use crate::model::load_balancer::Filled;

/// What is written where code, a tool, a pipeline or another configuration fills target groups, in lower case.
const SIGNS: [&str; 19] = [
    "register-targets",
    "register_targets",
    "registertargets",
    "targetgroupbinding",
    "targetgrouparn",
    "target-group-arn",
    "createservicecommand",
    "createservicerequest",
    ".create_service(",
    "\"loadbalancers\"",
    "loadbalancers:",
    "--load-balancers",
    "codedeploy",
    "ecs-cli",
    "ecspresso",
    "copilot-cli",
    // Other configurations find the groups by themselves.
    "data \"aws_lb_target_group\"",
    "data \"aws_alb_target_group\"",
    "terraform_remote_state",
];

/// Notes it of each group that nothing of Terraform fills.
pub(super) fn note(roots: &mut [AwsRoot], sources: &Sources<'_>) {
    static ALL: LazyLock<Signs> = LazyLock::new(|| Signs::of(SIGNS));
    let groups = roots.iter_mut().flat_map(|root| &mut root.target_groups);
    let empty: Vec<_> = groups.filter(|group| group.filled == Filled::Nowhere).collect();
    if !empty.is_empty() && ALL.are_written(sources, |_| true) {
        for group in empty {
            group.filled = Filled::PerhapsElsewhere;
        }
    }
}
