//! The report for people: source excerpts with the places marked, and a summary.

mod excerpt;
mod groups;
mod secrets;
mod summary;
#[cfg(test)]
mod tests;

use std::env;
use std::fmt::{self, Write};
use std::io::{self, IsTerminal};

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles};
use policy_core::finding::{Label, Severity};
use policy_core::report::{Diagnostic, Report};

use crate::arguments::{CheckArguments, Colour};
use excerpt::Excerpts;
use groups::{Group, groups};
use policy_core::harmless::harmless;

/// Columns that messages fill at most: longer lines are hard to read.
const WIDTH: usize = 110;

/// Related places that are drawn; the rest is counted.
const MAX_RELATED: usize = 8;

/// How the report is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// With colours.
    pub(crate) colour: bool,
    /// Columns of the terminal.
    pub(crate) width: usize,
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
    /// Also why each finding matters, and what could not be resolved.
    Verbose,
}

impl Style {
    /// What the arguments, the terminal and `NO_COLOR` ask for.
    pub(crate) fn of(arguments: &CheckArguments) -> Self {
        let terminal = arguments.output.is_none() && io::stdout().is_terminal();
        let colour = match arguments.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        let columns =
            terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
        Self {
            colour,
            width: columns.filter(|_| terminal).unwrap_or(WIDTH).clamp(40, WIDTH),
            detail: match (arguments.quiet, arguments.verbose) {
                (true, _) => Detail::Quiet,
                (_, true) => Detail::Verbose,
                _ => Detail::Normal,
            },
        }
    }
}

/// The report as text.
pub(crate) fn render(report: &Report, style: Style) -> String {
    let styles = if style.colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let handler =
        GraphicalReportHandler::new_themed(GraphicalTheme { characters: ThemeCharacters::unicode(), styles })
            .with_width(style.width)
            .with_context_lines(1)
            .with_links(false);
    let mut text = String::new();
    let found = report.active();
    // Whoever asks for everything sees each finding by itself.
    let groups = match style.detail {
        Detail::Verbose => found.map(Group::of_one).collect(),
        Detail::Quiet | Detail::Normal => groups(found),
    };
    for group in groups {
        // Writing to a string cannot fail.
        let _ = handler.render_report(&mut text, &Shown::new(report, &group));
        if style.detail == Detail::Verbose {
            for reason in &group.first.finding.evidence {
                let _ = writeln!(text, "  note: {}", harmless(reason));
            }
        }
        text.push('\n');
    }
    if style.detail != Detail::Quiet {
        text.push_str(&summary::summary(report, style.detail == Detail::Verbose));
    }
    text.lines().map(str::trim_end).fold(String::new(), |text, line| text + line + "\n")
}

/// A diagnostic as the renderer takes it.
#[derive(Debug)]
struct Shown<'r> {
    diagnostic: &'r Diagnostic,
    excerpts: Excerpts,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
    message: String,
}

impl<'r> Shown<'r> {
    fn new(report: &'r Report, group: &Group<'r>) -> Self {
        let diagnostic = group.first;
        let finding = &diagnostic.finding;
        let others: Vec<Label> = group.other_places().collect();
        let beside = others.iter().chain(&finding.related);
        let more = (others.len() + finding.related.len()).saturating_sub(MAX_RELATED);
        let labels: Vec<_> = std::iter::once(&finding.primary).chain(beside.take(MAX_RELATED)).collect();
        let (excerpts, spans) = Excerpts::of(report, &labels);
        let labels: Vec<LabeledSpan> = labels
            .iter()
            .zip(spans)
            .enumerate()
            .filter_map(|(index, (label, span))| {
                let words = Some(harmless(&label.text).into_owned()).filter(|words| !words.is_empty());
                let span = span?;
                Some(match index {
                    0 => LabeledSpan::new_primary_with_span(words, span),
                    _ => LabeledSpan::new_with_span(words, span),
                })
            })
            .collect();
        Self {
            diagnostic,
            message: message(report, diagnostic, &labels),
            excerpts,
            help: help(diagnostic, more),
            labels,
        }
    }
}

/// The message, with the path where there is no excerpt to name it.
fn message(report: &Report, diagnostic: &Diagnostic, labels: &[LabeledSpan]) -> String {
    let finding = &diagnostic.finding;
    let mut message = String::new();
    if labels.is_empty()
        && let Some(place) = report.place(finding.primary.span)
    {
        let _ = write!(message, "{}: ", harmless(place.path.as_str()));
    }
    message.push_str(&harmless(&finding.message));
    message
}

fn help(diagnostic: &Diagnostic, more: usize) -> Option<String> {
    let finding = &diagnostic.finding;
    let help = finding.help.as_deref().map(|help| harmless(help).into_owned());
    match (help, more) {
        (help, 0) => help,
        (None, more) => Some(not_shown(more)),
        (Some(help), more) => Some(format!("{help} ({})", not_shown(more))),
    }
}

fn not_shown(more: usize) -> String {
    if more == 1 {
        "1 more location is not shown".to_owned()
    } else {
        format!("{more} more locations are not shown")
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.rule))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpts)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty())
            .then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = _>>)
    }
}
