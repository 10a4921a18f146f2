//! Images that are deployed or pushed under a tag that is not known.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use policy_docker::image::{Reference, Version};
use policy_text::source::Span;
use policy_text::value::{Hole, Origin};
use policy_text::{Family, Unresolved};

use crate::model::image::{ImageRole, ImageUse};

/// Each place once, with the first reason. A tag that differs on every run names one image: it is no unknown. A
/// place that is read twice, as a script that Terraform fills in, is known where one reading knows it.
pub(super) fn unresolved(images: &[ImageUse]) -> Vec<Unresolved> {
    let mut places: BTreeMap<Span, Option<Unresolved>> = BTreeMap::new();
    let matters =
        |image: &&ImageUse| matches!(image.role, ImageRole::Deployed | ImageRole::Pulled | ImageRole::Pushed);
    for image in images.iter().filter(matters) {
        let Some(reference) = Reference::parse(&image.reference) else { continue };
        let hole = match &reference.version {
            Version::Tag(tag) if tag.holes().any(|hole| matches!(hole.origin, Origin::Unique(_))) => None,
            Version::Tag(tag) => tag.holes().next().cloned(),
            Version::Unknown => last_hole(&reference),
            Version::Digest | Version::Untagged => None,
        };
        let unresolved = hole.map(|hole| Unresolved {
            at: image.at,
            what: match image.role {
                ImageRole::Pushed => format!("the tag that {} pushes", image.user),
                _ => format!("the image tag of {}", image.user),
            },
            why: hole.origin.why_unknown(),
            needed_by: Some(Family::Image),
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
    places.into_values().flatten().collect()
}

/// The hole that may hold the tag. One that names one image by itself, as a value that differs on every run, is none.
fn last_hole(reference: &Reference) -> Option<Hole> {
    let hole = reference.name.holes().last()?;
    (!matches!(hole.origin, Origin::Unique(_))).then(|| hole.clone())
}

#[cfg(test)]
mod tests {
    use policy_docker::asker::Asker;
    use policy_text::source::FileId;
    use policy_text::value::Text;

    use super::*;

    fn unresolved(images: &[(ImageRole, &str, Option<Origin>)]) -> Vec<String> {
        let mut used = Vec::new();
        for (index, (role, name, end)) in images.iter().enumerate() {
            let at = Span::new(FileId(0), index..index + 1);
            let mut reference = Text::literal(*name, at);
            if let Some(origin) = end {
                reference.append(&Text::hole(origin.clone(), at));
            }
            let image =
                ImageUse { reference, at, role: *role, user: Asker::Resource("web".into()), caveat: None };
            used.extend([image.clone(), image]);
        }
        super::unresolved(&used).iter().map(|value| format!("{}: {}", value.what, value.why)).collect()
    }

    #[test]
    fn a_deployed_tag_that_nothing_decides_is_said_once() {
        let tag = Some(Origin::Environment("TAG".into()));
        assert_eq!(
            unresolved(&[(ImageRole::Deployed, "web:", tag.clone())]),
            ["the image tag of `web`: `TAG` comes from the environment"]
        );
        let image = Some(Origin::Parameter("var.image".into()));
        assert_eq!(
            unresolved(&[(ImageRole::Deployed, "r.io/", image)]),
            ["the image tag of `web`: `var.image` has no default"]
        );
        assert_eq!(
            unresolved(&[(ImageRole::Pushed, "web:", tag.clone())]),
            ["the tag that `web` pushes: `TAG` comes from the environment"]
        );
        assert!(unresolved(&[(ImageRole::Development, "web:", tag)]).is_empty());
    }

    #[test]
    fn a_place_that_one_reading_knows_is_no_unknown() {
        let at = Span::new(FileId(0), 0..1);
        let mut used = Vec::new();
        for tag in [Text::hole(Origin::Environment("tag".into()), at), Text::literal("latest", at)] {
            let mut reference = Text::literal("r.io/web:", at);
            reference.append(&tag);
            used.push(ImageUse {
                reference,
                at,
                role: ImageRole::Deployed,
                user: Asker::Command("deploy"),
                caveat: None,
            });
        }
        assert!(super::unresolved(&used).is_empty());
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
