//! The table of commands: what each does with images, and an example that shows it.
//!
//! To teach a command, add a row to the sheet of its program. It is looked for in every script from then on, and its
//! example is run by the tests by every name and with every verb that the row has.

mod clouds;
mod clusters;
mod containers;
mod files;

use super::row::{Effect, Program, Row, Sign};

/// The rows of all sheets. Where several are of one command, the first counts.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    [containers::ROWS, clusters::ROWS, clouds::ROWS, files::ROWS].into_iter().flatten()
}

/// The programs that make a cluster on this machine.
pub(super) fn cluster_makers() -> impl Iterator<Item = &'static str> {
    let rows = rows().filter(|row| matches!(row.does, Effect::StartsCluster));
    rows.flat_map(|row| row.program.names).copied()
}

/// What most programs are like.
const PROGRAM: Program =
    Program { names: &[], valued: &[], sign: Sign::NameAndVerb, talks_to_cluster: false };
