//! A comment that speaks to portcullis in words that it does not understand.

use policy_core::directive::Malformed;
use policy_core::finding::{Finding, Label};
use policy_core::rule::Directives;

pub(super) fn check(directives: &Directives<'_>) -> Vec<Finding> {
    directives.malformed.iter().map(malformed).collect()
}

fn malformed(comment: &Malformed) -> Finding {
    let (message, label) = if comment.word == "allow" {
        let message = "this `allow` comment names no rule in brackets, so it has no effect";
        (message.to_owned(), "the brackets are missing")
    } else {
        let message =
            format!("portcullis does not understand `{}`, so this comment has no effect", comment.word);
        (message, "only `allow` is understood")
    };
    Finding::new(message, Label::new(comment.at, label)).help(
        "name the rule in brackets and give a reason: `portcullis: allow(image/latest-tag) nightly sandbox`; \
         `portcullis.toml` sets severities for whole files and folders",
    )
}
