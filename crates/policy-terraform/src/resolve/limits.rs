//! Limits on the evaluation of one root module, and what is reported when one is reached.

use std::cell::RefCell;
use std::collections::BTreeSet;

use policy_text::source::Span;
use policy_text::{Problem, Unresolved};

use super::value::Value;

/// What the evaluation of one root module may cost: a step for each expression, for each element that a function is given or
/// gives, and for some bytes of text.
pub(super) const MAX_STEPS: u64 = 3_000_000;

/// What the evaluation of all of them may cost, besides what each has of its own.
pub(super) const ALL_STEPS: u64 = 12_000_000;

/// What each block of a root module adds to what the module may cost, whatever it and the others have taken.
pub(super) const STEPS_PER_BLOCK: u64 = 500;

/// How many root modules are evaluated before it is counted what is left for the others: as many with any number of threads.
pub(super) const AT_A_TIME: usize = 8;

/// What a resource costs besides its arguments: it is kept until all rules have seen it.
pub(super) const STEPS_PER_RESOURCE: usize = 140;

/// What a block in a resource costs besides its arguments: it is kept with the resource.
pub(super) const STEPS_PER_NESTED_BLOCK: usize = 30;

/// What each element and each piece of text of an argument costs once it is worked out: it is kept with the resource.
pub(super) const STEPS_PER_KEPT: usize = 8;

/// How many bytes of text cost a step.
pub(super) const BYTES_PER_STEP: usize = 16;

/// The most expressions that are evaluated one inside another, through locals, variables and outputs.
pub(super) const MAX_DEPTH: u32 = 2_000;

/// The most module instances below one root module.
pub(super) const MAX_MODULES: u32 = 2_000;

/// The most resources and data sources of one root module.
pub(super) const MAX_RESOURCES: usize = 20_000;

/// The most instances that one block, `dynamic` ones too, is expanded to.
pub(super) const MAX_INSTANCES: usize = 1_000;

/// A bound of the evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Limit {
    Steps,
    Depth,
    Modules,
    Resources,
    Instances,
}

impl Limit {
    /// Whether one place says it all: from there on, everything is cut off.
    fn is_final(self) -> bool {
        self != Self::Instances
    }

    fn what(self) -> &'static str {
        match self {
            Self::Steps => "this value and those evaluated after it",
            Self::Depth => "this value and others like it",
            Self::Modules => "this module and those called after it",
            Self::Resources => "this resource and those after it",
            Self::Instances => "the instances of this block after the first 1,000",
        }
    }

    /// Why there is no value.
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Steps => "the evaluation of this root module costs too much",
            Self::Depth => "values depend on each other more than 2,000 deep",
            Self::Modules => "the root module calls more than 2,000 modules",
            Self::Resources => "the root module has more than 20,000 resources",
            Self::Instances => "a block is expanded to 1,000 instances at most",
        }
    }

    /// What stands for a value that is cut off.
    pub(super) fn value(self, at: Span) -> Value {
        Value::unknown_because(self.why(), at)
    }
}

/// Where the evaluation of one root module went no further.
#[derive(Debug, Default)]
pub(super) struct CutOff(RefCell<BTreeSet<(Limit, Span)>>);

impl CutOff {
    /// Notes that `limit` was reached at `at`.
    pub(super) fn note(&self, limit: Limit, at: Span) {
        let mut places = self.0.borrow_mut();
        if !limit.is_final() || !places.iter().any(|(noted, _)| *noted == limit) {
            places.insert((limit, at));
        }
    }

    /// What was cut off, for people.
    pub(super) fn said(&self) -> Vec<Unresolved> {
        let said = |&(limit, at): &(Limit, Span)| Unresolved {
            at,
            what: limit.what().to_owned(),
            why: limit.why().to_owned(),
            needed_by: None,
        };
        self.0.borrow().iter().filter(|(limit, _)| *limit != Limit::Steps).map(said).collect()
    }

    /// Where the steps ended, as a problem.
    pub(super) fn too_costly(&self) -> Option<Problem> {
        let places = self.0.borrow();
        let (_, at) = places.iter().find(|(limit, _)| *limit == Limit::Steps)?;
        let message = "the root module that this belongs to costs too much to evaluate; it was left out";
        Some(Problem::too_costly(*at, message))
    }
}
