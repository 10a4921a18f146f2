//! Which image a container runs.
//!
//! What counts first is the name under which an image is built and pushed. A name that only the pipeline knows is compared
//! by its words: those of the variables that hold it, of the repository, of the container and of the Dockerfile's folder.

use policy_docker::asker::Asker;
use policy_docker::image::contents::contents_of;
use policy_docker::image::{Pattern, Reference, Version};
use policy_text::source::Sources;
use policy_text::value::{Origin, Piece, Text};

use crate::image_match::{of_one_image_each, once_each, without_registry};
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

/// The images that are built here, each with what it may be called.
pub(super) struct Candidates<'d> {
    all: Vec<Candidate<'d>>,
    /// Whether they are all one image.
    are_one: bool,
}

struct Candidate<'d> {
    id: BuiltImageId,
    image: &'d BuiltImage,
    /// Its names without their registries.
    names: Vec<Text>,
    /// What its names may be: what stands before the first slash and is not known is a registry, or the user of one.
    patterns: Vec<Pattern>,
    /// The words of all that it may be called by.
    words: Vec<Vec<String>>,
    /// The words of its Dockerfile that each of its tags has: `migrate-4f2a91c` is of `Dockerfile.migrate`.
    tagged: Vec<String>,
    /// Whether compose alone builds it, and for those who develop: nothing but its name says that it is deployed.
    is_for_development: bool,
}

impl<'d> Candidates<'d> {
    /// All of `built`.
    pub(super) fn new(built: &'d [BuiltImage], sources: &Sources<'_>) -> Self {
        let all = built.iter().enumerate().map(|(index, image)| {
            let references: Vec<Reference> = image.names.iter().filter_map(Reference::parse).collect();
            let names: Vec<Text> = references.iter().map(without_registry).collect();
            let whole = references.iter().map(|reference| Pattern::of(&reference.repository()));
            Candidate {
                id: BuiltImageId(index),
                image,
                patterns: names.iter().map(Pattern::of).chain(whole).collect(),
                names,
                words: own_words(image, &references, sources),
                tagged: words_of_tags(image, &references, sources),
                is_for_development: is_by_compose(image) && image.is_for_development(sources),
            }
        });
        Self { all: all.collect(), are_one: once_each(built.iter().collect()).len() == 1 }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The image that `container` of `root` runs.
    pub(super) fn link(&self, container: &Container, root: &AwsRoot) -> ImageLink {
        if let [(reference, at)] = container.images.as_slice()
            && let Some(known) = reference.known()
            && let Some(contents) = contents_of(&known, HOLE)
        {
            return ImageLink::Public(known.into_owned(), contents, *at);
        }
        let mut found: Vec<&Candidate<'d>> = Vec::new();
        for (reference, _) in &container.images {
            let meant = self.meant(reference, container, root);
            if meant.is_empty() {
                return ImageLink::Unknown("no build in this repository pushes it");
            }
            found.extend(meant);
        }
        if found.is_empty() {
            return ImageLink::Unknown("the image is unknown");
        }
        ImageLink::Built(
            of_one_image_each(found, |candidate| candidate.image)
                .into_iter()
                .map(|candidate| candidate.id)
                .collect(),
        )
    }

    /// The images that `reference` may mean. Where several are built under one name, those that pipelines and scripts build.
    fn meant(&self, reference: &Text, container: &Container, root: &AwsRoot) -> Vec<&Candidate<'d>> {
        let Some(parsed) = Reference::parse(reference) else { return Vec::new() };
        let owned = repositories(&parsed, root);
        let names: Vec<Text> = if owned.is_empty() {
            vec![without_registry(&parsed)]
        } else {
            owned.iter().flat_map(|repository| repository.names.iter().cloned()).collect()
        };
        let by_name = self.named(&names, &parsed);
        if !by_name.is_empty() {
            return by_name;
        }
        // A repository has no capitals: a name with some is one that people have yet to write.
        let is_name =
            parsed.name.known().is_some_and(|name| !name.contains(|c: char| c.is_ascii_uppercase()));
        let is_elsewhere = owned.is_empty()
            && is_name
            && !parsed.registry().is_some_and(|registry| registry.contains("amazonaws.com"));
        if is_elsewhere {
            return Vec::new();
        }
        let by_words = self.by_words(&wanted_words(&names, &owned, &parsed, container), &parsed);
        if !by_words.is_empty() {
            return by_words;
        }
        // One image is built here, and one repository is made for it.
        let is_only = owned.len() == 1 && root.repositories.len() == 1 && self.are_one;
        let all = self.all.iter().filter(|candidate| candidate.may_be_deployed(&parsed));
        all.take(usize::from(is_only)).collect()
    }

