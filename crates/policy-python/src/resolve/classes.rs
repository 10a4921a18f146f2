//! Classes and their instances.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Interpreter;
use super::arguments::Arguments;
use super::value::{Callable, ClassId, InstanceId, ScopeId, Value};
use crate::parse::syntax::Class;

/// Classes that inherit one from the other.
const LONGEST_CHAIN: usize = 16;

/// A class.
#[derive(Debug)]
pub(super) struct ClassValue<'m> {
    /// Its names.
    pub(super) scope: ScopeId,
    pub(super) bases: Vec<Value<'m>>,
}

/// An instance of a class.
#[derive(Debug)]
pub(super) struct Instance<'m> {
    pub(super) class: ClassId,
    pub(super) attributes: BTreeMap<Rc<str>, Value<'m>>,
}

impl<'m> Interpreter<'m, '_> {
    pub(super) fn define_class(&mut self, class: &'m Class, scope: ScopeId) -> Value<'m> {
        let bases = class.bases.iter().map(|base| self.evaluate(base, scope)).collect();
        let own = self.new_class_scope(scope);
        self.run(&class.body, own);
        Value::Class(self.new_class(ClassValue { scope: own, bases }))
    }

    /// The class, and those that it inherits from.
    fn ancestry(&self, class: ClassId) -> Vec<ClassId> {
        let mut found = vec![class];
        let mut next = 0;
        while let Some(class) = found.get(next).and_then(|class| self.classes.get(class.0)) {
            found.extend(class.bases.iter().filter_map(|base| match base {
                Value::Class(base) => Some(*base),
                _ => None,
            }));
            next += 1;
            if found.len() > LONGEST_CHAIN {
                break;
            }
        }
        found
    }

    /// What a class inherits from outside of the tree, by dotted names.
    pub(crate) fn outer_bases(&self, class: ClassId) -> Vec<Rc<str>> {
        let classes = self.ancestry(class);
        let bases =
            classes.iter().filter_map(|class| self.classes.get(class.0)).flat_map(|class| &class.bases);
        bases
            .filter_map(|base| match base {
                Value::External(name) => Some(name.clone()),
                _ => None,
            })
            .collect()
    }

    /// An attribute of a class, also an inherited one.
    pub(crate) fn class_attribute(&self, class: ClassId, name: &str) -> Option<Value<'m>> {
        let classes = self.ancestry(class);
        classes.iter().find_map(|class| self.own_name(self.classes.get(class.0)?.scope, name))
    }

    pub(super) fn instantiate(&mut self, class: ClassId, arguments: &Arguments<'m>) -> Value<'m> {
        let initialiser = match self.class_attribute(class, "__init__") {
            Some(Value::Function(function)) => Some(function),
            _ => None,
        };
        let given = match &initialiser {
            // What it hands on to the class of the framework is not followed.
            Some(_) => {
                Arguments { positional: Vec::new(), named: Vec::new(), has_others: true, at: arguments.at }
            }
            None => arguments.clone(),
        };
        let bases = self.outer_bases(class);
        let made = bases.iter().find_map(|base| self.outside.call(self, base, &given));
        let instance = made.unwrap_or_else(|| {
            let attributes = arguments.named.iter().map(|(name, value)| ((*name).into(), value.clone()));
            let attributes = if initialiser.is_some() { BTreeMap::new() } else { attributes.collect() };
            Value::Instance(self.new_instance(Instance { class, attributes }))
        });
        if let Some(function) = initialiser {
            let bound = Callable { bound: Some(Box::new(instance.clone())), ..function };
            self.call_function(&bound, arguments);
        }
        instance
    }

    /// An attribute of an instance.
    pub(super) fn instance_attribute(&mut self, instance: InstanceId, name: &str) -> Value<'m> {
        let Some(found) = self.instances.get(instance.0) else { return Value::Unknown };
        if let Some(value) = found.attributes.get(name) {
            return value.clone();
        }
        let class = found.class;
        match self.class_attribute(class, name) {
            Some(Value::Function(function)) => {
                let is_property =
                    function.function.decorators.iter().any(|decorator| {
                        decorator.is_named(&["property", "cached_property", "computed_field"])
                    });
                let bound = Callable { bound: Some(Box::new(Value::Instance(instance))), ..function };
                if is_property {
                    let arguments = Arguments::none(self.place_of(&bound));
                    self.call_function(&bound, &arguments)
                } else {
                    Value::Function(bound)
                }
            }
            // A class of settings takes its values from the environment.
            Some(_) if self.is_settings(class) && self.variables.may_set_field(name) => Value::Unknown,
            Some(value) => value,
            None => Value::Unknown,
        }
    }

    fn is_settings(&self, class: ClassId) -> bool {
        self.outer_bases(class).iter().any(|base| base.ends_with("BaseSettings"))
    }

    pub(super) fn set_instance_attribute(&mut self, instance: InstanceId, name: &str, value: Value<'m>) {
        let value =
            if self.doubt.is_some() && !matches!(value, Value::Group(_)) { Value::Unknown } else { value };
        if self.pay(1)
            && let Some(instance) = self.instances.get_mut(instance.0)
        {
            instance.attributes.insert(name.into(), value);
        }
    }
}
