//! A request that a distribution sends to the bucket of the page.

use policy_core::finding::Finding;
use policy_core::rule::Context;

use crate::routes::{self, Pages};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.deployment.roots.iter().all(|root| root.distributions.is_empty()) {
        return Vec::new();
    }
    let pages = Pages::of(context);
    context.each_root(|root| routes::at_bucket(context, &pages, root))
}
