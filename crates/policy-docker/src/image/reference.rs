//! The parts of an image reference, as the distribution specification has them, in text that may have holes.

use policy_text::source::Span;
use policy_text::value::{Origin, Piece, Provenance, Text};

/// A reference taken apart: `registry:5000/team/app:1.2@sha256:…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Registry and repository, without tag and digest.
    pub name: Text,
    /// What chooses one of the repository's images.
    pub version: Version,
}

/// What chooses one image of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Version {
    /// A digest: always the same image.
    Digest,
    /// A tag; it may have holes.
    Tag(Text),
    /// Neither tag nor digest: `latest`.
    Untagged,
    /// A hole ends the reference, and what stands for it may hold a tag or not.
    Unknown,
}

/// How a reference comes to mean the tag `latest`, and which place decides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Latest {
    /// The tag `latest` is written.
    Written(Provenance),
    /// The tag of one of several images in a repository ends in `-latest`: `web-latest`.
    Suffix(Provenance),
    /// The tag is `latest` of one of several variants: `latest-alpine`.
    Variant(Provenance),
    /// Neither tag nor digest is written; here the name is, where any of it is known.
    Implied(Option<Provenance>),
}

/// Whether a text is a reference that means `latest`.
pub fn is_latest(reference: &Text) -> bool {
    Reference::parse(reference).is_some_and(|reference| reference.latest().is_some())
}

/// The reference of the image `name` by `tag`, written `at` a place.
pub fn tagged(mut name: Text, tag: &Text, at: Span) -> Text {
    name.append(&Text::literal(":", at));
    name.append(tag);
    name
}

impl Reference {
    /// Takes a reference apart. `None` where the text can be none: empty, with blanks, or a template of another language.
    pub fn parse(text: &Text) -> Option<Self> {
        let text = with_name(text);
        if text.contains(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '$' | '*' | '\\')) {
            return None;
        }
        let (text, has_digest) = match text.split_once('@') {
            Some((before, _)) => (before, true),
            None => (text, false),
        };
        let component = text.rfind('/').map_or(0, |slash| slash + 1);
        let last = text.slice(component..usize::MAX);
        let (name, tag) = match last.find(':') {
            Some(colon) => (text.slice(0..component + colon), Some(last.slice(colon + 1..usize::MAX))),
            None => (text, None),
        };
        if name.len() == component {
            return None;
        }
        let version = match tag {
            _ if has_digest => Version::Digest,
            Some(tag) if tag.is_empty() => return None,
            Some(tag) => Version::Tag(tag),
            None if may_hold_tag(&last) => Version::Unknown,
            None => Version::Untagged,
        };
        Some(Self { name, version })
    }

    /// Whether the reference means `latest`. `None` where it does not, or where that is unknown.
    pub fn latest(&self) -> Option<Latest> {
        match &self.version {
            Version::Tag(tag) if tag.known().as_deref() == Some("latest") => {
                tag.last_literal().cloned().map(Latest::Written)
            }
            Version::Tag(tag) if is_latest_of_one(tag) => tag.last_literal().cloned().map(Latest::Suffix),
            Version::Tag(tag) if is_latest_of_variant(tag) => {
                tag.last_literal().cloned().map(Latest::Variant)
            }
            Version::Untagged => Some(Latest::Implied(where_untagged(&self.name))),
            _ => None,
        }
    }

    /// The registry's host, where one is written: `ghcr.io`, `localhost:5000`. A first component that begins with a hole
    /// may be one or not: it is none.
    pub fn registry(&self) -> Option<Text> {
        Some(self.split_registry()?.0)
    }

    /// The repository without the registry: `team/app`.
    pub fn repository(&self) -> Text {
        self.split_registry().map_or_else(|| self.name.clone(), |(_, repository)| repository)
    }

    fn split_registry(&self) -> Option<(Text, Text)> {
        let is_host = |text: &Text| text.contains(['.', ':']) || text.known().as_deref() == Some("localhost");
        self.name.split_once('/').filter(|(first, _)| is_host(first))
    }
}

/// The text with a hole where it has a tag and no name: a name that is empty here is set where it runs.
fn with_name(text: &Text) -> Text {
    let (before, last) = text.split_at(text.rfind('/').map_or(0, |slash| slash + 1));
    match last.pieces().first() {
        Some(Piece::Literal(literal, from)) if literal.starts_with(':') && !text.contains("//") => {
            let mut named = before;
            named.append(&Text::hole(Origin::Other("no name is set here".into()), from.at));
            named.append(&last);
            named
        }
        _ => text.clone(),
    }
}

