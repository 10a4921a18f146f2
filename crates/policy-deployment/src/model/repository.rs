//! ECR repositories: where images are pushed to, and whether a tag can be pushed twice.

use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::Text;

use super::setting::Setting;
use super::word::words;

/// A repository.
#[derive(Clone, Debug)]
pub struct Repository {
    /// The resource without the modules it is in.
    pub resource: Arc<str>,
    /// The full address.
    pub address: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// The names that the repository can have, of which parts may be unknown: several where a condition decides.
    pub names: Vec<Text>,
    /// [`Mutability::Mutable`] where it is not set.
    pub mutability: Setting<Mutability>,
    /// The wildcard filters of the tags for which the opposite holds. `None` where not all are known.
    pub exclusions: Option<Vec<String>>,
    /// The argument that sets the mutability.
    pub argument: &'static str,
    /// Whether a lifecycle policy is for it, or may be.
    pub may_expire_images: bool,
}

words! {
    /// Whether a tag of a repository can be pushed twice.
    pub enum Mutability {
        /// Every tag can.
        Mutable = "MUTABLE",
        /// No tag can.
        Immutable = "IMMUTABLE",
        /// Only a tag that is excluded can.
        ImmutableWithExclusion = "IMMUTABLE_WITH_EXCLUSION",
        /// Every tag can that is not excluded.
        MutableWithExclusion = "MUTABLE_WITH_EXCLUSION",
    }
}
