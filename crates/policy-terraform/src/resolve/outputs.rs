//! Paths into modules: `module.web.url`, `module.web[0].url`, `module.web[*].url`.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::Origin;

use super::access::suffix_of;
use super::evaluation::Evaluation;
use super::instance::{Children, Each, Instance, Key, Shape};
use super::references::not_all_known;
use super::scope::Scope;
use super::value::{Data, List, More, Object, Value};
use crate::parse::syntax::Access;

impl<'p> Evaluation<'p> {
    /// What a path into a module leads to, and how many steps belong to it.
    pub(super) fn module_path(
        &self,
        instance: &Rc<Instance<'p>>,
        call: &str,
        accesses: &[Access],
        at: Span,
        scope: Scope<'_, 'p>,
    ) -> (Value, usize) {
        let all = accesses.len();
        let Some(children) = self.children(instance, call) else {
            return (self.fail(format!("there is no module `{call}`"), at), all);
        };
        let address = format!("{}module.{call}", instance.prefix);
        if !children.found {
            // The path is all that is known of an output that is not in the repository.
            return (cloud(&format!("{address}{}", written(accesses.get(1..).unwrap_or_default())), at), all);
        }
        let (key, output) = match (children.expansion.shape, accesses.get(1), accesses.get(2)) {
            (Shape::Single, Some(Access::Name(output)), _) => (None, Some((output, 2))),
            (_, Some(Access::Index(index)), Some(Access::Name(output))) => (Some(index), Some((output, 3))),
            (_, Some(Access::Splat), Some(Access::Name(output))) => {
                return (self.splat_outputs(&children, output, at), 3);
            }
            _ => (None, None),
        };
        let Some((output, taken)) = output else {
            return (self.all_outputs(&children, at), 1);
        };
        let chosen = match key {
            None => children.instances.first(),
            Some(index) => {
                let index = self.expression(index, scope);
                let wanted = suffix_of(&index);
                let position = children
                    .expansion
                    .items
                    .iter()
                    .position(|item| wanted.is_some() && wanted == item.each.key_suffix());
                position.and_then(|position| children.instances.get(position))
            }
        };
        match chosen {
            Some(child) => (self.output(child, output, at), taken),
            None if children.expansion.items.iter().all(|item| item.certain) && key.is_none() => {
                (self.fail(format!("`{address}` has no instances"), at), taken)
            }
            None => (cloud(&format!("{address}.{output}"), at), taken),
        }
    }

    fn output(&self, child: &Rc<Instance<'p>>, name: &str, at: Span) -> Value {
        self.decided_output(child, name, at).through(at, format!("output `{name}` is used here"))
    }

    fn decided_output(&self, child: &Rc<Instance<'p>>, name: &str, at: Span) -> Value {
        let Some((&name, block)) = child.module.outputs.get(name) else {
            return self.fail(format!("the module has no output `{name}`"), at);
        };
        let Some(value) = block.body().attribute("value") else {
            return self.fail(format!("output `{name}` has no value"), at);
        };
        self.remembered(child, Key::Output(name), value.name_at, || {
            self.expression(&value.value, Scope::of(child, &Each::None))
        })
    }

    fn splat_outputs(&self, children: &Children<'p>, output: &str, at: Span) -> Value {
        let items = children.instances.iter().map(|child| self.output(child, output, at)).collect();
        spread(children, items, at)
    }

    /// A module as a value: an object of its outputs, or a collection of such objects.
    fn all_outputs(&self, children: &Children<'p>, at: Span) -> Value {
        let objects: Vec<Value> = children
            .instances
            .iter()
            .map(|child| {
                let names = child.module.outputs.iter();
                let entries = names.map(|(&name, _)| (Arc::from(name), self.output(child, name, at)));
                Value::object(entries.collect(), at)
            })
            .collect();
        match children.expansion.shape {
            Shape::Single => objects.into_iter().next().unwrap_or_else(|| Value::null(at)),
            Shape::Count => spread(children, objects, at),
            Shape::ForEach => {
                let mut object = Object::default();
                for (item, value) in children.expansion.items.iter().zip(objects) {
                    match &item.each {
                        Each::Entry(key, _) if item.certain && key.as_string().is_some() => {
                            object.entries.insert(key.as_string().unwrap_or_default().into(), value);
                        }
                        _ => object.more = Some((not_all_known(), at)),
                    }
                }
                Value::new(Data::Object(Arc::new(object)), at)
            }
        }
    }
}

fn spread(children: &Children<'_>, values: Vec<Value>, at: Span) -> Value {
    let mut list = List::default();
    for (item, value) in children.expansion.items.iter().zip(values) {
        if item.certain {
            list.items.push(value);
        } else {
            list.more.get_or_insert(More { after: list.items.len(), origin: not_all_known(), at });
        }
    }
    Value::new(Data::List(Arc::new(list)), at)
}

/// Steps as they are written, as far as they are names.
fn written(accesses: &[Access]) -> String {
    accesses
        .iter()
        .map(|access| match access {
            Access::Name(name) => format!(".{name}"),
            Access::Index(_) => String::new(),
            Access::Splat | Access::AttributeSplat => "[*]".to_owned(),
        })
        .collect()
}

/// A path into a module that is not in the repository: the path is all that is known of its outputs.
fn cloud(path: &str, at: Span) -> Value {
    Value::unknown(Origin::Cloud(Arc::from(path)), at)
}

/// The outputs of a module instance, by name.
pub(super) fn outputs<'p>(
    evaluation: &Evaluation<'p>,
    instance: &Rc<Instance<'p>>,
) -> BTreeMap<Arc<str>, Value> {
    let blocks = instance.module.outputs.iter();
    blocks
        .map(|(&name, block)| (Arc::from(name), evaluation.decided_output(instance, name, block.at)))
        .collect()
}
