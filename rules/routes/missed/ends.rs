//! Where requests end up for what no route sends to its program.

use policy_core::finding::Label;
use policy_core::model::program::Registration;
use policy_core::model::routing::{Landing, Table};
use policy_core::model::{AwsRoot, Deployment};

use super::led::Led;
use crate::routes::behind::{Taker, taker};

/// Where requests for a handler end up: at one place in each table, which has no answer for them. This is the first.
pub(super) struct Ends<'a> {
    pub(super) table: &'a Table,
    pub(super) landing: Landing<'a>,
    pub(super) taker: Taker<'a>,
    /// Where what takes them passes them on to nothing.
    pub(super) dead_end: Option<Label>,
}

pub(super) fn ends<'a>(
    deployment: &'a Deployment,
    root: &'a AwsRoot,
    led: &Led<'a>,
    missed: &Registration,
) -> Option<Ends<'a>> {
    let mut first = None;
    for &table in &led.tables {
        let landing = table.certain_landing(&missed.path)?;
        let taker = taker(deployment, root, landing.destination)?;
        // What a program has that is not known is not meant for these requests.
        if !taker.lacks(deployment, root, &missed.path, &missed.answers).unwrap_or(true) {
            return None;
        }
        let dead_end = taker.dead_end(deployment, root, &missed.path);
        first = first.or(Some(Ends { table, landing, taker, dead_end }));
    }
    first
}
