//! Autoscaling targets.

use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::Text;

use super::setting::Setting;

/// Something that is scaled.
#[derive(Clone, Debug)]
pub struct ScalingTarget {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The service of AWS that it belongs to: `ecs`.
    pub namespace: Setting<String>,
    /// What it is, with the place of that.
    pub resource: Option<(Text, Span)>,
    /// What of it is scaled.
    pub dimension: Setting<String>,
}
