//! Follows a request through the steps of its server and locations, until it is answered or proxied.

use policy_text::value::{Origin, Text};
use regex::{Captures, Regex};

use super::choose::{Choice, choose};
use crate::model::{Content, Folder, Location, Matcher, Pass, Server, Step, Then};

/// How often nginx looks for a location again before it gives up.
const MAX_SEARCHES: usize = 10;

/// How a request ends.
#[derive(Clone, Debug)]
pub enum Outcome<'c> {
    /// It is passed to another program.
    Passed {
        /// Where.
        pass: &'c Pass,
        /// The location that does so.
        location: &'c Location,
        /// The path that the other program is asked for. Holes stand for what is not known.
        path: Text,
    },
    /// nginx answers by itself.
    Answered {
        /// The status. `None` where it is not known.
        status: Option<u16>,
        /// The address or text of the answer.
        to: Option<Text>,
        /// The location that does so; `None` for the server.
        location: Option<&'c Location>,
    },
    /// The file at that path, if there is one.
    File {
        /// Where files lie; nginx has a folder of its own where nothing is set.
        folder: Option<&'c Folder>,
        /// The path that is asked for.
        path: String,
        /// The location that does so; `None` for the server.
        location: Option<&'c Location>,
        /// What happens where there is none. `None` for an answer that says so.
        otherwise: Option<Box<Outcome<'c>>>,
    },
    /// That depends on what is not known.
    Unknown,
}

/// What `server` does with a request for `path`, which is decoded and begins with a slash.
pub fn route<'c>(server: &'c Server, path: &str) -> Outcome<'c> {
    if server.gap.is_some() || !server.own.conditions.is_empty() {
        return Outcome::Unknown;
    }
    let changed = match run(&server.own.steps, path) {
        Steps::Path(path, _) => path,
        Steps::Ended(outcome) => return outcome,
    };
    search(server, &changed, MAX_SEARCHES)
}

fn search<'c>(server: &'c Server, path: &str, left: usize) -> Outcome<'c> {
    let Some(left) = left.checked_sub(1) else {
        return Outcome::Answered { status: Some(500), to: None, location: None };
    };
    match choose(&server.locations, path) {
        Choice::Location(location) => within(server, location, path, left),
        Choice::Server => files(server, &server.own, None, path, left),
        Choice::Slash(location) => Outcome::Answered {
            status: Some(301),
            to: Some(Text::literal(format!("{path}/"), location.at)),
            location: Some(location),
        },
        Choice::Unknown => Outcome::Unknown,
    }
}

/// What a location does with a request.
fn within<'c>(server: &'c Server, location: &'c Location, path: &str, left: usize) -> Outcome<'c> {
    if location.gap.is_some() || !location.content.conditions.is_empty() {
        return Outcome::Unknown;
    }
    let (changed, stopped) = match run(&location.content.steps, path) {
        Steps::Path(changed, Ended::Search) => return search(server, &changed, left),
        Steps::Path(changed, ended) => (changed, ended == Ended::Stopped),
        Steps::Ended(Outcome::Answered { status, to, .. }) => {
            return Outcome::Answered { status, to, location: Some(location) };
        }
        Steps::Ended(other) => return other,
    };
    let is_changed = changed != path;
    // A path that was changed without a word on what is next is looked for anew.
    if is_changed && !stopped {
        return search(server, &changed, left);
    }
    let here = |path: &str| match &location.content.pass {
        Some(pass) => Outcome::Passed { pass, location, path: passed_path(pass, location, path, is_changed) },
        None => files(server, &location.content, Some(location), path, left),
    };
    if location.content.pass.is_some() && !location.content.try_files.is_empty() {
        return tried(server, &location.content, Some(location), &changed, left, here(&changed));
    }
    here(&changed)
}

/// The path that another program is asked for.
fn passed_path(pass: &Pass, location: &Location, path: &str, is_changed: bool) -> Text {
    let plain = || Text::literal(path, pass.address_at);
    match (&pass.uri, &location.matcher) {
        (None, _) => plain(),
        // What has a variable is the whole address, and takes nothing of the request.
        (Some(uri), _) if pass.variable => uri.clone(),
        (Some(_), _) if is_changed => plain(),
        (Some(uri), Matcher::Prefix { path: own, .. } | Matcher::Exact(own)) => {
            let mut passed = uri.clone();
            passed
                .append(&Text::literal(path.strip_prefix(own.as_str()).unwrap_or_default(), pass.address_at));
            passed
        }
        (Some(_), _) => Text::hole(Origin::Other("nginx refuses a path here".into()), pass.address_at),
    }
}

/// Files, and what is tried in their place.
fn files<'c>(
    server: &'c Server,
    content: &'c Content,
    location: Option<&'c Location>,
    path: &str,
    left: usize,
) -> Outcome<'c> {
    let otherwise = content.when_missing.as_ref().map(|page| Box::new(elsewhere(server, page, left)));
    let file = Outcome::File { folder: content.files.as_ref(), path: path.to_owned(), location, otherwise };
    if content.try_files.is_empty() { file } else { tried(server, content, location, path, left, file) }
}

