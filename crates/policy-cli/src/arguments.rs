//! The command line as it is typed.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use policy_core::config::Threshold;

use crate::workers::ThreadCount;

/// Finds faults that pass compilers, linters and plans, and then break the deployment.
#[derive(Debug, Parser)]
#[command(name = "portcullis", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check a repository for faults that will break its deployment
    Check(Box<CheckArguments>),
    /// Explain a rule: what it finds, why that breaks a deployment, and how to fix it
    Explain {
        /// A rule such as `image/latest-tag`, or a family such as `image` to list its rules
        rule: String,
    },
    /// List all rules
    Rules {
        /// The format of the list
        #[arg(long, value_enum, default_value_t = RulesFormat::Human)]
        format: RulesFormat,
    },
    /// Show what `docker build` would send from a folder, and which pattern excludes the rest
    Context(ContextArguments),
    /// Show the routes of each listener, distribution, Ingress and nginx in order, and what serves them
    ///
    /// In paths, `*` stands for any rest, and `{}` for a part that varies, such as an id.
    Routes(RoutesArguments),
    /// Write a commented portcullis.toml that fits the repository
    Init(InitArguments),
    /// Run the language server for an editor, over standard input and output
    Lsp {
        /// What clients add that know several ways to talk; there is no other
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Print the JSON schema of portcullis.toml, or of what the program writes
    Schema {
        /// Which schema to print
        #[arg(value_enum, default_value_t = SchemaOf::Config)]
        of: SchemaOf,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages of all commands to a folder
    Man {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

const CHECK_EXAMPLES: &str = "\
Examples:
  portcullis check                        checks the repository around the current folder
  portcullis check infra compose.yaml     reads all of it, shows findings in these two paths
  portcullis check --select image,docker  runs two families of rules
  portcullis check --since origin/main    shows only findings that later commits introduced
  portcullis check --staged               the same for what is staged, as a commit hook
  portcullis check --diff                 shows what --fix would change
  portcullis check --format sarif --output portcullis.sarif

Exit codes:
  0  no finding reaches the threshold of --fail-on
  1  at least one finding does
  2  portcullis could not do its work, and says why on standard error";

/// An argument that another one leaves without an effect is refused. Only matters of taste are accepted everywhere, so that
/// an alias or a hook can set them: `--color`, `--quiet`, `--verbose`, `--threads`.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "switches are what a command line is made of")]
pub(crate) struct CheckArguments {
    /// Show findings in these files and folders only; the whole repository around them is read
    ///
    /// `-` reads one file from standard input: see `--stdin-filename`.
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// The format of the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Run only these rules or families, including opt-in rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Skip these rules or families
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Do not read these files and folders, as globs relative to the root
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub(crate) exclude: Vec<String>,
    /// Exit with 1 if a finding has at least this severity
    ///
    /// The default is `fail-on` of the configuration, or `warning`.
    #[arg(long, value_name = "SEVERITY", value_parser = thresholds())]
    pub(crate) fail_on: Option<Threshold>,
    /// Exit with 0 whatever is found, as `--fail-on never` does
    #[arg(long, conflicts_with = "fail_on")]
    pub(crate) exit_zero: bool,
    /// Use this configuration instead of every `portcullis.toml`
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Show only findings that commits since REV introduced, counted from the merge base of REV and `HEAD`
    ///
    /// Changes that are not committed count, too. Findings are compared, not lines: what a change in one file breaks in
    /// another is shown.
    #[arg(long, value_name = "REV", conflicts_with = "staged")]
    pub(crate) since: Option<String>,
    /// Check what is staged instead of the work tree, and show only findings that this commit would introduce
    #[arg(long, conflicts_with = "fix")]
    pub(crate) staged: bool,
    /// Hide the findings in this baseline, and count those of them that are gone
    ///
    /// The default is `baseline` of the configuration.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write all findings of the repository to this file, as a baseline for later checks, and exit with 0
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all =
            ["baseline", "fix", "diff", "unsafe_fixes", "select", "ignore", "fail_on", "exit_zero", "format",
             "output", "since", "staged", "statistics", "stdin_filename"]
    )]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Apply the safe fixes to the files, and show the findings that are left
    #[arg(long, conflicts_with = "diff")]
    pub(crate) fix: bool,
    /// Show what `--fix` would change, as a diff
    #[arg(long, conflicts_with = "format")]
    pub(crate) diff: bool,
    /// With `--fix` or `--diff`: include fixes that may change what the code does
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Write an `allow` comment above each finding, with a reason to fill in
    ///
    /// Until a comment gives a reason, it allows nothing.
    #[arg(
        long,
        conflicts_with_all =
            ["fix", "diff", "unsafe_fixes", "format", "output", "staged", "statistics", "write_baseline"]
    )]
    pub(crate) add_allow: bool,
    /// Show how many findings each rule has instead of the findings
    #[arg(long, conflicts_with_all = ["format", "diff", "quiet", "verbose"])]
    pub(crate) statistics: bool,
    /// List the files that a check reads, and exit
    #[arg(long, conflicts_with_all = ["show_settings", "fix", "diff", "format", "write_baseline", "add_allow"])]
    pub(crate) show_files: bool,
    /// Show the settings of a check as a portcullis.toml, and exit
    #[arg(long, conflicts_with_all = ["fix", "diff", "format", "write_baseline", "add_allow"])]
    pub(crate) show_settings: bool,
    /// Read this file's text from standard input, and show its findings only
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fix", "diff", "staged", "add_allow"])]
    pub(crate) stdin_filename: Option<PathBuf>,
    /// Also read files that git ignores
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Evaluate Terraform with the values in this file; may be repeated, as for `terraform plan`
    #[arg(long, value_name = "FILE")]
    pub(crate) var_file: Vec<PathBuf>,
    /// Evaluate Terraform with the `TF_VAR_` variables of the environment
    #[arg(long)]
    pub(crate) tf_var_env: bool,
    /// Use colours in the human format
    ///
    /// `auto` depends on the terminal and on `NO_COLOR`, `FORCE_COLOR`, `CLICOLOR_FORCE` and `TERM`.
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(crate) color: Colour,
    /// Show the findings without a summary
    #[arg(long, short, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Also show the evidence for each finding, and the values that could not be resolved
    #[arg(long, short)]
    pub(crate) verbose: bool,
    #[arg(long, value_name = "N", help = threads_help())]
    pub(crate) threads: Option<ThreadCount>,
}

