//! `portcullis check`: the gate.

use std::path::Path;

use policy_core::config::Threshold;
use policy_core::finding::Severity;
use policy_core::report::{self, Report};
use policy_core::source::Sources;
use policy_disk::DiskTree;

use crate::arguments::Format;
use crate::exit::{Failure, Outcome};
use crate::fix::Turn;
use crate::output::Coloured;
use crate::request::{Answer, Request, Task};
use crate::root::Root;
use crate::terminal::{self, Style};
use crate::workers::Workers;
use crate::{baseline, configuration, fix, output};

/// Carries out `request`.
pub(crate) fn check(request: &Request) -> Result<Outcome, Failure> {
    let root = Root::of(&request.paths, request.ignored)?;
    let settings = configuration::settings(&request.overrides, &root.folder)?;
    let named = settings.options.terraform.var_files.iter().cloned();
    let tree = DiskTree::new(root.folder.clone(), request.ignored, request.threads.get()).with(named);
    let workers = Workers::new(request.threads)?;
    let rules = policy_rules::all();
    let whole = || -> Result<Report, Failure> {
        let report = workers.run(|| policy_core::check(&Sources::open(&tree), &rules, &settings))??;
        if report.cards.is_empty() { Err(Failure::NoRules) } else { Ok(report) }
    };
    match &request.task {
        Task::WriteBaseline(file) => {
            let report = whole()?;
            if report.faults.is_empty() {
                baseline::write(&report, file)
            } else {
                Err(Failure::Contained(report.faults))
            }
        }
        Task::Show { answer, baseline, output } => {
            let known = baseline.as_deref().map(baseline::read).transpose()?;
            let shown = || -> Result<Report, Failure> {
                let mut report = whole()?;
                if let Some(known) = &known {
                    known.apply(&mut report);
                }
                Ok(root.narrowed(report))
            };
            let (found, text) = answered(*answer, shown, &root.folder)?;
            output::write(&text, coloured(*answer), output.as_deref())?;
            if found.faults.is_empty() {
                Ok(outcome(&found, settings.fail_on))
            } else {
                Err(Failure::Contained(found.faults))
            }
        }
    }
}

/// What `check` finds, after fixes where `answer` has some written below `root`, and how that is shown.
fn answered(
    answer: Answer,
    check: impl Fn() -> Result<Report, Failure>,
    root: &Path,
) -> Result<(Report, String), Failure> {
    // A check reads a file more than once: what another run mends meanwhile would be mended twice.
    let turn = match answer {
        Answer::Report { fix: Some(lowest), .. } => Some((Turn::wait(root), lowest)),
        Answer::Report { fix: None, .. } | Answer::Diff(_) => None,
    };
    let mut found = check()?;
    let text = match answer {
        Answer::Diff(lowest) => fix::diff(&found, lowest),
        Answer::Report { format, style, .. } => {
            // What went wrong may be what a fix rests on.
            if let Some((turn, lowest)) = &turn
                && found.faults.is_empty()
                && turn.apply(&found, *lowest)? > 0
            {
                found = check()?;
            }
            written(&found, format, style)
        }
    };
    Ok((found, text))
}

fn coloured(answer: Answer) -> Coloured {
    match answer {
        Answer::Report { format: Format::Human, style, .. } if style.colour => Coloured::Yes,
        Answer::Report { .. } | Answer::Diff(_) => Coloured::No,
    }
}

fn written(report: &Report, format: Format, style: Style) -> String {
    match format {
        Format::Human => terminal::render(report, style),
        Format::Json => report::json(report),
        Format::Sarif => report::sarif(report),
        Format::Github => report::github(report),
        Format::Gitlab => report::gitlab(report),
        Format::Junit => report::junit(report),
    }
}

/// Whether anything reaches the threshold. A place that could not be entered may hide anything: it counts as an unreadable
/// file does.
fn outcome(report: &Report, threshold: Threshold) -> Outcome {
    let unlisted = (!report.unlisted.is_empty()).then_some(Severity::Warning);
    let worst = report.worst().max(unlisted);
    let fails = worst.is_some_and(|severity| threshold.is_reached_by(severity));
    if fails { Outcome::Findings } else { Outcome::Clean }
}
