//! What the work on one input may cost, in steps. It is fixed before the work begins, from the size of the input alone: so the
//! work on a whole tree is bounded by the size of the tree, and no thread takes from what another has.

use std::cell::Cell;

/// What any input may cost, however small it is.
const BASE: u64 = 1 << 12;
/// What each byte of an input adds to that.
const STEPS_PER_BYTE: u64 = 8;

/// The steps that are left. A step is what it takes to look at one node, or to copy a few of them.
///
/// What costs more than is left is not done, and nothing behind it is: the rest is taken away. So what is left out depends
/// on the input alone, and whoever spends says what it was, as a [`Problem::too_costly`](crate::Problem::too_costly).
#[derive(Debug)]
pub struct Budget {
    left: Cell<u64>,
    refused: Cell<bool>,
}

/// The work costs more than its input may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooCostly {
    /// Whether nothing was refused before: what is left out is said where it begins.
    pub is_first: bool,
}

impl Budget {
    /// For an input of so many bytes.
    pub fn for_bytes(bytes: usize) -> Self {
        Self::of_steps(BASE.saturating_add(STEPS_PER_BYTE.saturating_mul(bytes as u64)))
    }

    /// For work that is bounded by other things than bytes.
    pub fn of_steps(steps: u64) -> Self {
        Self { left: Cell::new(steps), refused: Cell::new(false) }
    }

    /// Pays for `steps` before they are done.
    pub fn spend(&self, steps: usize) -> Result<(), TooCostly> {
        let left = self.left.get().checked_sub(steps as u64).filter(|_| !self.refused.get());
        self.left.set(left.unwrap_or(0));
        left.map(drop).ok_or_else(|| TooCostly { is_first: !self.refused.replace(true) })
    }

    /// The steps that are left.
    pub fn left(&self) -> u64 {
        self.left.get()
    }

    /// Whether so many steps are left.
    pub fn has(&self, steps: usize) -> bool {
        !self.refused.get() && self.left() >= steps as u64
    }

    /// Whether something was refused.
    pub fn is_spent(&self) -> bool {
        self.refused.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_costly_takes_the_rest_with_it() {
        let budget = Budget::of_steps(10);
        assert_eq!(budget.spend(7), Ok(()));
        assert_eq!(budget.spend(4), Err(TooCostly { is_first: true }));
        assert_eq!(budget.spend(0), Err(TooCostly { is_first: false }));
        assert!(budget.is_spent());
        assert_eq!(Budget::for_bytes(usize::MAX).spend(usize::MAX), Ok(()));
    }
}
