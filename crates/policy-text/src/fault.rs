//! A panic is a fault of ours. It must not happen; where it does, it costs what was being worked on and nothing else, and is
//! said.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};

/// A panic that was contained.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// What was being worked on: "the rule image/latest-tag".
    pub during: String,
    /// What the panic said, and where in the program it was.
    pub cause: String,
}

thread_local! {
    /// Where in the program the last panic of this thread was.
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Lets panics of the whole program print nothing, but be remembered with their places: a terminal shows what becomes of the
/// fault, and no backtrace.
pub fn listen() {
    panic::set_hook(Box::new(|panic| PLACE.set(panic.location().map(ToString::to_string))));
}

/// Runs `work`. A panic in it is a fault of what `during` gives.
pub fn contained<T>(during: impl FnOnce() -> String, work: impl FnOnce() -> T) -> Result<T, Fault> {
    // What a panic leaves behind is never looked at again.
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let words = words(&*payload).unwrap_or("a panic without words");
        let place = PLACE.take().map(|place| format!(" at {place}")).unwrap_or_default();
        Fault { during: during(), cause: format!("{words}{place}") }
    })
}

/// What a panic's payload says.
fn words(payload: &(dyn Any + Send)) -> Option<&str> {
    payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied())
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.during, self.cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_names_what_was_being_worked_on() {
        let fault = contained(|| "a.tf".to_owned(), || panic!("out of bounds")).unwrap_err();
        assert_eq!(fault.to_string(), "a.tf: out of bounds");
        assert_eq!(contained(String::new, || 1), Ok(1));
    }
}
