//! The choice of a location: exact, longest prefix, then regular expressions in their order, and again within.

use crate::model::{Location, Matcher};

/// What is chosen for a path.
#[derive(Clone, Copy, Debug)]
pub enum Choice<'c> {
    /// This location.
    Location(&'c Location),
    /// No location: the server itself answers.
    Server,
    /// None: the client is sent to the same path with a slash at its end.
    Slash(&'c Location),
    /// That depends on what is not known.
    Unknown,
}

/// What one level of locations says.
enum Found<'c> {
    /// This one, and no expression above is asked.
    Final(&'c Location),
    /// This one, unless an expression above matches.
    Prefix(&'c Location),
    Slash(&'c Location),
    Nothing,
    Unknown,
}

/// The location among `locations` that takes `path`, which is decoded and begins with a slash.
pub fn choose<'c>(locations: &'c [Location], path: &str) -> Choice<'c> {
    match find(locations, path) {
        Found::Final(location) | Found::Prefix(location) => Choice::Location(location),
        Found::Slash(location) => Choice::Slash(location),
        Found::Nothing => Choice::Server,
        Found::Unknown => Choice::Unknown,
    }
}

fn find<'c>(locations: &'c [Location], path: &str) -> Found<'c> {
    if locations.iter().any(|location| matches!(location.matcher, Matcher::Unknown)) {
        return Found::Unknown;
    }
    let exact =
        locations.iter().find(|location| matches!(&location.matcher, Matcher::Exact(own) if own == path));
    if let Some(exact) = exact {
        return Found::Final(exact);
    }
    let prefixes = locations.iter().filter_map(|location| match &location.matcher {
        Matcher::Prefix { path: own, last } if path.starts_with(own.as_str()) => Some((own, *last, location)),
        _ => None,
    });
    // Two of the same length would be the same, which nginx refuses.
    let longest = prefixes.max_by_key(|(own, ..)| own.len());
    // An equal prefix is longer than any other, and is taken without the detour over a slash.
    let is_equal = longest.is_some_and(|(own, ..)| own == path);
    if !is_equal && let Some(location) = locations.iter().find(|location| is_slash_away(location, path)) {
        return Found::Slash(location);
    }
    let (prefix, asks_expressions) = match longest {
        None => (Found::Nothing, true),
        Some((_, last, location)) => match find(&location.nested, path) {
            Found::Nothing => (Found::Prefix(location), !last),
            nested @ Found::Prefix(_) => (nested, !last),
            decided => return decided,
        },
    };
    if asks_expressions {
        for location in locations {
            match &location.matcher {
                Matcher::Expression(None) => return Found::Unknown,
                Matcher::Expression(Some(expression)) if expression.is_match(path) => {
                    return match find(&location.nested, path) {
                        Found::Nothing => Found::Final(location),
                        Found::Prefix(nested) => Found::Final(nested),
                        decided => decided,
                    };
                }
                _ => {}
            }
        }
    }
    prefix
}

/// Whether the location passes `path/` on: then nginx sends `path` itself there.
fn is_slash_away(location: &Location, path: &str) -> bool {
    let (Matcher::Prefix { path: own, .. } | Matcher::Exact(own)) = &location.matcher else { return false };
    location.content.pass.is_some() && own.strip_suffix('/') == Some(path)
}
