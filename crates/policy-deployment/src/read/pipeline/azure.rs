//! Pipelines of Azure.

use std::collections::BTreeMap;
use std::ops::Range;

use policy_docker::asker::Asker;
use policy_docker::image::tagged;
use policy_text::Problem;
use policy_text::budget::Budget;
use policy_text::embedded::Embedded;
use policy_text::source::RepoPath;
use policy_text::value::alternatives::Alternatives;
use policy_text::value::{Origin, Text};
use policy_text::yaml::{Node, Yaml};

use super::job::start;
use crate::commands::{self, substituted, with_placeholders};
use crate::found::Found;
use crate::model::image::ImageRole;
use crate::read::handed_over;

/// How deep steps may stand: in stages, in jobs, in strategies of deployments.
const MAX_DEPTH: usize = 14;
/// How deep variables may stand in variables.
const MAX_NESTED: usize = 8;

/// Variables, and parameters as `parameters.name`.
type Values = BTreeMap<String, Embedded>;

/// Reads one pipeline.
pub(super) fn read(yaml: &Yaml, folder: &RepoPath) -> Found {
    let mut found = Found::default();
    if let Some(root) = yaml.root() {
        let mut values = Values::new();
        for parameter in root.get("parameters").into_iter().flat_map(Node::items) {
            let named = parameter.get("name").and_then(Node::as_str);
            if let Some((name, default)) = named.zip(parameter.get("default").and_then(Node::embedded)) {
                values.insert(format!("parameters.{name}"), default);
            }
        }
        blocks(root, values, folder, 0, &Budget::for_bytes(yaml.size()), &mut found);
    }
    found
}

/// The steps of a node and of all below it, each with the variables around it.
fn blocks(
    node: Node<'_>,
    mut values: Values,
    folder: &RepoPath,
    depth: usize,
    budget: &Budget,
    found: &mut Found,
) {
    let variables = node.get("variables");
    for variable in variables.into_iter().flat_map(Node::items) {
        let named = variable.get("name").and_then(Node::as_str);
        if let Some((name, value)) = named.zip(variable.get("value").and_then(Node::embedded)) {
            values.insert(name.to_owned(), value);
        }
    }
    for (name, value) in variables.map(Node::entries).unwrap_or_default() {
        if let Some((name, value)) = name.as_str().zip(value.embedded()) {
            values.insert(name.to_owned(), value);
        }
    }
    if node.get("steps").into_iter().flat_map(Node::items).any(downloads) {
        handed_over::add_unknown(found, node.span());
    }
    for step in node.get("steps").into_iter().flat_map(Node::items) {
        if !found.pays(budget, values.len(), step.span(), TOO_COSTLY) {
            return;
        }
        Step { node: step, values: &values, folder, budget }.read(found);
        // What the references of this step cost is known once they are followed.
        if budget.is_spent() {
            found.problems.push(Problem::too_costly(step.span(), TOO_COSTLY));
            return;
        }
    }
    if depth < MAX_DEPTH {
        let inner = node
            .entries()
            .into_iter()
            .filter(|(key, _)| !matches!(key.as_str(), Some("steps" | "variables" | "parameters")));
        for inner in inner.map(|(_, value)| value).chain(node.items()) {
            if !found.pays(budget, values.len(), inner.span(), TOO_COSTLY) {
                return;
            }
            blocks(inner, values.clone(), folder, depth + 1, budget, found);
        }
    }
}

/// Whether a step gets files that jobs before it published: `DownloadPipelineArtifact@2`, `download: current`.
fn downloads(step: Node<'_>) -> bool {
    let said = |key: &str| step.get(key).and_then(Node::as_str);
    said("task").is_some_and(|task| task.starts_with("Download"))
        || said("download").is_some_and(|what| what != "none")
}

struct Step<'s> {
    node: Node<'s>,
    values: &'s Values,
    folder: &'s RepoPath,
    budget: &'s Budget,
}

/// What is said where many steps have many variables, or variables stand in one another many times.
const TOO_COSTLY: &str = "the steps of this pipeline have more variables together than are followed; from here on they were \
                          not read";

