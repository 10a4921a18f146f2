//! The evaluation of one root module: its bounds, and what is shared between expressions.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use policy_text::budget::{Budget, TooCostly};
use policy_text::source::{RepoPath, Sources, Span};
use policy_text::value::{Origin, Piece};

use super::instance::{Each, Expansion, Instance};
use super::limits::{BYTES_PER_STEP, CutOff, Limit, MAX_DEPTH};
use super::module::Modules;
use super::value::{Data, Value};
use super::vendored::Vendored;
use crate::TerraformOptions;
use crate::parse::syntax::Block;

/// The most elements, at any depth, of a value that is kept under a name.
const MAX_WEIGHT: usize = 200_000;

/// Elements of a value that take as much memory as a step may.
const WEIGHT_PER_STEP: usize = 4;

/// Stack that is left when more is taken, and how much is taken.
const RED_ZONE: usize = 256 << 10;
const STACK: usize = 4 << 20;

/// The evaluation of one root module in one environment.
pub(super) struct Evaluation<'p> {
    pub(super) modules: &'p Modules<'p>,
    /// The files that functions read. `None` where nothing says which folder their paths count from.
    pub(super) files: Option<Files<'p>>,
    pub(super) options: &'p TerraformOptions,
    pub(super) vendored: Vendored,
    /// The resources that references lead to, by address.
    pub(super) targets: RefCell<HashMap<Arc<str>, Target<'p>>>,
    /// The instances of resources, by address; `None` while they are being worked out.
    pub(super) expansions: RefCell<HashMap<String, Option<Rc<Expansion>>>>,
    pub(super) module_count: Cell<u32>,
    pub(super) cut_off: CutOff,
    budget: Budget,
    spent: Cell<u64>,
    depth: Cell<u32>,
    failed: Cell<bool>,
}

/// The files of the repository, by paths from the folder of the root module.
#[derive(Clone, Copy)]
pub(super) struct Files<'p> {
    pub(super) sources: &'p Sources<'p>,
    pub(super) folder: &'p RepoPath,
}

/// The declaration behind an address.
#[derive(Clone)]
pub(super) struct Target<'p> {
    pub(super) instance: Rc<Instance<'p>>,
    pub(super) block: &'p Block,
    pub(super) each: Each,
}

impl<'p> Evaluation<'p> {
    /// For the root module in `folder`.
    pub(super) fn new(
        modules: &'p Modules<'p>,
        sources: &'p Sources<'p>,
        options: &'p TerraformOptions,
        folder: &'p RepoPath,
        steps: u64,
    ) -> Self {
        Self {
            files: Some(Files { sources, folder }),
            vendored: Vendored::read(folder, sources),
            ..Self::without_files(modules, options, steps)
        }
    }

    /// For expressions that stand in no module.
    pub(super) fn without_files(modules: &'p Modules<'p>, options: &'p TerraformOptions, steps: u64) -> Self {
        Self {
            modules,
            files: None,
            options,
            vendored: Vendored::default(),
            targets: RefCell::default(),
            expansions: RefCell::default(),
            module_count: Cell::new(0),
            cut_off: CutOff::default(),
            budget: Budget::of_steps(steps),
            spent: Cell::new(0),
            depth: Cell::new(0),
            failed: Cell::new(false),
        }
    }

    /// The folder of the root module.
    pub(super) fn root_folder(&self) -> &str {
        self.files.map_or("", |files| files.folder.as_str())
    }

    /// Pays for `steps`; what is refused is noted at `at`.
    pub(super) fn spend(&self, steps: usize, at: Span) -> Result<(), TooCostly> {
        self.spent.set(self.spent.get().saturating_add(steps as u64));
        let paid = self.budget.spend(steps);
        if paid.is_err() {
            self.cut_off.note(Limit::Steps, at);
        }
        paid
    }

    /// Whether it came to cost too much.
    pub(super) fn is_spent(&self) -> bool {
        self.budget.is_spent()
    }

    /// How many steps it took so far.
    pub(super) fn spent(&self) -> u64 {
        self.spent.get()
    }

    /// Runs one step of an evaluation within the bounds; beyond them the value is unknown.
    pub(super) fn step(&self, at: Span, work: impl FnOnce() -> Value) -> Value {
        if self.spend(1, at).is_err() {
            return Limit::Steps.value(at);
        }
        let depth = self.depth.get();
        if depth >= MAX_DEPTH {
            self.cut_off.note(Limit::Depth, at);
            return Limit::Depth.value(at);
        }
        self.depth.set(depth + 1);
        let value = stacker::maybe_grow(RED_ZONE, STACK, work);
        self.depth.set(depth);
        value
    }

