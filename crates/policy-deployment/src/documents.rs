//! Texts that name images wherever they stand: in a file of their own, or written by a script where it runs.

pub(crate) mod chart_values;
pub(crate) mod manifest;
