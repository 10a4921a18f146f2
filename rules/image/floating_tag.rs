//! Something is built from or runs a tag that moves by convention.

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::Asker;
use policy_core::model::image::{ImageRole, Latest, Reference, Version, local_names};
use policy_core::rule::Context;
use policy_core::source::Span;

use super::latest;
use super::moving_tags::{is_channel, may_move};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let local = local_names(&context.deployment.images);
    let mut places: BTreeMap<Span, Finding> = BTreeMap::new();
    let images = context.deployment.images.iter();
    for image in images.filter(|image| image.role.is_used()) {
        let Some(reference) = Reference::parse(&image.reference).filter(|image| !local.holds(image)) else {
            continue;
        };
        let found_as_latest = match reference.latest() {
            Some(Latest::Suffix(_)) => !matches!(image.role, ImageRole::Base | ImageRole::Source),
            latest => latest.is_some(),
        };
        if found_as_latest || may_move(context, &reference) {
            continue;
        }
        let Reference { name, version: Version::Tag(tag) } = reference else { continue };
        let Some(written) = tag.known().filter(|tag| is_channel(tag)) else { continue };
        let at = tag.last_literal().map_or(image.at, |decided| decided.at);
        places.entry(at).or_insert_with(|| moves(&image.user, &name.to_string(), &written, at));
    }
    places.into_values().collect()
}

fn moves(user: &Asker, name: &str, tag: &str, at: Span) -> Finding {
    let subject = latest::acts(user, "uses");
    let message =
        format!("{subject} `{name}:{tag}`: the tag moves, so the image can change without a change here");
    Finding::new(message, Label::new(at, format!("`{tag}` does not name one version")))
        .help(format!("pin the version that was tested, as in `{name}:<version>`, or a digest"))
}
