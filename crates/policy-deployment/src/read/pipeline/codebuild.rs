//! Builds of AWS `CodeBuild`.

use policy_docker::asker::Asker;
use policy_text::source::RepoPath;
use policy_text::yaml::{Node, Yaml};

use super::job::{run_lines, set_variables, start};
use crate::found::Found;

/// Reads one build specification. It runs the commands of all its phases in one shell.
pub(super) fn read(yaml: &Yaml, folder: &RepoPath, by: &Asker) -> Found {
    let mut found = Found::default();
    let Some(root) = yaml.root() else { return found };
    let mut state = start(folder);
    set_variables(root.path(&["env", "variables"]), &mut state);
    let phases = root.get("phases").map(Node::entries).unwrap_or_default();
    let commands = phases.into_iter().filter_map(|(_, phase)| phase.get("commands")).flat_map(Node::items);
    run_lines(yaml, commands, state, by, &mut found);
    found
}
