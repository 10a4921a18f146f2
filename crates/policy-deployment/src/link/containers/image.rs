//! Which image a container runs.
//!
//! What counts first is the name under which an image is built and pushed. A name that only the pipeline knows is compared
//! by its words: those of the variables that hold it, of the repository, of the container and of the Dockerfile's folder.

use std::ptr;

use policy_docker::asker::Asker;
use policy_docker::image::contents::contents_of;
use policy_docker::image::{Pattern, Reference};
use policy_text::source::Sources;
use policy_text::value::{Origin, Piece, Text};

use crate::model::AwsRoot;
use crate::model::built_image::BuiltImage;
use crate::model::image_link::{BuiltImageId, ImageLink};
use crate::model::repository::Repository;
use crate::model::task_definition::Container;

/// Stands for what is not known in the name of an image.
const HOLE: char = '?';

/// Words of names that tell no image from another.
const NOISE: [&str; 16] = [
    "aws",
    "ecr",
    "uri",
    "url",
    "repo",
    "repository",
    "image",
    "images",
    "docker",
    "dockerfile",
    "registry",
    "name",
    "container",
    "tag",
    "this",
    "var",
];

/// The image that `container` of `root` runs.
pub(super) fn of_container(
    container: &Container,
    root: &AwsRoot,
    built: &[BuiltImage],
    sources: &Sources<'_>,
) -> ImageLink {
    if let [(reference, at)] = container.images.as_slice()
        && let Some(known) = reference.known()
        && let Some(contents) = contents_of(&known, HOLE)
    {
        return ImageLink::Public(known.into_owned(), contents, *at);
    }
    let mut found: Vec<&BuiltImage> = Vec::new();
    for (reference, _) in &container.images {
        let candidates = candidates(reference, container, root, built, sources);
        if candidates.is_empty() {
            return ImageLink::Unknown("no build in this repository pushes it");
        }
        found.extend(candidates);
    }
    if found.is_empty() {
        return ImageLink::Unknown("the image is unknown");
    }
    let id = |image: &BuiltImage| built.iter().position(|own| ptr::eq(own, image)).map(BuiltImageId);
    ImageLink::Built(once_each(found).into_iter().filter_map(id).collect())
}

/// The images that `reference` may mean. Where several are built under one name, those that pipelines and scripts build.
fn candidates<'d>(
    reference: &Text,
    container: &Container,
    root: &AwsRoot,
    built: &'d [BuiltImage],
    sources: &Sources<'_>,
) -> Vec<&'d BuiltImage> {
    let Some(parsed) = Reference::parse(reference) else { return Vec::new() };
    let owned = repositories(&parsed, root);
    let names: Vec<Text> = if owned.is_empty() {
        vec![without_registry(&parsed)]
    } else {
        owned.iter().flat_map(|repository| repository.names.iter().cloned()).collect()
    };
    let by_name = named(&names, built);
    if !by_name.is_empty() {
        return by_name;
    }
    // A repository has no capitals: a name with some is one that people have yet to write.
    let is_name = parsed.name.known().is_some_and(|name| !name.contains(|c: char| c.is_ascii_uppercase()));
    let is_elsewhere = owned.is_empty()
        && is_name
        && !parsed.registry().is_some_and(|registry| registry.contains("amazonaws.com"));
    if is_elsewhere {
        return Vec::new();
    }
    let by_words = by_words(&names, &owned, &parsed, container, built, sources);
    if !by_words.is_empty() {
        return by_words;
    }
    // One image is built here, and one repository is made for it.
    let all = once_each(built.iter().collect());
    let only = owned.len() == 1 && root.repositories.len() == 1 && all.len() == 1;
    if only { all } else { Vec::new() }
}

/// The repositories of the root whose attribute stands for the name.
fn repositories<'r>(reference: &Reference, root: &'r AwsRoot) -> Vec<&'r Repository> {
    let Some(Piece::Hole(hole)) = reference.name.pieces().first() else { return Vec::new() };
    let Origin::Cloud(attribute) = &hole.origin else { return Vec::new() };
    let Some((address, "repository_url")) = attribute.rsplit_once('.') else { return Vec::new() };
    let is_meant = |repository: &&Repository| {
        repository
            .address
            .strip_suffix(address)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    root.repositories.iter().filter(is_meant).collect()
}

/// The repository without its registry, of which the name may not be known.
fn without_registry(reference: &Reference) -> Text {
    let repository = reference.repository();
    match repository.split_once('/') {
        Some((first, rest)) if first.pieces().iter().all(|piece| piece.as_literal().is_none()) => rest,
        _ => repository,
    }
}

/// The images that are built under one of `names`.
fn named<'d>(names: &[Text], built: &'d [BuiltImage]) -> Vec<&'d BuiltImage> {
    let patterns: Vec<Pattern> = names.iter().map(Pattern::of).collect();
    let meets = |image: &&BuiltImage| {
        image.names.iter().filter_map(Reference::parse).any(|own| {
            // What stands before the first slash and is not known is a registry, or the user of one.
            let own = [Pattern::of(&without_registry(&own)), Pattern::of(&own.repository())];
            patterns.iter().any(|pattern| own.iter().any(|own| pattern.meets(own)))
        })
    };
    let all: Vec<&BuiltImage> = built.iter().filter(meets).collect();
    let exact: Vec<&BuiltImage> = all.iter().copied().filter(|image| has_exact_name(image, names)).collect();
    preferred(if exact.is_empty() { all } else { exact })
}

