//! The deployment: what is built, pushed, run, routed and called, linked across files.

pub mod build;
mod compose;
pub mod image;

use crate::parse::Parsed;
use crate::resolve::Unresolved;
use crate::source::Sources;
use build::BuildRequest;
use image::ImageUse;

/// One repository's deployment, as far as its files tell.
#[derive(Debug, Default)]
pub struct Deployment {
    /// Every place that names an image.
    pub images: Vec<ImageUse>,
    /// Every place that asks for an image to be built.
    pub builds: Vec<BuildRequest>,
    /// Values that a rule would have needed and that could not be known.
    pub unresolved: Vec<Unresolved>,
}

impl Deployment {
    /// Links what the files say.
    pub fn link(parsed: &Parsed, sources: &Sources<'_>) -> Self {
        let mut deployment = Self::default();
        compose::add(&mut deployment, parsed, sources);
        deployment
    }
}
