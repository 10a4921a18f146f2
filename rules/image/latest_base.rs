//! A Dockerfile starts from the tag `latest`.

use policy_core::finding::Finding;
use policy_core::model::image::ImageRole;
use policy_core::rule::Context;
use policy_core::source::Span;

use super::latest::{self, LatestUse};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let places = latest::by_place(context, &[ImageRole::Base, ImageRole::Source]);
    places.into_iter().filter_map(|(place, uses)| takes_latest(place, &uses)).collect()
}

fn takes_latest(place: Span, uses: &[LatestUse<'_>]) -> Option<Finding> {
    let first = uses.first()?;
    let name = &first.name;
    let is_source = first.image.role == ImageRole::Source;
    let (takes, example) = if is_source {
        ("copies files from", format!("from={name}:<version>"))
    } else {
        ("starts from", format!("FROM {name}:<version>"))
    };
    let tomorrow = "the same commit can build a different image tomorrow";
    let (message, label) = match &first.tag {
        Some(tag) => (format!("the build {takes} `{name}:{tag}`: {tomorrow}"), format!("the tag `{tag}`")),
        None => (
            format!("the build {takes} `{name}` without a tag, which means `latest`: {tomorrow}"),
            "no tag and no digest".to_owned(),
        ),
    };
    let help = format!("pin a version, as in `{example}`, or a digest");
    Some(latest::finding(message, place, &label, uses).help(help))
}
