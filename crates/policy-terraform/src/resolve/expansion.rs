//! `count` and `for_each`: which instances a block has.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use policy_text::source::{RepoPath, Span};

use super::evaluation::{Evaluation, unknown_like};
use super::expression::elements;
use super::instance::{Children, Each, Expansion, Inputs, Instance, Item, Shape};
use super::limits::{CutOff, Limit, MAX_INSTANCES, MAX_MODULES};
use super::scope::Scope;
use super::value::{Data, Value};
use super::world::ModuleCall;
use crate::parse::syntax::Body;

impl<'p> Evaluation<'p> {
    /// The instances of a block with this body.
    pub(super) fn expansion(&self, body: &Body, scope: Scope<'_, 'p>) -> Expansion {
        if let Some(count) = body.attribute("count") {
            let value = self.expression(&count.value, scope);
            return Expansion { items: counted(&value, count.value.at, &self.cut_off), shape: Shape::Count };
        }
        if let Some(for_each) = body.attribute("for_each") {
            let value = self.expression(&for_each.value, scope);
            return Expansion {
                items: each_entry(&value, for_each.value.at, &self.cut_off),
                shape: Shape::ForEach,
            };
        }
        Expansion { items: vec![Item { each: Each::None, certain: true }], shape: Shape::Single }
    }

    /// The instances of the resource at `address`, worked out once.
    pub(super) fn expansion_of(&self, address: &str, body: &Body, scope: Scope<'_, 'p>) -> Rc<Expansion> {
        if let Some(known) = self.expansions.borrow().get(address) {
            let none = || Rc::new(Expansion { items: Vec::new(), shape: Shape::Single });
            return known.clone().unwrap_or_else(none);
        }
        self.expansions.borrow_mut().insert(address.to_owned(), None);
        let expansion = Rc::new(self.expansion(body, scope));
        self.expansions.borrow_mut().insert(address.to_owned(), Some(expansion.clone()));
        expansion
    }

    /// The module instances that the call `name` leads to. `None` where there is no such call.
    pub(super) fn children(&self, instance: &Rc<Instance<'p>>, name: &str) -> Option<Rc<Children<'p>>> {
        let (&name, block) = instance.module.calls.get(name)?;
        if let Some(known) = instance.children.borrow().get(name) {
            let missing = Expansion { items: Vec::new(), shape: Shape::Single };
            let none = || Rc::new(Children { expansion: missing, instances: Vec::new(), found: false });
            return Some(known.clone().unwrap_or_else(none));
        }
        instance.children.borrow_mut().insert(name, None);
        let expansion = self.expansion(block.body(), Scope::of(instance, &Each::None));
        let key = if instance.key.is_empty() { name.to_owned() } else { format!("{}.{name}", instance.key) };
        let module = self
            .modules
            .called(instance.module, block)
            .or_else(|| self.vendored.folder(&key))
            .filter(|folder| !is_in_chain(instance, folder))
            .and_then(|folder| self.modules.by_folder.get(&folder));
        let mut children = Children { expansion, instances: Vec::new(), found: module.is_some() };
        if let Some(module) = module {
            let is_taken = module.takes(block);
            for item in &children.expansion.items {
                if self.module_count.get() >= MAX_MODULES {
                    self.cut_off.note(Limit::Modules, block.at);
                    children.found = false;
                    break;
                }
                self.module_count.set(self.module_count.get() + 1);
                let address = format!("{}module.{name}{}", instance.prefix, item.each.suffix());
                let call = ModuleCall { address: Arc::from(address.as_str()), at: block.at };
                children.instances.push(Rc::new(Instance {
                    module,
                    prefix: Arc::from(format!("{address}.")),
                    calls: instance.calls.iter().cloned().chain([call]).collect(),
                    key: key.clone(),
                    inputs: Inputs::Call { from: instance.clone(), block, each: item.each.clone(), is_taken },
                    memo: RefCell::default(),
                    children: RefCell::default(),
                }));
            }
        }
        let children = Rc::new(children);
        instance.children.borrow_mut().insert(name, Some(children.clone()));
        Some(children)
    }
}

/// Whether the module at `folder` is one of those that lead to `instance`: calling it again would not end.
fn is_in_chain(instance: &Rc<Instance<'_>>, folder: &RepoPath) -> bool {
    let mut at = Some(instance);
    while let Some(instance) = at {
        if instance.module.folder == *folder {
            return true;
        }
        at = match &instance.inputs {
            Inputs::Call { from, .. } => Some(from),
            Inputs::Files(_) => None,
        };
    }
    false
}

fn counted(value: &Value, at: Span, cut_off: &CutOff) -> Vec<Item> {
    let counts: Option<Vec<usize>> = value
        .alternatives()
        .iter()
        .map(|value| value.as_integer().and_then(|count| usize::try_from(count).ok()))
        .collect();
    let Some(counts) = counts else {
        let each = Each::Index(unknown_like(value, at));
        return vec![Item { each, certain: false }];
    };
    let least = counts.iter().copied().min().unwrap_or(0);
    let most = counts.iter().copied().max().unwrap_or(0);
    let mut items: Vec<Item> = (0..most.min(MAX_INSTANCES))
        .map(|index| Item { each: Each::Index(Value::number(index, at)), certain: index < least })
        .collect();
    if most > MAX_INSTANCES {
        cut_off.note(Limit::Instances, at);
        items.push(Item { each: Each::Index(Limit::Instances.value(at)), certain: false });
    }
    items
}

fn each_entry(value: &Value, at: Span, cut_off: &CutOff) -> Vec<Item> {
    let mut items: Vec<(Item, String)> = Vec::new();
    let mut unseen = None;
    let alternatives = value.alternatives();
    for (index, alternative) in alternatives.iter().enumerate() {
        let elements = match elements(alternative, at) {
            Ok(elements) => elements,
            Err(unknown) => {
                unseen.get_or_insert(unknown);
                continue;
            }
        };
        if let Some(more) = elements.more {
            unseen.get_or_insert(Value::unknown(more.origin, more.at));
        }
        if elements.entries.len() > MAX_INSTANCES {
            cut_off.note(Limit::Instances, at);
            unseen.get_or_insert_with(|| Limit::Instances.value(at));
        }
        let mut present = Vec::new();
        for (key, value) in elements.entries.into_iter().take(MAX_INSTANCES) {
            // A set counts by its elements.
            let Some(name) = key.as_string() else {
                unseen.get_or_insert_with(|| unknown_like(&key, at));
                continue;
            };
            present.push(name.clone());
            if !items.iter().any(|(_, seen)| *seen == name) {
                // In an earlier alternative it was missing.
                items.push((Item { each: Each::Entry(key, value), certain: index == 0 }, name));
            }
        }
        for (item, name) in &mut items {
            item.certain &= present.contains(name);
        }
    }
    if alternatives.iter().any(|alternative| !matches!(alternative.data, Data::List(_) | Data::Object(_))) {
        for (item, _) in &mut items {
            item.certain = false;
        }
    }
    let unknown = unseen.map(|unknown| Item { each: Each::Entry(unknown.clone(), unknown), certain: false });
    items.into_iter().map(|(item, _)| item).chain(unknown).collect()
}
