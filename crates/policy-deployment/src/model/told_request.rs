//! Requests that programs send to addresses which variables tell them.

use policy_http::served::Methods;
use policy_text::source::Span;
use policy_text::value::Text;

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldRequest {
    /// Where the code hands the address over.
    pub at: Span,
    /// The container or function that runs the code.
    pub owner: String,
    /// The name of the variable that the address begins with.
    pub variable: String,
    /// Where its value is written.
    pub told_at: Span,
    /// The whole address.
    pub url: Text,
    /// The methods that it can have.
    pub methods: Methods,
}