    /// What Terraform would answer with an error: unknown, and a failure for `try` and `can`.
    pub(super) fn fail(&self, reason: impl Into<std::borrow::Cow<'static, str>>, at: Span) -> Value {
        self.failed.set(true);
        Value::unknown_because(reason, at)
    }

    /// A value to be kept under a name, unless it is so large that walking through it would not end.
    pub(super) fn kept(&self, value: Value) -> Value {
        let mut left = MAX_WEIGHT;
        let at = value.at();
        if !weigh(&value, &mut left) {
            return Value::unknown_because(format!("it has more than {MAX_WEIGHT} elements"), at);
        }
        match self.spend((MAX_WEIGHT - left) / WEIGHT_PER_STEP, at) {
            Ok(()) => value,
            Err(_) => Limit::Steps.value(at),
        }
    }

    /// Evaluates with a clean slate and says whether it failed. Failures inside do not count outside.
    pub(super) fn attempt<T>(&self, work: impl FnOnce() -> T) -> (T, bool) {
        let before = self.failed.replace(false);
        let value = work();
        (value, self.failed.replace(before))
    }
}

/// How many elements, pieces of text and the like a value has, at any depth.
pub(super) fn weight(value: &Value) -> usize {
    let mut left = MAX_WEIGHT;
    weigh(value, &mut left);
    MAX_WEIGHT - left
}

/// What it costs to give `value` to a function, or to be given it: functions look at its elements, and at those in them.
pub(super) fn cost(value: &Value) -> usize {
    let size = |value: &Value| match &value.data {
        Data::List(list) => 1 + list.items.len(),
        Data::Object(object) => 1 + object.entries.len(),
        _ => 1,
    };
    match &value.data {
        Data::List(list) => list.items.iter().map(size).sum(),
        Data::Object(object) => object.entries.values().map(size).sum(),
        Data::String(text) => {
            let pieces = text.pieces();
            pieces.len()
                + pieces.iter().filter_map(Piece::as_literal).map(str::len).sum::<usize>() / BYTES_PER_STEP
        }
        _ => 0,
    }
}

/// Counts the elements of a value down from `left`. False where that does not suffice.
fn weigh(value: &Value, left: &mut usize) -> bool {
    let Some(rest) = left.checked_sub(1) else { return false };
    *left = rest;
    match &value.data {
        Data::List(list) => list.items.iter().all(|item| weigh(item, left)),
        Data::Object(object) => object.entries.values().all(|entry| weigh(entry, left)),
        Data::OneOf(values) => values.iter().all(|value| weigh(value, left)),
        Data::String(text) => {
            // A text weighs as much as it takes to copy it.
            let pieces = text.pieces().len();
            let bytes: usize =
                text.pieces().iter().filter_map(|piece| piece.as_literal()).map(str::len).sum();
            left.checked_sub(pieces + bytes / 64).is_some_and(|rest| {
                *left = rest;
                true
            })
        }
        _ => true,
    }
}

/// An unknown value for the reason that `value` is not known.
pub(super) fn unknown_like(value: &Value, at: Span) -> Value {
    let origin = match &value.data {
        Data::Unknown(origin) => origin.clone(),
        Data::Reference(reference) => reference.origin(),
        Data::String(text) => match text.holes().next() {
            Some(hole) => hole.origin.clone(),
            None => Origin::Other("it is not what is expected here".into()),
        },
        Data::OneOf(_) => Origin::Other("it depends on a condition".into()),
        _ => Origin::Other("it is not what is expected here".into()),
    };
    Value::unknown(origin, at)
}

/// Applies `work` to every combination of the alternatives of `values`.
pub(super) fn for_alternatives(values: &[Value], at: Span, mut work: impl FnMut(&[Value]) -> Value) -> Value {
    if values.iter().all(|value| !matches!(value.data, Data::OneOf(_))) {
        return work(values);
    }
    let mut combinations: Vec<Vec<Value>> = vec![Vec::new()];
    for value in values {
        let alternatives = value.alternatives();
        if combinations.len() * alternatives.len() > 2 * Value::MAX_ALTERNATIVES {
            return Value::unknown_because("more than 8 alternatives", at);
        }
        combinations = combinations
            .iter()
            .flat_map(|chosen| {
                alternatives.iter().map(|alternative| {
                    let mut chosen = chosen.clone();
                    chosen.push(alternative.clone());
                    chosen
                })
            })
            .collect();
    }
    Value::one_of(combinations.iter().map(|chosen| work(chosen)), at)
}
