//! CloudFront distributions: what they ask for the content that they serve.

use policy_terraform::resolve::value::Reference;

/// A distribution.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// Where it gets its content.
    pub origins: Vec<ContentOrigin>,
}

/// A server that a distribution asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContentOrigin {
    /// A resource of the configuration.
    Resource(Reference),
    /// A name that is written out.
    Named(String),
    /// What cannot be told.
    Unknown,
}
