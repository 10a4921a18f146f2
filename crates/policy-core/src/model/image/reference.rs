//! The parts of an image reference, as the distribution specification has them, in text that may have holes.

use crate::resolve::{Origin, Piece, Provenance, Text};

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
    /// Neither tag nor digest is written; here the name is, where any of it is known.
    Implied(Option<Provenance>),
}

impl Reference {
    /// Takes a reference apart. `None` where the text can be none: empty, with blanks, or a template of another language.
    pub fn parse(text: &Text) -> Option<Self> {
        // A hole counts as one byte, as `Text::split_at` has it.
        let written = text.render('\u{1}');
        if written.is_empty()
            || written.contains(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '$' | '*' | '\\'))
        {
            return None;
        }
        let without_digest = written.split_once('@').map_or(&*written, |(before, _)| before);
        let component = without_digest.rfind('/').map_or(0, |slash| slash + 1);
        let last = without_digest.get(component..)?;
        if last.is_empty() || (last.starts_with(':') && component > 0) {
            return None;
        }
        let colon = last.find(':').map(|colon| component + colon);
        let (mut name, rest) = text.split_at(colon.unwrap_or(without_digest.len()));
        if name.pieces().is_empty() {
            // A variable whose default is empty: whoever sets it names the image.
            name = Text::hole(Origin::Other("the image is named elsewhere".into()), text.place()?);
        }
        let version = if without_digest.len() < written.len() {
            Version::Digest
        } else if let Some(colon) = colon {
            if colon + 1 == written.len() {
                return None;
            }
            Version::Tag(rest.split_at(1).1)
        } else if name.pieces().last().is_some_and(may_end_in_tag) {
            Version::Unknown
        } else {
            Version::Untagged
        };
        Some(Self { name, version })
    }

    /// Whether the reference means `latest`. `None` where it does not, or where that is unknown.
    pub fn latest(&self) -> Option<Latest> {
        match &self.version {
            Version::Tag(tag) if tag.known().as_deref() == Some("latest") => {
                tag.last_literal().cloned().map(Latest::Written)
            }
            Version::Untagged => Some(Latest::Implied(self.name.last_literal().cloned())),
            _ => None,
        }
    }

    /// The registry's host, where one is written: `ghcr.io`, `localhost:5000`. A first component that begins with a hole
    /// may be one or not: it is none.
    pub fn registry(&self) -> Option<Text> {
        let written = self.name.render('\u{1}');
        let (first, _) = written.split_once('/')?;
        let host = first.contains(['.', ':']) || first == "localhost";
        host.then(|| self.name.split_at(first.len()).0)
    }

    /// The repository without the registry: `team/app`.
    pub fn repository(&self) -> Text {
        match self.registry() {
            Some(registry) => self.name.split_at(registry.render('\u{1}').len() + 1).1,
            None => self.name.clone(),
        }
    }
}

/// Whether what stands for the piece may hold a tag. The URL of a registry's repository never does.
fn may_end_in_tag(piece: &Piece) -> bool {
    match piece {
        Piece::Literal(..) => false,
        Piece::Hole(hole) => {
            !matches!(&hole.origin, Origin::Cloud(address) if address.ends_with(".repository_url"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

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
    fn only_the_whole_tag_is_latest() {
        for written in ["redis:latest", "redis", "r.io:80/redis:latest"] {
            assert!(Reference::parse(&text(written)).unwrap().latest().is_some(), "{written}");
        }
        for written in
            ["redis:latest-alpine", "redis:$", "redis:$latest", "latest:1", "$", "redis:latest@sha256:0a"]
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
        for written in ["", "a b", "a/:latest", "app:", ":", "{{ .Values.image }}", "a/"] {
            assert_eq!(Reference::parse(&text(written)), None, "{written}");
        }
    }
}
