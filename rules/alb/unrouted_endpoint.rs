//! A request that no rule sends to the program that serves it.

use std::collections::HashSet;

use policy_core::finding::Finding;
use policy_core::rule::Context;
use policy_core::source::Span;

use crate::routes::{self, Errors, Pages};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let pages = Pages::of(context);
    let mut found = context.each_root(|root| {
        let dead = routes::dead_addresses(context, root);
        let dead_at: Vec<Span> = dead.iter().map(|finding| finding.primary.span).collect();
        let Errors { findings: mut found, handlers } = routes::errors(context, &pages, root, &dead_at);
        found.extend(routes::warnings(context, root, &handlers));
        found.extend(routes::own_files(context, &pages, root));
        found.extend(dead);
        found
    });
    // Environments may differ in where a request ends.
    let mut seen = HashSet::new();
    found.retain(|finding| seen.insert(finding.primary.span));
    found
}
