//! Paths as frameworks write them, with parameters.

use policy_http::path::Part;

use super::regex;
use crate::resolve::group::Path;
use crate::resolve::value::{HOLE, Text};

/// `/items/{id}/{rest:path}`, as Starlette writes it.
pub(super) fn braces(text: &Text) -> Path {
    Path::of(parts(text.with_holes(), '{', '}', |inside| {
        let kind = inside.split_once(':').map_or("str", |(_, kind)| kind);
        by_kind(kind)
    }))
}

/// `/items/{id}/{rest:.*}`, as aiohttp writes it, with regular expressions.
pub(super) fn aiohttp(text: &Text) -> Path {
    // `{id:\d{2}}`
    let nests = text.with_holes().split('}').any(|piece| piece.matches('{').count() > 1);
    if nests {
        return Path::unknown();
    }
    Path::of(parts(text.with_holes(), '{', '}', |inside| {
        let Some((_, expression)) = inside.split_once(':') else { return Part::Segment };
        match regex::part(expression).as_deref() {
            Some([only]) => match only.pattern.parts() {
                [part] if !only.has_unknown_parts => part.clone(),
                _ => Part::Literal(HOLE.to_string()),
            },
            _ => Part::Literal(HOLE.to_string()),
        }
    }))
}

/// What a parameter of that kind takes.
fn by_kind(kind: &str) -> Part {
    match kind.trim() {
        "any" | "float" | "int" | "slug" | "str" | "string" | "uuid" => Part::Segment,
        "path" => Part::Rest,
        // One of the program's own.
        _ => Part::Literal(HOLE.to_string()),
    }
}

/// `/items/<int:id>/<path:rest>`, as Flask and Django write it.
pub(super) fn angles(text: &Text) -> Path {
    Path::of(parts(text.with_holes(), '<', '>', |inside| {
        let kind = inside.split_once(':').map_or("str", |(kind, _)| kind);
        // `any(a, b)`, `string(length=2)`
        by_kind(kind.split('(').next().unwrap_or(kind))
    }))
}

fn parts(text: &str, open: char, close: char, parameter: impl Fn(&str) -> Part) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once(open) {
        let Some((inside, after)) = inside.split_once(close) else { break };
        parts.push(Part::Literal(before.to_owned()));
        parts.push(parameter(inside));
        rest = after;
    }
    parts.push(Part::Literal(rest.to_owned()));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_take_segments_or_the_rest() {
        let path = |written: &str| braces(&Text::new(written));
        assert_eq!(path("/a/{b}/c/{d:path}").pattern.to_string(), "/a/{}/c/*");
        assert_eq!(path("/a/{b:int}").pattern.to_string(), "/a/{}");
        assert!(path("/a/{b:mine}").has_unknown_parts);
        let path_of_flask = |written: &str| angles(&Text::new(written)).pattern.to_string();
        assert_eq!(path_of_flask("/a/<b>/<int:c>/<any(x,y):d>/<path:e>"), "/a/{}/{}/{}/*");
        assert_eq!(path("/a/{b").pattern.to_string(), "/a/{b");
    }
}
