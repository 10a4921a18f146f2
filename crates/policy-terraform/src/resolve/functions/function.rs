//! A row in the tables of functions.

use super::arguments::{Call, Outcome};

/// One function of the language.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// The least number of arguments.
    pub(super) least: usize,
    /// The greatest number of arguments; `None` where there is no limit.
    pub(super) most: Option<usize>,
    pub(super) run: fn(&Call<'_>) -> Outcome,
}

impl Function {
    /// A function with a fixed number of arguments.
    pub(super) const fn exactly(count: usize, name: &'static str, run: fn(&Call<'_>) -> Outcome) -> Self {
        Self { name, least: count, most: Some(count), run }
    }

    /// A function whose last parameter takes any number of arguments.
    pub(super) const fn at_least(count: usize, name: &'static str, run: fn(&Call<'_>) -> Outcome) -> Self {
        Self { name, least: count, most: None, run }
    }
}
