//! What registers machines with target groups, beside services.

use std::sync::Arc;

use policy_terraform::resolve::value::Reference;
use policy_text::source::Span;

/// Something that registers machines, each by its instance id.
#[derive(Clone, Debug)]
pub struct Machines {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The target groups that are resources of the configuration, each with the place that names it.
    pub target_groups: Vec<(Span, Reference)>,
    /// Whether it is created for certain.
    pub certain: bool,
}
