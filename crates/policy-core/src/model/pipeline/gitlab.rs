//! Pipelines of GitLab.

use super::{add_tool, run_lines, set_variables, start};
use crate::model::delivery::Delivery;
use crate::parse::yaml::{Node, Yaml};
use crate::source::RepoPath;

/// How many jobs may extend one another in a row.
const MAX_EXTENDS: usize = 8;

/// Keys at the top that are no jobs.
const NO_JOBS: [&str; 8] =
    ["variables", "default", "include", "stages", "workflow", "image", "services", "cache"];

/// Reads one pipeline.
pub(super) fn read(yaml: &Yaml, folder: &RepoPath) -> Delivery {
    let mut delivery = Delivery::default();
    let Some(root) = yaml.root() else { return delivery };
    for (name, job) in root.entries() {
        let Some(name) = name.as_str().filter(|name| !NO_JOBS.contains(name)) else { continue };
        let chain = chain(job, root);
        let said = |key: &str| chain.iter().find_map(|job| job.get(key));
        let with_default =
            |key: &str| said(key).or_else(|| root.path(&["default", key])).or_else(|| root.get(key));
        add_tool(job.get("image"), &mut delivery);
        let mut state = start(folder);
        set_variables(root.get("variables"), &mut state);
        for job in chain.iter().rev() {
            set_variables(job.get("variables"), &mut state);
        }
        let parts = [with_default("before_script"), said("script"), with_default("after_script")];
        let items = parts
            .into_iter()
            .flatten()
            .flat_map(|part| if part.is_sequence() { part.items().collect() } else { vec![part] });
        run_lines(yaml, items, state, &format!("job `{name}`"), &mut delivery);
    }
    delivery
}

/// The job and those that it extends.
fn chain<'y>(job: Node<'y>, root: Node<'y>) -> Vec<Node<'y>> {
    let mut chain = vec![job];
    let mut next = 0;
    while let Some(extends) = chain.get(next).map(|job| job.get("extends")) {
        let names = extends
            .into_iter()
            .flat_map(|node| if node.is_sequence() { node.items().collect() } else { vec![node] });
        // Of several the last counts most.
        let bases: Vec<Node<'y>> = names.filter_map(|name| root.get(name.as_str()?)).collect();
        chain.extend(bases.into_iter().rev());
        next += 1;
        if chain.len() > MAX_EXTENDS {
            break;
        }
    }
    chain
}
