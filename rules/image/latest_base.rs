//! A Dockerfile starts from the tag `latest`.

use policy_core::finding::Finding;
use policy_core::model::image::ImageRole;
use policy_core::rule::Context;
use policy_core::source::Span;

use super::latest::{self, LatestUse};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let places = latest::by_place(context, ImageRole::Base);
    places.into_iter().filter_map(|(place, uses)| starts_from_latest(place, &uses)).collect()
}

fn starts_from_latest(place: Span, uses: &[LatestUse<'_>]) -> Option<Finding> {
    let first = uses.first()?;
    let name = &first.name;
    let message = if first.written {
        format!("the build starts from `{name}:latest`: the same commit builds another image tomorrow")
    } else {
        format!(
            "the build starts from `{name}` without a tag, which means `latest`: the same commit builds another image tomorrow"
        )
    };
    let label = if first.written { "the tag `latest`" } else { "no tag and no digest" };
    let help = format!("name a version, as in `FROM {name}:<version>`, or a digest");
    Some(latest::finding(message, place, label, uses).help(help))
}
