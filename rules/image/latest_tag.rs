//! Something that is deployed runs the tag `latest`.

use policy_core::finding::Finding;
use policy_core::model::image::ImageRole;
use policy_core::rule::Context;
use policy_core::source::Span;

use super::latest::{self, LatestUse};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let places = latest::by_place(context, ImageRole::Deployed);
    places.into_iter().filter_map(|(place, uses)| runs_latest(place, &uses)).collect()
}

fn runs_latest(place: Span, uses: &[LatestUse<'_>]) -> Option<Finding> {
    let first = uses.first()?;
    let (name, runner) = (&first.name, &first.image.user);
    let message = if first.written {
        format!(
            "{runner} runs `{name}:latest`: what that is changes with every push, and so does what a restart brings"
        )
    } else {
        format!(
            "{runner} runs `{name}` without a tag, which means `latest`: what that is changes with every push"
        )
    };
    let label = if first.written { "the tag `latest`" } else { "no tag and no digest" };
    let help = format!("name the version that was tested, as in `{name}:<version>`, or a digest");
    Some(latest::finding(message, place, label, uses).help(help))
}
