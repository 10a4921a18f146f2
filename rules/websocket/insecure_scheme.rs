//! A socket over `ws:` from a page that is served over HTTPS.

use policy_core::finding::{Finding, Label};
use policy_core::rule::Context;

use super::fault::{Fault, Faulty, faulty};
use super::redaction::redacted;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    faulty(context, |fault| (fault == Fault::Scheme).then_some(())).iter().map(mixed_content).collect()
}

fn mixed_content(faulty: &Faulty<'_, ()>) -> Finding {
    let address = redacted(faulty.url);
    let message = match faulty.over_tls {
        Some(_) => format!(
            "browsers block the socket to `{address}` as mixed content: the page itself is served over HTTPS"
        ),
        None => format!(
            "browsers block the socket to `{address}` as mixed content on every page served over HTTPS"
        ),
    };
    let mut finding =
        Finding::new(message, Label::new(faulty.provenance.at, "this fixes the scheme to `ws:`"));
    if let Some(proof) = faulty.over_tls {
        finding = finding.related(Label::new(proof.at, proof.what));
    }
    faulty.explain(finding).help("use `wss:`, or choose the scheme from `location.protocol`")
}
