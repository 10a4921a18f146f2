//! The check itself, from a tree of files to a report: each stage is a pure function of the stages before it.

mod copies;

use std::collections::{BTreeMap, BTreeSet};

use policy_deployment::model::Deployment;
use policy_deployment::{FileKind, Parsed, link, parse_again, parse_all};
use policy_text::fault::{self, Fault};
use policy_text::source::{FileId, RepoPath, SourceText, Sources};
use policy_text::{Family, Problem, Unresolved};
use rayon::prelude::*;

use crate::card::{Card, CardError};
use crate::config::{Options, Settings};
use crate::finding::{Finding, told_once};
use crate::report::{Diagnostic, Report, ReportFile};
use crate::rule::{Check, Context, Directives, Rule, Texts};
use crate::rule_id::RuleId;
use crate::suppress;

/// The deployment that the files tell of, for programs that ask it themselves.
pub fn deployment(sources: &Sources<'_>, settings: &Settings) -> Deployment {
    let Options { terraform, docker, .. } = &settings.options;
    link(&parse_all(sources, settings.exclude(), terraform), sources, terraform, docker)
}

/// The files that a check reads, in the order of paths.
pub fn files_read<'s>(sources: &'s Sources<'_>, settings: &Settings) -> Vec<&'s RepoPath> {
    let parsed = parse_all(sources, settings.exclude(), &settings.options.terraform);
    parsed.files.into_iter().map(|(file, _)| sources.path(file)).collect()
}

/// Checks `sources` with `rules`. The outcome depends on contents and settings alone, not on the number of threads.
pub fn check(sources: &Sources<'_>, rules: &[Rule], settings: &Settings) -> Result<Report, CardError> {
    let parsed = parse_all(sources, settings.exclude(), &settings.options.terraform);
    let linked = Linked::of(&parsed, sources, settings);
    // Facts take memory, and rules need none of them.
    drop(parsed);
    judge(linked, sources, rules, settings)
}

/// What the files of a tree say, kept so that the next check reads only the file that has changed.
pub struct Kept(Parsed);

impl Kept {
    /// Reads all files.
    pub fn read(sources: &Sources<'_>, settings: &Settings) -> Self {
        Self(parse_all(sources, settings.exclude(), &settings.options.terraform))
    }

    /// Reads `file` anew. The listed files and the settings have to be those of the first reading.
    pub fn read_again(&mut self, sources: &Sources<'_>, settings: &Settings, file: FileId) {
        parse_again(&mut self.0, sources, file, settings.exclude(), &settings.options.terraform);
    }

    /// Checks as [`check`] does.
    pub fn check(
        &self,
        sources: &Sources<'_>,
        rules: &[Rule],
        settings: &Settings,
    ) -> Result<Report, CardError> {
        judge(Linked::of(&self.0, sources, settings), sources, rules, settings)
    }
}

/// What is left of the files' facts once they are joined.
struct Linked {
    deployment: Deployment,
    directives: policy_text::directive::Directives,
    problems: Vec<Problem>,
    faults: Vec<Fault>,
    read: Vec<(FileKind, usize)>,
}

impl Linked {
    fn of(parsed: &Parsed, sources: &Sources<'_>, settings: &Settings) -> Self {
        let Options { terraform, docker, .. } = &settings.options;
        let joining = || "the joining of the files".to_owned();
        let linked = fault::contained(joining, || link(parsed, sources, terraform, docker));
        let (deployment, joined) =
            linked.map_or_else(|fault| (Deployment::default(), Some(fault)), |all| (all, None));
        let of_files = parsed.faults.iter().map(|(_, fault)| fault.clone());
        Self {
            deployment,
            directives: parsed.directives.clone(),
            problems: parsed.problems.clone(),
            faults: of_files.chain(joined).collect(),
            read: parsed.counts(),
        }
    }
}

