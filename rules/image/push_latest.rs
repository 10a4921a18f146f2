//! A workflow or script pushes the tag `latest`, or only another tag that moves.

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::Asker;
use policy_core::model::image::{ImageRole, ImageUse, RELEASE_VERSION, Reference, Version};
use policy_core::rule::Context;
use policy_core::source::{FileId, Span};
use policy_core::value::{Hole, Origin, Piece, Text};

use super::latest::{self, LatestUse};
use super::moving_tags::{may_move, moves};
use super::push_to_immutable_repository;

/// How many places one finding keeps beside its own.
const MAX_RELATED: usize = 64;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    // That a push fails says more than that it should not be made.
    let refused = push_to_immutable_repository::refused(context);
    let mut places = latest::by_place(context, &[ImageRole::Pushed]);
    places.retain(|place, _| !refused.contains_key(place));
    let pushes = Pushes::of(context);
    let found = places.into_iter().filter_map(|(place, uses)| pushes_latest(place, &uses, &pushes));
    let mut findings = one_for_each_push(found);
    let mut moving = BTreeMap::new();
    let of_one_image =
        pushes.0.iter().filter(|((_, name), pushes)| !is_on_this_machine(name) && only_moving(pushes));
    for ((_, name), push) in of_one_image.flat_map(|(key, pushes)| pushes.iter().map(move |push| (key, push)))
    {
        let Some((tag, at)) = moving_tag(push.image, &push.reference) else { continue };
        if !may_move(context, &push.reference) && !refused.contains_key(&at) {
            moving.entry(at).or_insert_with(|| pushes_moving(&push.image.user, name, &tag, at));
        }
    }
    findings.extend(moving.into_values());
    findings
}

/// One finding where a step has the tag from several places of its file: the first that is written where it is pushed, or else
/// the first of all.
fn one_for_each_push(found: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let mut first: BTreeMap<(FileId, String), usize> = BTreeMap::new();
    let mut findings: Vec<Finding> = Vec::new();
    for mut finding in found {
        let push = (finding.primary.span.file, finding.message.clone());
        let index = *first.entry(push).or_insert(findings.len());
        let Some(known) = findings.get_mut(index) else {
            findings.push(finding);
            continue;
        };
        if finding.steps == 0 && known.steps > 0 {
            std::mem::swap(known, &mut finding);
        }
        if known.related.len() < MAX_RELATED {
            known.related.push(Label::new(finding.primary.span, "it has the tag from here, too"));
        }
    }
    findings
}

/// The pushes by file and name, in the order of the file.
struct Pushes<'a>(BTreeMap<(FileId, String), Vec<Push<'a>>>);

struct Push<'a> {
    image: &'a ImageUse,
    reference: Reference,
    /// The tag, where it is another one on every run.
    unique: Option<UniqueTag>,
}

/// A tag that is another one on every run.
struct UniqueTag {
    /// As messages show it.
    shown: String,
    /// Whether it is a version, which is only there where a release is pushed.
    is_version: bool,
}

