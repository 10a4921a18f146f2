//! Limits on the evaluation of one root module, and what is reported when one is reached.

use std::cell::RefCell;
use std::collections::BTreeSet;

use policy_text::Unresolved;
use policy_text::source::Span;

use super::value::Value;

/// The most expressions that are evaluated for one root module.
pub(super) const MAX_STEPS: u32 = 3_000_000;

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
            Self::Steps => "the evaluation of this root module takes more than 3,000,000 steps",
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
        self.0.borrow().iter().map(said).collect()
    }
}
