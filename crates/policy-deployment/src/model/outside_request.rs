//! Requests that something else than a page sends to an entrance: steps of pipelines, scripts.

use policy_http::served::Methods;
use policy_text::source::Span;
use policy_text::value::Text;

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct OutsideRequest {
    /// The command.
    pub at: Span,
    /// What sends it: `curl`.
    pub by: String,
    /// The whole address.
    pub url: Text,
    /// The methods that it can have.
    pub methods: Methods,
}
