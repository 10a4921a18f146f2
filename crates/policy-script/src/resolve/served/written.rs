//! Paths as frameworks write them: parameters, wildcards, and what is a pattern of their own.

use policy_http::path::{Part, PathPattern};
use policy_text::value::Text;

use super::step::Path;
use crate::servers::Dialect;

/// What a path that is written in code takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Written {
    /// These paths.
    Known(PathPattern),
    /// Some paths that begin so.
    Below(PathPattern),
}

/// What a path takes. It begins with a slash, or is empty.
pub(super) fn written(path: &str, dialect: Dialect) -> Written {
    let path = if path.starts_with('/') || path.is_empty() { path.to_owned() } else { format!("/{path}") };
    match parts(&path, dialect).and_then(PathPattern::new) {
        Some(known) => Written::Known(known),
        None => Written::Below(below(&path)),
    }
}

/// What a text of which parts may be unknown takes.
pub(super) fn path_of(text: &Text, dialect: Dialect) -> Path {
    match text.known() {
        Some(known) => match written(&known, dialect) {
            Written::Known(path) => Path::Known(path),
            Written::Below(path) => Path::Below(path),
        },
        None => Path::Below(below(&text.known_prefix())),
    }
}

/// All paths that begin with what is plain text in a path.
pub(super) fn below(path: &str) -> PathPattern {
    let end = path.find([':', '*', '(', '{', '[', '?', '+', '$', '|', '\\']).unwrap_or(path.len());
    let (plain, rest) = path.split_at_checked(end).unwrap_or((path, ""));
    let segment = rest.split('/').next().unwrap_or_default();
    let certain = match rest.chars().next() {
        // The character before it may be left out.
        Some('?' | '*') => plain.get(..plain.len().saturating_sub(1)).unwrap_or_default(),
        // So may a parameter, with the slash before it.
        Some(':' | '(') if segment.ends_with(['?', '*']) => plain.strip_suffix('/').unwrap_or(plain),
        _ => plain,
    };
    let certain = if certain.is_empty() && plain.starts_with('/') { "/" } else { certain };
    PathPattern::prefix(certain).unwrap_or_else(PathPattern::everything)
}

/// The parts of a path. `None` for what is not understood.
fn parts(path: &str, dialect: Dialect) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            parts.push(Part::Literal("/".to_owned()));
        }
        match segment {
            "*" | "(.*)" => parts.push(Part::Rest),
            _ if is_plain(segment) => parts.push(Part::Literal(segment.to_owned())),
            _ => {
                let name = segment.strip_prefix(':').map(|name| (name, &[Part::Segment][..]));
                // `*splat` of Express 5 takes no empty rest.
                let splat = segment.strip_prefix('*').map(|name| (name, &[Part::Character, Part::Rest][..]));
                let (name, taken) = name.or(splat)?;
                // A pattern of its own only narrows a parameter.
                let (name, narrowed) = match name.find(['(', '{']) {
                    Some(at) => (name.get(..at)?, name.get(at..)?),
                    None => (name, ""),
                };
                let is_narrowed = narrowed.is_empty()
                    || (dialect != Dialect::Koa
                        && narrowed.ends_with([')', '}'])
                        && !narrowed.contains(".*"));
                let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                if !is_name || !is_narrowed {
                    return None;
                }
                parts.extend_from_slice(taken);
            }
        }
    }
    Some(parts)
}

fn is_plain(segment: &str) -> bool {
    !segment.contains([':', '*', '(', ')', '{', '}', '[', ']', '?', '+', '$', '|', '\\', '^'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_written(path: &str, expected: &str) {
        let found = match written(path, Dialect::Express) {
            Written::Known(known) => known.to_string(),
            Written::Below(below) => format!("below {below}"),
        };
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn parameters_are_segments_and_wildcards_take_the_rest() {
        assert_written("/users", "/users");
        assert_written("users/:id", "/users/{}");
        assert_written("/users/:id(\\d+)/posts", "/users/{}/posts");
        assert_written("/files/*", "/files/*");
        assert_written("/files/*path", "/files/?*");
        assert_written("*", "/*");
        assert_written("", "");
    }

    #[test]
    fn what_is_a_pattern_is_not_known_beyond_its_plain_text() {
        assert_written("/users/:id?", "below /users*");
        assert_written("/ab?cd", "below /a*");
        assert_written("/flights/:from-:to", "below /flights/*");
        assert_written("/files{/:name}", "below /files*");
        assert_written("/:path(.*)", "below /*");
    }
}