fn has_exact_name(image: &BuiltImage, names: &[Text]) -> bool {
    let mut own = image.names.iter().filter_map(Reference::parse).map(|own| without_registry(&own));
    own.any(|own| own.known().is_some() && names.iter().any(|name| name.known() == own.known()))
}

/// Those that something else than compose builds, where there are any, each once. A stage for development counts where there is
/// no other.
fn preferred(mut images: Vec<&BuiltImage>) -> Vec<&BuiltImage> {
    if images.iter().any(|image| !image.is_a_stage_for_development()) {
        images.retain(|image| !image.is_a_stage_for_development());
    }
    let by_pipeline = |image: &&BuiltImage| {
        image.asked_by.as_ref().is_some_and(|(_, asker)| !matches!(asker, Asker::Service(_)))
    };
    let pushed: Vec<&BuiltImage> = images.iter().copied().filter(by_pipeline).collect();
    once_each(if pushed.is_empty() { images } else { pushed })
}

/// The images whose names end with the words of the container's, or the other way round; those that are the same first.
fn by_words<'d>(
    names: &[Text],
    owned: &[&Repository],
    reference: &Reference,
    container: &Container,
    built: &'d [BuiltImage],
    sources: &Sources<'_>,
) -> Vec<&'d BuiltImage> {
    let mut wanted: Vec<Vec<String>> = names.iter().map(last_words).collect();
    wanted.extend(owned.iter().filter_map(|repository| repository.resource.rsplit('.').next().map(words)));
    wanted.extend(reference.name.holes().filter_map(|hole| words_of_origin(&hole.origin)));
    if owned.is_empty() && reference.name.known().is_none() {
        wanted.extend(container.name.known().map(|name| words(name)));
    }
    wanted.retain(|words| !words.is_empty());
    let agreement = |image: &BuiltImage| {
        let own = own_words(image, sources);
        let pairs = wanted.iter().flat_map(|wanted| own.iter().map(move |own| (wanted, own)));
        pairs.map(|(wanted, own)| agreement(wanted, own)).max().unwrap_or(0)
    };
    let best = built.iter().map(agreement).max().unwrap_or(0);
    if best == 0 {
        return Vec::new();
    }
    preferred(built.iter().filter(|image| agreement(image) == best).collect())
}

/// How well two names agree: not at all, in the words at their ends, or wholly.
fn agreement(wanted: &[String], own: &[String]) -> usize {
    if own.is_empty() || wanted.is_empty() {
        0
    } else if wanted == own {
        usize::MAX
    } else if wanted.ends_with(own) || own.ends_with(wanted) {
        wanted.len().min(own.len())
    } else {
        0
    }
}

/// What an image may be called by: its names, the variables that hold them, its service of compose, its Dockerfile.
fn own_words(image: &BuiltImage, sources: &Sources<'_>) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for reference in image.names.iter().filter_map(Reference::parse) {
        all.push(last_words(&without_registry(&reference)));
        all.extend(reference.name.holes().filter_map(|hole| words_of_origin(&hole.origin)));
    }
    if let Some((_, Asker::Service(service))) = &image.asked_by {
        all.push(words(service));
    }
    let path = sources.path(image.dockerfile.file());
    all.push(words(path.file_name()));
    all.extend(path.parent().map(|folder| words(folder.file_name())));
    all.push(words(image.context.file_name()));
    all.retain(|words| !words.is_empty());
    all
}

/// The words of the last part of a name, where all of it is known.
fn last_words(name: &Text) -> Vec<String> {
    let name = name.render(HOLE);
    let last = name.rsplit('/').next().unwrap_or_default();
    let known = last.rsplit(HOLE).next().unwrap_or_default();
    words(known)
}

fn words_of_origin(origin: &Origin) -> Option<Vec<String>> {
    match origin {
        Origin::Environment(name)
        | Origin::Parameter(name)
        | Origin::Unique(name)
        | Origin::Output { variable: Some(name), .. } => Some(words(name)),
        Origin::Other(_) | Origin::Page(_) | Origin::Cloud(_) | Origin::Call(_) | Origin::Output { .. } => {
            None
        }
    }
}

fn words(name: &str) -> Vec<String> {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
    parts.filter(|word| !word.is_empty() && !NOISE.contains(&word.as_str())).collect()
}

/// Images that differ in nothing but who asks for them are one.
pub(in crate::link) fn once_each(images: Vec<&BuiltImage>) -> Vec<&BuiltImage> {
    let mut different: Vec<&BuiltImage> = Vec::new();
    for image in images {
        let same = |other: &&BuiltImage| {
            other.dockerfile == image.dockerfile
                && other.stage.from == image.stage.from
                && other.stage.base.0.to_string() == image.stage.base.0.to_string()
        };
        if !different.iter().any(same) {
            different.push(image);
        }
    }
    different
}
