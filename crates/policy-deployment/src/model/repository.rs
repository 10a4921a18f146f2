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

/// Whether a tag of a repository can be pushed twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mutability {
    /// Every tag can.
    Mutable,
    /// No tag can.
    Immutable,
    /// Only a tag that is excluded can.
    ImmutableWithExclusion,
    /// Every tag can that is not excluded.
    MutableWithExclusion,
    /// What AWS does not know, as it is written.
    Other(String),
}

impl Mutability {
    fn name(&self) -> &str {
        match self {
            Self::Mutable => "MUTABLE",
            Self::Immutable => "IMMUTABLE",
            Self::ImmutableWithExclusion => "IMMUTABLE_WITH_EXCLUSION",
            Self::MutableWithExclusion => "MUTABLE_WITH_EXCLUSION",
            Self::Other(written) => written,
        }
    }
}

impl From<String> for Mutability {
    fn from(written: String) -> Self {
        let known =
            [Self::Mutable, Self::Immutable, Self::ImmutableWithExclusion, Self::MutableWithExclusion];
        known.into_iter().find(|known| known.name() == written).unwrap_or(Self::Other(written))
    }
}
