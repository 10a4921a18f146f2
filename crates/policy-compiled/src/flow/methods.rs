//! What the methods of routers do, framework by framework: rows of a table.

use policy_http::path::{Part, PathPattern};

use super::groups::Joins;
use crate::listing::Listing;
use crate::template::{Style, paths};

/// A framework.
#[derive(Debug)]
pub(crate) struct Framework {
    pub(crate) name: &'static str,
    pub(crate) style: Style,
    pub(crate) joins: Joins,
    pub(crate) slash: Slash,
    /// Whether letters are not told apart by case.
    pub(crate) ignores_case: bool,
    /// What its methods do.
    pub(crate) rows: &'static [Row],
    /// The beginnings of methods that register what is not known where no row names them.
    pub(crate) registers: &'static [&'static str],
    /// Whether a function that it uses answers what it does not pass on.
    pub(crate) uses_handlers: bool,
    /// Whether what is handed to code outside may have handlers added.
    pub(crate) is_open: bool,
}

/// What a framework does with the slash at the end of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slash {
    /// It counts.
    Counts,
    /// It counts, but for the handler of a group's own path, which answers both.
    FreeAtGroups,
    /// Both paths are answered.
    Free,
    /// One path may lead to the other.
    MayLead,
    /// A path with it takes all that lies below.
    IsTree,
}

/// Whether a path is what a handler is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    /// It is.
    Yes,
    /// It is answered, too.
    Too,
    /// It may be answered, too.
    Perhaps,
}

/// What a method does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Handles requests of these methods, of any where there are none, at its first argument.
    Handles(&'static [&'static str]),
    /// Handles the method that is its first argument, at the second.
    HandlesNamed,
    /// Handles the methods that its first or second argument lists, at the other one.
    HandlesListed { path: usize, methods: usize },
    /// Handles `GET /x`, or `/x` for all methods.
    HandlesPattern,
    /// Handles sockets at its first argument.
    Sockets,
    /// Makes a group below its first argument, for a function that is its last or as what it gives.
    Groups,
    /// Makes a group without a path, or goes on with the same one.
    Same,
    /// Puts what its second argument is below its first.
    Mounts,
    /// Serves files below its first argument.
    Files,
    /// Answers all that is left.
    Rest,
    /// Serves one file, or one page, at its first argument.
    Page,
    /// Says the path of a handler that follows.
    Path,
    /// Says the path below which a handler that follows takes everything.
    PathPrefix,
    /// Says the methods of a handler.
    Methods,
    /// Gives the handler that is described.
    Handler,
    /// The group that a prefix was described for.
    Subrouter,
    /// Lets requests pass what it is given before they reach handlers.
    Uses,
    /// Starts the server.
    Launches,
    /// Answers all that is left, where it is given a function, and else starts the server.
    RestOrLaunches,
    /// Handles nothing.
    Nothing,
}

impl Effect {
    /// Whether a call with a path as its argument registers something.
    pub(crate) fn registers(self) -> bool {
        !matches!(
            self,
            Self::Nothing
                | Self::Launches
                | Self::Uses
                | Self::RestOrLaunches
                | Self::Same
                | Self::Methods
                | Self::Handler
                | Self::Subrouter
                | Self::Rest
        )
    }
}

/// A method and what it does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) names: &'static [&'static str],
    pub(crate) effect: Effect,
}

pub(crate) const fn row(names: &'static [&'static str], effect: Effect) -> Row {
    Row { names, effect }
}

impl Framework {
    /// What a method does. `None` where no row names it.
    pub(crate) fn effect(&self, method: &str) -> Option<Effect> {
        self.rows.iter().find(|row| row.names.contains(&method)).map(|row| row.effect)
    }

    /// Lists what it does not tell apart.
    pub(crate) fn list_habits(&self, listing: &mut Listing) {
        listing.ignores(self.ignores_case, matches!(self.slash, Slash::Free | Slash::FreeAtGroups));
    }

    /// A path behind a prefix.
    pub(crate) fn joined(&self, prefix: &str, path: &str) -> String {
        if self.joins == Joins::Plainly {
            return format!("{prefix}{path}");
        }
        let prefix = prefix.trim_end_matches('/');
        let begins = if prefix.is_empty() || prefix.starts_with('/') { "" } else { "/" };
        match path.strip_prefix('/').unwrap_or(path) {
            "" if path.is_empty() => format!("{begins}{prefix}"),
            rest => format!("{begins}{prefix}/{rest}"),
        }
    }

    /// The paths of a handler in a group, each with whether it is meant.
    pub(crate) fn paths_within(&self, prefix: &str, path: &str) -> Option<Vec<(PathPattern, Meant)>> {
        let own = prefix.trim_end_matches('/');
        if self.slash == Slash::FreeAtGroups && path == "/" && !own.is_empty() {
            let mut found = self.paths(own)?;
            found.extend(self.paths(&format!("{own}/"))?.into_iter().map(|(path, _)| (path, Meant::Too)));
            return Some(found);
        }
        self.paths(&self.joined(prefix, path))
    }

    /// The paths that one that is written stands for, each with whether it is meant.
    pub(crate) fn paths(&self, written: &str) -> Option<Vec<(PathPattern, Meant)>> {
        let mut found: Vec<(PathPattern, Meant)> = Vec::new();
        for path in paths(if written.is_empty() { "/" } else { written }, self.style)? {
            if self.slash == Slash::IsTree && path.to_string().ends_with('/') {
                // `/x/{$}` is the path alone. Either way `/x` leads there.
                let below =
                    if written.ends_with('/') { PathPattern::everything() } else { PathPattern::EMPTY };
                found.push((path.then(&below)?, Meant::Yes));
                found.push((path.without_last_slash(), Meant::Too));
                continue;
            }
            let other = match self.slash {
                Slash::Free => Some(Meant::Too),
                Slash::MayLead => Some(Meant::Perhaps),
                _ => None,
            };
            if let Some(meant) = other.filter(|_| !path.to_string().ends_with('*')) {
                let shorter = path.without_last_slash();
                let other = if shorter == path { path.then(&PathPattern::literal("/")?)? } else { shorter };
                found.push((path, Meant::Yes));
                found.push((other, meant));
            } else {
                found.push((path, Meant::Yes));
            }
        }
        if self.ignores_case {
            let small: Vec<PathPattern> = found.iter().map(|(path, _)| in_small_letters(path)).collect();
            for path in small {
                if !found.iter().any(|(known, _)| *known == path) {
                    found.push((path, Meant::Too));
                }
            }
        }
        Some(found)
    }
}

fn in_small_letters(path: &PathPattern) -> PathPattern {
    let parts = path.parts().iter().map(|part| match part {
        Part::Literal(text) => Part::Literal(text.to_lowercase()),
        other => other.clone(),
    });
    PathPattern::new(parts).unwrap_or_default()
}
