//! Paths: what their first names stand for (variables, locals, modules, resources and the rest).

use std::rc::Rc;

use policy_text::source::Span;
use policy_text::value::Origin;

use super::evaluation::Evaluation;
use super::instance::{Each, Instance, Key};
use super::names::Names;
use super::scope::{Ground, Scope};
use super::value::Value;
use crate::parse::syntax::Access;

impl<'p> Evaluation<'p> {
    /// The value of a name followed by steps.
    pub(super) fn path(&self, name: &str, accesses: &[Access], at: Span, scope: Scope<'_, 'p>) -> Value {
        let (value, taken) = self.beginning(name, accesses, at, scope);
        self.access(value, accesses.get(taken..).unwrap_or_default(), at, scope)
    }

    /// The value of the name with as many steps as belong to it, and how many those are.
    fn beginning(&self, name: &str, accesses: &[Access], at: Span, scope: Scope<'_, 'p>) -> (Value, usize) {
        if let Some(value) = scope.lookup(name) {
            return (value.clone(), 0);
        }
        let instance = match scope.ground {
            Ground::Module(instance) => instance,
            Ground::Names { names, in_condition } => {
                return named(names, in_condition, name, accesses, at);
            }
            Ground::Nothing => return (self.fail(format!("the template is not given `{name}`"), at), 0),
        };
        let first = match accesses.first() {
            Some(Access::Name(name)) => Some(&**name),
            _ => None,
        };
        match (name, first) {
            ("var", Some(variable)) => (self.variable(instance, variable, at), 1),
            ("local", Some(local)) => (self.local(instance, local, at), 1),
            ("each" | "count", Some(part)) => (self.each(scope.each, name, part, at), 1),
            ("path", Some("module")) => {
                (Value::string(relative(self.root_folder(), instance.module.folder.as_str()), at), 1)
            }
            ("path", Some("root")) => (Value::string(".", at), 1),
            ("terraform", Some("workspace")) if self.options.workspace.is_some() => {
                (Value::string(self.options.workspace.as_deref().unwrap_or_default(), at), 1)
            }
            ("path" | "terraform", Some(part)) => {
                (Value::unknown(Origin::Parameter(format!("{name}.{part}").into()), at), 1)
            }
            ("self", _) => (Value::unknown_because("`self` is not followed", at), accesses.len()),
            ("module", Some(call)) => self.module_path(instance, call, accesses, at, scope),
            ("data" | "resource", Some(kind)) => match accesses.get(1) {
                Some(Access::Name(declared)) => {
                    let address = match name {
                        "data" => format!("data.{kind}.{declared}"),
                        _ => format!("{kind}.{declared}"),
                    };
                    self.resource_path(instance, &address, accesses, 2, at, scope)
                }
                _ => (self.fail("a resource is named by type and name", at), accesses.len()),
            },
            (kind, Some(name)) => {
                self.resource_path(instance, &format!("{kind}.{name}"), accesses, 1, at, scope)
            }
            (name, None) => (self.fail(format!("`{name}` is not defined"), at), accesses.len()),
        }
    }

    fn local(&self, instance: &Rc<Instance<'p>>, name: &str, at: Span) -> Value {
        let Some((&name, attribute)) = instance.module.locals.get_key_value(name) else {
            return self.fail(format!("there is no local `{name}`"), at);
        };
        let value = self.remembered(instance, Key::Local(name), attribute.name_at, || {
            self.expression(&attribute.value, Scope::of(instance, &Each::None))
        });
        value.through(at, format!("`local.{name}` is used here"))
    }

    /// The value under `key`, evaluated once. One that leads back to itself is unknown.
    pub(super) fn remembered(
        &self,
        instance: &Instance<'p>,
        key: Key<'p>,
        at: Span,
        work: impl FnOnce() -> Value,
    ) -> Value {
        if let Some(known) = instance.memo.borrow().get(&key) {
            return known.clone().unwrap_or_else(|| Value::unknown_because("it refers to itself", at));
        }
        instance.memo.borrow_mut().insert(key, None);
        let (value, _) = self.attempt(work);
        let value = self.kept(value);
        instance.memo.borrow_mut().insert(key, Some(value.clone()));
        value
    }

    fn each(&self, each: &Each, name: &str, part: &str, at: Span) -> Value {
        match (each, name, part) {
            (Each::Index(index), "count", "index") => index.clone(),
            (Each::Entry(key, _), "each", "key") => key.clone(),
            (Each::Entry(_, value), "each", "value") => value.clone(),
            _ => self.fail(format!("`{name}.{part}` has no meaning here"), at),
        }
    }
}

/// What the longest path stands for that `names` has, and how many steps belong to it. One that they have not is as
/// unknown as all of it.
fn named(names: &Names, in_condition: bool, first: &str, accesses: &[Access], at: Span) -> (Value, usize) {
    let steps = accesses.iter().map_while(|access| match access {
        Access::Name(name) => Some(&**name),
        _ => None,
    });
    let mut path = first.to_owned();
    let mut taken = 0;
    let mut known = names.get(&path, in_condition).map(|value| (value, path.clone(), 0));
    for step in steps {
        path = format!("{path}.{step}");
        taken += 1;
        known = names.get(&path, in_condition).map(|value| (value, path.clone(), taken)).or(known);
    }
    match known {
        Some((value, path, taken)) => (value.through(at, format!("`{path}` is used here")), taken),
        None => (Value::unknown(names.origin_of(&path), at), taken),
    }
}

/// The path from one folder to another.
fn relative(from: &str, to: &str) -> String {
    let parts = |path: &'_ str| {
        path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let (from, to) = (parts(from), parts(to));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.len() - shared;
    let path: Vec<String> =
        std::iter::repeat_n("..".to_owned(), up).chain(to.into_iter().skip(shared)).collect();
    if path.is_empty() { ".".to_owned() } else { path.join("/") }
}
