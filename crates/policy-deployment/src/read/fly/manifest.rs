//! `fly.toml` as far as it says which image an app runs.

use policy_text::source::{FileId, Span};
use serde::Deserialize;

/// What a manifest says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// The image and its place, where one is named: without one, Fly builds the folder.
    pub(super) image: Option<(String, Span)>,
}

#[derive(Deserialize)]
struct File {
    build: Option<Build>,
}

#[derive(Deserialize)]
struct Build {
    image: Option<toml::Spanned<String>>,
}

impl Manifest {
    /// Reads one manifest. A file that is no TOML is Fly's to refuse, and says nothing.
    pub(super) fn parse(file: FileId, text: &str) -> Self {
        let image = toml::from_str::<File>(text).ok().and_then(|manifest| manifest.build?.image);
        let image = image.map(|image| {
            let quoted = image.span();
            // Without its quotes.
            let end = quoted.end.saturating_sub(1).max(quoted.start + 1);
            (image.into_inner(), Span::new(file, quoted.start + 1..end))
        });
        Self { image }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_stands_between_its_quotes() {
        let text = "[build]\n  image = \"r.io/web:latest\"\n";
        let (image, at) = Manifest::parse(FileId(0), text).image.unwrap();
        assert_eq!((image.as_str(), &text[at.range()]), ("r.io/web:latest", "r.io/web:latest"));
    }

    #[test]
    fn a_file_that_cannot_be_read_says_nothing() {
        for text in
            ["[build]\ndockerfile = \"Dockerfile\"\n", "[build", "image = \"x\"\n", "[build]\nimage = 1\n"]
        {
            assert_eq!(Manifest::parse(FileId(0), text), Manifest::default(), "{text}");
        }
    }
}
