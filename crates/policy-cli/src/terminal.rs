//! The report for people: source excerpts with the places marked, and a summary.

mod excerpt;
mod groups;
mod link;
mod secrets;
mod statistics;
mod style;
mod summary;
#[cfg(test)]
mod tests;
mod words;

use std::fmt::{self, Write};

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles};
use policy_core::finding::{Label, Severity};
use policy_core::report::{Diagnostic, Report};
use policy_core::source::RepoPath;
use textwrap::{WordSeparator, WordSplitter};

use crate::address;
use crate::here::Here;
use excerpt::Excerpts;
use groups::{Group, groups};
use link::link;
use policy_core::harmless::harmless;
use secrets::Told;
pub(crate) use style::{Detail, Style};
pub(crate) use summary::counted;

/// Places that are drawn beside the one that has to change.
const MAX_DRAWN: usize = 8;
/// How many of them explain the finding, where others that it explains as well are to be drawn.
const MAX_EXPLAINING: usize = 3;
/// Places of other findings that are listed where they are not drawn; the rest is counted.
const MAX_LISTED: usize = 100;

/// The report as text, with paths as they are `here`.
pub(crate) fn render(report: &Report, style: Style, here: &Here) -> String {
    let shown = |path: &RepoPath| harmless(&here.shown(path)).into_owned();
    let mut text = String::new();
    if style.detail == Detail::Statistics {
        text.push_str(&statistics::statistics(report));
    } else {
        let header = |path: &RepoPath| {
            if style.links { link(&address::of(&here.on_disk(path)), &shown(path)) } else { shown(path) }
        };
        let told = Told::by(report);
        // What breaks the deployment is read first.
        let mut found: Vec<&Diagnostic> = report.active().collect();
        found.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
        // Whoever asks for everything sees each finding by itself.
        let groups = match style.detail {
            Detail::Verbose => found.into_iter().map(Group::of_one).collect(),
            Detail::Quiet | Detail::Normal | Detail::Statistics => groups(found.into_iter()),
        };
        for group in groups {
            text.push_str(&block(report, &told, &group, style, &header, &shown));
            text.push('\n');
        }
    }
    if style.detail != Detail::Quiet {
        text.push_str(&summary::summary(report, style.detail == Detail::Verbose, &shown));
    }
    text.lines().map(str::trim_end).fold(String::new(), |text, line| text + line + "\n")
}

/// What is said of a group of findings.
fn block(
    report: &Report,
    told: &Told,
    group: &Group<'_>,
    style: Style,
    header: &dyn Fn(&RepoPath) -> String,
    shown_path: &dyn Fn(&RepoPath) -> String,
) -> String {
    let shown = Shown::new(report, told, group, style, header);
    let styles = if style.colour { shown.colours() } else { ThemeStyles::none() };
    let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_word_separator(WordSeparator::Custom(words::words))
        .with_word_splitter(WordSplitter::NoHyphenation)
        .with_context_lines(1)
        .with_links(false);
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = handler.render_report(&mut text, &shown);
    // The place that has to change is in the first excerpt.
    let mut text = text.replacen("╭─[", "╭▶[", 1);
    let listed = group.others.iter().skip(drawn_others(group)).map(|other| &other.finding.primary);
    text.push_str(&also(report, listed, style, shown_path));
    if style.detail == Detail::Verbose {
        for reason in &group.first.finding.evidence {
            let _ = writeln!(text, "  evidence: {}", harmless(reason));
        }
    }
    text
}

/// How many of the other findings of a group are drawn.
fn drawn_others(group: &Group<'_>) -> usize {
    let explaining = group.first.finding.related.len().min(MAX_EXPLAINING);
    group.others.len().min(MAX_DRAWN - explaining)
}

/// The lines that name places which are not drawn.
fn also<'r>(
    report: &Report,
    places: impl ExactSizeIterator<Item = &'r Label>,
    style: Style,
    shown_path: &dyn Fn(&RepoPath) -> String,
) -> String {
    let more = places.len().saturating_sub(MAX_LISTED);
    let listed = places.take(MAX_LISTED).filter_map(|label| {
        let place = report.place(label.span)?;
        Some(format!("{}:{}", shown_path(place.path), place.start.line))
    });
    let mut listed: Vec<String> = listed.collect();
    if listed.is_empty() {
        return String::new();
    }
    if more > 0 {
        listed.push(format!("{more} more"));
    }
    let options = textwrap::Options::new(style.width)
        .initial_indent("  also: ")
        .subsequent_indent("        ")
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    textwrap::fill(&listed.join(", "), options) + "\n"
}

/// A diagnostic as the renderer takes it.
#[derive(Debug)]
struct Shown<'r> {
    diagnostic: &'r Diagnostic,
    excerpts: Excerpts,
    labels: Vec<LabeledSpan>,
    code: String,
    help: Option<String>,
    message: String,
}

impl<'r> Shown<'r> {
    fn new(
        report: &'r Report,
        told: &Told,
        group: &Group<'r>,
        style: Style,
        header: &dyn Fn(&RepoPath) -> String,
    ) -> Self {
        let diagnostic = group.first;
        let finding = &diagnostic.finding;
        let others: Vec<Label> = group.other_places().take(drawn_others(group)).collect();
        let explaining = MAX_DRAWN.saturating_sub(others.len());
        let more = finding.related.len().saturating_sub(explaining);
        let beside = others.iter().chain(finding.related.iter().take(explaining));
        let labels: Vec<_> = std::iter::once(&finding.primary).chain(beside).collect();
        let (excerpts, spans) = Excerpts::of(report, told, &labels, style.columns(), header);
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
            code: if style.links {
                link(&diagnostic.rule.page(), &diagnostic.rule.to_string())
            } else {
                diagnostic.rule.to_string()
            },
            help: help(diagnostic, more),
            labels,
        }
    }

    /// Colours that give the place that has to change the colour of its severity, and all other places another one.
    fn colours(&self) -> ThemeStyles {
        let mut styles = ThemeStyles::ansi();
        let primary = match self.diagnostic.severity {
            Severity::Error => styles.error,
            Severity::Warning => styles.warning,
            Severity::Note => styles.advice,
        };
        let related = styles.highlights.first().copied().unwrap_or_default();
        // The renderer gives its highlights to labels in the order of their places.
        let mut labels: Vec<&LabeledSpan> = self.labels.iter().collect();
        labels.sort_by_key(|label| label.offset());
        let of_labels = labels.into_iter().map(|label| if label.primary() { primary } else { related });
        styles.highlights = of_labels.collect();
        if styles.highlights.is_empty() {
            styles.highlights.push(related);
        }
        styles
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
        Some(Box::new(&self.code))
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