impl<'a> Pushes<'a> {
    fn of(context: &Context<'a>) -> Self {
        let mut pushes = BTreeMap::<_, Vec<_>>::new();
        for image in context.deployment.images.iter().filter(|image| image.role == ImageRole::Pushed) {
            if let Some(reference) = Reference::parse(&image.reference) {
                let key = (image.at.file, reference.name.to_string());
                let unique = unique_tag(&reference).map(UniqueTag::of);
                pushes.entry(key).or_default().push(Push { image, reference, unique });
            }
        }
        for of_one in pushes.values_mut() {
            of_one.sort_by_key(|push: &Push<'_>| push.image.at.start);
        }
        Self(pushes)
    }

    /// The pushes of the same name in the same file.
    fn beside(&self, used: &LatestUse<'_>) -> &[Push<'a>] {
        self.0.get(&(used.image.at.file, used.name.clone())).map_or(&[], Vec::as_slice)
    }
}

impl UniqueTag {
    fn of(tag: &Text) -> Self {
        let is_version =
            |hole: &Hole| matches!(&hole.origin, Origin::Unique(name) if **name == *RELEASE_VERSION);
        Self { shown: tag.to_string(), is_version: tag.holes().any(is_version) }
    }
}

fn unique_tag(reference: &Reference) -> Option<&Text> {
    match &reference.version {
        Version::Tag(tag) if tag.holes().any(|hole| matches!(hole.origin, Origin::Unique(_))) => Some(tag),
        _ => None,
    }
}

/// The tag that moves, where it is certain to be pushed: it is written in one piece with its colon. A default such as
/// `${TAG:-dev}` may give way to a version.
fn moving_tag(image: &ImageUse, reference: &Reference) -> Option<(String, Span)> {
    let Version::Tag(tag) = &reference.version else { return None };
    let written = tag.known().filter(|tag| moves(tag))?.into_owned();
    let whole = match image.reference.pieces().last() {
        Some(Piece::Literal(end, _)) => end.strip_suffix(&written).is_some_and(|rest| rest.ends_with(':')),
        _ => false,
    };
    tag.last_literal().filter(|_| whole).map(|decided| (written, decided.at))
}

/// Whether none of the pushes of one image in one file has a tag that may name the build. Beside such a one, a tag that
/// moves only serves people.
fn only_moving(pushes: &[Push<'_>]) -> bool {
    pushes.iter().all(|push| match &push.reference.version {
        Version::Tag(tag) => tag.known().is_some_and(|tag| tag == "latest" || moves(&tag)),
        version => *version == Version::Untagged,
    })
}

fn pushes_moving(pusher: &Asker, name: &str, tag: &str, at: Span) -> Finding {
    let message = format!(
        "{pusher} pushes `{name}:{tag}` and no tag that names the build: each push overwrites the last, so there is \
         nothing to roll back to"
    );
    Finding::new(message, Label::new(at, format!("every run pushes `{tag}`")))
        .help("push a tag that names one build, such as the commit, and deploy that tag")
}

fn pushes_latest(place: Span, uses: &[LatestUse<'_>], pushes: &Pushes<'_>) -> Option<Finding> {
    let first = uses.iter().find(|used| !is_on_this_machine(&used.name))?;
    // An empty registry leaves its slash.
    let (name, who) = (first.name.trim_start_matches('/'), &first.image.user);
    let tag = first.tag.as_deref().unwrap_or("latest");
    let untagged = if first.tag.is_some() { "" } else { " (no tag is given)" };
    let what = if first.named { format!("`{name}:{tag}`{untagged}") } else { format!("the tag `{tag}`") };
    let message = format!(
        "{who} pushes {what}: each push overwrites the tag, so the tag does not tell which build runs"
    );
    let finding = latest::finding(message, place, &format!("the tag `{tag}`"), uses);
    match unique_beside(first, pushes) {
        Some((at, unique)) => Some(
            finding
                .related(Label::new(
                    at,
                    format!("the same image is also pushed as `{unique}`, which names one build"),
                ))
                .help(format!("deploy the tag `{unique}`, and stop pushing `{tag}`")),
        ),
        None => {
            Some(finding.help("push a tag that names one build, such as the commit, and deploy that tag"))
        }
    }
}

/// The push of the same image, in the same file, with a tag that is another one on every run: the nearest. Where one
/// repository has several images, as `web-latest` and `api-latest`, it is one of the same image; `staging-latest` is of any.
fn unique_beside(used: &LatestUse<'_>, pushes: &Pushes<'_>) -> Option<(Span, String)> {
    let place = used.image.at.start;
    let before = used.tag.as_deref().and_then(|tag| tag.strip_suffix("latest")).unwrap_or_default();
    // What names a stage or a channel names no image.
    let is_channel = moves(before.trim_end_matches(['-', '_', '.']));
    let of_one = if is_channel { "" } else { before };
    let candidate = |push: &Push<'_>| {
        let tag = push.unique.as_ref().filter(|tag| tag.shown.starts_with(of_one))?;
        let distance = push.image.at.start.abs_diff(place);
        // Of one list of tags, each has a line of its own.
        let own_line = unique_tag(&push.reference).and_then(Text::place).filter(|_| distance == 0);
        Some((distance, tag.is_version, own_line.unwrap_or(push.image.at), tag.shown.clone()))
    };
    let pushes = pushes.beside(used);
    let (before, behind) = pushes.split_at(pushes.partition_point(|push| push.image.at.start < place));
    let nearest =
        [nearest(before.iter().rev().filter_map(candidate)), nearest(behind.iter().filter_map(candidate))];
    let (_, _, at, tag) = nearest.into_iter().flatten().min()?;
    Some((at, tag))
}

/// The distance of a push, whether its tag is a version, its place, and its tag.
type Candidate = (u32, bool, Span, String);

/// The best of the nearest, of candidates that come the nearest first.
fn nearest(candidates: impl Iterator<Item = Candidate>) -> Option<Candidate> {
    let mut candidates = candidates.peekable();
    let distance = candidates.peek()?.0;
    candidates.take_while(|candidate| candidate.0 == distance).min()
}

/// Whether the registry runs beside the build, as for tests.
fn is_on_this_machine(name: &str) -> bool {
    ["localhost", "127.0.0.1", "host.docker.internal", "kind-registry", "registry.local"]
        .iter()
        .any(|host| name.strip_prefix(host).is_some_and(|rest| rest.starts_with([':', '/'])))
}
