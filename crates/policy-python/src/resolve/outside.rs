//! What code outside of the tree does, which is told to the interpreter rather than read.

use policy_text::source::Span;

use super::group::GroupId;
use super::value::{ClassId, Value};
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

    /// Whether a function passes on every request to the application that it is given, and gives what does so.
    fn passes_on(&self, dotted: &str) -> bool;

    /// Whether what stands around an application passes every request on to it.
    fn wrapper_passes<'m>(&self, interpreter: &mut Interpreter<'m, '_>, wrapper: &Value<'m>) -> bool;

    /// Whether an attribute of a group, or of one of its attributes, decides what the group answers.
    fn decides(&self, interpreter: &Interpreter<'_, '_>, group: GroupId, name: &str) -> bool;

    /// Sets an attribute of a group. `false` where it is none that the group is known to have.
    fn set_attribute<'m>(
        &self,
        interpreter: &mut Interpreter<'m, '_>,
        group: GroupId,
        name: &str,
        value: &Value<'m>,
        at: Span,
    ) -> bool;

    /// Sets an element, a key with its value, of what an attribute of a group holds.
    fn set_item<'m>(
        &self,
        interpreter: &mut Interpreter<'m, '_>,
        group: GroupId,
        name: &str,
        entry: (&Value<'m>, &Value<'m>),
        at: Span,
    );

    /// Tells that a group is made by a class of the tree.
    fn made_by(&self, interpreter: &mut Interpreter<'_, '_>, group: GroupId, class: ClassId, at: Span);

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
