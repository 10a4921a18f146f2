//! A workflow or script pushes the tag `latest`, or only another tag that moves.

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::image::{ImageRole, ImageUse, Reference, Version};
use policy_core::resolve::{Origin, Piece};
use policy_core::rule::Context;
use policy_core::source::{FileId, Span};

use super::latest::{self, LatestUse};
use super::moving::MOVING;
use super::push_to_immutable_repository;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    // That a push fails says more than that it should not be made.
    let refused = push_to_immutable_repository::refused(context);
    let mut places = latest::by_place(context, &[ImageRole::Pushed]);
    places.retain(|place, _| !refused.contains_key(place));
    let pushes = Pushes::of(context);
    let mut findings: Vec<Finding> =
        places.into_iter().filter_map(|(place, uses)| pushes_latest(place, &uses, &pushes)).collect();
    let mut moving = BTreeMap::new();
    for (image, reference) in pushes.0.values().flatten() {
        let Some((tag, at)) = moving_tag(image, reference) else { continue };
        let name = reference.name.to_string();
        if !super::may_move(context, reference)
            && !refused.contains_key(&at)
            && !is_on_this_machine(&name)
            && only_moving_beside(image, &name, &pushes)
        {
            moving.entry(at).or_insert_with(|| pushes_moving(&image.user, &name, tag, at));
        }
    }
    findings.extend(moving.into_values());
    findings
}

/// The pushes by file and name.
struct Pushes<'a>(BTreeMap<(FileId, String), Vec<(&'a ImageUse, Reference)>>);

impl<'a> Pushes<'a> {
    fn of(context: &Context<'a>) -> Self {
        let mut pushes = BTreeMap::<_, Vec<_>>::new();
        for image in context.deployment.images.iter().filter(|image| image.role == ImageRole::Pushed) {
            if let Some(reference) = Reference::parse(&image.reference) {
                pushes
                    .entry((image.at.file, reference.name.to_string()))
                    .or_default()
                    .push((image, reference));
            }
        }
        Self(pushes)
    }

    /// The pushes of the same name in the same file.
    fn beside(&self, image: &ImageUse, name: &str) -> &[(&'a ImageUse, Reference)] {
        self.0.get(&(image.at.file, name.to_owned())).map_or(&[], Vec::as_slice)
    }
}

/// The tag that moves, where it is certain to be pushed: it is written in one piece with its colon. A default such as
/// `${TAG:-dev}` may give way to a version.
fn moving_tag(image: &ImageUse, reference: &Reference) -> Option<(&'static str, Span)> {
    let Version::Tag(tag) = &reference.version else { return None };
    let written = tag.known()?;
    let tag_name = MOVING.into_iter().find(|moving| *moving == written)?;
    let whole = match image.reference.pieces().last() {
        Some(Piece::Literal(end, _)) => end.strip_suffix(tag_name).is_some_and(|rest| rest.ends_with(':')),
        _ => false,
    };
    whole.then(|| tag.last_literal().map(|decided| (tag_name, decided.at)))?
}

/// Whether the same file pushes the same image under no tag that may name the build. Beside such a one, a tag that moves
/// only serves people.
fn only_moving_beside(image: &ImageUse, name: &str, pushes: &Pushes<'_>) -> bool {
    pushes.beside(image, name).iter().all(|(_, reference)| match &reference.version {
        Version::Tag(tag) => tag.known().is_some_and(|tag| tag == "latest" || MOVING.contains(&&*tag)),
        version => *version == Version::Untagged,
    })
}

fn pushes_moving(pusher: &str, name: &str, tag: &str, at: Span) -> Finding {
    let message = format!(
        "{pusher} pushes `{name}:{tag}` and no tag that names the build: the push replaces what the tag named, and nothing is left to roll back to"
    );
    Finding::new(message, Label::new(at, format!("every run pushes `{tag}`")))
        .help("push a tag that names one build, such as the commit, and deploy that")
}

fn pushes_latest(place: Span, uses: &[LatestUse<'_>], pushes: &Pushes<'_>) -> Option<Finding> {
    let first = uses.iter().find(|used| !is_on_this_machine(&used.name))?;
    let (name, who) = (&first.name, &first.image.user);
    let tag = first.tag.as_deref().unwrap_or("latest");
    let untagged = if first.tag.is_some() { "" } else { " (no tag is written)" };
    let what = if first.named { format!("`{name}:{tag}`{untagged}") } else { format!("the tag `{tag}`") };
    let message = format!("{who} pushes {what}: every push replaces what the tag named before");
    let finding = latest::finding(message, place, &format!("the tag `{tag}`"), uses);
    match unique_beside(first, pushes) {
        Some((at, unique)) => Some(
            finding
                .related(Label::new(
                    at,
                    format!("the same image is pushed as `{unique}`, which names one build"),
                ))
                .help(format!("deploy the tag `{unique}` and leave `{tag}` out")),
        ),
        None => Some(finding.help("push a tag that names one build, such as the commit, and deploy that")),
    }
}

/// The push of the same image, in the same file, with a tag that is another one on every run: the nearest. Where one
/// repository has several images, as `web-latest` and `api-latest`, it is one of the same image.
fn unique_beside(used: &LatestUse<'_>, pushes: &Pushes<'_>) -> Option<(Span, String)> {
    let image = used.image;
    let of_one = used.tag.as_deref().and_then(|tag| tag.strip_suffix("latest")).unwrap_or_default();
    let unique = pushes.beside(image, &used.name).iter().filter_map(|(other, reference)| {
        let Version::Tag(tag) = &reference.version else { return None };
        let unique = tag.holes().any(|hole| matches!(hole.origin, Origin::Unique(_)));
        let (written, distance) = (tag.to_string(), other.at.start.abs_diff(image.at.start));
        // Of one list of tags, each has a line of its own.
        let at = tag.place().filter(|_| distance == 0).unwrap_or(other.at);
        // A version is only there where a release is pushed.
        (unique && written.starts_with(of_one))
            .then(|| (distance, written.contains("${version}"), at, written))
    });
    let (_, _, at, tag) = unique.min()?;
    Some((at, tag))
}

/// Whether the registry runs beside the build, as for tests.
fn is_on_this_machine(name: &str) -> bool {
    ["localhost", "127.0.0.1", "host.docker.internal", "kind-registry", "registry.local"]
        .iter()
        .any(|host| name.strip_prefix(host).is_some_and(|rest| rest.starts_with([':', '/'])))
}
