//! `render.yaml` as far as it says which images services run.

use policy_text::embedded::Embedded;
use policy_text::source::{FileId, Span};
use policy_text::yaml::{Node, parse_tree};

/// What a blueprint says.
#[derive(Debug, Default)]
pub(super) struct Blueprint {
    /// The images with their places: `services: [{image: {url: …}}]`.
    pub(super) images: Vec<(String, Span)>,
}

impl Blueprint {
    /// Reads one blueprint, as far as it is YAML.
    pub(super) fn parse(file: FileId, text: &str) -> Self {
        let (yaml, _) = parse_tree(&Embedded::whole(file, text));
        let services = yaml.root().and_then(|root| root.get("services"));
        let images = services.into_iter().flat_map(Node::items).filter_map(|service| {
            let url = service.path(&["image", "url"])?;
            Some((url.as_str()?.to_owned(), url.span()))
        });
        Self { images: images.collect() }
    }
}
