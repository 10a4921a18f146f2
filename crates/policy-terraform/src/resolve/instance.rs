//! Module instances: a module with the arguments of one call, and what has been worked out about it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::module::Module;
use super::value::Value;
use super::world::ModuleCall;
use crate::parse::syntax::{Block, Expr};

/// One module as one call sees it.
pub(super) struct Instance<'p> {
    pub(super) module: &'p Module<'p>,
    /// What addresses inside it begin with: empty for the root module, else `module.web[0].`.
    pub(super) prefix: Arc<str>,
    pub(super) calls: Arc<[ModuleCall]>,
    /// The names of the calls that lead here, as Terraform's list of installed modules has them: `web.inner`.
    pub(super) key: String,
    pub(super) inputs: Inputs<'p>,
    /// What has been evaluated; `None` while it is being evaluated.
    pub(super) memo: RefCell<HashMap<Key<'p>, Option<Value>>>,
    /// The modules that its calls lead to, by name of the call; `None` while that is being worked out.
    pub(super) children: RefCell<BTreeMap<&'p str, Option<Rc<Children<'p>>>>>,
}

/// Where an instance has the values of its variables from.
pub(super) enum Inputs<'p> {
    /// A root module: files of values, the last of which counts.
    Files(BTreeMap<&'p str, &'p Expr>),
    /// A call, to be evaluated where it stands; whether the module takes all that it gives.
    Call { from: Rc<Instance<'p>>, block: &'p Block, each: Each, is_taken: bool },
}

/// What a module instance remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key<'p> {
    Variable(&'p str),
    Local(&'p str),
    Output(&'p str),
}

/// The instances of one call.
pub(super) struct Children<'p> {
    pub(super) expansion: Expansion,
    /// One for each of the expansion's items, in the same order. Empty where the module is not in the repository.
    pub(super) instances: Vec<Rc<Instance<'p>>>,
    /// Whether the module is in the repository.
    pub(super) found: bool,
}

/// The instances that `count` or `for_each` make of a block.
#[derive(Clone, Debug)]
pub(super) struct Expansion {
    pub(super) items: Vec<Item>,
    pub(super) shape: Shape,
}

/// How instances are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Neither `count` nor `for_each`: one instance without a key.
    Single,
    /// `count`
    Count,
    /// `for_each`
    ForEach,
}

/// One instance of a block.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) each: Each,
    /// Whether the instance is certain to exist.
    pub(super) certain: bool,
}

/// What `count.index`, `each.key` and `each.value` stand for.
#[derive(Clone, Debug)]
pub(super) enum Each {
    /// Nothing: the block has neither `count` nor `for_each`.
    None,
    /// `count.index`
    Index(Value),
    /// `each.key` and `each.value`
    Entry(Value, Value),
}

impl Each {
    /// The instance's key as addresses write it: `[0]`, `["web"]`; empty where there is none, or none that is known.
    pub(super) fn suffix(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Index(index) => index.as_integer().map_or_else(String::new, |index| format!("[{index}]")),
            Self::Entry(key, _) => key.as_string().map_or_else(String::new, |key| key_suffix(&key)),
        }
    }

    /// The same. `None` where there is no key, or none that is known.
    pub(super) fn key_suffix(&self) -> Option<String> {
        Some(self.suffix()).filter(|suffix| !suffix.is_empty())
    }
}

/// A string key as addresses write it.
pub(super) fn key_suffix(key: &str) -> String {
    format!("[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\""))
}
