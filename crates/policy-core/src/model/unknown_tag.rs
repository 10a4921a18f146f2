//! Deployed images of which nothing in the repository says which one they are.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Deployment;
use super::image::{ImageRole, ImageUse, Reference, Version};
use crate::resolve::{Hole, Origin, Unresolved};
use crate::source::Span;

/// Adds each place once, with the first reason. A tag that differs on every run names one image: it is no unknown. A
/// place that is read twice, as a script that Terraform fills in, is known where one reading knows it.
pub(super) fn add(deployment: &mut Deployment) {
    let mut places: BTreeMap<Span, Option<Unresolved>> = BTreeMap::new();
    let deployed = |image: &&ImageUse| matches!(image.role, ImageRole::Deployed | ImageRole::Pulled);
    for image in deployment.images.iter().filter(deployed) {
        let Some(reference) = Reference::parse(&image.reference) else { continue };
        let hole = match &reference.version {
            Version::Tag(tag) if tag.holes().any(|hole| matches!(hole.origin, Origin::Unique(_))) => None,
            Version::Tag(tag) => tag.holes().next().cloned(),
            Version::Unknown => last_hole(&reference),
            Version::Digest | Version::Untagged => None,
        };
        let unresolved = hole.map(|hole| Unresolved {
            at: image.at,
            what: format!("the tag of the image of {}", image.user),
            why: why(&hole.origin),
            family: Some("image"),
        });
        match places.entry(image.at) {
            Entry::Vacant(place) => {
                place.insert(unresolved);
            }
            Entry::Occupied(mut place) if unresolved.is_none() => {
                place.insert(None);
            }
            Entry::Occupied(_) => {}
        }
    }
    deployment.unresolved.extend(places.into_values().flatten());
}

/// The hole that may hold the tag. One that names one image by itself, as a value that differs on every run, is none.
fn last_hole(reference: &Reference) -> Option<Hole> {
    let hole = reference.name.holes().last()?;
    (!matches!(hole.origin, Origin::Unique(_))).then(|| hole.clone())
}

/// Why a value is not known, for people.
pub(super) fn why(origin: &Origin) -> String {
    match origin {
        Origin::Environment(name) => format!("`{name}` is set where it runs"),
        Origin::Parameter(name) => format!("`{name}` has no default"),
        Origin::Cloud(address) => format!("`{address}` exists only once it is applied"),
        Origin::Call(name) => format!("what `{name}` returns is not known"),
        Origin::Output { command, .. } => format!("what `{command}` writes is not known"),
        Origin::Unique(name) => format!("`{name}` differs on every run"),
        Origin::Page(_) => "it comes from a page".to_owned(),
        Origin::Other(reason) => reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::Text;
    use crate::source::FileId;

    fn unresolved(images: &[(ImageRole, &str, Option<Origin>)]) -> Vec<String> {
        let mut deployment = Deployment::default();
        for (index, (role, name, end)) in images.iter().enumerate() {
            let at = Span::new(FileId(0), index..index + 1);
            let mut reference = Text::literal(*name, at);
            if let Some(origin) = end {
                reference.append(&Text::hole(origin.clone(), at));
            }
            let image = ImageUse { reference, at, role: *role, user: "`web`".into() };
            deployment.images.extend([image.clone(), image]);
        }
        add(&mut deployment);
        deployment.unresolved.iter().map(|value| format!("{}: {}", value.what, value.why)).collect()
    }

    #[test]
    fn a_deployed_tag_that_nothing_decides_is_said_once() {
        let tag = Some(Origin::Environment("TAG".into()));
        assert_eq!(
            unresolved(&[(ImageRole::Deployed, "web:", tag.clone())]),
            ["the tag of the image of `web`: `TAG` is set where it runs"]
        );
        let image = Some(Origin::Parameter("var.image".into()));
        assert_eq!(
            unresolved(&[(ImageRole::Deployed, "r.io/", image)]),
            ["the tag of the image of `web`: `var.image` has no default"]
        );
        assert!(unresolved(&[(ImageRole::Development, "web:", tag)]).is_empty());
    }

    #[test]
    fn a_place_that_one_reading_knows_is_no_unknown() {
        let at = Span::new(FileId(0), 0..1);
        let mut deployment = Deployment::default();
        for tag in [Text::hole(Origin::Environment("tag".into()), at), Text::literal("latest", at)] {
            let mut reference = Text::literal("r.io/web:", at);
            reference.append(&tag);
            deployment.images.push(ImageUse { reference, at, role: ImageRole::Deployed, user: "x".into() });
        }
        add(&mut deployment);
        assert!(deployment.unresolved.is_empty());
    }

    #[test]
    fn a_tag_that_is_known_or_unique_is_no_unknown() {
        let commit = Some(Origin::Unique("github.sha".into()));
        assert!(
            unresolved(&[
                (ImageRole::Deployed, "web:1", None),
                (ImageRole::Deployed, "web", None),
                (ImageRole::Deployed, "web:", commit)
            ])
            .is_empty()
        );
    }
}
