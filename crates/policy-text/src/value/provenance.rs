//! Where a value came from: the place that decides it, and the places it passed through on its way to the use.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::source::Span;

/// The place where a value is decided, with the steps it took from there. Cheap to clone: steps are shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Where the value is written.
    pub at: Span,
    last: Option<Arc<Link>>,
}

/// One place that a value passed through, worded as a label: "`PORT` is imported here".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The place.
    pub at: Span,
    /// What happens to the value there.
    pub note: Cow<'static, str>,
}

#[derive(Debug, PartialEq, Eq)]
struct Link {
    step: Step,
    earlier: Option<Arc<Link>>,
}

impl Provenance {
    /// A value written at `at` and used there.
    pub fn at(at: Span) -> Self {
        Self { at, last: None }
    }

    /// The part `range` of a `text` from here. Its place is narrowed only where the text is written out as it is: escapes
    /// and stripped indentation only ever make a text shorter than its source.
    #[must_use]
    pub fn part(&self, text: &str, range: Range<usize>) -> Self {
        let at = if self.at.range().len() == text.len() && range.end <= text.len() {
            let start = self.at.start as usize;
            Span::new(self.at.file, start + range.start..start + range.end)
        } else {
            self.at
        };
        Self { at, last: self.last.clone() }
    }

    /// The same value after it passed through one more place.
    #[must_use]
    pub fn through(&self, at: Span, note: impl Into<Cow<'static, str>>) -> Self {
        let step = Step { at, note: note.into() };
        Self { at: self.at, last: Some(Arc::new(Link { step, earlier: self.last.clone() })) }
    }

    /// The same value as it is seen from a step on, counted from the use: decided at that step, and only what came after it
    /// still before it. The value itself where it has no such step.
    #[must_use]
    pub fn seen_from(&self, step: usize) -> Self {
        let steps: Vec<&Step> = self.steps().take(step + 1).collect();
        match steps.split_last() {
            Some((decides, later)) if steps.len() == step + 1 => later
                .iter()
                .rev()
                .fold(Self::at(decides.at), |seen, step| seen.through(step.at, step.note.clone())),
            _ => self.clone(),
        }
    }

    /// The steps, the latest first: from the use back towards the place that decides.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        std::iter::successors(self.last.as_deref(), |link| link.earlier.as_deref()).map(|link| &link.step)
    }
}
