//! A request of a page that its nginx or Ingress does not send to the program that serves it.

use policy_core::finding::Finding;
use policy_core::rule::Context;

use crate::routes::{self, Pages};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.deployment.sites.is_empty() {
        return Vec::new();
    }
    routes::at_sites(context, &Pages::of(context))
}
