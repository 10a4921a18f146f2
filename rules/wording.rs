//! Words that messages of several rules are put together from.

use std::fmt::Display;

/// "`a`, `b` and `c`"; of more than five, the first four are named.
pub(crate) fn listed(names: &[impl Display]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [all @ .., last] if quoted.len() <= 5 => format!("{} and {last}", all.join(", ")),
        [first @ .., _] => {
            let some = first.get(..4).unwrap_or(first).join(", ");
            format!("{some} and {} more", quoted.len() - 4)
        }
    }
}

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
