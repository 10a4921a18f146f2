//! Conditions of a listener rule: what a request must be like for the rule to take it.

use policy_http::path::PathPattern;
use policy_text::source::Span;
use policy_text::value::Text;

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What of the request it looks at.
    pub kind: ConditionKind,
    /// What that is compared with.
    pub patterns: Patterns,
    /// The place that has to change where there are too many or the wrong ones: the list of values.
    pub at: Span,
}

/// What of a request a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConditionKind {
    /// The path of the URL.
    PathPattern,
    /// The `Host` header.
    HostHeader,
    /// Another header.
    HttpHeader,
    /// The method.
    HttpRequestMethod,
    /// A parameter of the query string.
    QueryString,
    /// The address that the request comes from.
    SourceIp,
}

/// The values of a condition, each once: the provider takes them as a set. Each is one of the match evaluations that AWS
/// counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patterns {
    /// The values that are certain to be there.
    pub certain: Vec<Pattern>,
    /// Whether there may be more.
    pub more: bool,
}

/// One value of a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The value; for a query string the key and the value one after the other.
    pub text: Text,
    /// Where it is written.
    pub at: Span,
    /// Whether it is a regular expression rather than a pattern with wildcards.
    pub is_regex: bool,
}

impl Pattern {
    /// Whether all that `other` matches for certain matches this. Not so where either is a regular expression or not
    /// known.
    pub fn covers(&self, other: &Self) -> bool {
        self.matched().zip(other.matched()).is_some_and(|(wide, narrow)| wide.covers(&narrow))
    }

    /// What it matches. `None` where it is a regular expression or not known.
    pub fn matched(&self) -> Option<PathPattern> {
        let written = self.text.known().filter(|_| !self.is_regex)?;
        PathPattern::with_wildcards(&written)
    }
}

impl ConditionKind {
    /// Every kind.
    pub(crate) const ALL: [Self; 6] = [
        Self::PathPattern,
        Self::HostHeader,
        Self::HttpHeader,
        Self::HttpRequestMethod,
        Self::QueryString,
        Self::SourceIp,
    ];

    /// The name of the block, and of the field of AWS's interface with `-` for `_`.
    pub fn name(self) -> &'static str {
        match self {
            Self::PathPattern => "path_pattern",
            Self::HostHeader => "host_header",
            Self::HttpHeader => "http_header",
            Self::HttpRequestMethod => "http_request_method",
            Self::QueryString => "query_string",
            Self::SourceIp => "source_ip",
        }
    }
}
