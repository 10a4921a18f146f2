//! Which uses of images mean the tag `latest`, counted once for each place that decides it.

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::Asker;
use policy_core::model::image::{ImageRole, ImageUse, Latest, Reference, Version, local_names};
use policy_core::rule::Context;
use policy_core::source::Span;
use policy_core::value::{Origin, Piece, Provenance};

use super::moving_tags::may_move;

/// A use of an image whose tag is `latest`.
pub(super) struct LatestUse<'a> {
    /// The use.
    pub(super) image: &'a ImageUse,
    /// The reference without its tag.
    pub(super) name: String,
    /// Whether anything says which image it is.
    pub(super) named: bool,
    /// The tag as it is written. `None` where `latest` is implied by writing none.
    pub(super) tag: Option<String>,
    /// The place that decides the tag.
    decided: Provenance,
}

/// The uses in one of `roles` that mean `latest`, by the place that decides it. Names that no registry serves are left
/// out.
pub(super) fn by_place<'a>(context: &Context<'a>, roles: &[ImageRole]) -> BTreeMap<Span, Vec<LatestUse<'a>>> {
    let local = local_names(&context.deployment.images);
    let mut places: BTreeMap<Span, Vec<LatestUse<'a>>> = BTreeMap::new();
    for image in context.deployment.images.iter().filter(|image| roles.contains(&image.role)) {
        let Some(reference) = Reference::parse(&image.reference) else { continue };
        let Some(latest) = reference.latest() else { continue };
        if local.holds(&reference) || may_move(context, &reference) {
            continue;
        }
        let (decided, written) = match latest {
            // What a build starts from has its versions before such a tag: it is a variant.
            Latest::Suffix(_) if matches!(image.role, ImageRole::Base | ImageRole::Source) => continue,
            Latest::Written(decided) | Latest::Suffix(decided) | Latest::Variant(decided) => (decided, true),
            Latest::Implied(decided) => (decided.unwrap_or_else(|| Provenance::at(image.at)), false),
        };
        let tag = match &reference.version {
            Version::Tag(tag) if written => Some(tag.to_string()),
            _ => None,
        };
        let name = reference.name.to_string();
        let uses = places.entry(decided.at).or_default();
        let named = reference.name.pieces().iter().any(says_something);
        uses.push(LatestUse { image, name, named, tag, decided });
    }
    places
}

/// Whether the piece tells people which image is meant.
fn says_something(piece: &Piece) -> bool {
    match piece {
        Piece::Literal(..) => true,
        Piece::Hole(hole) => !matches!(hole.origin, Origin::Other(_)),
    }
}

/// What `user` does with an image, up to the image: "service `web` runs", "step `Plan` sets `image_tag` to".
pub(super) fn acts(user: &Asker, verb: &str) -> String {
    match user {
        Asker::Setting { name, by } => format!("{by} sets `{name}` to"),
        user => format!("{user} {verb}"),
    }
}

/// What the place is where `user` has an image.
fn used_here(user: &Asker) -> String {
    match user {
        Asker::Setting { name, by } => format!("{by} sets `{name}` here"),
        user => format!("{user} uses it here"),
    }
}

/// A finding at the place that decides the tag, with the uses it reaches.
pub(super) fn finding(message: String, place: Span, label: &str, uses: &[LatestUse<'_>]) -> Finding {
    let mut finding = Finding::new(message, Label::new(place, label));
    let mut shown = std::collections::BTreeSet::from([place]);
    for (index, used) in uses.iter().enumerate() {
        // The way of the tag is shown once.
        let add = if index == 0 { Finding::step } else { Finding::related };
        for step in used.decided.steps() {
            if shown.insert(step.at) {
                finding = add(finding, Label::new(step.at, step.note.clone()));
            }
        }
        if !place.is_within(used.image.at) && shown.insert(used.image.at) {
            finding = add(finding, Label::new(used.image.at, used_here(&used.image.user)));
        }
    }
    finding
}