/// Whether a tag is `<name>-latest`. Behind a version it names the newest build of that version.
fn is_latest_of_one(tag: &Text) -> bool {
    tag.strip_suffix("-latest")
        .is_some_and(|name| !name.is_empty() && !name.contains(|c: char| c.is_ascii_digit()))
        && !tag.holes().any(|hole| may_be_version(&hole.origin))
}

/// Whether a tag is `latest-<variant>`. What is all digits, or may be a commit, names one image.
fn is_latest_of_variant(tag: &Text) -> bool {
    tag.known().is_some_and(|tag| {
        tag.strip_prefix("latest-").is_some_and(|variant| {
            variant.starts_with(|c: char| c.is_ascii_alphabetic())
                && !(variant.len() >= 7 && variant.bytes().all(|byte| byte.is_ascii_hexdigit()))
        })
    })
}

fn may_be_version(origin: &Origin) -> bool {
    match origin {
        Origin::Unique(_) => true,
        Origin::Environment(name) | Origin::Parameter(name) => {
            name.contains(|c: char| c.is_ascii_digit()) || name.to_ascii_lowercase().contains("version")
        }
        _ => false,
    }
}

/// Whether a hole in the last component of a name may hold a tag: one that ends it, or one that begins it, since that
/// can be a whole reference with a suffix behind it. Between known characters a hole is a part of the name.
fn may_hold_tag(component: &Text) -> bool {
    let pieces = component.pieces();
    [pieces.first(), pieces.last()].into_iter().flatten().any(|piece| match piece {
        Piece::Literal(..) => false,
        Piece::Hole(hole) => !is_repository(&hole.origin),
    })
}

/// Whether the value is the URL of a registry's repository, which never holds a tag.
fn is_repository(origin: &Origin) -> bool {
    match origin {
        Origin::Cloud(address) => address.ends_with(".repository_url"),
        Origin::Environment(name) => &**name == "CI_REGISTRY_IMAGE",
        _ => false,
    }
}

/// The place where a name without a tag is put together: where its end is written, or the place in a template that its
/// end is put into. A variable that holds all of the name decides it itself.
fn where_untagged(name: &Text) -> Option<Provenance> {
    let mut literals = name.pieces().iter().rev().filter_map(|piece| match piece {
        Piece::Literal(_, from) => Some(from),
        Piece::Hole(_) => None,
    });
    let last = literals.next()?;
    let Some(before) = literals.next() else { return Some(last.clone()) };
    let shared = last.steps().zip(before.steps()).take_while(|(own, other)| own == other).count();
    Some(last.seen_from(shared))
}

#[cfg(test)]
mod tests {
    use policy_text::source::{FileId, Span};

    use super::*;

    /// `$` stands for a hole.
    fn text(written: &str) -> Text {
        let at = Span::start_of(FileId(0));
        let mut text = Text::empty();
        for (index, part) in written.split('$').enumerate() {
            if index > 0 {
                text.append(&Text::hole(Origin::Environment("X".into()), at));
            }
            text.append(&Text::literal(part, at));
        }
        text
    }

    #[track_caller]
    fn assert_parts(written: &str, name: &str, version: &Version) {
        let reference = Reference::parse(&text(written)).unwrap();
        assert_eq!((reference.name.render('$').as_str(), &reference.version), (name, version), "{written}");
    }

    #[test]
    fn a_port_is_no_tag_and_a_digest_wins() {
        assert_parts("nginx", "nginx", &Version::Untagged);
        assert_parts("localhost:5000/app", "localhost:5000/app", &Version::Untagged);
        assert_parts("localhost:5000/app:1", "localhost:5000/app", &Version::Tag(text("1")));
        assert_parts("app:latest@sha256:0a", "app", &Version::Digest);
        assert_parts("app@sha256:0a", "app", &Version::Digest);
    }

    #[test]
    fn a_hole_at_the_end_may_be_anything_and_elsewhere_it_hides_no_tag() {
        assert_parts("$", "$", &Version::Unknown);
        assert_parts("ghcr.io/team/$", "ghcr.io/team/$", &Version::Unknown);
        assert_parts("$/web", "$/web", &Version::Untagged);
        assert_parts("$/web:$", "$/web", &Version::Tag(text("$")));
        assert_parts(
            "$.dkr.ecr.$.amazonaws.com/web:latest",
            "$.dkr.ecr.$.amazonaws.com/web",
            &Version::Tag(text("latest")),
        );
        let url = Text::hole(
            Origin::Cloud("aws_ecr_repository.web.repository_url".into()),
            Span::start_of(FileId(0)),
        );
        assert_eq!(Reference::parse(&url).unwrap().version, Version::Untagged);
    }

