//! Words of messages, and the names in backquotes among them.

use std::fmt::Display;

/// "`a`, `b` and `c`"; of more than five, the first four are named.
pub fn listed(names: &[impl Display]) -> String {
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

/// The names in a message: what stands between backquotes.
pub fn names(message: &str) -> impl Iterator<Item = &str> {
    message.split('`').skip(1).step_by(2)
}

/// A message without the names in it.
pub fn without_names(message: &str) -> String {
    message.split('`').step_by(2).collect::<Vec<_>>().join("`")
}