/// `try_files`: a file, or what its last word says. `there` is what happens with a file that is there.
fn tried<'c>(
    server: &'c Server,
    content: &'c Content,
    location: Option<&'c Location>,
    path: &str,
    left: usize,
    there: Outcome<'c>,
) -> Outcome<'c> {
    let Some(last) = content.try_files.last() else { return there };
    let otherwise = match last.known() {
        // The request has come back to what was tried last: without a file there, it goes round and round.
        Some(own) if own == path => match there {
            Outcome::File { .. } => Outcome::Answered { status: Some(500), to: None, location },
            there => return there,
        },
        Some(status) if status.starts_with('=') => Outcome::Answered {
            status: status.get(1..).and_then(|status| status.parse().ok()),
            to: None,
            location,
        },
        _ => elsewhere(server, last, left),
    };
    match there {
        Outcome::File { folder, .. } => {
            Outcome::File { folder, path: path.to_owned(), location, otherwise: Some(Box::new(otherwise)) }
        }
        // A program that is asked only for what is a file.
        _ => Outcome::Unknown,
    }
}

/// Where a request goes on: a named location, or a path that is looked for anew.
fn elsewhere<'c>(server: &'c Server, to: &Text, left: usize) -> Outcome<'c> {
    let Some(to) = to.known() else { return Outcome::Unknown };
    if to.starts_with('@') {
        let named = server
            .locations
            .iter()
            .find(|location| matches!(&location.matcher, Matcher::Named(name) if *name == *to));
        // The path stays as it was, which a named location cannot see here.
        return match named.and_then(|location| Some((location, location.content.pass.as_ref()?))) {
            Some((location, pass)) if location.content.conditions.is_empty() && location.gap.is_none() => {
                let path = Text::hole(Origin::Other("the path of the request".into()), pass.address_at);
                Outcome::Passed { pass, location, path }
            }
            _ => Outcome::Unknown,
        };
    }
    if !to.starts_with('/') {
        return Outcome::Answered { status: Some(302), to: None, location: None };
    }
    // The server's own steps run again for it.
    if !server.own.steps.is_empty() {
        return Outcome::Unknown;
    }
    let path = to.split('?').next().unwrap_or_default();
    match left.checked_sub(1) {
        None => Outcome::Answered { status: Some(500), to: None, location: None },
        Some(left) => search(server, path, left),
    }
}

/// How the steps of a block end.
enum Steps<'c> {
    /// With this path.
    Path(String, Ended),
    /// With an answer, or in the unknown.
    Ended(Outcome<'c>),
}

/// Bytes of a path at most: what nginx's own buffers for a request take.
const LONGEST_PATH: usize = 8 << 10;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Through,
    Stopped,
    Search,
}

fn run<'c>(steps: &[Step], path: &str) -> Steps<'c> {
    let mut path = path.to_owned();
    for step in steps {
        match step {
            Step::Break => return Steps::Path(path, Ended::Stopped),
            Step::Return { status, to } => {
                return Steps::Ended(Outcome::Answered { status: *status, to: to.clone(), location: None });
            }
            Step::Rewrite { expression: None, .. } => return Steps::Ended(Outcome::Unknown),
            Step::Rewrite { expression: Some(expression), replacement, then } => {
                let Some(changed) = rewritten(expression, replacement, &path) else { continue };
                if let Then::Redirect(status) = then {
                    let outcome = Outcome::Answered { status: Some(*status), to: None, location: None };
                    return Steps::Ended(outcome);
                }
                let Some(changed) = changed.filter(|path| path.len() <= LONGEST_PATH) else {
                    return Steps::Ended(Outcome::Unknown);
                };
                path = changed;
                match then {
                    Then::Search => return Steps::Path(path, Ended::Search),
                    Then::Stop => return Steps::Path(path, Ended::Stopped),
                    Then::Continue | Then::Redirect(_) => {}
                }
            }
        }
    }
    Steps::Path(path, Ended::Through)
}

/// What takes the place of `path`: `None` where the expression does not match, `Some(None)` where the path is not known.
#[expect(clippy::option_option, reason = "no match and no knowledge are two things")]
fn rewritten(expression: &Regex, replacement: &str, path: &str) -> Option<Option<String>> {
    let captures = expression.captures(path)?;
    Some(filled(replacement, &captures).map(|path| path.split('?').next().unwrap_or_default().to_owned()))
}

/// The replacement with what the expression captured: `$1` to `$9`.
fn filled(replacement: &str, captures: &Captures<'_>) -> Option<String> {
    let mut result = String::new();
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at);
        result.push_str(before);
        let digit = after.get(1..2)?.parse::<usize>().ok()?;
        result.push_str(captures.get(digit).map_or("", |group| group.as_str()));
        rest = after.get(2..).unwrap_or_default();
    }
    result.push_str(rest);
    Some(result)
}
