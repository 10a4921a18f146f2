//! Distributions of CloudFront: the servers that they ask for what they do not keep.

use std::sync::Arc;

use policy_terraform::resolve::value::Reference;
use policy_text::source::Span;

/// A distribution.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// The full address.
    pub address: Arc<str>,
    /// Where it gets its content.
    pub origins: Vec<ContentOrigin>,
    /// Whether the root of it is a page: `index.html`.
    pub has_root_page: bool,
    /// What it answers in the place of an error of an origin.
    pub error_pages: Vec<ErrorPage>,
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

/// A page that stands for an error, whichever origin it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorPage {
    /// The head of the block.
    pub at: Span,
    /// The status that it stands for.
    pub error: i64,
    /// The status that the client gets.
    pub status: i64,
    /// The page.
    pub page: String,
}
