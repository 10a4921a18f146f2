//! `JUnit`'s XML, which most CI servers show: a suite for each rule, a failed case for each finding.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use super::{Diagnostic, Report};
use crate::finding::Finding;
use crate::harmless::is_harmful;
use crate::rule_id::RuleId;

/// The active diagnostics as `JUnit` XML. A rule without any gives one case that passed.
pub fn junit(report: &Report) -> String {
    let mut suites: BTreeMap<RuleId, Vec<&Diagnostic>> =
        report.cards.iter().map(|card| (card.id, Vec::new())).collect();
    for diagnostic in report.active() {
        suites.entry(diagnostic.rule).or_default().push(diagnostic);
    }
    let failures = report.active().count();
    let errors = report.unlisted.len();
    let cases = suites.values().map(|found| found.len().max(1)).sum::<usize>() + errors;

    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = writeln!(
        xml,
        "<testsuites name=\"portcullis\" tests=\"{cases}\" failures=\"{failures}\" errors=\"{errors}\">"
    );
    for (rule, found) in suites {
        let rule = escape(&rule.to_string());
        let (tests, failures) = (found.len().max(1), found.len());
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{rule}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
        );
        if found.is_empty() {
            let _ = writeln!(xml, "    <testcase name=\"{rule}\" classname=\"{rule}\"/>");
        }
        let mut names: HashMap<String, usize> = HashMap::new();
        for diagnostic in found {
            let name = name(report, diagnostic);
            let count = names.entry(name.clone()).or_default();
            *count += 1;
            let name = if *count == 1 { name } else { format!("{name} ({count})") };
            failed_case(&mut xml, report, diagnostic, &rule, &name);
        }
        xml.push_str("  </testsuite>\n");
    }
    if errors > 0 {
        let _ = writeln!(
            xml,
            "  <testsuite name=\"listing\" tests=\"{errors}\" failures=\"0\" errors=\"{errors}\">"
        );
        for place in &report.unlisted {
            let (path, reason) = (escape(&place.path), escape(&place.reason));
            let _ = writeln!(xml, "    <testcase name=\"{path}\" classname=\"listing\">");
            let _ = writeln!(xml, "      <error message=\"{reason}\"/>\n    </testcase>");
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

/// What a test is known by from one run to the next: lines move, and so none is in it.
fn name(report: &Report, diagnostic: &Diagnostic) -> String {
    let Finding { primary, message, .. } = &diagnostic.finding;
    report.file(primary.span).map_or_else(|| message.clone(), |file| format!("{}: {message}", file.path))
}

fn failed_case(xml: &mut String, report: &Report, diagnostic: &Diagnostic, rule: &str, name: &str) {
    let finding = &diagnostic.finding;
    let place = |span| {
        report
            .place(span)
            .map_or_else(String::new, |at| format!("{}:{}:{}", at.path, at.start.line, at.start.column))
    };
    let mut body = format!("{}: {}\n", place(finding.primary.span), finding.message);
    for label in &finding.related {
        let _ = writeln!(body, "{}: {}", place(label.span), label.text);
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(body, "help: {help}");
    }
    let _ = writeln!(
        xml,
        "    <testcase name=\"{}\" classname=\"{rule}\"{}>\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    \
         </testcase>",
        escape(name),
        report.place(finding.primary.span).map_or_else(String::new, |at| {
            format!(" file=\"{}\" line=\"{}\"", escape(at.path.as_str()), at.start.line)
        }),
        diagnostic.severity.name(),
        escape(&finding.message),
        escape(&body),
    );
}

/// `text` for XML 1.0, also within quotes: characters that it cannot hold at all become U+FFFD.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ if is_harmful(character) => {
                let _ = write!(escaped, "&#x{:x};", u32::from(character));
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn each_finding_is_a_failed_case_and_markup_is_escaped() {
        let mut report = sample::report("a&b.tf", "x", &["x"]);
        report.diagnostics[0].finding.message = "</failure>\u{1}\u{9b}".to_owned();
        let xml = junit(&report);
        assert!(xml.contains("tests=\"1\" failures=\"1\" errors=\"0\""), "{xml}");
        assert!(xml.contains("<testcase name=\"a&amp;b.tf: &lt;/failure&gt;\u{fffd}&#x9b;\" classname=\"image/latest-tag\" file=\"a&amp;b.tf\" line=\"1\">"), "{xml}");
        assert!(xml.contains("message=\"&lt;/failure&gt;\u{fffd}&#x9b;\""), "{xml}");
        assert_eq!(xml.matches("</failure>").count(), 1);
    }

    #[test]
    fn a_case_keeps_its_name_when_lines_move_and_no_two_share_one() {
        let names = |text: &str| -> Vec<String> {
            let xml = junit(&sample::report("a.tf", text, &["x", "y"]));
            let parts = xml.split("<testcase name=\"").skip(1);
            parts.filter_map(|part| part.split_once('"')).map(|(name, _)| name.to_owned()).collect()
        };
        assert_eq!(names("x y"), ["a.tf: the tag `latest` moves", "a.tf: the tag `latest` moves (2)"]);
        assert_eq!(names("x y"), names("\n\nx\ny"));
    }
}
