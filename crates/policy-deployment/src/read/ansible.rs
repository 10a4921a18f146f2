//! Playbooks and roles of Ansible: the images that their tasks run, pull and push.

use std::collections::BTreeMap;
use std::ops::Range;

use policy_docker::asker::Asker;
use policy_docker::image::tagged;
use policy_shell::resolve::State;
use policy_text::Problem;
use policy_text::budget::Budget;
use policy_text::embedded::Embedded;
use policy_text::purpose;
use policy_text::source::{FileId, RepoPath, Sources};
use policy_text::value::alternatives::Alternatives;
use policy_text::value::{Origin, Text};
use policy_text::yaml::{Node, Yaml, parse_tree};

use super::in_turn;
use crate::commands::{self, Caller, substituted, with_placeholders};
use crate::files::Parsed;
use crate::files::yaml_file::{File, Flavour};
use crate::found::Found;
use crate::model::image::ImageRole;

/// How deep tasks may stand: in plays, in blocks.
const MAX_DEPTH: usize = 8;
/// How deep variables may stand in variables.
const MAX_NESTED: usize = 6;

const TOO_COSTLY: &str = "it would take too much work to work out the variables in the variables of this playbook; its tasks were not all looked at";

/// Variables by name, the strongest last.
type Variables = BTreeMap<String, Embedded>;

/// What all playbooks and roles do.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let files: Vec<_> = parsed.yaml.iter().filter(|(_, file)| file.flavour == Flavour::Ansible).collect();
    let commands = |(file, playbook): &&(FileId, File)| {
        let path = sources.path(*file);
        let mut found = Found::default();
        let deploys = !purpose::is_for_development(path);
        let budget = Budget::for_bytes(playbook.yaml.size());
        for root in playbook.yaml.documents() {
            let reader = Reader { variables: around(path, sources), deploys, budget: &budget };
            reader.items(root, 0, &mut found);
            if budget.is_spent() {
                found.problems.push(Problem::too_costly(root.span(), TOO_COSTLY));
                break;
            }
        }
        // Where its commands start is not known.
        found.builds.clear();
        found
    };
    in_turn::found_in(&files, |(file, _)| *file, commands)
}

/// The variables that files beside a playbook or in its role set.
fn around(path: &RepoPath, sources: &Sources<'_>) -> Variables {
    let folders: Vec<RepoPath> = path.ancestors().skip(1).take(MAX_DEPTH).collect();
    let mut variables = Variables::new();
    for folder in folders.into_iter().rev() {
        for name in
            ["group_vars/all.yml", "group_vars/all.yaml", "defaults/main.yml", "vars/main.yml", "vars.yml"]
        {
            let found = folder.join(name).and_then(|path| sources.find(&path));
            let Some((file, text)) = found.and_then(|file| Some((file, sources.read(file).ok()?.text)))
            else {
                continue;
            };
            let (yaml, _): (Yaml, _) = parse_tree(&Embedded::whole(file, &text));
            declare(yaml.root(), &mut variables);
        }
    }
    variables
}

fn declare(mapping: Option<Node<'_>>, variables: &mut Variables) {
    for (name, value) in mapping.map(Node::entries).unwrap_or_default() {
        if let Some((name, value)) = name.as_str().zip(value.embedded()) {
            variables.insert(name.to_owned(), value);
        }
    }
}

struct Reader<'b> {
    variables: Variables,
    deploys: bool,
    /// What variables in variables may cost.
    budget: &'b Budget,
}

