//! Classes and their instances.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Interpreter;
use super::arguments::Arguments;
use super::group::GroupId;
use super::value::{Callable, ClassId, InstanceId, ScopeId, Value};
use crate::parse::syntax::Class;

/// Classes that inherit one from the other.
const LONGEST_CHAIN: usize = 16;
/// Classes that one inherits from by itself.
const MOST_BASES: usize = 16;

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
        let bases = class.bases.iter().take(MOST_BASES).map(|base| self.evaluate(base, scope));
        let mut bases: Vec<_> = bases.collect();
        if class.bases.len() > MOST_BASES {
            bases.push(Value::Unknown);
        }
        let own = self.new_class_scope(scope);
        self.run(&class.body, own);
        let inherited = bases.iter().find_map(|base| match base {
            Value::Class(base) => self.class_attribute(*base, "__init_subclass__"),
            _ => None,
        });
        let made = Value::Class(self.new_class(ClassValue { scope: own, bases }));
        if let Some(Value::Function(function)) = inherited {
            let bound = Callable { bound: Some(Box::new(made.clone())), ..function };
            self.call_function(&bound, &Arguments::none(class.at.within(self.file_of(scope))));
        }
        made
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

    /// Whether a class inherits from what is not known.
    pub(crate) fn inherits_unknown(&self, class: ClassId) -> bool {
        let classes = self.ancestry(class);
        let mut bases =
            classes.iter().filter_map(|class| self.classes.get(class.0)).flat_map(|class| &class.bases);
        bases.any(|base| !matches!(base, Value::External(_) | Value::Class(_)))
    }

    /// The names that a class and those that it inherits from define.
    pub(crate) fn class_names(&mut self, class: ClassId) -> Vec<(Rc<str>, Value<'m>)> {
        let classes = self.ancestry(class);
        let scopes = classes.iter().filter_map(|class| Some(self.classes.get(class.0)?.scope));
        let scopes: Vec<ScopeId> = scopes.collect();
        let count = scopes.iter().filter_map(|scope| self.scopes.get(scope.0)).map(|scope| scope.names.len());
        if !self.pay(count.sum()) {
            return Vec::new();
        }
        scopes.into_iter().flat_map(|scope| self.names(scope)).collect()
    }

    /// What a class and those that it inherits from define under a name, the nearest first.
    pub(crate) fn definitions(&self, class: ClassId, name: &str) -> Vec<Value<'m>> {
        let classes = self.ancestry(class);
        let defined = |class: &ClassId| self.own_name(self.classes.get(class.0)?.scope, name);
        classes.iter().filter_map(defined).collect()
    }

    /// The class of an instance.
    pub(crate) fn class_of(&self, instance: InstanceId) -> Option<ClassId> {
        self.instances.get(instance.0).map(|instance| instance.class)
    }

    /// The class of the tree by which a group is made.
    pub(crate) fn class_of_group(&self, group: GroupId) -> Option<ClassId> {
        self.group_classes.get(&group).copied()
    }

    /// The group that a value is or wraps.
    pub(crate) fn group_in(&self, value: &Value<'m>) -> Option<GroupId> {
        match value {
            Value::Group(group) => Some(*group),
            Value::Instance(instance) => {
                let mut held =
                    self.instances.get(instance.0)?.attributes.values().filter_map(|value| match value {
                        Value::Group(group) => Some(*group),
                        _ => None,
                    });
                held.next().filter(|_| held.next().is_none())
            }
            _ => None,
        }
    }

    /// Whether what wraps a group passes every request on to it.
    pub(crate) fn passes_on(&mut self, wrapper: &Value<'m>) -> bool {
        let outside = self.outside;
        !matches!(wrapper, Value::Group(_)) && outside.wrapper_passes(self, wrapper)
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
            let named = arguments.named.iter().map(|(name, value)| ((**name).into(), value.clone()));
            // What is given without a name is held under its number, which no name is.
            let positional = arguments.positional.iter().enumerate();
            let positional = positional.map(|(index, value)| (index.to_string().into(), value.clone()));
            let attributes =
                if initialiser.is_some() { BTreeMap::new() } else { named.chain(positional).collect() };
            if self.hold::<[Instance<'_>; 4]>(1 + attributes.len()) {
                Value::Instance(self.new_instance(Instance { class, attributes }))
            } else {
                Value::Unknown
            }
        });
        if let Value::Group(group) = &instance {
            self.group_classes.insert(*group, class);
            self.outside.made_by(self, *group, class, arguments.at);
        }
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
            Some(Value::Function(function)) => self.bound(function, Value::Instance(instance)),
            _ if let Some(told) = self.told_field(class, name) => told,
            // A class of settings takes its values from the environment.
            Some(_) if self.is_settings(class) && self.variables.may_set_field(name) => Value::Unknown,
            Some(value) => value,
            None => Value::Unknown,
        }
    }

    fn told_field(&self, class: ClassId, name: &str) -> Option<Value<'m>> {
        self.told.as_ref()?;
        self.variables.told_field(name).filter(|_| self.is_settings(class)).map(Value::text)
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
