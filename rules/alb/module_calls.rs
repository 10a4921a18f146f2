//! The module calls that lead to a resource.

use policy_core::finding::{Finding, Label};
use policy_core::terraform::world::ModuleCall;

/// Names the module calls that make the fault true, the innermost first.
pub(super) fn called_from(finding: Finding, calls: &[ModuleCall]) -> Finding {
    calls.iter().rev().fold(finding, |finding, call| {
        finding.related(Label::new(call.at, format!("`{}` is called here", call.address)))
    })
}
