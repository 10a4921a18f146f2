//! `portcullis check`: the gate.

use policy_core::finding::{Applicability, Severity};
use policy_core::report::{self, Report};
use policy_core::source::{RepoPath, Sources};

use crate::arguments::{CheckArguments, Format};
use crate::disk::{DiskTree, GitIgnored};
use crate::exit::{Failure, Outcome};
use crate::root::Root;
use crate::terminal::{self, Style};
use crate::workers::Workers;
use crate::{baseline, configuration, fix, output};

/// Checks what `arguments` ask for and writes the report.
pub(crate) fn check(arguments: &CheckArguments) -> Result<Outcome, Failure> {
    let ignored = if arguments.no_ignore { GitIgnored::Read } else { GitIgnored::Skip };
    let root = Root::of(&arguments.paths, ignored)?;
    let settings = configuration::settings(arguments, &root.folder)?;
    let workers = Workers::new(arguments.threads)?;
    let named = settings.options.terraform.var_files.iter().filter_map(|file| RepoPath::new(file));
    let tree = DiskTree::new(root.folder.clone(), ignored, workers.count).with(named);
    let known = arguments.baseline.as_deref().map(baseline::read).transpose()?;
    let whole = || -> Result<Report, Failure> {
        let rules = policy_rules::all();
        let check = || policy_core::check(&Sources::open(&tree), &rules, &settings);
        let mut report = workers.run(check)??;
        if let Some(known) = &known {
            known.apply(&mut report);
        }
        Ok(report)
    };
    if let Some(file) = &arguments.write_baseline {
        return baseline::write(&whole()?, file);
    }
    let report = || whole().map(|report| root.narrowed(report));

    let mut found = report()?;
    let lowest = if arguments.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    if arguments.fix && fix::apply(&found, lowest, &root.folder)? > 0 {
        found = report()?;
    }
    let text = if arguments.diff { fix::diff(&found, lowest) } else { written(&found, arguments) };
    output::write(&text, arguments.output.as_deref())?;

    let fails = worst(&found).is_some_and(|severity| settings.fail_on.is_reached_by(severity));
    Ok(if fails { Outcome::Findings } else { Outcome::Clean })
}

fn written(report: &Report, arguments: &CheckArguments) -> String {
    match arguments.format {
        Format::Human => terminal::render(report, Style::of(arguments)),
        Format::Json => report::json(report),
        Format::Sarif => report::sarif(report),
        Format::Github => report::github(report),
        Format::Gitlab => report::gitlab(report),
        Format::Junit => report::junit(report),
    }
}

/// The highest severity. A place that could not be entered may hide anything: it counts as an unreadable file does.
fn worst(report: &Report) -> Option<Severity> {
    let unlisted = (!report.unlisted.is_empty()).then_some(Severity::Warning);
    report.worst().max(unlisted)
}
