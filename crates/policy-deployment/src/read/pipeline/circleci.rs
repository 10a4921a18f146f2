//! Pipelines of `CircleCI`.

mod orb;
mod parameters;

use std::collections::BTreeSet;

use policy_docker::asker::Asker;
use policy_shell::resolve::State;
use policy_text::source::RepoPath;
use policy_text::yaml::{Node, Yaml};

use super::job::{add_tool, set_variables, start};
use crate::commands::{self, with_placeholders};
use crate::found::Found;
use crate::read::handed_over;
use orb::Orbs;
use parameters::Parameters;

/// How often all jobs and commands of a file are read, once for each call.
const MAX_CALLS: usize = 400;
/// How deep commands may call one another.
const MAX_DEPTH: usize = 6;

/// How the folder of the checkout is written.
const CHECKOUT: [&str; 2] = [".", "~/project"];

/// Reads one pipeline.
pub(super) fn read(yaml: &Yaml, folder: &RepoPath) -> Found {
    let Some(root) = yaml.root() else { return Found::default() };
    let mut file = File {
        root,
        folder,
        orbs: Orbs::of(root),
        found: Found::default(),
        called: BTreeSet::new(),
        calls: 0,
    };
    let outer = Parameters::of_pipeline(root);
    let workflows = root.get("workflows").map(Node::entries).unwrap_or_default();
    let calls: Vec<Call<'_>> = workflows
        .into_iter()
        .filter_map(|(_, workflow)| workflow.get("jobs"))
        .flat_map(Node::items)
        .filter_map(Call::of)
        .collect();
    for call in &calls {
        file.call(call, &outer, &start(folder), "the workflow", 0);
    }
    // What nothing calls is read with its defaults.
    for kind in ["jobs", "commands"] {
        for (name, block) in root.get(kind).map(Node::entries).unwrap_or_default() {
            if let Some(name) = name.as_str().filter(|name| !file.called.contains(&(kind, *name))) {
                let given = outer.clone().with_defaults(block);
                file.block(block, name, &given, &start(folder), 0);
            }
        }
    }
    file.found
}

/// A job in a workflow, or a command in the steps of a job, with what it is given.
struct Call<'y> {
    name: &'y str,
    key: Node<'y>,
    given: Option<Node<'y>>,
}

impl<'y> Call<'y> {
    fn of(item: Node<'y>) -> Option<Self> {
        if let Some(name) = item.as_str() {
            return Some(Self { name, key: item, given: None });
        }
        let (key, given) = item.entries().into_iter().next()?;
        Some(Self { name: key.as_str()?, key, given: Some(given) })
    }
}

struct File<'y, 'p> {
    root: Node<'y>,
    folder: &'p RepoPath,
    orbs: Orbs<'y>,
    found: Found,
    /// The jobs and commands that something calls, with their kind.
    called: BTreeSet<(&'static str, &'y str)>,
    calls: usize,
}

