//! The request for one run of `portcullis check`: the command line, after combinations without a meaning were rejected.

use std::path::{Path, PathBuf};

use policy_core::config::{Choice, Threshold};
use policy_core::finding::Applicability;
use policy_disk::GitIgnored;

use crate::arguments::{CheckArguments, Format};
use crate::catalogue;
use crate::compare::Change;
use crate::exit::Failure;
use crate::terminal::Style;
use crate::workers::ThreadCount;

/// A check that can be run as it stands.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) asked: Asked,
    pub(crate) ignored: GitIgnored,
    pub(crate) threads: ThreadCount,
    pub(crate) overrides: Overrides,
    pub(crate) task: Task,
}

/// What findings are asked for.
#[derive(Debug)]
pub(crate) enum Asked {
    /// Those in these places.
    Paths(Vec<PathBuf>),
    /// Those in this file, whose text comes from standard input.
    Stdin(PathBuf),
}

/// What the command line says over the configuration.
#[derive(Debug, Default)]
pub(crate) struct Overrides {
    /// The configuration to use instead of the root's own.
    pub(crate) configuration: Option<PathBuf>,
    pub(crate) choice: Choice,
    pub(crate) exclude: Vec<String>,
    pub(crate) fail_on: Option<Threshold>,
    pub(crate) var_files: Vec<PathBuf>,
    /// Whether the `TF_VAR_` variables of the environment count.
    pub(crate) tf_var_env: bool,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Task {
    /// The files that are read are listed.
    ListFiles,
    /// The settings are shown.
    ShowSettings,
    /// All findings become the baseline in this file.
    WriteBaseline(PathBuf),
    /// Those that are left are shown, and decide the exit code.
    Show(Show),
}

/// Which findings are left, and where they are shown.
#[derive(Debug)]
pub(crate) struct Show {
    pub(crate) answer: Answer,
    /// Without what was there before this change.
    pub(crate) change: Option<Change>,
    /// Without what this baseline holds, instead of the configuration's.
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) output: Option<PathBuf>,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// As a report. What `first` writes is written first, and what is left is reported.
    Report { first: Option<Write>, format: Format, style: Style },
    /// As the diff that fixes come to which promise at least this.
    Diff(Applicability),
}

/// What is written into the files that were checked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Write {
    /// Fixes that promise at least this.
    Fixes(Applicability),
    /// Comments that allow findings.
    Allowances,
}

impl Request {
    /// The request that `arguments` make.
    pub(crate) fn new(arguments: CheckArguments) -> Result<Self, Failure> {
        let task = task(&arguments)?;
        let is_stdin = |path: &PathBuf| path == Path::new("-");
        let asked = match arguments.stdin_filename {
            None if arguments.paths.iter().any(is_stdin) => return Err(Failure::Nameless),
            None => Asked::Paths(arguments.paths),
            Some(file) => {
                match arguments.paths.iter().find(|path| !is_stdin(path) && *path != Path::new(".")) {
                    Some(other) => return Err(Failure::StdinBeside(other.clone())),
                    None => Asked::Stdin(file),
                }
            }
        };
        Ok(Self {
            asked,
            ignored: if arguments.no_ignore { GitIgnored::Read } else { GitIgnored::Skip },
            threads: arguments.threads.unwrap_or_default(),
            overrides: Overrides {
                configuration: arguments.config,
                choice: Choice::new(&arguments.select, &arguments.ignore, &catalogue::ids())?,
                exclude: arguments.exclude,
                fail_on: arguments.fail_on.or(arguments.exit_zero.then_some(Threshold::Never)),
                var_files: arguments.var_file,
                tf_var_env: arguments.tf_var_env,
            },
            task,
        })
    }
}

/// The task of a command line in which, as clap has seen to, tasks exclude each other.
fn task(arguments: &CheckArguments) -> Result<Task, Failure> {
    if arguments.show_files {
        return Ok(Task::ListFiles);
    }
    if arguments.show_settings {
        return Ok(Task::ShowSettings);
    }
    if let Some(file) = &arguments.write_baseline {
        return Ok(Task::WriteBaseline(file.clone()));
    }
    let lowest = if arguments.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let first = match (arguments.fix, arguments.add_allow) {
        (true, _) => Some(Write::Fixes(lowest)),
        (false, true) => Some(Write::Allowances),
        (false, false) => None,
    };
    let answer = match (arguments.diff, arguments.fix) {
        (true, _) => Answer::Diff(lowest),
        (false, false) if arguments.unsafe_fixes => return Err(Failure::UnsafeFixesAlone),
        (false, _) => Answer::Report { first, format: arguments.format, style: Style::of(arguments) },
    };
    let since = arguments.since.clone().map(Change::Since);
    Ok(Task::Show(Show {
        answer,
        change: since.or(arguments.staged.then_some(Change::Staged)),
        baseline: arguments.baseline.clone(),
        output: arguments.output.clone(),
    }))
}
