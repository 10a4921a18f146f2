//! Log groups: where containers write to, and for how long it is kept.

use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::Text;

use super::setting::Setting;

/// A log group.
#[derive(Clone, Debug)]
pub struct LogGroup {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// What AWS calls it. `None` where nothing is known of that.
    pub log_name: Option<Text>,
    /// The head of the block.
    pub at: Span,
    /// After how many days entries are deleted; for ever where it is not set or 0.
    pub retention: Setting<i64>,
}
