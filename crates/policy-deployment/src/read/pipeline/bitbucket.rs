//! Pipelines of Bitbucket.

use policy_docker::asker::Asker;
use policy_docker::image::tagged;
use policy_shell::resolve::expand_document;
use policy_text::source::RepoPath;
use policy_text::value::{Origin, Text};
use policy_text::yaml::{Node, Yaml};

use super::job::{add_tool, run_lines, start};
use crate::found::Found;
use crate::model::image::ImageRole;

/// How deep steps may stand: in stages, in what runs in parallel, by branch.
const MAX_DEPTH: usize = 10;

/// Reads one pipeline.
pub(super) fn read(yaml: &Yaml, folder: &RepoPath) -> Found {
    let mut found = Found::default();
    if let Some(pipelines) = yaml.root().and_then(|root| root.get("pipelines")) {
        steps(yaml, pipelines, folder, 0, &mut found);
    }
    found
}

fn steps(yaml: &Yaml, node: Node<'_>, folder: &RepoPath, depth: usize, found: &mut Found) {
    if let Some(script) = node.get("script") {
        step(yaml, node, script, folder, found);
    } else if depth < MAX_DEPTH {
        let entries = node.entries().into_iter().map(|(_, value)| value);
        entries.chain(node.items()).for_each(|inner| steps(yaml, inner, folder, depth + 1, found));
    }
}

fn step(yaml: &Yaml, step: Node<'_>, script: Node<'_>, folder: &RepoPath, found: &mut Found) {
    let name = step.get("name").and_then(Node::as_str);
    let user = Asker::Step(name.into());
    add_tool(step.get("image"), found);
    let lines = script.items().chain(step.get("after-script").into_iter().flat_map(Node::items));
    run_lines(yaml, lines, start(folder), &user, found);
    for pipe in script.items() {
        push_to_ecr(pipe, folder, &user, found);
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
