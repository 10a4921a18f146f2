//! What running a script may cost: one bound for it and all the scripts that stand in it.

use std::cell::Cell;

use policy_text::value::Text;

/// How many commands one script may come to, counting each turn of a loop, each call of a function and the commands of the
/// scripts that it hands on or puts in.
pub(super) const MAX_STEPS: usize = 8_000;
/// How many of them any script may come to, however short it is.
const BASE: usize = 200;
/// How deep substitutions, defaults, function calls and scripts may stand in one another.
pub(super) const MAX_DEPTH: usize = 6;
/// How many pieces of text, or words, cost as much as one command.
const PIECES_PER_STEP: usize = 256;
/// How many bytes of script to read cost as much as one command.
const BYTES_PER_STEP: usize = 256;

/// How many steps a script of so many bytes may take by itself: many more than it has commands.
pub(super) fn own_steps(bytes: usize) -> usize {
    BASE + bytes
}

/// The steps that are left to a script and to all that stand in it.
pub(super) struct Steps(Cell<usize>);

/// What one script may still do, and how deep it stands in others.
#[derive(Clone, Copy)]
pub(super) struct Limits<'s> {
    steps: &'s Steps,
    depth: usize,
}

impl Steps {
    pub(super) fn new(count: usize) -> Self {
        Self(Cell::new(count.min(MAX_STEPS)))
    }

    /// How many are left.
    pub(super) fn left(&self) -> usize {
        self.0.get()
    }

    fn spend(&self, count: usize) {
        self.0.set(self.0.get().saturating_sub(count));
    }
}

impl<'s> Limits<'s> {
    /// Those of a script that stands in no other.
    pub(super) fn outermost(steps: &'s Steps) -> Self {
        Self { steps, depth: 0 }
    }

    /// Those of what stands in this script. `None` where it stands too deep.
    pub(super) fn deeper(self) -> Option<Self> {
        (self.depth < MAX_DEPTH).then_some(Self { depth: self.depth + 1, ..self })
    }

    /// Takes the next step. `false` where none is left.
    pub(super) fn step(self) -> bool {
        let left = self.steps.left();
        self.steps.spend(1);
        left > 0
    }

    /// Pays for the reading of a script.
    pub(super) fn pay_for_script(self, script: &str) {
        self.steps.spend(script.len() / BYTES_PER_STEP);
    }

    /// Pays for what a word has become.
    pub(super) fn pay_for_values(self, values: &[Text]) {
        let pieces: usize = values.iter().map(|value| value.pieces().len()).sum();
        self.steps.spend((pieces + values.len()) / PIECES_PER_STEP);
    }
}
