//! Tools that pipelines run in a checkout, with the folders: they leave their caches there, though no manifest names them.

use std::collections::BTreeMap;

use policy_shell::parse as shell;
use policy_shell::resolve::{State, Word, run};
use policy_text::embedded::Embedded;
use policy_text::source::{FileId, RepoPath};
use policy_text::yaml::Node;

use super::step_script::plain;
use crate::commands::without_wrappers;
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;

/// Programs that run the one that is among their words.
const RUNNERS: [&str; 11] =
    ["poetry", "uv", "uvx", "pdm", "pipenv", "pipx", "hatch", "rye", "python", "python3", "coverage"];

/// Where each of the `programs` is run, with a pipeline that does.
pub(super) fn folders<'n>(
    programs: &[&'n str],
    parsed: &Parsed,
) -> BTreeMap<&'n str, BTreeMap<RepoPath, FileId>> {
    let mut ran: BTreeMap<&str, BTreeMap<RepoPath, FileId>> = BTreeMap::new();
    for (file, yaml) in &parsed.yaml {
        let texts = match (yaml.flavour, yaml.yaml.root()) {
            (Flavour::Workflow, Some(root)) => of_workflow(root),
            (Flavour::Gitlab, Some(root)) => of_jobs(root),
            _ => Vec::new(),
        };
        for (text, folder) in texts {
            let said: Vec<&'n str> = programs.iter().copied().filter(|name| text.contains(name)).collect();
            if said.is_empty() {
                continue;
            }
            let Ok(script) = shell::read(Embedded::whole(*file, &text)) else { continue };
            for command in run(&script, State::starting_in(Some(folder), None)).commands {
                let program = said.iter().find(|name| runs(&command.words, name));
                if let Some((program, folder)) = program.zip(command.folder).filter(|_| !command.remote) {
                    ran.entry(program).or_default().entry(folder).or_insert(*file);
                }
            }
        }
    }
    ran
}

/// Whether a command runs `program`, by itself or by another one.
fn runs(words: &[Word], program: &str) -> bool {
    let Some((first, arguments)) = without_wrappers(words).split_first() else { return false };
    let name = first.known().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    let is_meant =
        |word: &Word| word.known().is_some_and(|word| word.split(['@', '=']).next() == Some(program));
    name == program
        || (RUNNERS.contains(&name) && arguments.iter().take_while(|word| !installs(word)).any(is_meant))
}

/// Whether what follows is installed, and not run.
fn installs(word: &Word) -> bool {
    word.known().is_some_and(|word| matches!(word.as_ref(), "install" | "add" | "pip" | "remove" | "sync"))
}

/// The scripts of a workflow's steps, each with the folder that it starts in, where that is written out.
fn of_workflow(root: Node<'_>) -> Vec<(String, RepoPath)> {
    fn default(node: Node<'_>) -> Option<&str> {
        node.path(&["defaults", "run", "working-directory"])?.as_str()
    }
    let mut texts = Vec::new();
    for (_, job) in root.get("jobs").map(Node::entries).unwrap_or_default() {
        let of_job = default(job).or_else(|| default(root)).unwrap_or_default();
        for step in job.get("steps").into_iter().flat_map(Node::items) {
            let folder = step.get("working-directory").and_then(Node::as_str).unwrap_or(of_job);
            let text = step.get("run").and_then(Node::as_str);
            texts.extend(text.and_then(|text| Some((plain(text), RepoPath::new(folder)?))));
        }
    }
    texts
}

/// The scripts of GitLab's jobs, which start at the root.
fn of_jobs(root: Node<'_>) -> Vec<(String, RepoPath)> {
    let lines = |job: Node<'_>| {
        let scripts = ["before_script", "script"].into_iter().filter_map(move |key| job.get(key));
        let lines = scripts
            .flat_map(|script| script.as_str().into_iter().chain(script.items().filter_map(Node::as_str)));
        lines.collect::<Vec<_>>().join("\n")
    };
    root.entries().into_iter().map(|(_, job)| (lines(job), RepoPath::root())).collect()
}
