//! A workflow or script pushes the tag `latest`.

use policy_core::finding::{Finding, Label};
use policy_core::model::image::{ImageRole, ImageUse, Reference, Version};
use policy_core::resolve::Origin;
use policy_core::rule::Context;
use policy_core::source::Span;

use super::latest::{self, LatestUse};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let places = latest::by_place(context, ImageRole::Pushed);
    let pushes: Vec<(&ImageUse, Reference)> = context
        .deployment
        .images
        .iter()
        .filter(|image| image.role == ImageRole::Pushed)
        .filter_map(|image| Some((image, Reference::parse(&image.reference)?)))
        .collect();
    places.into_iter().filter_map(|(place, uses)| pushes_latest(place, &uses, &pushes)).collect()
}

fn pushes_latest(place: Span, uses: &[LatestUse<'_>], pushes: &[(&ImageUse, Reference)]) -> Option<Finding> {
    let first = uses.iter().find(|used| !is_on_this_machine(&used.name))?;
    let (name, who) = (&first.name, &first.image.user);
    let untagged = if first.written { "" } else { " (no tag is written)" };
    let message = format!(
        "{who} pushes `{name}:latest`{untagged}: the push replaces what the tag named, and nothing is left to roll back to"
    );
    let finding = latest::finding(message, place, "the tag `latest`", uses);
    match unique_beside(first, pushes) {
        Some((image, tag)) => Some(
            finding
                .related(Label::new(
                    image.at,
                    format!("the same image is pushed as `{tag}`, which names one build"),
                ))
                .help(format!("deploy the tag `{tag}` and leave `latest` out")),
        ),
        None => Some(finding.help("push a tag that names one build, such as the commit, and deploy that")),
    }
}

/// The push of the same image, in the same file, with a tag that is another one on every run.
fn unique_beside<'a>(
    latest: &LatestUse<'_>,
    pushes: &'a [(&ImageUse, Reference)],
) -> Option<(&'a ImageUse, String)> {
    pushes.iter().find_map(|(image, reference)| {
        let Version::Tag(tag) = &reference.version else { return None };
        let unique = tag.holes().any(|hole| matches!(hole.origin, Origin::Unique(_)));
        let same = image.at.file == latest.image.at.file && reference.name.to_string() == latest.name;
        (unique && same).then(|| (*image, tag.to_string()))
    })
}

/// Whether the registry runs beside the build, as for tests.
fn is_on_this_machine(name: &str) -> bool {
    ["localhost", "127.0.0.1", "host.docker.internal", "kind-registry", "registry.local"]
        .iter()
        .any(|host| name.strip_prefix(host).is_some_and(|rest| rest.starts_with([':', '/'])))
}