    #[test]
    fn what_stands_behind_a_hole_may_belong_to_a_tag() {
        assert_parts("$-amd64", "$-amd64", &Version::Unknown);
        assert_parts("r.io/$-amd64", "r.io/$-amd64", &Version::Unknown);
        assert_parts("r.io/shop-$-web", "r.io/shop-$-web", &Version::Untagged);
        assert_parts("$/web-amd64", "$/web-amd64", &Version::Untagged);
    }

    #[test]
    fn an_empty_name_is_set_where_it_runs() {
        assert_parts(":latest", "$", &Version::Tag(text("latest")));
        assert_parts("r.io/:1", "r.io/$", &Version::Tag(text("1")));
    }

    #[test]
    fn a_name_without_a_tag_lacks_it_where_it_is_put_together() {
        let at = |start: usize, end: usize| Span::new(FileId(0), start..end);
        let place = |name: &Text| match Reference::parse(name).unwrap().latest() {
            Some(Latest::Implied(place)) => place.unwrap().at.range(),
            other => panic!("{other:?}"),
        };
        // `r.io/shop-${id}` at 100, with `id = "orders"` at 10.
        let mut template = Text::literal("r.io/shop-", at(100, 110));
        template.append(&Text::literal("orders", at(10, 16)).through(at(110, 115), "used"));
        assert_eq!(place(&template), 110..115);
        // `IMAGE=r.io/${id}` at 50, then `push $IMAGE`.
        let mut variable = Text::literal("r.io/", at(50, 55));
        variable.append(&Text::literal("orders", at(10, 16)).through(at(55, 60), "used"));
        assert_eq!(place(&variable.through(at(200, 206), "used")), 55..60);
        assert_eq!(place(&Text::literal("r.io/web", at(10, 18)).through(at(90, 96), "used")), 10..18);
    }

    #[test]
    fn one_image_of_several_in_a_repository_has_a_latest_of_its_own() {
        let suffix = |written: &str| {
            matches!(Reference::parse(&text(written)).unwrap().latest(), Some(Latest::Suffix(_)))
        };
        assert!(suffix("acme/shop:web-latest") && suffix("acme/shop:$-latest"));
        let mut series = text("acme/shop:");
        series.append(&Text::hole(Origin::Parameter("1".into()), Span::start_of(FileId(0))));
        series.append(&text("-latest"));
        assert_eq!(Reference::parse(&series).unwrap().latest(), None);
        assert!(!suffix("acme/shop:8.0-latest") && !suffix("acme/shop:weblatest") && !suffix("acme/shop:$"));
    }

    #[test]
    fn a_variant_has_a_latest_of_its_own_and_a_build_has_not() {
        let variant = |written: &str| {
            matches!(Reference::parse(&text(written)).unwrap().latest(), Some(Latest::Variant(_)))
        };
        assert!(variant("acme/db:latest-pg16") && variant("acme/db:latest-alpine"));
        for build in
            ["acme/db:latest-$", "acme/db:latest-20260102", "acme/db:latest-c0ffee1", "acme/db:latest"]
        {
            assert!(!variant(build), "{build}");
        }
    }

    #[test]
    fn only_the_whole_tag_is_latest() {
        for written in ["redis:latest", "redis", "r.io:80/redis:latest"] {
            assert!(Reference::parse(&text(written)).unwrap().latest().is_some(), "{written}");
        }
        for written in
            ["redis:latest2", "redis:$", "redis:$latest", "latest:1", "$", "redis:latest@sha256:0a"]
        {
            assert!(Reference::parse(&text(written)).unwrap().latest().is_none(), "{written}");
        }
    }

    #[test]
    fn the_registry_is_told_from_the_repository() {
        let parts = |written: &str| {
            let reference = Reference::parse(&text(written)).unwrap();
            (reference.registry().map(|host| host.render('$')), reference.repository().render('$'))
        };
        assert_eq!(parts("ghcr.io/a/b:1"), (Some("ghcr.io".into()), "a/b".into()));
        assert_eq!(
            parts("$.dkr.ecr.$.amazonaws.com/a"),
            (Some("$.dkr.ecr.$.amazonaws.com".into()), "a".into())
        );
        assert_eq!(parts("a/b"), (None, "a/b".into()));
        assert_eq!(parts("$/b"), (None, "$/b".into()));
    }

    #[test]
    fn a_name_that_is_empty_is_one_that_is_set_elsewhere() {
        let reference = Reference::parse(&text(":latest")).unwrap();
        assert!(reference.latest().is_some() && reference.name.known().is_none());
    }

    #[test]
    fn what_is_no_reference_is_none() {
        for written in ["", "a b", "app:", ":", "{{ .Values.image }}", "a/", "http://:80"] {
            assert_eq!(Reference::parse(&text(written)), None, "{written}");
        }
    }
}
