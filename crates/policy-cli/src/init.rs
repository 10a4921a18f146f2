//! `portcullis init`: a commented configuration that fits the repository.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;

use policy_core::FileKind;
use policy_core::config::Settings;
use policy_core::report::Report;
use policy_core::rule::Card;
use policy_core::source::{RepoPath, Sources};
use policy_disk::{DiskTree, GitIgnored};

use crate::arguments::InitArguments;
use crate::catalogue;
use crate::exit::Failure;
use crate::root::{CONFIGURATION, Root};
use crate::workers::{ThreadCount, Workers};

/// Writes the configuration into the root of the repository, and gives what is said about it.
pub(crate) fn init(arguments: &InitArguments) -> Result<String, Failure> {
    let root = Root::of(std::slice::from_ref(&arguments.folder), GitIgnored::Skip)?;
    let path = root.folder.join(CONFIGURATION);
    let failure = |error| Failure::Output { path: path.clone(), error };
    if path.symlink_metadata().is_ok() {
        return Err(Failure::Exists(path));
    }
    let threads = ThreadCount::default();
    let workers = Workers::new(threads)?;
    let tree = DiskTree::new(root.folder, GitIgnored::Skip, threads.get());
    let sources = Sources::open(&tree);
    let rules = policy_rules::all();
    let report = workers.run(|| policy_core::check(&sources, &rules, &Settings::default()))??;
    let paths: Vec<&RepoPath> = sources.files().map(|(_, path)| path).collect();
    let text = configuration(&report, &paths, &catalogue::cards()?);
    // Not overwritten even if somebody made it meanwhile.
    File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(failure)?;
    Ok(format!(
        "Wrote `{}`: every setting in it is commented out; uncomment the ones you want.\n",
        path.display()
    ))
}

/// The configuration's text. Every setting is commented out, so that it says what could be without saying what is.
fn configuration(report: &Report, paths: &[&RepoPath], cards: &[Card]) -> String {
    let mut text = String::from(
        "# Settings of portcullis for this repository. Every line is commented out: uncomment the ones you want.\n\n\
         # The lowest severity that makes a check fail: error, warning, note or never.\n\
         # fail-on = \"warning\"\n\n\
         # Files and folders that are not read, as globs.\n",
    );
    text.push_str(
        "# exclude = [\"vendor\"]\n\n\
         # Findings that are known already: `portcullis check --write-baseline portcullis-baseline.json` writes them.\n\
         # baseline = \"portcullis-baseline.json\"\n\n\
         # off, note, warning or error, for a rule or a family.\n# [rules]\n",
    );
    for card in cards.iter().filter(|card| !card.facts.default) {
        let severity = card.facts.severity.name();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# \"{}\" = \"{severity}\"  # off by default", card.id);
    }
    text.push_str("\n# Other severities for some folders.\n# [[overrides]]\n");
    text.push_str("# paths = [\"sandbox\"]\n# rules = { image = \"off\" }\n");
    let has = |kinds: &[FileKind]| report.read.iter().any(|(kind, _)| kinds.contains(kind));
    if has(&[FileKind::Script, FileKind::Page]) {
        text.push_str(
            "\n# Ports that the load balancer opens, besides those in the Terraform of this repository.\n",
        );
        text.push_str("# [options.websocket]\n# open-ports = [8443]\n");
    }
    if has(&[FileKind::Dockerfile, FileKind::Yaml, FileKind::Shell]) {
        text.push_str(
            "\n# Image repositories that may be used with a moving tag such as `latest`, as globs.\n",
        );
        text.push_str("# [options.image]\n# moving = [\"registry.example.org/sandbox/*\"]\n");
    }
    if has(&[FileKind::Dockerfile]) {
        text.push_str("\n# Names of directories that belong in a build context although a tool creates them, as globs.\n");
        text.push_str("# [options.docker]\n# wanted = [\"dist\"]\n");
    }
    if has(&[FileKind::Terraform]) {
        text.push_str(
            "\n# Terraform values. By default, each .tfvars file that fits is checked as its own environment.\n",
        );
        text.push_str("# [options.terraform]\n");
        // Several files of values together would be one environment that nobody has.
        let _ = writeln!(text, "# var-files = [{}]", value_file(paths));
        text.push_str("# workspace = \"prod\"\n");
    }
    text
}

/// A file of values that Terraform does not take by itself, as a string in TOML; what JSON writes is a basic string there
/// too.
fn value_file(paths: &[&RepoPath]) -> String {
    let is_given = |path: &&&RepoPath| {
        let name = path.file_name();
        let name = name.strip_suffix(".json").unwrap_or(name);
        name.ends_with(".tfvars") && name != "terraform.tfvars" && !name.ends_with(".auto.tfvars")
    };
    let found = paths.iter().find(is_given).map_or("infra/prod.tfvars", |path| path.as_str());
    serde_json::Value::from(found).to_string()
}
