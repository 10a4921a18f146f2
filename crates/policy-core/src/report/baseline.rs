//! A baseline: the findings that a repository had on some day, so that only newer ones count.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Report, Suppression, fingerprints};

/// Grows by one when a field changes its meaning or goes away.
const FORMAT_VERSION: u32 = 1;

/// Findings that are known already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Baseline {
    version: u32,
    findings: Vec<Known>,
}

/// A finding of a baseline. Its fingerprint decides; the rest is for people who read the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Known {
    /// The rule's id.
    pub rule: String,
    /// The file's path from the root.
    pub path: String,
    /// What was found.
    pub message: String,
    /// Made of the rule, the path and the text of the line; 16 hexadecimal digits.
    pub fingerprint: String,
}

/// Why a text is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// Not the shape of one.
    #[error("{0}")]
    Shape(#[from] serde_json::Error),
    /// One of another version of the format.
    #[error("it has version {0} of the format, and this portcullis reads version {FORMAT_VERSION}")]
    Version(u32),
}

impl Baseline {
    /// The findings of `report` that nothing in the source allows.
    pub fn of(report: &Report) -> Self {
        let prints = fingerprints(report);
        let found = report.diagnostics.iter().zip(prints);
        let counted =
            found.filter(|(found, _)| !matches!(found.suppression, Some(Suppression::Directive { .. })));
        let known = |(found, fingerprint): (&super::Diagnostic, String)| Known {
            rule: found.rule.to_string(),
            path: report
                .file(found.finding.primary.span)
                .map_or_else(String::new, |file| file.path.to_string()),
            message: found.finding.message.clone(),
            fingerprint,
        };
        Self { version: FORMAT_VERSION, findings: counted.map(known).collect() }
    }

    /// Reads what [`Baseline::to_json`] wrote.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let baseline: Self = serde_json::from_str(text)?;
        if baseline.version == FORMAT_VERSION {
            Ok(baseline)
        } else {
            Err(BaselineError::Version(baseline.version))
        }
    }

    /// The baseline as a file's text.
    pub fn to_json(&self) -> String {
        super::pretty(self)
    }

    /// How many findings it holds.
    pub fn count(&self) -> usize {
        self.findings.len()
    }

    /// Marks what `report` finds and these findings hold, as found before a change that is asked about.
    pub fn apply_before(&self, report: &mut Report) {
        self.mark(report, &Suppression::Before);
    }

    /// Marks what `report` finds and the baseline holds, and notes what the baseline holds and is no longer found by the
    /// rules that ran.
    pub fn apply(&self, report: &mut Report) {
        let prints: HashSet<String> = self.mark(report, &Suppression::Baseline).into_iter().collect();
        let ran = |rule: &str| report.cards.iter().any(|card| card.id == *rule);
        report.gone = self
            .findings
            .iter()
            .filter(|known| !prints.contains(&known.fingerprint) && ran(&known.rule))
            .cloned()
            .collect();
    }

    /// Suppresses what these findings hold, and gives the fingerprints of all that is found.
    fn mark(&self, report: &mut Report, suppression: &Suppression) -> Vec<String> {
        let prints = fingerprints(report);
        let known: HashSet<&str> = self.findings.iter().map(|known| known.fingerprint.as_str()).collect();
        for (found, print) in report.diagnostics.iter_mut().zip(&prints) {
            if found.suppression.is_none() && known.contains(print.as_str()) {
                found.suppression = Some(suppression.clone());
            }
        }
        prints
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn sample_with_card(text: &str, places: &[&str]) -> Report {
        let front = "summary = 's'\nseverity = 'error'\nsince = '0.1.0'\ndefault = true\nreferences = []\nsource = 's'";
        let card = crate::card::Card::parse(sample::RULE, &format!("+++\n{front}\n+++\n")).unwrap();
        Report { cards: vec![card], ..sample::report("a.tf", text, places) }
    }

    #[test]
    fn what_was_there_is_quiet_and_what_is_new_counts() {
        let baseline = Baseline::of(&sample_with_card("one\ntwo\n", &["one", "two"]));
        let baseline = Baseline::parse(&baseline.to_json()).unwrap();
        let mut later = sample_with_card("# new\ntwo\nthree\n", &["two", "three"]);
        baseline.apply(&mut later);
        let active: Vec<_> = later.active().map(|found| found.finding.primary.span.start).collect();
        assert_eq!(active, ["# new\ntwo\n".len() as u32]);
        assert_eq!(later.gone.len(), 1);
    }

    #[test]
    fn a_baseline_that_is_written_anew_keeps_what_it_held() {
        let first = Baseline::of(&sample_with_card("one\n", &["one"]));
        let mut later = sample_with_card("one\ntwo\n", &["one", "two"]);
        first.apply(&mut later);
        assert_eq!(Baseline::of(&later).count(), 2);
    }

    #[test]
    fn what_no_rule_looked_for_is_not_gone() {
        let baseline = Baseline::of(&sample_with_card("one\n", &["one"]));
        let mut report = Report::default();
        baseline.apply(&mut report);
        assert!(report.gone.is_empty());
    }

    #[test]
    fn another_format_is_refused() {
        assert!(Baseline::parse("[]").is_err() && Baseline::parse("{}").is_err());
        let error = Baseline::parse(r#"{"version": 2, "findings": []}"#).unwrap_err();
        assert!(error.to_string().contains("version 2"), "{error}");
    }
}
