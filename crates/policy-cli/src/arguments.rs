//! The command line as it is typed.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use policy_core::config::Threshold;

use crate::workers::ThreadCount;

/// Catches what compiles, lints and plans, and then breaks the deployment.
#[derive(Debug, Parser)]
#[command(name = "portcullis", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check a repository for what will break its deployment
    Check(CheckArguments),
    /// Explain a rule: what it finds, why that breaks a deployment, and how to fix it
    Explain {
        /// The rule's id, as in `image/latest-tag`, or a family, whose rules are listed
        rule: String,
    },
    /// List all rules
    Rules {
        /// How to write the list
        #[arg(long, value_enum, default_value_t = RulesFormat::Human)]
        format: RulesFormat,
    },
    /// Show what `docker build` would send from a folder, and which pattern keeps the rest out
    Context(ContextArguments),
    /// Write a commented portcullis.toml that fits the repository
    Init(InitArguments),
    /// Write a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

const CHECK_EXAMPLES: &str = "\
Examples:
  portcullis check                        the repository around the current folder
  portcullis check infra compose.yaml     reads all of it, shows what lies in these places
  portcullis check --select image,docker  runs two families of rules
  portcullis check --diff                 shows what --fix would write
  portcullis check --format sarif --output portcullis.sarif

Exit code: 0 where nothing reaches the threshold, 1 where something does, 2 where portcullis could not do its work.";

/// An argument that another one leaves without an effect is refused. Only matters of taste are accepted everywhere, so that
/// an alias or a hook can set them: `--color`, `--quiet`, `--verbose`, `--threads`.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "switches are what a command line is made of")]
pub(crate) struct CheckArguments {
    /// What to check; the whole repository around it is read, and only findings in these places are shown
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to write the findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Run only these rules or families, also those that are opt-in
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Leave out these rules or families
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// The lowest severity that makes the exit code 1
    ///
    /// `warning` where the configuration does not say otherwise.
    #[arg(long, value_name = "SEVERITY", value_parser = thresholds())]
    pub(crate) fail_on: Option<Threshold>,
    /// Use this configuration instead of the `portcullis.toml` in the root
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Leave out the findings that this file holds, and say which of them are gone
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write all findings of the repository to this file, as a baseline for later checks, and end with 0
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all =
            ["baseline", "fix", "diff", "unsafe_fixes", "select", "ignore", "fail_on", "format", "output"]
    )]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Write the fixes that are safe to the files, and show what is left
    #[arg(long, conflicts_with = "diff")]
    pub(crate) fix: bool,
    /// Show as a diff what `--fix` would write
    #[arg(long, conflicts_with = "format")]
    pub(crate) diff: bool,
    /// With `--fix` or `--diff`: fix also where that may change what the code does otherwise
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Read also what git ignores
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Evaluate Terraform with the values in this file; may be given several times, as to Terraform
    #[arg(long, value_name = "FILE")]
    pub(crate) var_file: Vec<PathBuf>,
    /// Evaluate Terraform with the variables that `TF_VAR_` names in the environment
    #[arg(long)]
    pub(crate) tf_var_env: bool,
    /// Colours in the human format: `auto` looks at the terminal and at `NO_COLOR`
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(crate) color: Colour,
    /// Show findings alone
    #[arg(long, short, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say also why each finding matters, and which values could not be resolved
    #[arg(long, short)]
    pub(crate) verbose: bool,
    #[arg(long, value_name = "N", help = threads_help())]
    pub(crate) threads: Option<ThreadCount>,
}

fn threads_help() -> String {
    format!(
        "How many threads to use, {} at most; by default as many as there are processors",
        ThreadCount::MAX
    )
}

fn thresholds() -> impl TypedValueParser<Value = Threshold> {
    PossibleValuesParser::new(Threshold::NAMES).try_map(|name| name.parse())
}

#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// A folder of the repository; the configuration is written into its root
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ContextArguments {
    /// The folder that is sent
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// The Dockerfile, whose own ignore file replaces the folder's; `Dockerfile` in the folder by default
    #[arg(long, short, value_name = "DOCKERFILE")]
    pub(crate) file: Option<PathBuf>,
    /// Write everything that is known as JSON
    #[arg(long, conflicts_with = "list")]
    pub(crate) json: bool,
    /// Write the paths of all files that are sent, one a line
    #[arg(long)]
    pub(crate) list: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Source excerpts with the places marked, for a terminal
    Human,
    /// Everything that is known, in a shape of our own
    Json,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// The XML that most CI servers show test results from
    Junit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesFormat {
    /// A table
    Human,
    /// An array of objects
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    Auto,
    Always,
    Never,
}
