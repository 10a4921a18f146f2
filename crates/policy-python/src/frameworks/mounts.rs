//! What an application has below a path: another one, or what is not known.

use policy_text::source::Span;

use crate::resolve::Interpreter;
use crate::resolve::group::{GroupId, Kind, Path, What};
use crate::resolve::value::Value;

/// An application that another one mounts.
pub(super) fn mounted(app: &Value<'_>) -> What {
    match app {
        Value::Group(group) => What::Mounted(*group),
        _ => What::Unknown("what is mounted there is not in the repository"),
    }
}

/// Leaves it open what a group answers beside what it lists. What is done to a blueprint may reach the whole application, whose
/// paths need not begin with its prefix.
pub(super) fn open(interpreter: &mut Interpreter<'_, '_>, group: GroupId, why: &'static str, at: Span) {
    let is_part = interpreter.group(group).is_some_and(|group| group.kind == Kind::Blueprint);
    let what = if is_part { What::UnknownAnywhere(why) } else { What::Unknown(why) };
    interpreter.register(group, Path::default(), what, at);
}
