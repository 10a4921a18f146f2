//! `portcullis check`: the gate.

use std::path::Path;

use policy_core::config::{Settings, Threshold};
use policy_core::finding::Severity;
use policy_core::report::{self, Baseline, Report};
use policy_core::rule::Rule;
use policy_core::source::{Overlay, SourceTree, Sources};
use policy_disk::DiskTree;

use crate::arguments::Format;
use crate::compare::{self, Sides};
use crate::exit::{Failure, Outcome};
use crate::fix::Turn;
use crate::here::Here;
use crate::output::Coloured;
use crate::request::{Answer, Asked, Overrides, Request, Show, Task, Write};
use crate::root::Root;
use crate::terminal::{self, Detail, Style};
use crate::workers::Workers;
use crate::{allow, baseline, catalogue, configuration, fix, output, stdin};

/// Carries out `request`.
pub(crate) fn check(request: &Request) -> Result<Outcome, Failure> {
    let (root, over) = match &request.asked {
        Asked::Paths(paths) => (Root::of(paths, request.ignored)?, None),
        Asked::Stdin(file) => {
            let (root, path) = stdin::root_of(file, request.ignored)?;
            (root, Some((path, stdin::read()?)))
        }
    };
    let settings = configuration::settings(&request.overrides, &root.folder)?;
    let named = settings.options.terraform.var_files.iter().cloned();
    let disk = DiskTree::new(root.folder.clone(), request.ignored, request.threads.get()).with(named);
    let tree = Overlay::new(disk).with(over);
    let checker = Checker {
        workers: Workers::new(request.threads)?,
        rules: policy_rules::all(),
        settings,
        overrides: &request.overrides,
        root: &root.folder,
    };
    match &request.task {
        Task::ListFiles => checker.list_files(&tree, &Here::new(&root.folder)),
        Task::ShowSettings => checker.show_settings(&tree),
        Task::WriteBaseline(file) => {
            let report = checker.whole(&tree)?;
            if report.faults.is_empty() {
                baseline::write(&report, file)
            } else {
                Err(Failure::Contained(report.faults))
            }
        }
        Task::Show(show) => checker.show(show, &tree, &root),
    }
}

/// What every check of one run shares.
struct Checker<'r> {
    workers: Workers,
    rules: Vec<Rule>,
    /// Those of the root.
    settings: Settings,
    overrides: &'r Overrides,
    root: &'r Path,
}

impl Checker<'_> {
    /// The settings of the root with those of the folders of `sources`.
    fn settings(&self, sources: &Sources<'_>) -> Result<Settings, Failure> {
        configuration::with_folders(self.settings.clone(), self.overrides, sources, self.root)
    }

    /// All that is found in `tree`.
    fn whole(&self, tree: &dyn SourceTree) -> Result<Report, Failure> {
        let report = self.workers.run(|| -> Result<Report, Failure> {
            let sources = Sources::open(tree);
            Ok(policy_core::check(&sources, &self.rules, &self.settings(&sources)?)?)
        })??;
        if report.cards.is_empty() { Err(Failure::NoRules) } else { Ok(report) }
    }

    fn list_files(&self, tree: &dyn SourceTree, here: &Here) -> Result<Outcome, Failure> {
        let paths = self.workers.run(|| -> Result<Vec<String>, Failure> {
            let sources = Sources::open(tree);
            let settings = self.settings(&sources)?;
            let read = policy_core::files_read(&sources, &settings);
            Ok(read.into_iter().map(|path| here.shown(path) + "\n").collect())
        })??;
        output::write(&paths.concat(), Coloured::No, None)?;
        Ok(Outcome::Clean)
    }

    fn show_settings(&self, tree: &dyn SourceTree) -> Result<Outcome, Failure> {
        let settings = self.workers.run(|| self.settings(&Sources::open(tree)))??;
        let text = format!("# The root: {}\n{}", self.root.display(), settings.to_toml(&catalogue::cards()?));
        output::write(&text, Coloured::No, None)?;
        Ok(Outcome::Clean)
    }

    fn show(&self, show: &Show, tree: &dyn SourceTree, root: &Root) -> Result<Outcome, Failure> {
        let sides = show.change.as_ref().map(|change| compare::sides(change, tree, self.root)).transpose()?;
        let before = sides.as_ref().and_then(|sides| sides.before.as_ref());
        let before = before.map(|before| Ok::<_, Failure>(Baseline::of(&self.whole(before)?))).transpose()?;
        let tree: &dyn SourceTree = sides.as_ref().map_or(tree, |Sides { after, .. }| after);
        let known = baseline::of(show.baseline.as_deref(), &self.settings, self.root)?;
        let shown = |tree: &dyn SourceTree| -> Result<Report, Failure> {
            let mut report = self.whole(tree)?;
            if let Some(known) = &known {
                known.apply(&mut report);
            }
            if let Some(before) = &before {
                before.apply_before(&mut report);
            }
            Ok(root.narrowed(report))
        };
        let (found, text) = self.answered(show.answer, shown, tree)?;
        output::write(&text, coloured(show.answer), show.output.as_deref())?;
        if found.faults.is_empty() {
            Ok(outcome(&found, self.settings.fail_on))
        } else {
            Err(Failure::Contained(found.faults))
        }
    }

    /// What `check` finds, after what `answer` has written below the root, and how that is shown.
    fn answered(
        &self,
        answer: Answer,
        check: impl Fn(&dyn SourceTree) -> Result<Report, Failure>,
        tree: &dyn SourceTree,
    ) -> Result<(Report, String), Failure> {
        // A check reads a file more than once: what another run mends meanwhile would be mended twice.
        let turn = match answer {
            Answer::Report { first: Some(write), style, .. } => Some((Turn::wait(self.root), write, style)),
            Answer::Report { first: None, .. } | Answer::Diff(_) => None,
        };
        let mut found = check(tree)?;
        // What went wrong may be what a change rests on.
        if let Some((turn, write, style)) = turn.filter(|_| found.faults.is_empty()) {
            let changes = match write {
                Write::Fixes(lowest) => report::changes(&found, lowest),
                Write::Allowances => allow::changes(&found, tree, &check)?,
            };
            if !changes.is_empty() {
                turn.write(&changes)?;
                if style.detail != Detail::Quiet {
                    fix::tell(&changes, &Here::new(self.root));
                }
                found = check(tree)?;
            }
        }
        let text = match answer {
            Answer::Diff(lowest) => fix::diff(&found, lowest),
            Answer::Report { format, style, .. } => written(&found, format, style, &Here::new(self.root)),
        };
        Ok((found, text))
    }
}

fn coloured(answer: Answer) -> Coloured {
    match answer {
        Answer::Report { format: Format::Human, style, .. } if style.colour || style.links => Coloured::Yes,
        Answer::Report { .. } | Answer::Diff(_) => Coloured::No,
    }
}

fn written(report: &Report, format: Format, style: Style, here: &Here) -> String {
    match format {
        Format::Human => terminal::render(report, style, here),
        Format::Concise => report::concise(report, |path| here.shown(path)),
        Format::Json => report::json(report),
        Format::Sarif => report::sarif(report),
        Format::Github => report::github(report),
        Format::Gitlab => report::gitlab(report),
        Format::Junit => report::junit(report),
        Format::Rdjson => report::rdjson(report, |path| here.shown(path)),
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
