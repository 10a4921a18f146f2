//! A request that a distribution sends to the bucket of the page.

use policy_core::finding::Finding;
use policy_core::rule::Context;

use crate::routes;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| routes::at_bucket(context, root))
}
