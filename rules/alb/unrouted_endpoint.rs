//! A request that no rule sends to the program that serves it.

use policy_core::finding::Finding;
use policy_core::rule::Context;

use crate::routes;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        let (mut found, told) = routes::errors(context, root);
        found.extend(routes::warnings(context.deployment, root, &told));
        found
    })
}
