//! Attributes of values.

use policy_text::source::Span;

use super::Interpreter;
use super::value::{Callable, Value};
use crate::parse::syntax::At;

impl<'m> Interpreter<'m, '_> {
    /// `object.name`
    pub(super) fn attribute(&mut self, object: &Value<'m>, name: &str) -> Value<'m> {
        match object {
            Value::Module(_) | Value::Namespace(_) | Value::External(_) => self.imported_name(object, name),
            Value::Group(group) => self.outside.attribute(self, *group, name),
            Value::Class(class) => {
                let inherited =
                    || Some(Value::External(format!("{}.{name}", self.outer_bases(*class).first()?).into()));
                self.class_attribute(*class, name).or_else(inherited).unwrap_or(Value::Unknown)
            }
            Value::Instance(instance) => self.instance_attribute(*instance, name),
            Value::Text(_) | Value::List(_) | Value::Dict(_) | Value::Entries(_) => {
                Value::Own(Box::new(object.clone()), name.into())
            }
            _ => Value::Unknown,
        }
    }

    /// An attribute that something hands on by its dotted name.
    pub(crate) fn dotted_attribute(&mut self, object: &Value<'m>, dotted: &str) -> Value<'m> {
        dotted.split('.').fold(object.clone(), |object, name| self.attribute(&object, name))
    }

    /// `object.name = value`
    pub(super) fn set_attribute(&mut self, object: &Value<'m>, name: &str, value: Value<'m>) {
        match object {
            Value::Module(file) => {
                let scope = self.load(*file);
                self.bind(scope, name, value);
            }
            Value::Instance(instance) => self.set_instance_attribute(*instance, name, value),
            _ => {}
        }
    }

    /// A place in the file where a function is defined.
    pub(crate) fn place(&self, function: &Callable<'m>, at: At) -> Span {
        at.within(self.file_of(function.scope))
    }
}
