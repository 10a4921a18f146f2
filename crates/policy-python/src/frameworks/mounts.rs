//! What an application has below a path: another one, or what is not known.

use crate::resolve::group::What;
use crate::resolve::value::Value;

/// An application that another one mounts.
pub(super) fn mounted(app: &Value<'_>) -> What {
    match app {
        Value::Group(group) => What::Mounted(*group),
        _ => What::Unknown("what is mounted there is not in the repository"),
    }
}
