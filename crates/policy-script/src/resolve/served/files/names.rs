//! Names of folders and files as parts of paths: parameters, rests, and folders that only group.

use policy_http::path::{Part, PathPattern};

/// What one name in a path takes.
pub(super) enum Taken {
    Text(String),
    Parameter,
    /// At least one segment.
    Rest,
    OptionalParameter,
    OptionalRest,
    /// A folder that only groups.
    Nothing,
    /// A folder that serves nothing.
    Private,
}

/// Paths of one file that are told apart: each part that may be left out doubles them.
const MOST_PATHS: usize = 64;

/// The paths that names of folders and files stand for: several where a part may be left out, and all where that are too many.
pub(super) fn patterns(names: &[&str], read: fn(&str) -> Taken) -> Vec<PathPattern> {
    let mut all = vec![PathPattern::default()];
    for name in names {
        let then = |end: Vec<Part>| -> Vec<PathPattern> {
            let slash = std::iter::once(Part::Literal("/".to_owned()));
            let Some(end) = PathPattern::new(slash.chain(end)) else { return Vec::new() };
            all.iter().filter_map(|start| start.then(&end)).collect()
        };
        all = match read(name) {
            Taken::Text(text) => then(vec![Part::Literal(text)]),
            Taken::Parameter => then(vec![Part::Segment]),
            Taken::Rest => then(vec![Part::Segment, Part::Rest]),
            Taken::OptionalParameter => [all.clone(), then(vec![Part::Segment])].concat(),
            Taken::OptionalRest => [all.clone(), then(vec![Part::Segment, Part::Rest])].concat(),
            Taken::Nothing => all,
            Taken::Private => return Vec::new(),
        };
        if all.len() > MOST_PATHS {
            return vec![PathPattern::everything()];
        }
    }
    all
}

fn in_brackets(name: &str) -> Option<Taken> {
    if let Some(inner) = name.strip_prefix("[[").and_then(|name| name.strip_suffix("]]")) {
        return Some(if inner.starts_with("...") { Taken::OptionalRest } else { Taken::OptionalParameter });
    }
    let inner = name.strip_prefix('[')?.strip_suffix(']')?;
    Some(if inner.starts_with("...") { Taken::Rest } else { Taken::Parameter })
}

fn is_group(name: &str) -> bool {
    name.starts_with('(') && name.ends_with(')')
}

pub(super) fn next_segment(name: &str) -> Taken {
    match name {
        // What intercepts another route has the address of that.
        _ if name.starts_with('_') || name.starts_with("(.") => Taken::Private,
        _ if is_group(name) || name.starts_with('@') => Taken::Nothing,
        _ => in_brackets(name).unwrap_or_else(|| Taken::Text(name.to_owned())),
    }
}

pub(super) fn svelte_segment(name: &str) -> Taken {
    if is_group(name) {
        return Taken::Nothing;
    }
    match in_brackets(name) {
        // A rest may be empty.
        Some(Taken::Rest) => Taken::OptionalRest,
        Some(taken) => taken,
        None if name.contains('[') => Taken::Parameter,
        None => Taken::Text(name.to_owned()),
    }
}

pub(super) fn nuxt_segment(name: &str) -> Taken {
    match in_brackets(name) {
        Some(Taken::Rest) => Taken::OptionalRest,
        Some(taken) => taken,
        None if is_group(name) => Taken::Nothing,
        None if name.contains('[') => Taken::Parameter,
        None => Taken::Text(name.to_owned()),
    }
}

pub(super) fn remix_segment(name: &str) -> Taken {
    match name {
        "$" => Taken::OptionalRest,
        _ if name.starts_with('$') => Taken::Parameter,
        _ if name.starts_with('_') => Taken::Nothing,
        _ => Taken::Text(name.trim_end_matches('_').to_owned()),
    }
}