/// Asks the rules.
fn judge(
    linked: Linked,
    sources: &Sources<'_>,
    rules: &[Rule],
    settings: &Settings,
) -> Result<Report, CardError> {
    let cards: Vec<Card> =
        rules.iter().map(|rule| Card::parse(rule.id, rule.card)).collect::<Result<_, _>>()?;
    let running: Vec<(&Rule, &Card)> =
        rules.iter().zip(&cards).filter(|(rule, card)| settings.runs(rule.id, card.facts.default)).collect();

    let Linked { mut deployment, directives, mut problems, mut faults, read } = linked;
    let of_running = |needed: Family| running.iter().any(|(rule, _)| rule.id.family == needed);
    deployment.unresolved.retain(|value| value.needed_by.is_none_or(of_running));
    let wanted = |problem: &&Problem| !settings.excludes(sources.path(problem.at.file));
    problems.extend(deployment.problems.iter().filter(wanted).cloned());
    problems.sort_unstable();

    let (texts, options) = (Texts::default(), &settings.options);
    let context = Context { deployment: &deployment, sources, texts: &texts, problems: &problems, options };
    let stamp = |card: &Card, finding: Finding| stamp(card, finding, sources, settings);
    let named = |rule: &Rule| format!("the rule {}", rule.id);
    let found: Vec<Result<Vec<Finding>, Fault>> = running
        .par_iter()
        .map(|(rule, _)| match rule.check {
            Check::Model(check) => fault::contained(|| named(rule), || check(&context)),
            Check::Directives(_) => Ok(Vec::new()),
        })
        .collect();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut ran: Vec<RuleId> = Vec::new();
    for ((rule, card), found) in running.iter().zip(found) {
        match found {
            Ok(findings) => {
                ran.push(rule.id);
                let findings = told_once(findings);
                diagnostics.extend(findings.into_iter().filter_map(|finding| stamp(card, finding)));
            }
            // What it allows is not called unused: it did not run.
            Err(fault) => faults.push(fault),
        }
    }

    let mut files = BTreeMap::new();
    add_files(&mut files, sources, files_of(&diagnostics));
    let known: Vec<RuleId> = rules.iter().map(|rule| rule.id).collect();
    let judged = suppress::apply(&mut diagnostics, directives.allowing, &known, &files);
    let directives = Directives { all: &judged, malformed: &directives.malformed, known: &known, ran: &ran };
    for (rule, card) in &running {
        if let Check::Directives(check) = rule.check {
            match fault::contained(|| named(rule), || check(&directives)) {
                Ok(found) => diagnostics.extend(found.into_iter().filter_map(|finding| stamp(card, finding))),
                Err(fault) => faults.push(fault),
            }
        }
    }
    add_files(&mut files, sources, files_of(&diagnostics));
    copies::tell_once(&mut diagnostics, &files);
    add_files(&mut files, sources, deployment.unresolved.iter().map(|Unresolved { at, .. }| at.file));
    add_files(&mut files, sources, problems.iter().map(|Problem { at, .. }| at.file));

    let is_verbatim = |file| files.get(&file).is_some_and(|file| file.is_verbatim);
    for Diagnostic { finding, .. } in &mut diagnostics {
        finding.fix.take_if(|fix| !fix.replaced().all(|span| is_verbatim(span.file)));
    }
    diagnostics.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    diagnostics.dedup();
    let mut cards: Vec<Card> = running.into_iter().map(|(_, card)| card.clone()).collect();
    cards.sort_unstable_by_key(|card| card.id);
    Ok(Report {
        diagnostics,
        cards,
        files,
        read,
        problems,
        gone: Vec::new(),
        unresolved: deployment.unresolved,
        unlisted: sources.unlisted().to_vec(),
        faults,
    })
}

/// The finding under its rule's name, with the severity that counts where it lies. `None` where it is switched off.
fn stamp(card: &Card, finding: Finding, sources: &Sources<'_>, settings: &Settings) -> Option<Diagnostic> {
    let path = sources.path(finding.primary.span.file);
    if settings.excludes(path) {
        return None;
    }
    let asked_for = card.facts.default || settings.choice.asks_for(card.id);
    let own = asked_for.then(|| finding.severity.unwrap_or(card.facts.severity));
    let severity = settings.severity(card.id, path, own)?;
    Some(Diagnostic { rule: card.id, severity, finding, suppression: None })
}

fn sort_key(diagnostic: &Diagnostic) -> impl Ord + '_ {
    let Diagnostic { rule, finding, .. } = diagnostic;
    (finding.primary.span, rule, &finding.message)
}

fn files_of(diagnostics: &[Diagnostic]) -> impl Iterator<Item = FileId> {
    diagnostics.iter().flat_map(Diagnostic::spans).map(|span| span.file)
}

/// Reads the files that the report points into once more: the check itself keeps facts and drops texts.
fn add_files(
    files: &mut BTreeMap<FileId, ReportFile>,
    sources: &Sources<'_>,
    mentioned: impl Iterator<Item = FileId>,
) {
    let missing: BTreeSet<FileId> = mentioned.filter(|file| !files.contains_key(file)).collect();
    files.extend(missing.into_iter().map(|file| {
        let decoded = sources.read(file).ok();
        let is_verbatim = decoded.as_ref().is_some_and(|decoded| decoded.altered.is_none());
        let text = SourceText::new(decoded.map(|decoded| decoded.text).unwrap_or_default());
        (file, ReportFile { path: sources.path(file).clone(), text, is_verbatim })
    }));
}
