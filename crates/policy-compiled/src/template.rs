//! Paths as frameworks write them, with parameters and wildcards.

use policy_http::path::{Part, PathPattern};

/// What is longer is no path.
const LONGEST: usize = 1 << 10;

/// A way to write paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Spring: `/a/{b}/{c:[0-9]+}/{*rest}`, `*` within a segment, `**` over several.
    Spring,
    /// JAX-RS: `a/{b}/{c: .+}`, where the expression of a parameter may take more than a segment.
    Rest,
    /// ASP.NET: `a/{b:int}/{c?}/{*rest}`.
    AspNet,
    /// Go's own multiplexer: `/a/{b}/{rest...}`, `/{$}`.
    Mux,
    /// gorilla and chi: `/a/{b}/{c:[0-9]+}/*`.
    Braces,
    /// gin, echo and fiber: `/a/:b/*rest`.
    Colons,
}

/// The paths that a template stands for: several where its end may be missing. `None` where that cannot be told.
pub(crate) fn paths(written: &str, style: Style) -> Option<Vec<PathPattern>> {
    if written.len() > LONGEST {
        return None;
    }
    let mut parts = Vec::new();
    let mut rest = written;
    let mut also = Vec::new();
    while let Some(start) = rest.find(special(style)) {
        let (before, from) = rest.split_at_checked(start)?;
        parts.push(Part::Literal(before.to_owned()));
        if let Some(inner) = from.strip_prefix('{') {
            let (inside, after) = inner.split_at_checked(closing(inner)?)?;
            let (part, may_miss) = braces(inside, style)?;
            if may_miss {
                also.push(without_last_segment(&parts));
            }
            parts.extend(part);
            rest = after.strip_prefix('}')?;
        } else if let Some(name) = from.strip_prefix(':') {
            let end = name.find(['/', '.', '-', '?', '(', '<', '+', '*', ':']).unwrap_or(name.len());
            let (name, after) = name.split_at_checked(end)?;
            // What may be missing, or must match an expression.
            if name.is_empty() || after.starts_with(['?', '(', '<', '+', '*']) {
                return None;
            }
            parts.push(Part::Segment);
            rest = after;
        } else if let Some(after) = from.strip_prefix("**") {
            parts.push(Part::Rest);
            if before.ends_with('/') && after.is_empty() {
                also.push(without_last_segment(&parts));
            }
            rest = after;
        } else if let Some(after) = from.strip_prefix('*') {
            match style {
                Style::Spring => parts.push(Part::Segment),
                // A name, to the end.
                _ => parts.push(Part::Rest),
            }
            rest = if style == Style::Colons { "" } else { after };
        } else {
            let one = from.chars().next()?;
            match one {
                '?' => parts.push(Part::Character),
                _ => return None,
            }
            rest = from.get(one.len_utf8()..)?;
        }
    }
    parts.push(Part::Literal(rest.to_owned()));
    let mut found = vec![PathPattern::new(parts)?];
    for parts in also {
        found.push(PathPattern::new(parts)?);
    }
    Some(found)
}

/// The characters that mean something else than themselves.
fn special(style: Style) -> &'static [char] {
    match style {
        Style::Spring => &['{', '*', '?'],
        Style::Rest | Style::AspNet | Style::Mux => &['{'],
        Style::Braces => &['{', '*'],
        Style::Colons => &[':', '*'],
    }
}

/// The offset of the brace that closes what is open at the beginning.
pub(crate) fn closing(inner: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in inner.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// What a parameter takes, and whether it may be missing.
fn braces(inside: &str, style: Style) -> Option<(Option<Part>, bool)> {
    let expression = inside.split_once(':').map(|(_, expression)| expression.trim());
    Some(match style {
        Style::Spring if inside.starts_with('*') => (Some(Part::Rest), false),
        Style::Rest | Style::Braces if expression.is_some_and(takes_slashes) => {
            // What it takes besides slashes is not looked at.
            (Some(Part::Rest), false)
        }
        Style::AspNet if inside.starts_with('*') => (Some(Part::Rest), true),
        Style::AspNet => (Some(Part::Segment), inside.ends_with('?') || inside.contains('=')),
        Style::Mux if inside == "$" => (None, false),
        Style::Mux if inside.ends_with("...") => (Some(Part::Rest), false),
        Style::Colons => return None,
        _ => (Some(Part::Segment), false),
    })
}

/// Whether a regular expression may take a slash.
fn takes_slashes(expression: &str) -> bool {
    expression.contains(['.', '/', '^'])
        || expression.contains("\\D")
        || expression.contains("\\W")
        || expression.contains("\\S")
}

/// The path before the segment that the parts end in.
fn without_last_segment(parts: &[Part]) -> Vec<Part> {
    let mut parts = parts.to_vec();
    while let Some(last) = parts.last_mut() {
        if let Part::Literal(text) = last
            && let Some(slash) = text.rfind('/')
        {
            text.truncate(slash);
            break;
        }
        parts.pop();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn stands_for(written: &str, style: Style, expected: &[&str]) {
        let found = paths(written, style).unwrap_or_default();
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{written}");
    }

    #[test]
    fn parameters_take_what_their_framework_gives_them() {
        stands_for("/a/{b}/{c:[0-9]{2}}/d", Style::Spring, &["/a/{}/{}/d"]);
        stands_for("/a/{b:.+}", Style::Spring, &["/a/{}"]);
        stands_for("/a/{*rest}", Style::Spring, &["/a/*"]);
        stands_for("/a/*/b/**", Style::Spring, &["/a/{}/b/*", "/a/{}/b"]);
        stands_for("a/{b: .+}", Style::Rest, &["a/*"]);
        stands_for("a/{b: \\d+}/c", Style::Rest, &["a/{}/c"]);
        stands_for("a/{b:int}/{c?}", Style::AspNet, &["a/{}/{}", "a/{}"]);
        stands_for("a/v{v:apiVersion}/{**rest}", Style::AspNet, &["a/v{}/*", "a/v{}"]);
        stands_for("/a/{b}/{rest...}", Style::Mux, &["/a/{}/*"]);
        stands_for("/a/{$}", Style::Mux, &["/a/"]);
        stands_for("/a/{b:[a-z]+}/*", Style::Braces, &["/a/{}/*"]);
        stands_for("/a/:b/c/*rest", Style::Colons, &["/a/{}/c/*"]);
    }

    #[test]
    fn what_is_not_understood_stands_for_nothing() {
        for (written, style) in [("/a/{b", Style::Spring), ("/a/:b?", Style::Colons), ("/a/:", Style::Colons)]
        {
            assert_eq!(paths(written, style), None, "{written}");
        }
    }
}
