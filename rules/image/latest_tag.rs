//! Something that is deployed runs the tag `latest`.

use policy_core::finding::Finding;
use policy_core::model::image::ImageRole;
use policy_core::rule::Context;
use policy_core::source::Span;

use super::latest::{self, LatestUse};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let places = latest::by_place(context, &[ImageRole::Deployed, ImageRole::Pulled]);
    places.into_iter().filter_map(|(place, uses)| runs_latest(place, &uses)).collect()
}

fn runs_latest(place: Span, uses: &[LatestUse<'_>]) -> Option<Finding> {
    let first = uses.first()?;
    let (name, runner) = (&first.name, &first.image.user);
    let (runs, again) = if first.image.role == ImageRole::Pulled {
        ("pulls", "the next pull")
    } else {
        ("runs", "a restart")
    };
    let moves = format!("moves with every push, so {again} can bring another version");
    let message = match &first.tag {
        Some(tag) if first.named => format!("{runner} {runs} `{name}:{tag}`: `{tag}` {moves}"),
        Some(tag) => format!("{runner} uses the tag `{tag}`, which {moves}"),
        None => format!("{runner} {runs} `{name}` without a tag, which means `latest`: it {moves}"),
    };
    let label = match &first.tag {
        Some(tag) => format!("the tag `{tag}`"),
        None => "no tag and no digest".to_owned(),
    };
    let help = if first.named {
        format!("pin the version that was tested, as in `{name}:<version>`, or a digest")
    } else {
        "pin the version that was tested, or a digest".to_owned()
    };
    Some(latest::finding(message, place, &label, uses).help(help))
}