impl Step<'_> {
    fn read(&self, found: &mut Found) {
        let title = ["displayName", "name", "task"].iter().find_map(|key| self.node.get(key)?.as_str());
        let user = Asker::Step(title.into());
        let task = self.node.get("task").and_then(Node::as_str).unwrap_or_default();
        let inputs = self.node.get("inputs");
        let script = match task.split('@').next().unwrap_or_default() {
            "" => ["script", "bash"].iter().find_map(|key| self.node.get(key)),
            "Bash" | "CmdLine" => inputs.and_then(|inputs| inputs.get("script")),
            "AzureCLI" => inputs.and_then(|inputs| inputs.get("inlineScript")),
            "Docker" => return self.docker(&user, found),
            "AzureWebAppContainer" => {
                let image =
                    inputs.and_then(|inputs| inputs.get("containers").or_else(|| inputs.get("imageName")));
                return self.add(image, ImageRole::Deployed, &user, found);
            }
            _ => None,
        };
        let Some(text) = script.and_then(Node::embedded) else { return };
        let mut state = start(self.folder);
        for (name, value) in self.node.get("env").map(Node::entries).unwrap_or_default() {
            if let Some((name, value)) = name.as_str().zip(value.embedded()) {
                state.set(name, self.value(&value, 0));
            }
        }
        // Variables are in the environment, too: in capitals, with `_` for `.`.
        for (name, value) in self.values.iter().filter(|(name, _)| !name.starts_with("parameters.")) {
            let name = name.replace('.', "_").to_ascii_uppercase();
            state.set(&name, self.value(value, 0));
        }
        let parts = self.parts(&text, 0);
        let script = with_placeholders(&text, parts, &mut state);
        commands::collect_from_text(script, state, &commands::Caller::of_a_pipeline(&user), found);
    }

    /// The task `Docker@2` pushes one repository under each tag of a list, by default under the build's number.
    fn docker(&self, user: &Asker, found: &mut Found) {
        let input = |name: &str| self.node.get("inputs").and_then(|inputs| inputs.get(name));
        let pushes = matches!(input("command").and_then(Node::as_str), None | Some("buildAndPush" | "push"));
        let named = input("repository").and_then(|node| Some((node, node.embedded()?)));
        let Some((_, repository)) = named.filter(|_| pushes) else { return };
        let Some((node, tags)) = input("tags").and_then(|node| Some((node, node.embedded()?))) else {
            return;
        };
        let at = node.span();
        let registry = match input("containerRegistry") {
            Some(_) => Text::hole(Origin::Other("the registry of the connection".into()), at),
            None => Text::empty(),
        };
        for tag in self.value(&tags, 0).iter().flat_map(|tags| tags.items(&['\n', ','])) {
            for name in self.value(&repository, 0) {
                let mut reference = registry.clone();
                if !registry.is_empty() {
                    reference.append(&Text::literal("/", at));
                }
                reference.append(&name);
                found.image(&tagged(reference, &tag, at), at, ImageRole::Pushed, user);
            }
        }
    }

    fn add(&self, node: Option<Node<'_>>, role: ImageRole, user: &Asker, found: &mut Found) {
        let Some((node, value)) = node.and_then(|node| Some((node, node.embedded()?))) else { return };
        for image in self.value(&value, 0) {
            found.image(&image, node.span(), role, user);
        }
    }

    /// What a text stands for with its variables put in.
    fn value(&self, text: &Embedded, depth: usize) -> Alternatives {
        substituted(text, self.parts(text, depth))
    }

    /// The references of a text and what they stand for.
    fn parts(&self, text: &Embedded, depth: usize) -> Vec<(Range<usize>, Alternatives)> {
        let parts = references(text.as_str()).into_iter().filter_map(|(range, path)| {
            let at = text.span(range.clone());
            let name = path.strip_prefix("variables.").unwrap_or(path);
            let is_followed = depth < MAX_NESTED && self.budget.spend(1).is_ok();
            let values = match self.values.get(name).filter(|_| is_followed) {
                Some(value) => {
                    let inner = self.value(value, depth + 1);
                    inner.iter().map(|value| value.through(at, format!("`{path}` is used here"))).collect()
                }
                None if COMMANDS.contains(&path) => return None,
                None => vec![Text::hole(origin(path), at)],
            };
            Some((range, values))
        });
        parts.collect()
    }
}

/// What is rather a command of the shell than a variable that is set elsewhere.
const COMMANDS: [&str; 6] = ["pwd", "date", "whoami", "hostname", "uname", "nproc"];

fn origin(path: &str) -> Origin {
    match path {
        "Build.BuildId" | "Build.BuildNumber" | "Build.SourceVersion" => Origin::Unique(path.into()),
        _ => Origin::Parameter(path.into()),
    }
}

/// The `$(name)` and `${{ variables.name }}` of a text, each with what it names.
fn references(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find('$')).map(|start| at + start) {
        at = start + 1;
        let rest = text.get(start..).unwrap_or_default();
        let bracketed = [("${{", "}}"), ("$(", ")")].into_iter().find_map(|(open, close)| {
            let inner = rest.strip_prefix(open)?;
            let name = inner.trim_start();
            let path = name.get(..name.find(|c| !is_of_path(c))?)?;
            let end = name.get(path.len()..)?.trim_start().strip_prefix(close)?;
            (!path.is_empty()).then_some((path, rest.len() - end.len()))
        });
        if let Some((path, length)) = bracketed {
            found.push((start..start + length, path));
            at = start + length;
        }
        if found.len() == MAX_REFERENCES {
            break;
        }
    }
    found
}

/// How many references one text may have.
const MAX_REFERENCES: usize = 1_000;

fn is_of_path(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_that_nothing_closes_and_those_without_end_cost_little() {
        assert!(references(&"$(".repeat(500_000)).is_empty());
        assert!(references(&"${{ a ".repeat(200_000)).is_empty());
        assert_eq!(references(&"$(a)".repeat(200_000)).len(), MAX_REFERENCES);
    }
}
