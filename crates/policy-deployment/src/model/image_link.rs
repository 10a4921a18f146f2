//! The image that a container runs: one that is built here, or a public one whose contents are known.

use policy_docker::image::contents::Contents;
use policy_text::source::Span;

use super::built_image::BuiltImage;

/// The index of an image in [`Deployment::built_images`](super::Deployment::built_images).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BuiltImageId(pub usize);

/// The image of a container.
#[derive(Clone, Debug)]
pub enum ImageLink {
    /// One of these, which are built here. Never empty.
    Built(Vec<BuiltImageId>),
    /// A public image, of which this is known; the place names it.
    Public(String, Contents, Span),
    /// That cannot be told.
    Unknown(&'static str),
}

impl ImageLink {
    /// The images that it may be, of `all` that are built here. Empty where it is none of them, or not known.
    pub fn built<'d>(&self, all: &'d [BuiltImage]) -> Vec<&'d BuiltImage> {
        match self {
            Self::Built(ids) => ids.iter().filter_map(|id| all.get(id.0)).collect(),
            Self::Public(..) | Self::Unknown(_) => Vec::new(),
        }
    }

    /// The one image that it is, of `all` that are built here. `None` where it may be another.
    pub fn only<'d>(&self, all: &'d [BuiltImage]) -> Option<&'d BuiltImage> {
        match self {
            Self::Built(ids) => match ids.as_slice() {
                [id] => all.get(id.0),
                _ => None,
            },
            Self::Public(..) | Self::Unknown(_) => None,
        }
    }
}
