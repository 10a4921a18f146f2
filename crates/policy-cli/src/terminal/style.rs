//! How the report for people is to look: what the arguments, the terminal and the environment ask for.

use std::env;
use std::io::{self, IsTerminal};

use crate::arguments::{CheckArguments, Colour};

/// Columns that messages fill at most: longer lines are hard to read.
const WIDTH: usize = 110;

/// Columns below which nothing can be laid out.
const MIN_WIDTH: usize = 40;

/// How the report is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// With colours.
    pub(crate) colour: bool,
    /// With links that the terminal opens.
    pub(crate) links: bool,
    /// Columns that messages fill at most.
    pub(crate) width: usize,
    /// Whether that is all there is.
    pub(crate) narrow: bool,
    /// How much is said.
    pub(crate) detail: Detail,
}

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Findings alone.
    Quiet,
    /// Findings and a summary.
    Normal,
    /// How many findings each rule has, and a summary.
    Statistics,
    /// Also why each finding matters, and what could not be resolved.
    Verbose,
}

impl Style {
    /// What the arguments, the terminal and the environment ask for.
    pub(crate) fn of(arguments: &CheckArguments) -> Self {
        let terminal = arguments.output.is_none() && io::stdout().is_terminal();
        let colour = match arguments.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => wants_colour(terminal, |name| env::var(name).ok()),
        };
        let told = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let measured = || {
            let size = terminal_size::terminal_size_of(io::stdout()).filter(|_| terminal);
            size.map(|(width, _)| usize::from(width.0))
        };
        let columns = told.or_else(measured);
        Self {
            colour,
            links: terminal && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
            width: columns.unwrap_or(WIDTH).clamp(MIN_WIDTH, WIDTH),
            narrow: columns.is_some_and(|columns| columns < WIDTH),
            detail: match (arguments.statistics, arguments.quiet, arguments.verbose) {
                (true, ..) => Detail::Statistics,
                (_, true, _) => Detail::Quiet,
                (_, _, true) => Detail::Verbose,
                _ => Detail::Normal,
            },
        }
    }
}

impl Style {
    /// Columns that lines of source may fill.
    pub(super) fn columns(self) -> usize {
        if self.narrow { self.width } else { usize::MAX }
    }
}

/// Whether what the environment says comes to colours: `NO_COLOR` before what forces them, and that before what the
/// terminal can do.
fn wants_colour(terminal: bool, variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    let is_on = |name| variable(name).is_some_and(|value| !value.is_empty() && value != "0");
    if is_set("NO_COLOR") {
        return false;
    }
    if is_on("FORCE_COLOR") || is_on("CLICOLOR_FORCE") {
        return true;
    }
    let is_off = |name| variable(name).is_some_and(|value| value == "0");
    terminal && !is_off("FORCE_COLOR") && !is_off("CLICOLOR") && variable("TERM").as_deref() != Some("dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_forbids_before_it_forces_and_forces_before_the_terminal_decides() {
        let wants = |terminal, set: &[(&str, &str)]| {
            wants_colour(terminal, |name| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert!(wants(true, &[]) && !wants(false, &[]));
        assert!(!wants(true, &[("TERM", "dumb")]) && !wants(true, &[("CLICOLOR", "0")]));
        for force in ["FORCE_COLOR", "CLICOLOR_FORCE"] {
            assert!(wants(false, &[(force, "1")]) && wants(true, &[(force, "1"), ("TERM", "dumb")]));
            assert!(!wants(false, &[(force, "0")]) && !wants(true, &[(force, "1"), ("NO_COLOR", "1")]));
        }
        assert!(wants(true, &[("NO_COLOR", "")]));
    }
}
