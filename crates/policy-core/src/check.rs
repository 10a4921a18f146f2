//! The check itself: from a tree of files to a report, one direction, every stage a pure function of the one before.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::finding::{Finding, Label, Severity};
use crate::model::Deployment;
use crate::parse::{self, Parsed, Problem};
use crate::report::{Diagnostic, Report, ReportFile};
use crate::rule::{Card, CardError, Context, Rule};
use crate::source::{FileId, SourceText, Sources};

/// The id under which a file that could not be read or understood is reported.
pub const UNREADABLE_INPUT: &str = "input/unreadable";

/// Checks `sources` with `rules`. The outcome depends on the contents alone, not on the number of threads.
pub fn check(sources: &Sources<'_>, rules: &[Rule]) -> Result<Report, CardError> {
    let parsed = parse::parse_all(sources);
    let deployment = Deployment::link(&parsed, sources);
    let Parsed { read, problems, .. } = parsed;

    let context = Context { deployment: &deployment, sources };
    let found: Vec<(Card, Vec<Finding>)> = rules
        .par_iter()
        .map(|rule| Ok((Card::parse(rule.id, rule.card)?, (rule.check)(&context))))
        .collect::<Result<_, CardError>>()?;

    let mut diagnostics: Vec<Diagnostic> = problems.into_iter().map(unreadable_input).collect();
    let mut cards = Vec::with_capacity(found.len());
    for (card, findings) in found {
        diagnostics.extend(findings.into_iter().map(|finding| stamp(&card, finding)));
        cards.push(card);
    }
    cards.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    diagnostics.sort_by(|a, b| {
        let key = |diagnostic: &Diagnostic| diagnostic.finding.primary.span;
        (key(a), &a.rule, &a.finding.message).cmp(&(key(b), &b.rule, &b.finding.message))
    });
    diagnostics.dedup();

    Ok(Report {
        files: files_of(sources, &diagnostics, &deployment),
        diagnostics,
        cards,
        read,
        unresolved: deployment.unresolved,
        unlisted: sources.unlisted().to_vec(),
    })
}

fn stamp(card: &Card, finding: Finding) -> Diagnostic {
    Diagnostic {
        rule: card.id.clone(),
        severity: finding.severity.unwrap_or(card.facts.severity),
        finding,
        suppression: None,
    }
}

fn unreadable_input(problem: Problem) -> Diagnostic {
    Diagnostic {
        rule: UNREADABLE_INPUT.to_owned(),
        severity: Severity::Warning,
        finding: Finding::new(problem.message, Label::new(problem.at, "")),
        suppression: None,
    }
}

/// The files that the report points into, read once more: the check itself keeps facts and drops texts.
fn files_of(
    sources: &Sources<'_>,
    diagnostics: &[Diagnostic],
    deployment: &Deployment,
) -> BTreeMap<FileId, ReportFile> {
    let mentioned: BTreeSet<FileId> = diagnostics
        .iter()
        .flat_map(Diagnostic::spans)
        .map(|span| span.file)
        .chain(deployment.unresolved.iter().map(|unresolved| unresolved.at.file))
        .collect();
    mentioned
        .into_iter()
        .map(|file| {
            let text = sources.read(file).map(|decoded| decoded.text).unwrap_or_default();
            (file, ReportFile { path: sources.path(file).clone(), text: SourceText::new(text) })
        })
        .collect()
}
