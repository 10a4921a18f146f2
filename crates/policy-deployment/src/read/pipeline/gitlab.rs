//! Pipelines of GitLab.

use std::collections::HashMap;

use policy_docker::asker::Asker;
use policy_text::budget::Budget;
use policy_text::source::RepoPath;
use policy_text::yaml::{Node, Yaml};

use super::job::{add_tool, run_lines, set_variables, start};
use crate::found::Found;
use crate::read::handed_over;

/// How many jobs may extend one another in a row.
const MAX_EXTENDS: usize = 8;

/// Keys at the top that are no jobs.
const NO_JOBS: [&str; 8] =
    ["variables", "default", "include", "stages", "workflow", "image", "services", "cache"];

/// What the jobs of a pipeline may cost, besides what its size adds.
const STEPS_OF_ANY: u64 = 100_000;
/// What it costs to run a line.
const STEPS_PER_LINE: usize = 4;
/// How long a line is, as far as longer ones count as several.
const BYTES_PER_LINE: usize = 40;

/// What is said where a pipeline has many jobs, and each of them many variables, or many lines that all jobs run.
const TOO_COSTLY: &str = "the jobs of this pipeline have more variables and lines together than are followed; this job and \
                          those after it were not read";

/// Reads one pipeline.
pub(super) fn read(yaml: &Yaml, folder: &RepoPath) -> Found {
    let mut found = Found::default();
    let Some(root) = yaml.root() else { return found };
    let jobs = root.entries();
    let by_name: HashMap<&str, Node<'_>> =
        jobs.iter().filter_map(|(name, job)| Some((name.as_str()?, *job))).collect();
    let top = |key: &str| by_name.get(key).copied();
    let budget = Budget::of_steps(STEPS_OF_ANY + Budget::for_bytes(yaml.size()).left());
    let variables = |node: Option<Node<'_>>| node.map_or(0, |node| node.entries().len());
    let of_all = variables(top("variables"));
    if top("include").is_some_and(includes_unseen_jobs) {
        handed_over::add_unknown(&mut found, root.span());
    }
    for (name, job) in &jobs {
        let Some(name) = name.as_str().filter(|name| !NO_JOBS.contains(name)) else { continue };
        let chain = chain(*job, &by_name);
        let said = |key: &str| chain.iter().find_map(|job| job.get(key));
        let with_default = |key: &str| said(key).or_else(|| top("default")?.get(key)).or_else(|| top(key));
        add_tool(job.get("image"), &mut found);
        let own: usize = chain.iter().map(|job| variables(job.get("variables"))).sum();
        let parts = [with_default("before_script"), said("script"), with_default("after_script")];
        let items: Vec<Node<'_>> = parts
            .into_iter()
            .flatten()
            .flat_map(|part| if part.is_sequence() { part.items().collect() } else { vec![part] })
            .collect();
        let lines: usize =
            items.iter().map(|item| 1 + item.as_str().map_or(0, str::len) / BYTES_PER_LINE).sum();
        if !found.pays(&budget, of_all + own + lines * STEPS_PER_LINE, job.span(), TOO_COSTLY) {
            break;
        }
        let mut state = start(folder);
        set_variables(top("variables"), &mut state);
        for job in chain.iter().rev() {
            set_variables(job.get("variables"), &mut state);
        }
        run_lines(yaml, items.into_iter(), state, &Asker::Job(name.into()), &mut found);
        let (artifacts, cache) = (with_default("artifacts"), with_default("cache"));
        let parts = [artifacts, cache].map(|part| part.and_then(|part| part.get("paths")));
        for paths in parts {
            handed_over::add(&mut found, folder, handed_over::listed(paths), root.span());
        }
        if artifacts.is_some_and(|artifacts| artifacts.get("untracked").is_some()) {
            handed_over::add_unknown(&mut found, root.span());
        }
    }
    found
}

/// Whether jobs of other repositories are part of the pipeline. GitLab's own templates hand over reports only.
fn includes_unseen_jobs(include: Node<'_>) -> bool {
    let all = if include.is_sequence() { include.items().collect() } else { vec![include] };
    all.into_iter().any(|one| {
        ["project", "remote", "component"].iter().any(|key| one.get(key).is_some())
            || one.as_str().is_some_and(|address| address.contains("://"))
    })
}

/// The job and those that it extends.
fn chain<'y>(job: Node<'y>, jobs: &HashMap<&str, Node<'y>>) -> Vec<Node<'y>> {
    let mut chain = vec![job];
    let mut next = 0;
    while let Some(extends) = chain.get(next).map(|job| job.get("extends")) {
        let names = extends
            .into_iter()
            .flat_map(|node| if node.is_sequence() { node.items().collect() } else { vec![node] });
        // Of several the last counts most.
        let bases: Vec<Node<'y>> = names.filter_map(|name| jobs.get(name.as_str()?).copied()).collect();
        chain.extend(bases.into_iter().rev());
        next += 1;
        if chain.len() > MAX_EXTENDS {
            break;
        }
    }
    chain
}
