//! A constant tag is pushed to a repository whose tags are immutable: the second push fails.

use std::collections::{BTreeMap, BTreeSet};

use policy_core::finding::{Finding, Label};
use policy_core::model::image::{ImageRole, ImageUse, Pattern, Reference, Version};
use policy_core::model::repository::{Mutability, Repository};
use policy_core::rule::Context;
use policy_core::source::Span;
use policy_core::terraform::value::Value;
use policy_core::terraform::world::Root;
use policy_core::value::{Origin, Piece};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    refused(context).into_values().collect()
}

/// The pushes that fail, by the place that decides the tag.
pub(super) fn refused(context: &Context<'_>) -> BTreeMap<Span, Finding> {
    let repositories = Repositories::immutable(context);
    if repositories.all.is_empty() {
        return BTreeMap::new();
    }
    let mut targets: BTreeMap<String, Vec<&Immutable<'_>>> = BTreeMap::new();
    let mut found: BTreeMap<Span, Finding> = BTreeMap::new();
    let writes = |image: &&ImageUse| matches!(image.role, ImageRole::Pushed | ImageRole::Cache);
    for image in context.deployment.images.iter().filter(writes) {
        let Some(reference) = Reference::parse(&image.reference) else { continue };
        let Some((tag, at)) = constant_tag(&reference, image.at) else { continue };
        // The same name is pushed again and again, under one tag after the other.
        let named =
            targets.entry(reference.name.to_string()).or_insert_with(|| repositories.named(&reference));
        let refuse = named.iter().filter(|known| known.refuses(&tag));
        let shared = |known: &&&Immutable<'_>| {
            let path = |span: Span| context.sources.path(span.file);
            let (own, pushed) = (path(known.repository.at), path(image.at));
            own.components().zip(pushed.components()).take_while(|(own, pushed)| own == pushed).count()
        };
        // Of several the nearest to the push; of those as near, the first.
        if let Some(known) = refuse.rev().max_by_key(shared) {
            let repository = known.repository;
            found.entry(at).or_insert_with(|| second_push_fails(repository, image, &tag, at));
        }
    }
    found
}

/// The repositories in which not every tag can be pushed twice.
pub(super) struct Repositories<'a> {
    all: Vec<Immutable<'a>>,
    /// Which of them have a name of which all is known.
    by_name: BTreeMap<String, Vec<usize>>,
    /// Which of them have a name of which some is not known.
    by_part: Vec<usize>,
    by_address: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Repositories<'a> {
    pub(super) fn immutable(context: &Context<'a>) -> Self {
        let roots = context.deployment.roots.iter();
        let all: Vec<Immutable<'a>> = roots
            .filter_map(|root| Some((root.terraform.as_ref()?, &root.repositories)))
            .flat_map(|(root, repositories)| repositories.iter().map(move |repository| (root, repository)))
            .filter(|(_, repository)| {
                repository.mutability.known().is_some_and(|kind| *kind != Mutability::Mutable)
            })
            .map(|(root, repository)| {
                let names = repository.names.iter().map(Pattern::of).collect();
                Immutable { root, names, repository }
            })
            .collect();
        let (mut by_name, mut by_part) = (BTreeMap::<_, Vec<_>>::new(), Vec::new());
        let mut by_address = BTreeMap::<_, Vec<_>>::new();
        for (index, repository) in all.iter().enumerate() {
            by_address.entry(&*repository.repository.address).or_default().push(index);
            for name in &repository.names {
                match name.known() {
                    Some(name) => by_name.entry(name).or_default().push(index),
                    None => by_part.push(index),
                }
            }
        }
        Self { all, by_name, by_part, by_address }
    }

    /// Those that a reference may name, in order.
    fn named(&self, reference: &Reference) -> Vec<&Immutable<'a>> {
        let Some(target) = Target::of(reference) else { return Vec::new() };
        let are_meant = |repository: &&Immutable<'a>| target.is(repository);
        match self.among(&target) {
            Some(among) => {
                among.into_iter().filter_map(|index| self.all.get(index)).filter(are_meant).collect()
            }
            None => self.all.iter().filter(are_meant).collect(),
        }
    }

    /// The only ones that `target` can be. `None` where it can be any.
    fn among(&self, target: &Target) -> Option<BTreeSet<usize>> {
        let (same, others) = match target {
            Target::Named(name) => (self.by_name.get(&name.known()?), self.by_part.as_slice()),
            Target::Address(address) if address.starts_with(OUTPUT) => return None,
            Target::Address(address) => (self.by_address.get(without_attribute(address)), [].as_slice()),
        };
        Some(same.into_iter().flatten().chain(others).copied().collect())
    }

    /// The repository that keeps the first image that was pushed under `tag` to the name of `reference`.
    pub(super) fn keeping(&self, reference: &Reference, tag: &str) -> Option<&'a Repository> {
        self.named(reference).into_iter().find(|known| known.refuses(tag)).map(|known| known.repository)
    }
}

