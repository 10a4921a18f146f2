//! A panic is a fault of ours. It must not happen; if it does, it goes on with the name of what was being worked on.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Runs `work`. A panic in it becomes one whose payload is a `String` that begins with what `name` gives.
pub fn named<T>(name: impl FnOnce() -> String, work: impl FnOnce() -> T) -> T {
    // What a panic leaves behind is never looked at again.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let cause = words(&*payload).unwrap_or("a panic without words");
        resume_unwind(Box::new(format!("{}: {cause}", name())))
    })
}

/// What a panic's payload says.
pub fn words(payload: &(dyn Any + Send)) -> Option<&str> {
    payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_names_what_was_being_worked_on() {
        let payload = catch_unwind(|| named(|| "a.tf".to_owned(), || panic!("out of bounds"))).unwrap_err();
        assert_eq!(words(&*payload), Some("a.tf: out of bounds"));
        assert_eq!(named(String::new, || 1), 1);
    }
}
