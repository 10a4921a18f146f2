//! Fuzzing with libFuzzer. See CONTRIBUTING.md for how to run it.

mod targets;

use std::cell::RefCell;

use policy_core::fault;
use rayon::{ThreadPool, ThreadPoolBuilder};

pub use targets::Target;

thread_local! {
    /// Threads with stacks as the program's; one, so that an input runs the same way again.
    static POOL: RefCell<Option<ThreadPool>> = const { RefCell::new(None) };
}

/// Runs the target called `name`.
pub fn run(name: &str, input: &[u8]) {
    let target = Target::named(name).expect("a target of that name");
    POOL.with_borrow_mut(|pool| {
        let pool = pool.get_or_insert_with(|| {
            // A panic that is contained is no crash; libFuzzer would take each for one.
            fault::listen();
            ThreadPoolBuilder::new().num_threads(1).stack_size(64 << 20).build().expect("a thread")
        });
        let run = || pool.install(|| fault::contained(|| name.to_owned(), || target.run(input)));
        if let Err(fault) = run() {
            eprintln!("{fault}");
            std::process::abort();
        }
    });
}
