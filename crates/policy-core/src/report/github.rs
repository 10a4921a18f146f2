//! Workflow commands of GitHub Actions: annotations without code scanning.

use std::fmt::Write;

use super::{Report, sentences};
use crate::finding::Severity;
use crate::harmless::visible;

/// The active diagnostics as one workflow command a line.
pub fn github(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    for diagnostic in report.active() {
        let finding = &diagnostic.finding;
        let mut message = sentences([finding.message.as_str()].into_iter().chain(finding.help.as_deref()));
        for label in &finding.related {
            if let Some(place) = report.place(label.span) {
                let _ = write!(message, "\n{}:{}: {}", place.path, place.start.line, label.text);
            }
        }
        let mut properties = String::new();
        if let Some(place) = report.place(finding.primary.span) {
            let file = escape_property(place.path.as_str());
            let _ = write!(properties, "file={file},line={},endLine={},", place.start.line, place.end.line);
            // Columns of a place over several lines are refused.
            if place.start.line == place.end.line {
                let _ = write!(properties, "col={},endColumn={},", place.start.column, place.end.column);
            }
        }
        let _ = writeln!(
            text,
            "::{} {properties}title={}::{}",
            command(diagnostic.severity),
            escape_property(&diagnostic.rule.to_string()),
            escape(&message),
        );
    }
    for place in &report.unlisted {
        let message = escape(&format!("`{}` was left out: {}.", place.path, place.reason));
        let _ = writeln!(text, "::warning title=portcullis::{message}");
    }
    for fault in &report.faults {
        let message = escape(&format!("This is a bug in portcullis: {fault}."));
        let _ = writeln!(text, "::error title=portcullis::{message}");
    }
    text
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn escape(text: &str) -> String {
    let shown = |character| if character == '\n' { character } else { visible(character) };
    let text: String = text.chars().map(shown).collect();
    text.replace('%', "%25").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn nothing_in_a_path_or_a_message_can_start_a_command() {
        let mut report = sample::report("a,b:c%.tf", "latest", &["latest"]);
        report.diagnostics[0].finding.message = "one\n::error::two 100%\r\u{1b}".to_owned();
        assert_eq!(
            github(&report),
            "::error file=a%2Cb%3Ac%25.tf,line=1,endLine=1,col=1,endColumn=7,title=image/latest-tag::\
             One%0A::error::two 100%25␍␛. Name a version.\n"
        );
    }
}
