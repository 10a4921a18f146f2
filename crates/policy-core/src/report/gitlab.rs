//! GitLab's code quality report.

use serde::Serialize;

use super::{Report, fingerprints, sentences};
use crate::finding::Severity;
use crate::rule_id::RuleId;

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: RuleId,
    fingerprint: String,
    severity: &'static str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The active diagnostics as one JSON array.
pub fn gitlab(report: &Report) -> String {
    let issues: Vec<Issue<'_>> = report
        .diagnostics
        .iter()
        .zip(fingerprints(report))
        .filter(|(diagnostic, _)| diagnostic.suppression.is_none())
        .filter_map(|(diagnostic, fingerprint)| {
            let finding = &diagnostic.finding;
            let place = report.place(finding.primary.span)?;
            Some(Issue {
                description: sentences([finding.message.as_str()].into_iter().chain(finding.help.as_deref())),
                check_name: diagnostic.rule,
                fingerprint,
                severity: severity(diagnostic.severity),
                location: Location {
                    path: place.path.as_str(),
                    lines: Lines { begin: place.start.line, end: place.end.line },
                },
            })
        })
        .collect();
    super::pretty(&issues)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "info",
        Severity::Warning => "major",
        Severity::Error => "critical",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Suppression, sample};

    #[test]
    fn what_the_source_allows_is_left_out_and_the_rest_keeps_its_fingerprint() {
        let mut report = sample::report("a.tf", "x = 1\ny = 2\n", &["x", "y"]);
        let prints = fingerprints(&report);
        let at = report.diagnostics[0].finding.primary.span;
        report.diagnostics[0].suppression = Some(Suppression::Directive { at, reason: "r".to_owned() });
        let issues: serde_json::Value = serde_json::from_str(&gitlab(&report)).unwrap();
        assert_eq!(issues.as_array().unwrap().len(), 1);
        assert_eq!(issues[0]["fingerprint"], prints[1].as_str());
        assert_eq!(issues[0]["location"]["lines"]["begin"], 2);
    }
}
