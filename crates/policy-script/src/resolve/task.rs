//! The work on one script of a page: all that follows its calls draws from what that may cost.

use std::cell::Cell;

use policy_text::Problem;
use policy_text::budget::Budget;
use policy_text::source::{FileId, Span};
use rayon::prelude::*;

use super::evaluation::Evaluation;
use super::modules::Scripts;
use super::value::steps;
use crate::parse::Module;

/// Steps that all scripts of a tree share out evenly, however small they are.
const STEPS_SHARED: u64 = 1_000_000;
/// Steps that each byte of a script adds to its share.
const STEPS_PER_BYTE: u64 = 1;
/// Steps that are kept for the scripts that need more than their share. In most trees few do: the client of an API, which
/// the whole application calls.
const STEPS_KEPT: u64 = 2_000_000;

/// The work on one script.
pub(super) struct Task<'a> {
    pub(super) scripts: &'a Scripts<'a>,
    pub(super) budget: Budget,
    left_out: Cell<Option<Problem>>,
}

/// Does the work on every script, in their order. What each may cost is fixed before it begins: so it does not matter which
/// of them is first.
pub(super) fn for_each<T: Send>(
    scripts: &Scripts<'_>,
    modules: &[(FileId, &Module)],
    work: impl Fn(&Task<'_>, FileId, &Module) -> T + Sync,
) -> Vec<T> {
    let shared = STEPS_SHARED / modules.len().max(1) as u64;
    let within_share = modules.par_iter().map(|&(file, module)| {
        let bytes = STEPS_PER_BYTE.saturating_mul(scripts.length(file) as u64);
        let task = Task::new(scripts, shared.saturating_add(bytes));
        let done = work(&task, file, module);
        (!task.budget.is_spent()).then_some(done)
    });
    let within_share: Vec<Option<T>> = within_share.collect();
    // Those that take more begin anew, one after another. None of them takes all that is left from those behind it.
    let mut kept = STEPS_KEPT;
    let all = modules.iter().zip(within_share).map(|(&(file, module), done)| {
        done.unwrap_or_else(|| {
            let task = Task::new(scripts, kept / 2);
            let done = work(&task, file, module);
            kept -= kept / 2 - task.budget.left();
            scripts.leave_out(task.left_out.take());
            done
        })
    });
    all.collect()
}

impl<'a> Task<'a> {
    fn new(scripts: &'a Scripts<'a>, steps: u64) -> Self {
        let budget = Budget::of_steps(steps);
        Self { scripts, budget, left_out: Cell::default() }
    }

    /// An evaluation that is part of it.
    pub(super) fn evaluation(&self) -> Evaluation<'_> {
        Evaluation::new(self.scripts, &self.budget)
    }

    /// Pays for looking at many things. Whether there was enough for it.
    pub(super) fn pay_for(&self, looked_at: usize) -> bool {
        self.budget.spend(steps(looked_at)).is_ok()
    }

    /// Whether nothing more may be done. Then `what` this script does from `at` on is said to be left out.
    pub(super) fn is_spent_at(&self, at: Span, what: &str) -> bool {
        let is_spent = self.budget.is_spent();
        if is_spent {
            let message =
                format!("{what} from here on would take too many steps to follow; they were left out");
            self.left_out.set(Some(Problem::too_costly(at, message)));
        }
        is_spent
    }
}
