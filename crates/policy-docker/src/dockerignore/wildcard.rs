//! The common pattern of an ignore file, letters and wildcards alone, matched without a regular expression: to build one
//! for each line costs more than all else that is done with an ignore file.

/// One step of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The character itself.
    Character(char),
    /// `?`
    One,
    /// `*`
    Segment,
    /// `**` at the end.
    Rest,
    /// `**/`
    Folders,
}

impl Step {
    /// Writes the step as the regular expression that Docker makes of it.
    pub(super) fn write(self, expression: &mut String) {
        match self {
            Self::Character(character) => {
                if matches!(character, '.' | '+' | '(' | ')' | '$') {
                    expression.push('\\');
                }
                expression.push(character);
            }
            Self::One => expression.push_str("[^/]"),
            Self::Segment => expression.push_str("[^/]*"),
            Self::Rest => expression.push_str(".*"),
            Self::Folders => expression.push_str("(.*/)?"),
        }
    }
}

/// A pattern of few steps.
#[derive(Clone, Debug)]
pub(super) struct Steps(Box<[Step]>);

impl Steps {
    /// One bit of a word for each step and one for the end.
    const MAX: usize = u64::BITS as usize - 1;

    /// `None` where there are too many.
    pub(super) fn new(steps: Vec<Step>) -> Option<Self> {
        (steps.len() <= Self::MAX).then(|| Self(steps.into()))
    }

    /// Whether the pattern matches all of `path`. Each character costs at most one look at each step.
    pub(super) fn matches(&self, path: &str) -> bool {
        let mut waiting = self.from(0);
        for character in path.chars() {
            let mut next = 0;
            while waiting != 0 {
                next |= self.after(waiting.trailing_zeros() as usize, character);
                waiting &= waiting - 1;
            }
            waiting = next;
            if waiting == 0 {
                return false;
            }
        }
        waiting & bit(self.0.len()) != 0
    }

    /// The steps that wait for a character once all before `at` are done: that step, and those behind it where it may
    /// match nothing.
    fn from(&self, at: usize) -> u64 {
        match self.0.get(at) {
            Some(Step::Segment | Step::Rest | Step::Folders) => bit(at) | self.from(at + 1),
            Some(Step::Character(_) | Step::One) | None => bit(at),
        }
    }

    /// The steps that wait once the step `at` has been given `character`.
    fn after(&self, at: usize, character: char) -> u64 {
        let Some(step) = self.0.get(at) else { return 0 };
        match step {
            Step::Character(wanted) if *wanted == character => self.from(at + 1),
            Step::One if character != '/' => self.from(at + 1),
            Step::Segment if character != '/' => self.from(at),
            Step::Rest if character != '\n' => self.from(at),
            Step::Folders if character == '/' => bit(at) | self.from(at + 1),
            Step::Folders if character != '\n' => bit(at),
            _ => 0,
        }
    }
}

fn bit(at: usize) -> u64 {
    1 << at
}
