//! One line for each finding, as compilers print them: for editors, terminals and scripts.

use std::fmt::Write;

use policy_text::source::RepoPath;

use super::Report;
use crate::harmless::harmless;

/// The active diagnostics as `path:line:column: severity: message [rule]`, with paths as `shown` writes them.
pub fn concise(report: &Report, shown: impl Fn(&RepoPath) -> String) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    for diagnostic in report.active() {
        if let Some(place) = report.place(diagnostic.finding.primary.span) {
            let path = shown(place.path);
            let _ = write!(text, "{}:{}:{}: ", harmless(&path), place.start.line, place.start.column);
        }
        let message = harmless(&diagnostic.finding.message);
        let _ = writeln!(text, "{}: {message} [{}]", diagnostic.severity.name(), diagnostic.rule);
    }
    for place in &report.unlisted {
        let _ = writeln!(text, "{}: warning: left out: {}", harmless(&place.path), harmless(&place.reason));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_finding_is_one_line_whatever_it_says() {
        let mut report = sample::report("a b.tf", "x\nlatest", &["latest"]);
        report.diagnostics[0].finding.message = "one\ntwo".to_owned();
        let text = concise(&report, |path| format!("../{path}"));
        assert_eq!(text, "../a b.tf:2:1: error: one two [image/latest-tag]\n");
    }
}
