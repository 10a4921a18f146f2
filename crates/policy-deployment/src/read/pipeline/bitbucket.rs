//! Pipelines of Bitbucket.

use policy_docker::asker::Asker;
use policy_docker::image::tagged;
use policy_shell::resolve::expand_document;
use policy_text::source::{RepoPath, Span};
use policy_text::value::{Origin, Text};
use policy_text::yaml::{Node, Yaml};

use super::job::{add_tool, run_lines, start};
use crate::found::Found;
use crate::model::image::ImageRole;
use crate::read::handed_over;

/// How deep steps may stand: in stages, in what runs in parallel, by branch.
const MAX_DEPTH: usize = 10;

/// Reads one pipeline.
pub(super) fn read(yaml: &Yaml, folder: &RepoPath) -> Found {
    let mut found = Found::default();
    if let Some(pipelines) = yaml.root().and_then(|root| root.get("pipelines")) {
        let file = File { yaml, pipelines: pipelines.span(), folder };
        file.steps(pipelines, 0, &mut found);
    }
    found
}

struct File<'f> {
    yaml: &'f Yaml,
    /// All pipelines of it.
    pipelines: Span,
    folder: &'f RepoPath,
}

impl File<'_> {
    fn steps(&self, node: Node<'_>, depth: usize, found: &mut Found) {
        if let Some(script) = node.get("script") {
            self.step(node, script, found);
        } else if depth < MAX_DEPTH {
            let entries = node.entries().into_iter().map(|(_, value)| value);
            entries.chain(node.items()).for_each(|inner| self.steps(inner, depth + 1, found));
        }
    }

    fn step(&self, step: Node<'_>, script: Node<'_>, found: &mut Found) {
        let name = step.get("name").and_then(Node::as_str);
        let user = Asker::Step(name.into());
        add_tool(step.get("image"), found);
        let lines = script.items().chain(step.get("after-script").into_iter().flat_map(Node::items));
        run_lines(self.yaml, lines, start(self.folder), &user, found);
        for pipe in script.items() {
            push_to_ecr(pipe, self.folder, &user, found);
        }
        let artifacts = step.get("artifacts").map(|artifacts| artifacts.get("paths").unwrap_or(artifacts));
        handed_over::add(found, self.folder, handed_over::listed(artifacts), self.pipelines);
    }
}

/// The pipe that pushes to ECR: its default tag is `latest`.
fn push_to_ecr(item: Node<'_>, folder: &RepoPath, user: &Asker, found: &mut Found) {
    let Some(pipe) = item.get("pipe") else { return };
    if !pipe.as_str().is_some_and(|name| name.contains("aws-ecr-push-image")) {
        return;
    }
    let value = |name: &str| {
        let node = item.path(&["variables", name])?;
        Some((node.span(), expand_document(&node.embedded()?, &mut start(folder))))
    };
    let Some((_, names)) = value("IMAGE_NAME") else { return };
    let (at, tags) =
        value("TAGS").unwrap_or_else(|| (pipe.span(), vec![Text::literal("latest", pipe.span())]));
    for tag in tags.iter().flat_map(|tags| tags.items(&[' ', '\n'])) {
        for name in &names {
            let mut reference = Text::hole(Origin::Other("the account's registry".into()), at);
            reference.append(&Text::literal("/", at));
            reference.append(name);
            found.image(&tagged(reference, &tag, at), at, ImageRole::Pushed, user);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::pushed;
    use super::*;

    #[test]
    fn the_pipe_pushes_its_tags_and_else_latest() {
        let pipe = |variables: &str| {
            format!(
                "pipelines:\n  default:\n    - step:\n        script:\n          - pipe: atlassian/aws-ecr-push-image:2.0.0\n            variables: {{IMAGE_NAME: web{variables}}}\n"
            )
        };
        assert_eq!(pushed(&pipe(""), read), ["${…}/web:latest"]);
        assert_eq!(pushed(&pipe(", TAGS: '1 latest'"), read), ["${…}/web:1", "${…}/web:latest"]);
    }
}
