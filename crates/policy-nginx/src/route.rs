//! Where a request goes: the location that nginx chooses for its path, and what becomes of it there.

mod choose;
mod follow;

pub use choose::{Choice, choose};
pub use follow::{Outcome, route};
