//! References to resources and data sources, and to their instances.

use std::rc::Rc;
use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::Origin;

use super::access::suffix_of;
use super::evaluation::{Evaluation, Target};
use super::instance::{Each, Expansion, Instance, Shape};
use super::scope::Scope;
use super::value::{Data, List, More, Object, Reference, Value};
use crate::parse::syntax::{Access, Block};

/// What it costs to find a resource by its address, besides the path that leads there.
const STEPS_PER_REFERENCE: usize = 3;

impl<'p> Evaluation<'p> {
    /// What the path to a resource leads to, and how many steps belong to it; `taken` of them are its type and name.
    pub(super) fn resource_path(
        &self,
        instance: &Rc<Instance<'p>>,
        name: &str,
        accesses: &[Access],
        taken: usize,
        at: Span,
        scope: Scope<'_, 'p>,
    ) -> (Value, usize) {
        let address = format!("{}{name}", instance.prefix);
        let module = instance.module;
        let Some((_, block)) = module.resources.get(name).or_else(|| module.data_sources.get(name)) else {
            return (self.fail(format!("`{address}` is not declared"), at), accesses.len());
        };
        let is_single =
            block.body().attribute("count").is_none() && block.body().attribute("for_each").is_none();
        if is_single {
            return (self.reference(instance, block, address, Each::None, at), taken);
        }
        let expansion = self.expansion_of(&address, block.body(), Scope::of(instance, &Each::None));
        let refer = |suffix: &str, each: &Each| {
            self.reference(instance, block, format!("{address}{suffix}"), each.clone(), at)
        };
        if let Some(Access::Index(index)) = accesses.get(taken) {
            let wanted = suffix_of(&self.expression(index, scope));
            let item =
                expansion.items.iter().find(|item| wanted.is_some() && wanted == item.each.key_suffix());
            let value = match (item, wanted) {
                (Some(item), Some(suffix)) => refer(&suffix, &item.each),
                (None, Some(suffix)) if expansion.items.iter().all(|item| item.certain) => {
                    self.fail(format!("there is no instance `{address}{suffix}`"), at)
                }
                _ => reference_to(Arc::from(address), at),
            };
            return (value, taken + 1);
        }
        let is_splat = matches!(accesses.get(taken), Some(Access::Splat | Access::AttributeSplat));
        (Value::new(collection(&expansion, is_splat, at, refer), at), taken)
    }

    fn reference(
        &self,
        instance: &Rc<Instance<'p>>,
        block: &'p Block,
        address: String,
        each: Each,
        at: Span,
    ) -> Value {
        let address: Arc<str> = Arc::from(address);
        let _ = self.spend(STEPS_PER_REFERENCE, at);
        self.targets.borrow_mut().entry(address.clone()).or_insert_with(|| Target {
            instance: instance.clone(),
            block,
            each,
        });
        reference_to(address, at)
    }
}

/// The instances of a block with `count` or `for_each`, each as what `refer` makes of its suffix.
fn collection(expansion: &Expansion, is_splat: bool, at: Span, refer: impl Fn(&str, &Each) -> Value) -> Data {
    let mut list = List::default();
    let mut object = Object::default();
    for item in &expansion.items {
        let Some(suffix) = item.each.key_suffix().filter(|_| item.certain) else {
            list.more.get_or_insert(More { after: list.items.len(), origin: not_all_known(), at });
            object.more = Some((not_all_known(), at));
            continue;
        };
        let key = match &item.each {
            Each::Entry(key, _) => key.as_string(),
            _ => None,
        };
        let value = refer(&suffix, &item.each);
        match key {
            Some(key) => {
                object.entries.insert(Arc::from(key), value);
            }
            None => list.items.push(value),
        }
    }
    match expansion.shape {
        Shape::ForEach if !is_splat => Data::Object(Arc::new(object)),
        // Splats go over the instances of `for_each` only in the order of their keys, as values.
        Shape::ForEach => {
            list.items = object.entries.into_values().collect();
            Data::List(Arc::new(list))
        }
        _ => Data::List(Arc::new(list)),
    }
}

fn reference_to(address: Arc<str>, at: Span) -> Value {
    Value::new(Data::Reference(Arc::new(Reference { address, attribute: Arc::from("") })), at)
}

/// Why a collection of instances is not wholly known.
pub(super) fn not_all_known() -> Origin {
    Origin::Other("its instances are not all known".into())
}
