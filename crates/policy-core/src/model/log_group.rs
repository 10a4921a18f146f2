//! Log groups: where containers write to, and for how long it is kept.

use std::sync::Arc;

use super::setting::{self, Setting};
use crate::resolve::terraform::world::Root;
use crate::source::Span;

/// A log group.
#[derive(Clone, Debug)]
pub struct LogGroup {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// After how many days entries are deleted; for ever where it is not set or 0.
    pub retention: Setting<i64>,
}

/// The log groups of a root module and all modules that it calls, by address. Those of the class `DELIVERY` are left out:
/// AWS decides how long they keep their entries.
pub(super) fn log_groups(root: &Root) -> Vec<LogGroup> {
    let resources = root.resources(&["aws_cloudwatch_log_group"]).filter(|resource| {
        let class = setting::text(&resource.body, "log_group_class");
        class.or_default("STANDARD", resource.at).is_some_and(|(class, _)| class != "DELIVERY")
    });
    resources
        .map(|resource| LogGroup {
            name: format!("{}.{}", resource.kind, resource.name).into(),
            at: resource.at,
            retention: setting::integer(&resource.body, "retention_in_days"),
        })
        .collect()
}