/// A repository in which a tag cannot be pushed twice.
struct Immutable<'a> {
    root: &'a Root,
    names: Vec<Pattern>,
    repository: &'a Repository,
}

impl Immutable<'_> {
    /// Whether the tag cannot be pushed twice.
    fn refuses(&self, tag: &str) -> bool {
        let repository = self.repository;
        // Filters that are not all known may except the tag or not.
        let Some(filters) = &repository.exclusions else { return false };
        let excepted = filters.iter().any(|filter| wildcard_matches(filter, tag));
        match repository.mutability.known() {
            Some(Mutability::Immutable) => true,
            Some(Mutability::ImmutableWithExclusion) => !excepted,
            Some(Mutability::MutableWithExclusion) => excepted,
            Some(Mutability::Mutable | Mutability::Other(_)) | None => false,
        }
    }
}

/// The repository that a push goes to, as far as the reference tells.
enum Target {
    /// A repository in an ECR registry, by its name.
    Named(Pattern),
    /// What an expression of Terraform or one of its outputs stands for.
    Address(String),
}

impl Target {
    fn of(reference: &Reference) -> Option<Self> {
        let address = match reference.name.pieces() {
            [Piece::Hole(hole)] => match &hole.origin {
                Origin::Cloud(address) => Some(address.to_string()),
                _ => None,
            },
            _ => None,
        };
        address.map(Self::Address).or_else(|| Pattern::of_ecr_repository(reference).map(Self::Named))
    }

    fn is(&self, known: &Immutable<'_>) -> bool {
        match self {
            Self::Named(pattern) => known.names.iter().any(|name| pattern.meets(name)),
            Self::Address(address) => {
                let output = address.strip_prefix(OUTPUT).and_then(|name| known.root.outputs.get(name));
                let address = match output.and_then(Value::as_reference) {
                    Some(reference) => &*reference.address,
                    None => without_attribute(address),
                };
                *known.repository.address == *address
            }
        }
    }
}

/// What the addresses of outputs begin with.
const OUTPUT: &str = "output.";

/// The address of a repository, where `address` is its URL.
fn without_attribute(address: &str) -> &str {
    address.strip_suffix(".repository_url").unwrap_or(address)
}

/// The tag that every run pushes again, and where it is decided. A version is raised by hand before it is pushed.
fn constant_tag(reference: &Reference, at: Span) -> Option<(String, Span)> {
    match &reference.version {
        Version::Untagged => Some(("latest".to_owned(), at)),
        Version::Tag(tag) => {
            let known = tag.known().filter(|tag| !tag.contains(|c: char| c.is_ascii_digit()))?;
            Some((known.into_owned(), tag.last_literal().map_or(at, |decided| decided.at)))
        }
        Version::Digest | Version::Unknown => None,
    }
}

/// Whether `text` matches a filter in which `*` stands for any characters.
fn wildcard_matches(filter: &str, text: &str) -> bool {
    let mut parts = filter.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

fn second_push_fails(repository: &Repository, image: &ImageUse, tag: &str, at: Span) -> Finding {
    let (name, used, pusher) = (&repository.resource, image.at, &image.user);
    let (what, help) = if image.role == ImageRole::Cache {
        (
            "its cache as",
            "keep the cache in a repository with mutable tags, or exclude this tag from immutability",
        )
    } else {
        (
            "the tag",
            "push a tag that names one build, such as the commit, or exclude this tag from immutability",
        )
    };
    let message = format!(
        "{pusher} pushes {what} `{tag}` to `{name}`, whose tags are immutable: the second push fails"
    );
    let decided = repository.mutability.found().map_or(repository.at, |(_, from)| from.at);
    let mut finding = Finding::new(message, Label::new(at, format!("every run pushes `{tag}`")))
        .related(Label::new(decided, "this repository rejects a tag that it already has"))
        .help(help);
    if !at.is_within(used) {
        finding = finding.related(Label::new(used, "the image is pushed here"));
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_match_as_ecr_reads_them() {
        for (filter, tag, matches) in [
            ("latest", "latest", true),
            ("latest*", "latest", true),
            ("*-dev", "api-dev", true),
            ("dev*x*", "dev-xy", true),
            ("dev*", "prod", false),
            ("a*a", "a", false),
            ("latest", "latest2", false),
        ] {
            assert_eq!(wildcard_matches(filter, tag), matches, "{filter} {tag}");
        }
    }
}
