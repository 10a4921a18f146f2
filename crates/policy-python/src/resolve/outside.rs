//! What code outside of the tree does, which is told to the interpreter rather than read.

use super::group::GroupId;
use super::value::Value;
use super::{Arguments, Interpreter};

/// The packages outside of the tree that matter.
pub(crate) trait Outside {
    /// Calls a function or class by its dotted name. `None` where nothing is known of it.
    fn call<'m>(
        &self,
        interpreter: &mut Interpreter<'m, '_>,
        dotted: &str,
        arguments: &Arguments<'m>,
    ) -> Option<Value<'m>>;

    /// Whether a function that [`Outside::call`] does not know adds nothing to the groups that it is given.
    fn adds_nothing(&self, dotted: &str) -> bool;

    /// An attribute of a group.
    fn attribute<'m>(&self, interpreter: &mut Interpreter<'m, '_>, group: GroupId, name: &str) -> Value<'m>;

    /// Calls a method of a group.
    fn method<'m>(
        &self,
        interpreter: &mut Interpreter<'m, '_>,
        group: GroupId,
        name: &str,
        arguments: &Arguments<'m>,
    ) -> Value<'m>;
}
