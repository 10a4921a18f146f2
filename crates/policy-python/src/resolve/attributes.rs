//! Attributes of values.

use policy_text::source::{FileId, Span};

use super::group::GroupId;
use super::value::{Callable, LONGEST_NAME, Value};
use super::{Arguments, Interpreter};
use crate::parse::syntax::{At, Function};

impl<'m> Interpreter<'m, '_> {
    /// `object.name`
    pub(super) fn attribute(&mut self, object: &Value<'m>, name: &str) -> Value<'m> {
        match object {
            Value::Module(_) | Value::Namespace(_) | Value::External(_) => self.imported_name(object, name),
            Value::Group(group) => self.group_attribute(*group, name),
            Value::Super(object, function) => self.inherited_attribute(object, function, name),
            // `app.router.routes.append`
            Value::Method(group, of) if self.outside.decides(self, *group, of) => {
                let longer = format!("{of}.{name}");
                if longer.len() > LONGEST_NAME {
                    Value::Unknown
                } else {
                    Value::Method(*group, longer.into())
                }
            }
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

    fn group_attribute(&mut self, group: GroupId, name: &str) -> Value<'m> {
        if let Some(value) = self.group_attributes.get(&(group, name.into())) {
            return value.clone();
        }
        let own = self.class_of_group(group).and_then(|class| self.class_attribute(class, name));
        match own {
            Some(Value::Function(function)) => self.bound(function, Value::Group(group)),
            Some(value) => value,
            None => self.outside.attribute(self, group, name),
        }
    }

    /// What a class defines behind the function that runs.
    fn inherited_attribute(&mut self, object: &Value<'m>, function: &'m Function, name: &str) -> Value<'m> {
        let class = match object {
            Value::Group(group) => self.class_of_group(*group),
            Value::Instance(instance) => self.class_of(*instance),
            Value::Class(class) => Some(*class),
            _ => None,
        };
        let defined = class.map(|class| self.definitions(class, name)).unwrap_or_default();
        let is_running =
            |value: &Value<'m>| matches!(value, Value::Function(own) if std::ptr::eq(own.function, function));
        let behind = defined.iter().position(is_running).map_or(0, |place| place + 1);
        match (defined.into_iter().nth(behind), object) {
            (Some(Value::Function(function)), object) => self.bound(function, object.clone()),
            (Some(value), _) => value,
            (None, Value::Group(group)) => self.outside.attribute(self, *group, name),
            (None, _) => Value::external(&format!("builtins.super().{name}")),
        }
    }

    /// A method of `object`, or the value of a property.
    pub(super) fn bound(&mut self, function: Callable<'m>, object: Value<'m>) -> Value<'m> {
        let is_named = |names: &[&str]| function.function.decorators.iter().any(|each| each.is_named(names));
        if is_named(&["staticmethod"]) {
            return Value::Function(function);
        }
        let is_property = is_named(&["property", "cached_property", "computed_field"]);
        let bound = Callable { bound: Some(Box::new(object)), ..function };
        if is_property {
            let arguments = Arguments::none(Span::start_of(self.file_of(bound.scope)));
            self.call_function(&bound, &arguments)
        } else {
            Value::Function(bound)
        }
    }

    /// What a module that is loaded holds under a name.
    pub(crate) fn loaded_name(&self, file: FileId, name: &str) -> Option<Value<'m>> {
        self.own_name(*self.loaded.get(&file)?, name)
    }

    /// Sets what is read as an attribute of a group.
    pub(crate) fn set_attribute_of(&mut self, group: GroupId, name: &str, value: Value<'m>) {
        if self.pay(1) && self.hold::<[Value<'_>; 2]>(1) {
            self.group_attributes.insert((group, name.into()), value);
        }
    }

    /// An attribute that something hands on by its dotted name.
    pub(crate) fn dotted_attribute(&mut self, object: &Value<'m>, dotted: &str) -> Value<'m> {
        dotted.split('.').fold(object.clone(), |object, name| self.attribute(&object, name))
    }

    /// `object.name = value`
    pub(super) fn set_attribute(&mut self, object: &Value<'m>, name: &str, value: Value<'m>, at: Span) {
        match object {
            Value::Module(file) => {
                let scope = self.load(*file);
                self.bind(scope, name, value);
            }
            Value::Instance(instance) => self.set_instance_attribute(*instance, name, value),
            Value::Group(group) => {
                let outside = self.outside;
                if !outside.set_attribute(self, *group, name, &value, at) {
                    let is_known = self.doubt.is_none() || matches!(value, Value::Group(_));
                    self.set_attribute_of(*group, name, if is_known { value } else { Value::Unknown });
                }
            }
            Value::Method(group, of) => {
                let outside = self.outside;
                outside.set_attribute(self, *group, &format!("{of}.{name}"), &value, at);
            }
            Value::Class(class) => {
                if let Some(scope) = self.classes.get(class.0).map(|class| class.scope) {
                    let value = if self.doubt.is_none() { value } else { Value::Unknown };
                    self.bind(scope, name, value);
                }
            }
            _ => {}
        }
    }

    /// A place in the file where a function is defined.
    pub(crate) fn place(&self, function: &Callable<'m>, at: At) -> Span {
        at.within(self.file_of(function.scope))
    }
}
