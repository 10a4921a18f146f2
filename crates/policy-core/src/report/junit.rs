//! `JUnit`'s XML, which most CI servers show: a suite for each rule, a failed case for each finding.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Diagnostic, Report};
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
        for diagnostic in found {
            failed_case(&mut xml, report, diagnostic, &rule);
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

fn failed_case(xml: &mut String, report: &Report, diagnostic: &Diagnostic, rule: &str) {
    let finding = &diagnostic.finding;
    let place = |span| {
        report
            .place(span)
            .map_or_else(String::new, |at| format!("{}:{}:{}", at.path, at.start.line, at.start.column))
    };
    let name = place(finding.primary.span);
    let mut body = format!("{name}: {}\n", finding.message);
    for label in &finding.related {
        let _ = writeln!(body, "{}: {}", place(label.span), label.text);
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(body, "help: {help}");
    }
    let _ = writeln!(
        xml,
        "    <testcase name=\"{}\" classname=\"{rule}\">\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    \
         </testcase>",
        escape(&name),
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
        assert!(xml.contains("<testcase name=\"a&amp;b.tf:1:1\" classname=\"image/latest-tag\">"), "{xml}");
        assert!(xml.contains("message=\"&lt;/failure&gt;\u{fffd}&#x9b;\""), "{xml}");
        assert_eq!(xml.matches("</failure>").count(), 1);
    }
}
