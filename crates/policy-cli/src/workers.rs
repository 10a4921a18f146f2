//! The threads that a check runs on.

use std::num::{IntErrorKind, NonZeroUsize};
use std::str::FromStr;
use std::thread;

use policy_core::fault;
use rayon::ThreadPool;

use crate::exit::Failure;

/// Parsers recurse over their input: with stacks of this size their own limits on nesting come first. Only what is used
/// of a stack takes memory.
const STACK: usize = 64 << 20;

/// How many threads to use: at least one, and no more than help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ThreadCount(usize);

impl ThreadCount {
    /// Few enough for any system to start.
    const MAX: usize = 256;
    /// More threads than this for each processor only take room: each has a stack of its own in the address space, which may be
    /// limited.
    pub(crate) const FOR_EACH_PROCESSOR: usize = 4;

    /// As many as a check can keep busy, and then some.
    fn most() -> usize {
        let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        (processors.max(2) * Self::FOR_EACH_PROCESSOR).min(Self::MAX)
    }

    /// The number.
    pub(crate) fn get(self) -> usize {
        self.0
    }
}

impl Default for ThreadCount {
    /// As many as there are processors.
    fn default() -> Self {
        Self(thread::available_parallelism().map_or(1, NonZeroUsize::get).min(Self::MAX))
    }
}

impl FromStr for ThreadCount {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word.parse::<NonZeroUsize>() {
            Ok(count) => Ok(Self(count.get().min(Self::most()))),
            Err(error) if *error.kind() == IntErrorKind::PosOverflow => Ok(Self(Self::most())),
            Err(_) => Err("expected a number from 1 upwards"),
        }
    }
}

/// Threads with large stacks.
pub(crate) struct Workers {
    pool: ThreadPool,
}

impl Workers {
    /// Starts so many threads.
    pub(crate) fn new(count: ThreadCount) -> Result<Self, Failure> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count.get()).stack_size(STACK).build()?;
        Ok(Self { pool })
    }

    /// Runs `work`, and turns a panic in it into a failure that says where it was.
    pub(crate) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
        fault::contained(|| "the check".to_owned(), || self.pool.install(work)).map_err(Failure::Fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault_of_ours_and_says_where_it_was() {
        let workers = Workers::new(ThreadCount(1)).unwrap();
        let failure = workers.run(|| panic!("`a.tf`: out of bounds")).unwrap_err();
        assert!(
            failure.to_string().contains("bug in portcullis: the check: `a.tf`: out of bounds"),
            "{failure}"
        );
        assert_eq!(workers.run(|| 1).unwrap(), 1);
    }

    #[test]
    fn no_more_threads_are_started_than_a_system_can_bear() {
        let count = |word: &str| word.parse().map(ThreadCount::get);
        assert_eq!(count("3"), Ok(3));
        assert_eq!(count("99999"), Ok(ThreadCount::most()));
        assert_eq!(count("99999999999999999999999"), Ok(ThreadCount::most()));
        assert!(ThreadCount::most() <= ThreadCount::MAX);
        for word in ["0", "-1", "many", ""] {
            assert!(count(word).is_err(), "{word}");
        }
    }
}
