//! Words that messages of several rules are put together from.

use std::fmt::Display;

pub(crate) use policy_core::words::listed;

/// "`/a`, `/b` and 3 other paths", each once.
pub(crate) fn paths(all: &[impl Display]) -> String {
    let mut names: Vec<String> = all.iter().map(ToString::to_string).collect();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [first, second, third, rest @ ..] if rest.len() > 1 => {
            format!("`{first}`, `{second}`, `{third}` and {} other paths", rest.len())
        }
        few => listed(few),
    }
}
