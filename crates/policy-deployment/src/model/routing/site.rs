//! Entrances beside those of AWS: what one compose file or one cluster starts together.

use super::table::Table;
use crate::model::program::Backend;

/// Entrances, and what answers behind them.
#[derive(Debug)]
pub struct Site {
    /// Where its entrances send requests.
    pub tables: Vec<Table>,
    /// What answers behind the targets of those entrances; the services of a compose file that have none before them, too.
    pub backends: Vec<Backend>,
}
