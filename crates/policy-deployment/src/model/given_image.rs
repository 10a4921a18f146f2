//! Images that pipelines and scripts write into task definitions before they register them.

use policy_text::value::Text;

/// An image that is written into a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenImage {
    /// The family of the task definition, where one is asked for before.
    pub family: Option<Text>,
    /// The container.
    pub container: Which,
    /// The image.
    pub image: Text,
}

/// A container of a task definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one with this name.
    Named(Text),
    /// The one at this place.
    At(usize),
    /// The only one, or all.
    Only,
}
