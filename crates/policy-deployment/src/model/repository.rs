//! ECR repositories: where images are pushed to, and whether a tag can be pushed twice.

use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::Text;

use super::setting::Setting;

/// A repository.
#[derive(Clone, Debug)]
pub struct Repository {
    /// The resource without the modules it is in.
    pub resource: Arc<str>,
    /// The full address.
    pub address: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// The repository's name, of which parts may be unknown.
    pub name: Text,
    /// `MUTABLE` where it is not set, `IMMUTABLE`, `IMMUTABLE_WITH_EXCLUSION` or `MUTABLE_WITH_EXCLUSION`.
    pub mutability: Setting<String>,
    /// The wildcard filters of the tags for which the opposite holds. `None` where not all are known.
    pub exclusions: Option<Vec<String>>,
    /// The argument that sets the mutability.
    pub argument: &'static str,
    /// Whether a lifecycle policy is for it, or may be.
    pub may_expire_images: bool,
}
