//! Resources that an argument names.

use policy_terraform::resolve::value::Reference;
use policy_text::source::Span;

/// The resources that a list names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Those that are certain to be there, each with the place where it is named.
    pub named: Vec<(Reference, Span)>,
    /// Whether there may be more.
    pub more: bool,
}

impl References {
    /// All of them, where there is at least one and no more are possible.
    pub fn all(&self) -> Option<&[(Reference, Span)]> {
        (!self.more && !self.named.is_empty()).then_some(&self.named)
    }

    /// Whether one of them may be the resource at `address`.
    pub fn may_name(&self, address: &str) -> bool {
        self.named.iter().any(|(reference, _)| reference.may_mean(address))
    }
}
