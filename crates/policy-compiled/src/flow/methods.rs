//! What the methods of routers do, framework by framework: rows of a table.

use policy_http::path::{Part, PathPattern};

use super::groups::Joins;
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
    /// Whether what is handed to code outside may have handlers added.
    pub(crate) is_open: bool,
}

/// What a framework does with the slash at the end of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slash {
    /// It counts.
    Counts,
    /// Both paths are answered, or one leads to the other.
    Free,
    /// A path with it takes all that lies below.
    IsTree,
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
    /// Starts the server.
    Launches,
    /// Handles nothing.
    Nothing,
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

    /// The paths that one that is written stands for, and whether each is meant or only answered too.
    pub(crate) fn paths(&self, written: &str) -> Option<Vec<(PathPattern, bool)>> {
        let mut found: Vec<(PathPattern, bool)> = Vec::new();
        for path in paths(if written.is_empty() { "/" } else { written }, self.style)? {
            let is_tree = self.slash == Slash::IsTree && written.ends_with('/');
            if is_tree {
                let below = PathPattern::prefix("")?;
                found.push((path.then(&below)?, true));
                found.push((path.without_last_slash(), false));
                continue;
            }
            if self.slash == Slash::Free && !path.to_string().ends_with('*') {
                let shorter = path.without_last_slash();
                let other = if shorter == path { path.then(&PathPattern::literal("/")?)? } else { shorter };
                found.push((path, true));
                found.push((other, false));
            } else {
                found.push((path, true));
            }
        }
        if self.ignores_case {
            let small: Vec<PathPattern> = found.iter().map(|(path, _)| in_small_letters(path)).collect();
            for path in small {
                if !found.iter().any(|(known, _)| *known == path) {
                    found.push((path, false));
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