    /// The images that are built under one of `names`.
    fn named(&self, names: &[Text], wanted: &Reference) -> Vec<&Candidate<'d>> {
        let patterns: Vec<Pattern> = names.iter().map(Pattern::of).collect();
        let meets = |candidate: &&Candidate<'d>| {
            patterns.iter().any(|pattern| candidate.patterns.iter().any(|own| pattern.meets(own)))
        };
        let all: Vec<&Candidate<'d>> = self
            .all
            .iter()
            .filter(meets)
            .filter(|candidate| !candidate.is_tagged_otherwise(wanted))
            .collect();
        let exact: Vec<&Candidate<'d>> =
            all.iter().copied().filter(|candidate| candidate.is_called(names)).collect();
        preferred(if exact.is_empty() { all } else { exact })
    }

    /// The images whose names end with the words of the container's, or the other way round; those that are the same first.
    fn by_words(&self, wanted: &[Vec<String>], reference: &Reference) -> Vec<&Candidate<'d>> {
        let agreement = |candidate: &Candidate<'d>| {
            let pairs = wanted.iter().flat_map(|wanted| candidate.words.iter().map(move |own| (wanted, own)));
            pairs.map(|(wanted, own)| agreement(wanted, own)).max().unwrap_or(0)
        };
        let all = self.all.iter().filter(|candidate| candidate.may_be_deployed(reference));
        let agreeing: Vec<(usize, &Candidate<'d>)> =
            all.map(|candidate| (agreement(candidate), candidate)).collect();
        let best = agreeing.iter().map(|(agreement, _)| *agreement).max().unwrap_or(0);
        let is_best = |(agreement, candidate)| (best > 0 && agreement == best).then_some(candidate);
        preferred(agreeing.into_iter().filter_map(is_best).collect())
    }
}

impl Candidate<'_> {
    fn is_called(&self, names: &[Text]) -> bool {
        self.names
            .iter()
            .any(|own| own.known().is_some() && names.iter().any(|name| name.known() == own.known()))
    }

    /// Whether nothing but a like name is needed to take it for what a container runs.
    fn may_be_deployed(&self, reference: &Reference) -> bool {
        !self.is_for_development && !self.is_tagged_otherwise(reference)
    }

    /// Whether its tags say that it is another image than the one that a container runs out of the same repository.
    fn is_tagged_otherwise(&self, wanted: &Reference) -> bool {
        let Version::Tag(tag) = &wanted.version else { return false };
        let Some(tag) = tag.known().filter(|_| !self.tagged.is_empty()) else { return false };
        !words(&tag).iter().any(|word| self.tagged.contains(word))
    }
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

/// Those that something else than compose builds, where there are any, each once. A stage for development counts where there is
/// no other.
fn preferred<'c, 'd>(mut images: Vec<&'c Candidate<'d>>) -> Vec<&'c Candidate<'d>> {
    if images.iter().any(|candidate| !candidate.image.is_a_stage_for_development()) {
        images.retain(|candidate| !candidate.image.is_a_stage_for_development());
    }
    let by_pipeline = images.iter().copied().filter(|candidate| is_by_pipeline(candidate.image));
    let pushed: Vec<&Candidate<'d>> = by_pipeline.collect();
    of_one_image_each(if pushed.is_empty() { images } else { pushed }, |candidate| candidate.image)
}

/// Whether nothing but a compose file asks for the build, whoever runs that.
fn is_by_compose(image: &BuiltImage) -> bool {
    image.asked_by.as_ref().is_none_or(|(_, asker)| asker.is_compose_service())
}

/// Whether something else than compose asks for the build.
fn is_by_pipeline(image: &BuiltImage) -> bool {
    image.asked_by.as_ref().is_some_and(|(_, asker)| !asker.is_compose_alone())
}

/// The words that all tags of an image have and its Dockerfile too.
fn words_of_tags(image: &BuiltImage, references: &[Reference], sources: &Sources<'_>) -> Vec<String> {
    let tags = references.iter().map(|reference| match &reference.version {
        Version::Tag(tag) => words(&tag.render(HOLE)),
        _ => Vec::new(),
    });
    let tags: Vec<Vec<String>> = tags.collect();
    let path = sources.path(image.dockerfile.file());
    let mut own = words(path.file_name());
    own.extend(path.parent().map(|folder| words(folder.file_name())).into_iter().flatten());
    own.retain(|word| !tags.is_empty() && tags.iter().all(|tag| tag.contains(word)));
    own
}

/// The words of all that the image of a container may be called by.
fn wanted_words(
    names: &[Text],
    owned: &[&Repository],
    reference: &Reference,
    container: &Container,
) -> Vec<Vec<String>> {
    let mut wanted: Vec<Vec<String>> = names.iter().map(last_words).collect();
    wanted.extend(owned.iter().filter_map(|repository| repository.resource.rsplit('.').next().map(words)));
    wanted.extend(reference.name.holes().filter_map(|hole| words_of_origin(&hole.origin)));
    if owned.is_empty() && reference.name.known().is_none() {
        wanted.extend(container.name.known().map(|name| words(name)));
    }
    wanted.retain(|words| !words.is_empty());
    wanted
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
fn own_words(image: &BuiltImage, references: &[Reference], sources: &Sources<'_>) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for reference in references {
        all.push(last_words(&without_registry(reference)));
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