impl Reader<'_> {
    /// Plays, or tasks.
    fn items(&self, list: Node<'_>, depth: usize, found: &mut Found) {
        for item in list.items() {
            let own = item.get("vars").map(|vars| {
                let mut variables = self.variables.clone();
                declare(Some(vars), &mut variables);
                Reader { variables, deploys: self.deploys, budget: self.budget }
            });
            let reader = own.as_ref().unwrap_or(self);
            reader.task(item, found);
            let inner =
                ["pre_tasks", "tasks", "post_tasks", "handlers", "block", "rescue", "always"].into_iter();
            for list in inner.filter_map(|key| item.get(key)).filter(|_| depth < MAX_DEPTH) {
                reader.items(list, depth + 1, found);
            }
        }
    }

    fn task(&self, task: Node<'_>, found: &mut Found) {
        let name = task.get("name").and_then(Node::as_str);
        let user = Asker::Task(name.into());
        for (module, arguments) in task.entries() {
            match module.as_str().unwrap_or_default().rsplit('.').next().unwrap_or_default() {
                "docker_container" => self.container(arguments, &user, found),
                "docker_image" | "docker_image_pull" | "docker_image_push" => {
                    self.image(arguments, &user, found);
                }
                "shell" | "command" | "raw" => {
                    self.commands(arguments.get("cmd").unwrap_or(arguments), &user, found);
                }
                _ => {}
            }
        }
    }

    fn container(&self, arguments: Node<'_>, user: &Asker, found: &mut Found) {
        let state = arguments.get("state").and_then(Node::as_str);
        let Some(image) = arguments.get("image").filter(|_| state != Some("absent")) else { return };
        let role = if self.deploys { ImageRole::Deployed } else { ImageRole::Development };
        for reference in self.value(image) {
            found.image(&reference, image.span(), role, user);
        }
    }

    /// A task that builds an image, pulls or pushes one: without a tag of its own, the name may have one.
    fn image(&self, arguments: Node<'_>, user: &Asker, found: &mut Found) {
        let says = |key: &str, words: &[&str]| {
            arguments.get(key).and_then(Node::as_str).is_some_and(|value| words.contains(&value))
        };
        let role = if says("push", &["true", "yes", "True"]) {
            ImageRole::Pushed
        } else if says("source", &["pull"]) && self.deploys {
            ImageRole::Pulled
        } else if says("source", &["build"]) {
            ImageRole::Built
        } else {
            return;
        };
        let name = arguments.get("repository").filter(|_| role == ImageRole::Pushed);
        let Some(name) = name.or_else(|| arguments.get("name")) else { return };
        for named in self.value(name) {
            match arguments.get("tag") {
                Some(tag) => {
                    for value in self.value(tag) {
                        let reference = tagged(named.clone(), &value, tag.span());
                        found.image(&reference, tag.span(), role, user);
                    }
                }
                None => found.image(&named, name.span(), role, user),
            }
        }
    }

    fn commands(&self, script: Node<'_>, user: &Asker, found: &mut Found) {
        let Some(text) = script.embedded() else { return };
        let mut state = State::default();
        let script = with_placeholders(&text, self.parts(&text, 0), &mut state);
        let caller = if self.deploys { Caller::deploying(user) } else { Caller::of_a_developer(user) };
        commands::collect_from_text(script, state, &caller, found);
    }

    fn value(&self, node: Node<'_>) -> Alternatives {
        node.embedded().map(|text| substituted(&text, self.parts(&text, 0))).unwrap_or_default()
    }

    /// The `{{ name }}` and `{{ name | default('x') }}` of a text, and what they stand for.
    fn parts(&self, text: &Embedded, depth: usize) -> Vec<(Range<usize>, Alternatives)> {
        let parts = expressions(text.as_str()).into_iter().map(|(range, inner)| {
            let at = text.span(range.clone());
            let name = inner.split('|').next().unwrap_or_default().trim();
            let is_followed = depth < MAX_NESTED && self.budget.spend(1).is_ok();
            let known = self.variables.get(name).filter(|_| is_followed);
            let values = match (known, default_of(inner)) {
                (Some(value), _) => substituted(value, self.parts(value, depth + 1))
                    .iter()
                    .map(|value| value.through(at, format!("`{name}` is used here")))
                    .collect(),
                (None, Some(default)) => vec![Text::literal(default, at)],
                (None, None) => vec![Text::hole(Origin::Parameter(name.into()), at)],
            };
            (range, values)
        });
        parts.collect()
    }
}

/// The expressions of a text, each with what stands between its braces.
fn expressions(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("{{")).map(|start| at + start) {
        let inner = text.get(start + 2..).unwrap_or_default();
        let Some(length) = inner.find("}}") else { break };
        at = start + 2 + length + 2;
        found.push((start..at, inner.get(..length).unwrap_or_default()));
    }
    found
}

/// The text in `name | default('text')`.
fn default_of(expression: &str) -> Option<&str> {
    let (_, rest) = expression.split_once("default(")?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    rest.get(1..)?.split(quote).next()
}
