//! Builds of Travis CI.

use policy_docker::asker::Asker;
use policy_shell::resolve::{State, run};
use policy_text::embedded::Embedded;
use policy_text::source::RepoPath;
use policy_text::yaml::{Node, Yaml};

use super::job::{run_lines, set_variables, start};
use crate::found::Found;

/// The phases of a job that run commands, in their order.
const PHASES: [&str; 9] = [
    "before_install",
    "install",
    "before_script",
    "script",
    "after_success",
    "before_deploy",
    "deploy",
    "after_deploy",
    "after_script",
];

/// How many environments one job is run in.
const MAX_ROWS: usize = 16;

/// Reads one build.
pub(super) fn read(yaml: &Yaml, folder: &RepoPath, by: &Asker) -> Found {
    let mut found = Found::default();
    let Some(root) = yaml.root() else { return found };
    let included = [root.path(&["jobs", "include"]), root.path(&["matrix", "include"])];
    let included: Vec<Node<'_>> = included.into_iter().flatten().flat_map(Node::items).collect();
    let alone = included.is_empty().then_some(root);
    for job in included.into_iter().chain(alone) {
        for state in environments(job.get("env"), environments(root.get("env"), vec![start(folder)])) {
            let phases = PHASES.iter().filter_map(|phase| job.get(phase).or_else(|| root.get(phase)));
            run_lines(yaml, phases.flat_map(commands), state, by, &mut found);
        }
    }
    found
}

/// The commands of a phase. A deployment runs some where its provider is a script.
fn commands(phase: Node<'_>) -> Vec<Node<'_>> {
    let items: Vec<Node<'_>> = if phase.is_sequence() { phase.items().collect() } else { vec![phase] };
    items
        .into_iter()
        .filter_map(|item| if item.is_mapping() { item.get("script") } else { Some(item) })
        .collect()
}

/// The shells that a job is started in: each row of a list of variables is a run of its own.
fn environments(env: Option<Node<'_>>, before: Vec<State>) -> Vec<State> {
    let Some(env) = env else { return before };
    let shared = env.get("global");
    let rows = env.get("matrix").or_else(|| env.get("jobs"));
    let states: Vec<State> = before
        .into_iter()
        .map(|mut state| {
            let listed = shared.into_iter().flat_map(Node::items).chain(shared);
            listed.for_each(|row| set(row, &mut state));
            if shared.is_none() && rows.is_none() {
                set(env, &mut state);
            }
            state
        })
        .collect();
    let rows: Vec<Node<'_>> = rows.unwrap_or(env).items().take(MAX_ROWS).collect();
    if rows.is_empty() || shared.is_some() && env.get("matrix").is_none() && env.get("jobs").is_none() {
        return states;
    }
    let with = |state: &State, row: &Node<'_>| {
        let mut state = state.clone();
        set(*row, &mut state);
        state
    };
    states.iter().flat_map(|state| rows.iter().map(move |row| with(state, row))).take(MAX_ROWS).collect()
}

/// Sets what a row says: `A=1 B=2`, or a mapping.
fn set(row: Node<'_>, state: &mut State) {
    set_variables(Some(row), state);
    let Some(assignments) = row.embedded() else { return };
    let mut script = Embedded::new(assignments.file());
    script.push_for("export ", assignments.span(0..0));
    script.push_from(&assignments, 0..assignments.as_str().len());
    if let Ok(script) = policy_shell::parse::read(script) {
        let before = std::mem::take(state);
        *state = run(&script, before).state;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::pushed;
    use super::*;

    fn by() -> Asker {
        Asker::File(".travis.yml".into())
    }

    #[test]
    fn each_row_of_the_environment_is_a_run() {
        let text = "env: [TAG=a, TAG=b]\nscript: [docker push r.io/web:$TAG]\n";
        assert_eq!(pushed(text, |yaml, folder| read(yaml, folder, &by())), ["r.io/web:a", "r.io/web:b"]);
    }

    #[test]
    fn jobs_that_are_included_have_their_own_phases() {
        let text = "env: TAG=latest\njobs:\n  include:\n    - script: npm test\n    - env: NAME=api\n      script: docker push r.io/$NAME:$TAG\n";
        assert_eq!(pushed(text, |yaml, folder| read(yaml, folder, &by())), ["r.io/api:latest"]);
    }
}
