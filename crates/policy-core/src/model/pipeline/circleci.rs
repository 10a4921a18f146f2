//! Pipelines of `CircleCI`.

use std::ops::Range;

use super::{add_tool, commands, set_variables, start};
use crate::model::commands::with_placeholders;
use crate::model::delivery::Delivery;
use crate::parse::yaml::{Node, Yaml};
use crate::resolve::{Origin, Text};
use crate::source::RepoPath;

/// Reads one pipeline.
pub(super) fn read(yaml: &Yaml, folder: &RepoPath) -> Delivery {
    let mut delivery = Delivery::default();
    let Some(root) = yaml.root() else { return delivery };
    let jobs = ["jobs", "commands"].into_iter().filter_map(|key| root.get(key)).flat_map(Node::entries);
    for (name, job) in jobs {
        let name = name.as_str().unwrap_or_default();
        for executor in job.get("docker").into_iter().flat_map(Node::items) {
            add_tool(executor.get("image"), &mut delivery);
        }
        for step in job.get("steps").into_iter().flat_map(Node::items) {
            read_step(job, step, name, folder, &mut delivery);
        }
    }
    delivery
}

fn read_step(job: Node<'_>, step: Node<'_>, name: &str, start_folder: &RepoPath, delivery: &mut Delivery) {
    let Some(run) = step.get("run") else { return };
    let Some(text) = run.get("command").unwrap_or(run).embedded() else { return };
    let mut state = start(start_folder);
    set_variables(job.get("environment"), &mut state);
    set_variables(run.get("environment"), &mut state);
    let folder = run.get("working_directory").and_then(Node::as_str);
    if let Some(folder) = folder.filter(|folder| !folder.starts_with('~')) {
        state.folder = RepoPath::new(folder);
    }
    let parts = parameters(text.as_str()).into_iter().map(|range| {
        let inner = text.as_str().get(range.start + 2..range.end - 2).unwrap_or_default().trim();
        let hole = Text::hole(Origin::Parameter(inner.into()), text.span(range.clone()));
        (range, vec![hole])
    });
    let script = with_placeholders(&text, parts, &mut state);
    commands::collect_from_text(
        script,
        state,
        &commands::Caller::of_a_pipeline(&format!("job `{name}`")),
        delivery,
    );
}

/// The `<< parameters.x >>` of a text, each with its brackets.
fn parameters(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("<<")).map(|start| at + start) {
        at = start + 2;
        let rest = text.get(at..).unwrap_or_default();
        let inner = rest.split(['\n', '>']).next().unwrap_or_default();
        let named = ["parameters.", "pipeline."].iter().any(|prefix| inner.trim_start().starts_with(prefix));
        if named && rest.get(inner.len()..).is_some_and(|rest| rest.starts_with(">>")) {
            at += inner.len() + 2;
            found.push(start..at);
        }
    }
    found
}
