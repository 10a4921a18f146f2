//! Exit codes, and the reasons why a run could not do its work.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use policy_core::config::{ConfigError, GlobError, UnknownRule};
use policy_core::fault::Fault;
use policy_core::harmless::{harmless, harmless_lines};
use policy_core::report::BaselineError;
use policy_core::rule::CardError;
use policy_disk::plain_words;

/// How a run ended that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing at or above the threshold.
    Clean,
    /// Findings at or above the threshold.
    Findings,
}

/// Why a run could not do its work: exit code 2.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("cannot check `{}`: {}", path.display(), plain_words(error))]
    Root { path: PathBuf, error: io::Error },
    /// A file that this run was told to use; `what` says by whom, or what it is.
    #[error("cannot read `{}`, {what}: {}", path.display(), plain_words(error))]
    Read { what: &'static str, path: PathBuf, error: io::Error },
    #[error("cannot check `{}`: it is neither a file nor a folder", .0.display())]
    Special(PathBuf),
    #[error("cannot read `{}`, {what}: it is a link that leads out of the repository, or nowhere", path.display())]
    LinkOut { what: &'static str, path: PathBuf },
    #[error("{} are not in one repository: check them one by one, or from a folder that contains them", quoted(.0))]
    NoRoot(Vec<PathBuf>),
    #[error("`{}` lies outside `{}`, the root of this check", path.display(), root.display())]
    Outside { path: PathBuf, root: PathBuf },
    #[error("cannot check `{}`: its name is not valid Unicode", .0.display())]
    NotUnicode(PathBuf),
    #[error(
        "`--unsafe-fixes` alone does nothing: add `--diff` to see what would be fixed, or `--fix` to fix it"
    )]
    UnsafeFixesAlone,
    #[error(transparent)]
    UnknownRule(#[from] UnknownRule),
    #[error("`--exclude`: {0}")]
    BadExclude(#[from] GlobError),
    #[error("more than {limit} folders have a configuration of their own, among them `{}`; list folders under `exclude`", path.display())]
    TooManyConfigurations { path: PathBuf, limit: usize },
    #[error("cannot read from standard input: {0}")]
    StandardInput(io::Error),
    #[error("`-` reads the text of a file from standard input: say which one with `--stdin-filename`")]
    Nameless,
    #[error("`--stdin-filename` reads one file: `{}` cannot be checked with it", .0.display())]
    StdinBeside(PathBuf),
    #[error("the editor sent a message that the language server cannot read: {0}")]
    Protocol(String),
    #[error("cannot run `git`, which `--staged` and `--since` need: {}", plain_words(.0))]
    NoGit(io::Error),
    #[error("`git` failed: {0}")]
    Git(String),
    #[error("`{0}` names no commit here; a shallow clone may have to fetch it first: `git fetch origin {0}`")]
    UnknownRevision(String),
    #[error(
        "no rule is left to run: `--select`, `--ignore` and the configuration together switch off all of them"
    )]
    NoRules,
    #[error("`{}`, {error}", path.display())]
    BadConfiguration { path: PathBuf, error: ConfigError },
    #[error("`{}` is not a baseline: {error}; `--write-baseline` writes one", path.display())]
    BadBaseline { path: PathBuf, error: BaselineError },
    #[error("cannot start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    #[error("cannot write to `{}`: {}", path.display(), unwritable(path, error))]
    Output { path: PathBuf, error: io::Error },
    #[error("`{}` already exists", .0.display())]
    Exists(PathBuf),
    #[error("nothing was fixed: `{}` is not valid UTF-8 or changed during the check", .0.display())]
    Changed(PathBuf),
    #[error("cannot write to standard output: {0}")]
    StandardOutput(io::Error),
    #[error("this is a bug in portcullis: {0}. {REPORT}")]
    Fault(Fault),
    /// The report of all else was written.
    #[error("this is a bug in portcullis, which cost a part of the check: {}. {REPORT}", listed(.0))]
    Contained(Vec<Fault>),
    #[error("this is a bug in portcullis: {0}; please report it")]
    Card(#[from] CardError),
}

/// What is asked of whoever sees a fault.
const REPORT: &str = "Please report it with this message, the output of `portcullis --version` and, if you may share it, the file";

/// Faults that are named; the rest is counted.
const FAULTS_NAMED: usize = 5;

fn listed(faults: &[Fault]) -> String {
    let mut named: Vec<String> = faults.iter().take(FAULTS_NAMED).map(Fault::to_string).collect();
    let more = faults.len().saturating_sub(FAULTS_NAMED);
    named.extend((more > 0).then(|| format!("and {more} more")));
    named.join("; ")
}

fn quoted(paths: &[PathBuf]) -> String {
    let quoted: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    quoted.join(", ")
}

/// Why nothing can be written to `path`: where it does not exist, its folder does not either.
fn unwritable(path: &Path, error: &io::Error) -> String {
    match path.parent() {
        Some(folder) if error.kind() == io::ErrorKind::NotFound => {
            format!("the folder `{}` does not exist", folder.display())
        }
        _ => plain_words(error),
    }
}

impl Failure {
    /// Says on standard error what happened.
    pub(crate) fn tell(&self) -> ExitCode {
        // Where nobody listens, the exit code has to do.
        let _ = writeln!(io::stderr(), "portcullis: {}", harmless(&self.to_string()));
        ExitCode::from(2)
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => Self::SUCCESS,
            Outcome::Findings => Self::from(1),
        }
    }
}

/// Prints what the parser of the command line says: help, or why it could not be understood. It repeats what was typed, and
/// that may be the name of a file that a shell put in.
pub(crate) fn usage(usage: &clap::Error) -> ExitCode {
    let words = usage.render().to_string();
    let _ = match harmless_lines(&words, false) {
        Cow::Borrowed(_) => usage.print(),
        Cow::Owned(safe) => io::stderr().write_all(safe.as_bytes()),
    };
    ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2))
}
