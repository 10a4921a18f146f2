//! The request for one run of `portcullis check`: the command line, after combinations without a meaning were rejected.

use std::path::PathBuf;

use policy_core::config::{Choice, Threshold};
use policy_core::finding::Applicability;
use policy_disk::GitIgnored;

use crate::arguments::{CheckArguments, Format};
use crate::catalogue;
use crate::exit::Failure;
use crate::terminal::Style;
use crate::workers::ThreadCount;

/// A check that can be run as it stands.
#[derive(Debug)]
pub(crate) struct Request {
    /// The places whose findings are shown.
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) ignored: GitIgnored,
    pub(crate) threads: ThreadCount,
    pub(crate) overrides: Overrides,
    pub(crate) task: Task,
}

/// What the command line says over the configuration.
#[derive(Debug, Default)]
pub(crate) struct Overrides {
    /// The configuration to use instead of the root's own.
    pub(crate) configuration: Option<PathBuf>,
    pub(crate) choice: Choice,
    pub(crate) fail_on: Option<Threshold>,
    pub(crate) var_files: Vec<PathBuf>,
    /// Whether the `TF_VAR_` variables of the environment count.
    pub(crate) tf_var_env: bool,
}

/// What becomes of the findings.
#[derive(Debug)]
pub(crate) enum Task {
    /// All of them become the baseline in this file.
    WriteBaseline(PathBuf),
    /// Those that the baseline does not hold are shown, and decide the exit code.
    Show { answer: Answer, baseline: Option<PathBuf>, output: Option<PathBuf> },
}

/// How findings are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// As a report. Fixes that promise at least `fix` are written first, and what is left is reported.
    Report { fix: Option<Applicability>, format: Format, style: Style },
    /// As the diff that fixes come to which promise at least this.
    Diff(Applicability),
}

impl Request {
    /// The request that `arguments` make.
    pub(crate) fn new(arguments: CheckArguments) -> Result<Self, Failure> {
        let task = task(&arguments)?;
        Ok(Self {
            paths: arguments.paths,
            ignored: if arguments.no_ignore { GitIgnored::Read } else { GitIgnored::Skip },
            threads: arguments.threads.unwrap_or_default(),
            overrides: Overrides {
                configuration: arguments.config,
                choice: Choice::new(&arguments.select, &arguments.ignore, &catalogue::ids())?,
                fail_on: arguments.fail_on,
                var_files: arguments.var_file,
                tf_var_env: arguments.tf_var_env,
            },
            task,
        })
    }
}

/// The task of a command line in which, as clap has seen to, `--write-baseline`, `--diff` and `--fix` exclude each other.
fn task(arguments: &CheckArguments) -> Result<Task, Failure> {
    if let Some(file) = &arguments.write_baseline {
        return Ok(Task::WriteBaseline(file.clone()));
    }
    let lowest = if arguments.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let answer = match (arguments.diff, arguments.fix) {
        (true, _) => Answer::Diff(lowest),
        (false, false) if arguments.unsafe_fixes => return Err(Failure::UnsafeFixesAlone),
        (false, fix) => Answer::Report {
            fix: fix.then_some(lowest),
            format: arguments.format,
            style: Style::of(arguments),
        },
    };
    Ok(Task::Show { answer, baseline: arguments.baseline.clone(), output: arguments.output.clone() })
}
