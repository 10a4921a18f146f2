//! The threads that a check runs on.

use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe};

use rayon::ThreadPool;

use crate::exit::Failure;

/// Parsers recurse over their input: with stacks of this size their own limits on nesting come first. Only what is used
/// of a stack takes memory.
const STACK: usize = 64 << 20;

/// Threads with large stacks.
pub(crate) struct Workers {
    /// How many there are.
    pub(crate) count: usize,
    pool: ThreadPool,
}

impl Workers {
    /// As many threads as were asked for, or as there are processors.
    pub(crate) fn new(asked_for: Option<NonZeroUsize>) -> Result<Self, Failure> {
        let count =
            asked_for.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).stack_size(STACK).build()?;
        Ok(Self { count, pool })
    }

    /// Runs `work`, and turns a panic in it into a failure that says where it was.
    pub(crate) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
        panic::catch_unwind(AssertUnwindSafe(|| self.pool.install(work))).map_err(|payload| {
            Failure::Fault(policy_core::panic_words(&*payload).unwrap_or("a panic without words").to_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault_of_ours_and_says_where_it_was() {
        let workers = Workers::new(NonZeroUsize::new(1)).unwrap();
        let failure = workers.run(|| panic!("`a.tf`: out of bounds")).unwrap_err();
        assert!(failure.to_string().contains("bug in portcullis: `a.tf`: out of bounds"), "{failure}");
        assert_eq!(workers.run(|| 1).unwrap(), 1);
    }
}
