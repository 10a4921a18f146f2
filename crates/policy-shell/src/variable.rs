//! The variables that a text of shell uses.

/// Their names, each where it is used: `NAME` of `$NAME` and of `${NAME:-x}`.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    let after = text.match_indices('$').filter_map(|(at, _)| text.get(at + 1..));
    after.filter_map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.get(..length).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
    })
}
