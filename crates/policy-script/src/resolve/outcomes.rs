//! What expressions came to where nothing around them had a say in it: each is worked out once for all that ask.
//!
//! An outcome costs whoever asks for it what it cost the first time, so that nothing depends on who asks first.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use policy_text::source::FileId;

use super::conditions;
use super::evaluation::{Evaluation, MAX_DEPTH};
use super::value::{Cases, Site, weight};
use crate::parse::syntax::{ExprId, ExprKind, FunctionId};

/// What costs less is worked out again.
const LEAST_COST: u32 = 12;
/// When so much is known, nothing more is kept: it is worked out anew for each that asks, who pays for it either way.
const MOST_WEIGHT: usize = 1_000_000;

/// All that is known.
#[derive(Default)]
pub(super) struct Outcomes(Mutex<Known>);

#[derive(Default)]
struct Known {
    outcomes: HashMap<Key, Arc<Outcome>>,
    /// How much there is in all of them.
    weight: usize,
}

/// An expression outside of all calls, and how it is evaluated.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    file: FileId,
    expr: ExprId,
    seeks_opener: bool,
    keeps_made: bool,
    /// Whether a condition is being decided.
    decides: bool,
}

/// What an expression came to.
struct Outcome {
    cases: Cases,
    /// The fuel that it took.
    cost: u32,
    /// How many expressions stood inside one another.
    depth: usize,
    /// Functions whose parameters were asked for.
    entered: Vec<(FileId, FunctionId)>,
}

/// What the evaluation of an expression did so far.
#[derive(Default)]
pub(super) struct Trace {
    /// The lowest of the expressions around it that it depends on, by its place among those that are evaluated; `None` where
    /// it depends on none of them.
    pub(super) around: Option<usize>,
    /// Whether something took more steps than there were.
    pub(super) is_cut_off: bool,
    /// How many expressions stood inside one another at most.
    pub(super) deepest: usize,
    /// Functions whose parameters were asked for.
    pub(super) entered: Vec<(FileId, FunctionId)>,
}

impl Trace {
    /// Notes that what is evaluated depends on the expression at this place around it.
    pub(super) fn depends_on(&mut self, index: usize) {
        self.around = Some(self.around.map_or(index, |known| known.min(index)));
    }

    fn add(&mut self, inner: Self) {
        if let Some(index) = inner.around {
            self.depends_on(index);
        }
        self.is_cut_off |= inner.is_cut_off;
        self.deepest = self.deepest.max(inner.deepest);
        self.entered.extend(inner.entered);
    }
}

/// Whether an expression of this kind may cost much.
pub(super) fn may_be_dear(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::Name(_) | ExprKind::Call(..) | ExprKind::Member(..) | ExprKind::Import(..))
}

impl Evaluation<'_> {
    fn key(&self, site: &Site) -> Key {
        Key {
            file: site.file,
            expr: site.expr,
            seeks_opener: self.seeks_opener,
            keeps_made: self.keeps_made,
            decides: !self.deciding.is_empty(),
        }
    }

    /// What the expression at `site`, which stands in no call, came to before.
    pub(super) fn known_outcome(&mut self, site: &Site) -> Option<Cases> {
        let key = self.key(site);
        let known = self
            .scripts
            .outcomes
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .outcomes
            .get(&key)
            .cloned()?;
        let depth = self.active.len() + known.depth;
        if depth >= MAX_DEPTH || !self.pay_for_known(known.cost) {
            return None;
        }
        self.trace.deepest = self.trace.deepest.max(depth);
        self.entered_by_none.extend(known.entered.iter().copied());
        self.trace.entered.extend(known.entered.iter().copied());
        Some(known.cases.clone())
    }

    /// Works an expression out that stands in no call, and keeps what it comes to where nothing around it matters.
    pub(super) fn work_out(&mut self, site: &Site, evaluate: impl FnOnce(&mut Self) -> Cases) -> Cases {
        let (index, fuel) = (self.active.len().saturating_sub(1), self.fuel);
        let outer = std::mem::take(&mut self.trace);
        // What it cost must not depend on what was seen before.
        let missing = std::mem::take(&mut self.exported_by_none);
        let dear = std::mem::take(&mut self.too_dear);
        let cases = evaluate(self);
        self.exported_by_none.extend(missing);
        self.too_dear.extend(dear);
        let entered: BTreeSet<(FileId, FunctionId)> = self.trace.entered.drain(..).collect();
        self.pay_for(entered.len());
        self.trace.entered.extend(entered);
        let mut trace = std::mem::replace(&mut self.trace, outer);
        let cost = fuel - self.fuel;
        let is_its_own = trace.around.is_none_or(|around| around >= index);
        if is_its_own {
            trace.around = None;
            let key = self.key(site);
            // A condition within would have had less than it may take.
            let is_whole = !trace.is_cut_off && (key.decides || self.fuel >= conditions::FUEL);
            if cost >= LEAST_COST && is_whole {
                let outcome = Outcome {
                    cases: cases.clone(),
                    cost,
                    depth: trace.deepest.saturating_sub(index),
                    entered: trace.entered.clone(),
                };
                let mut known = self.scripts.outcomes.0.lock().unwrap_or_else(PoisonError::into_inner);
                if known.weight < MOST_WEIGHT {
                    known.weight += 1 + weight(&outcome.cases) + outcome.entered.len();
                    known.outcomes.insert(key, Arc::new(outcome));
                }
            }
        }
        self.trace.add(trace);
        cases
    }
}