impl<'y> File<'y, '_> {
    /// What a call does: of an orb, or of a job or a command of this file.
    fn call(&mut self, call: &Call<'y>, outer: &Parameters, state: &State, user: &str, depth: usize) {
        if self.calls >= MAX_CALLS || depth > MAX_DEPTH {
            return;
        }
        self.calls += 1;
        if let Some(verb) = self.orbs.verb(call.name) {
            let name = Asker::Orb(call.name.to_owned());
            orb::Use { verb, key: call.key, given: call.given, outer, state }.add(&name, &mut self.found);
            return;
        }
        let kind = if depth == 0 { "jobs" } else { "commands" };
        self.called.insert((kind, call.name));
        let Some(block) = self.root.get(kind).and_then(|blocks| blocks.get(call.name)) else { return };
        let given = outer.given_to(block, call.given);
        // A command runs in the environment of the job that calls it.
        let user = if depth == 0 { call.name } else { user };
        self.block(block, user, &given, state, depth);
    }

    /// The steps of a job or a command.
    fn block(&mut self, block: Node<'y>, user: &str, given: &Parameters, state: &State, depth: usize) {
        for executor in block.get("docker").into_iter().flat_map(Node::items) {
            add_tool(executor.get("image"), &mut self.found);
        }
        let mut state = state.clone();
        set_variables(block.get("environment"), &mut state);
        self.steps(block, user, given, &state, depth);
    }

    fn steps(&mut self, block: Node<'y>, user: &str, given: &Parameters, state: &State, depth: usize) {
        for step in block.get("steps").into_iter().flat_map(Node::items) {
            let Some(call) = Call::of(step) else { continue };
            match (call.name, call.given) {
                ("run", Some(run)) => self.run(run, user, given, state.clone()),
                ("persist_to_workspace" | "attach_workspace", Some(given)) => self.workspace(given),
                ("when" | "unless", Some(condition)) if depth < MAX_DEPTH => {
                    self.steps(condition, user, given, state, depth + 1);
                }
                _ => self.call(&call, given, state, user, depth + 1),
            }
        }
    }

    /// What is kept for later jobs, or where they get it.
    fn workspace(&mut self, given: Node<'_>) {
        let all = self.root.span();
        handed_over::add(&mut self.found, self.folder, handed_over::listed(given.get("paths")), all);
        let place = given.get("at").and_then(Node::as_str);
        // Where the checkout lies, the files have the paths that they were kept with.
        let place = place.filter(|place| !CHECKOUT.contains(&place.trim_end_matches('/')));
        handed_over::add(&mut self.found, self.folder, place, all);
    }

    fn run(&mut self, run: Node<'_>, job: &str, given: &Parameters, mut state: State) {
        let Some(text) = run.get("command").unwrap_or(run).embedded() else { return };
        set_variables(run.get("environment"), &mut state);
        let folder = run.get("working_directory").and_then(Node::as_str);
        if let Some(folder) = folder.filter(|folder| !folder.starts_with('~')) {
            state.folder = self.folder.join(folder);
        }
        let parts = given.parts_in(&text, &state);
        let script = with_placeholders(&text, parts, &mut state);
        let user = Asker::Job(job.into());
        commands::collect_from_text(script, state, &commands::Caller::of_a_pipeline(&user), &mut self.found);
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use policy_text::embedded::Embedded;
    use policy_text::source::FileId;
    use policy_text::yaml::parse_tree;

    use super::*;
    use crate::model::image::ImageRole;

    fn pushed(text: &str) -> Vec<String> {
        let (yaml, problems) = parse_tree(&Embedded::whole(FileId(0), text));
        assert_eq!(problems, []);
        let images = read(&yaml, &RepoPath::root()).images.into_iter();
        let pushed = images.filter(|image| image.role == ImageRole::Pushed);
        pushed.map(|image| image.reference.to_string()).collect()
    }

    const JOB: &str = indoc! {"
        jobs:
          push:
            parameters:
              tag: {type: string, default: latest}
            steps:
              - run: docker push r.io/web:<< parameters.tag >>
    "};

    #[test]
    fn a_parameter_has_the_value_of_each_call_and_else_its_default() {
        assert_eq!(pushed(JOB), ["r.io/web:latest"]);
        let called = indoc! {"
            workflows:
              main:
                jobs:
                  - push: {tag: '2.1'}
                  - push: {name: again, tag: << pipeline.parameters.tag >>}
            parameters:
              tag: {type: string, default: stable}
        "};
        assert_eq!(pushed(&format!("{JOB}{called}")), ["r.io/web:2.1", "r.io/web:stable"]);
        let matrix = "workflows:\n  main:\n    jobs:\n      - push: {matrix: {parameters: {tag: [a, b]}}}\n";
        assert_eq!(pushed(&format!("{JOB}{matrix}")), ["r.io/web:a", "r.io/web:b"]);
    }

    #[test]
    fn what_is_not_given_and_has_no_default_is_not_known() {
        let text = "jobs:\n  push:\n    steps:\n      - run: docker push web:<< parameters.tag >>\n";
        assert_eq!(pushed(text), ["web:${parameters.tag}"]);
    }

    #[test]
    fn commands_that_call_each_other_end() {
        let circle = "commands:\n  a: {steps: [b]}\n  b: {steps: [a, {run: docker push r.io/web}]}\n";
        assert_eq!(pushed(circle), ["r.io/web"]);
    }
}
