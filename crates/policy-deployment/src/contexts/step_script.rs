//! The script of a step as a shell can read it before GitHub has put values in.

/// The text with a word in the place of each expression of GitHub.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        plain.push_str(before);
        plain.push('x');
        rest = after.split_once("}}").map_or("", |(_, rest)| rest);
    }
    plain + rest
}
