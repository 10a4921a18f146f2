//! A socket over `ws:` from a page that is served over HTTPS.

use policy_core::finding::{Finding, Label};
use policy_core::rule::Context;

use super::fault::{Fault, Faulty, faulty};
use super::redaction::redacted;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    faulty(context, |fault| (fault == Fault::Scheme).then_some(())).iter().map(mixed_content).collect()
}

fn mixed_content(faulty: &Faulty<'_, ()>) -> Finding {
    let message = format!(
        "browsers block the socket to `{}` as mixed content on every page served over HTTPS",
        redacted(faulty.url)
    );
    faulty
        .explain(Finding::new(message, Label::new(faulty.provenance.at, "this fixes the scheme to `ws:`")))
        .help("use `wss:`, or choose the scheme from `location.protocol`")
}