fn threads_help() -> String {
    let most = ThreadCount::FOR_EACH_PROCESSOR;
    format!("The number of threads, at most {most} for each processor; by default, one for each")
}

fn thresholds() -> impl TypedValueParser<Value = Threshold> {
    PossibleValuesParser::new(Threshold::NAMES).try_map(|name| name.parse())
}

#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// A folder of the repository; the configuration is written to the root of the repository
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RoutesArguments {
    /// A folder of the repository, all of which is read
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// The same as `--format json`
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
    /// How routes are written
    #[arg(long, value_enum, default_value_t = RoutesFormat::Text)]
    pub(crate) format: RoutesFormat,
    #[arg(long, value_name = "N", help = threads_help())]
    pub(crate) threads: Option<ThreadCount>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoutesFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// A smoke test: requests every endpoint through the load balancer, and fails if the wrong program answers
    Curl,
}

#[derive(Debug, Args)]
pub(crate) struct ContextArguments {
    /// The build context
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// The Dockerfile, by default `Dockerfile` in the folder; its own ignore file replaces the folder's
    #[arg(long, short, value_name = "DOCKERFILE")]
    pub(crate) file: Option<PathBuf>,
    /// Print everything that is known, as JSON
    #[arg(long, conflicts_with = "list")]
    pub(crate) json: bool,
    /// Print the paths of all files that are sent, one per line
    #[arg(long)]
    pub(crate) list: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Findings with excerpts of the source, for a terminal
    Human,
    /// One line for each finding: `path:line:column: severity: message [rule]`
    Concise,
    /// Everything that is known, for other programs
    Json,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Annotations for GitHub Actions
    Github,
    /// A Code Quality report for GitLab
    Gitlab,
    /// Test results as XML, which most CI servers can show
    Junit,
    /// Diagnostics for reviewdog
    Rdjson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// portcullis.toml
    Config,
    /// `check --format json`
    Report,
    /// `rules --format json`
    Rules,
    /// The file that `check --write-baseline` writes
    Baseline,
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
