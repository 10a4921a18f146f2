//! Actions that build, push or deploy images.

use std::collections::BTreeMap;

use policy_docker::asker::Asker;
use policy_docker::build::{BuildRequest, NamedContexts, Places, Platforms, local_context, named_folder};
use policy_docker::cache;
use policy_text::embedded::Embedded;
use policy_text::source::RepoPath;
use policy_text::value::Text;
use policy_text::value::alternatives::Alternatives;
use policy_text::yaml::Node;

use super::expression::{expressions, interpolate};
use super::scope::Scope;
use super::{add_images, metadata, shell_step};
use crate::found::Found;
use crate::model::ecs_call::{EcsCall, EcsVerb, Named, NamedKind};
use crate::model::given_image::{GivenImage, Which};
use crate::model::image::ImageRole;

/// Reads a step that uses an action.
pub(super) fn read(step: Node<'_>, action: Node<'_>, user: &Asker, scope: &mut Scope, found: &mut Found) {
    let Some(name) = action.as_str() else { return };
    if let Some(image) = name.strip_prefix("docker://") {
        found.image(&Text::literal(image, action.span()), action.span(), ImageRole::Development, user);
        return;
    }
    let Some(inputs) = step.get("with") else { return };
    let name = name.split('@').next().unwrap_or_default();
    match name {
        "docker/build-push-action" | "depot/build-push-action" | "useblacksmith/build-push-action" => {
            build_push(inputs, user, scope, found);
        }
        "docker/bake-action" => {
            let says = |key: &str, words: &str| {
                inputs.get(key).and_then(Node::as_str).is_some_and(|value| value.contains(words))
            };
            let pushed = inputs.get("push").is_some() && !says("push", "false");
            found.bakes_for_registry |= pushed || says("set", "type=registry") || says("set", "push=true");
        }
        "docker/metadata-action" | "crazy-max/ghaction-docker-meta" => {
            let id = step.get("id").and_then(Node::as_str);
            if let Some(id) = id {
                scope.steps.insert(format!("{id}.tags"), metadata::tags(inputs, scope));
            }
        }
        "aws-actions/amazon-ecs-render-task-definition"
        | "google-github-actions/deploy-cloudrun"
        | "azure/webapps-deploy"
        | "Azure/webapps-deploy" => {
            let image = inputs.get("image").or_else(|| inputs.get("images"));
            let image = image.and_then(|node| Some((node, interpolate(&node.embedded()?, scope))));
            if let Some((node, images)) = &image {
                add_images(images, *node, ImageRole::Deployed, user, found);
            }
            if let Some(container) = named(inputs, "container-name", NamedKind::Container, scope) {
                found.given_images.extend(image.into_iter().flat_map(|(_, images)| images).map(|image| {
                    let container = Which::Named(container.name.clone());
                    GivenImage { family: None, container, image }
                }));
                found.ecs_calls.push(EcsCall {
                    verb: EcsVerb::Render,
                    at: container.at,
                    names: vec![container],
                    by: user.clone(),
                    region: None,
                    may_fail: may_fail(step),
                });
            }
        }
        "aws-actions/amazon-ecs-deploy-task-definition" => {
            let call = ecs_deployment(step, inputs, user, scope);
            found.ecs_calls.push(call);
        }
        name if name.contains("ssh") => {
            let names = inputs.get("envs").and_then(Node::as_str).unwrap_or_default();
            let own = OWN_REMOTE_SCRIPTS.iter().filter(|(action, _)| name.ends_with(action));
            let keys = REMOTE_SCRIPTS.iter().chain(own.map(|(_, key)| key));
            let scripts = keys.filter_map(|key| inputs.get(key)?.embedded());
            scripts.for_each(|script| shell_step::read_remote(&script, names, user, scope, found));
        }
        _ => {}
    }
}

/// The deployment that the action of AWS makes.
fn ecs_deployment(step: Node<'_>, inputs: Node<'_>, user: &Asker, scope: &Scope) -> EcsCall {
    let names = [("cluster", NamedKind::Cluster), ("service", NamedKind::Service)];
    let names = names.iter().filter_map(|(key, kind)| named(inputs, key, *kind, scope));
    let waits = inputs.get("wait-for-service-stability").and_then(Node::as_str);
    EcsCall {
        verb: EcsVerb::Deploy { waits: waits.map(|waits| waits != "false") },
        names: names.collect(),
        at: step.get("uses").unwrap_or(step).span(),
        by: user.clone(),
        region: None,
        may_fail: may_fail(step),
    }
}

/// What an input names, where that is one name.
fn named(inputs: Node<'_>, key: &str, kind: NamedKind, scope: &Scope) -> Option<Named> {
    let node = inputs.get(key)?;
    match interpolate(&node.embedded()?, scope).as_slice() {
        [name] => Some(Named { kind, name: name.clone(), at: node.span() }),
        _ => None,
    }
}

/// Whether the job goes on where the step fails.
pub(super) fn may_fail(step: Node<'_>) -> bool {
    step.get("continue-on-error").and_then(Node::as_str).is_some_and(|goes_on| goes_on != "false")
}

/// The inputs in which actions take the script that they run on another machine.
const REMOTE_SCRIPTS: [&str; 4] = ["script", "command", "commands", "run"];

/// The same of actions that have a name of their own for it: of easingthemes and of cross-the-world, and those that were
/// made from them.
const OWN_REMOTE_SCRIPTS: [(&str, &str); 2] =
    [("/ssh-deploy", "SCRIPT_AFTER"), ("/ssh-scp-ssh-pipelines", "last_ssh")];

fn build_push(inputs: Node<'_>, user: &Asker, scope: &Scope, found: &mut Found) {
    let said = |key: &str| inputs.get(key).and_then(Node::embedded).map(|value| interpolate(&value, scope));
    let outputs: Vec<String> = said("outputs").iter().flatten().map(ToString::to_string).collect();
    let output_says = |words: &str| outputs.iter().any(|output| output.contains(words));
    // An image that is pushed by its digest gets its tags elsewhere.
    let pushes = !output_says("push-by-digest=true")
        && (said("push").is_some_and(|push| !is(&push, "false"))
            || output_says("push=true")
            || output_says("type=registry"));
    let mut images = Vec::new();
    if let Some((node, value)) = inputs.get("tags").and_then(|node| Some((node, node.embedded()?))) {
        for tag in listed(&value) {
            // A value can itself be a list, as an output of another step.
            let values: Alternatives =
                interpolate(&tag, scope).iter().flat_map(|tag| tag.items(&[',', '\n'])).collect();
            images.extend(values.iter().cloned());
            add_images(&values, node, ImageRole::Built, user, found);
            if pushes {
                add_images(&values, node, ImageRole::Pushed, user, found);
            }
        }
    }
    if let Some((node, value)) = inputs.get("cache-to").and_then(|node| Some((node, node.embedded()?))) {
        for entry in lines(&value) {
            let written = interpolate(&entry, scope).iter().filter_map(cache::written_to).collect();
            add_images(&written, node, ImageRole::Cache, user, found);
        }
    }
    let folder = match said("context") {
        None => Some(RepoPath::root()),
        Some(values) => {
            single(&values).and_then(|context| match context.strip_prefix("{{defaultContext}}") {
                Some(rest) => RepoPath::new(rest.trim_start_matches(':')),
                None => RepoPath::new(local_context(context.trim())?),
            })
        }
    };
    let dockerfile = match said("file") {
        None => Some(None),
        Some(values) => single(&values).and_then(|file| RepoPath::new(file.trim())).map(Some),
    };
    let (Some(context), Some(dockerfile)) = (folder, dockerfile) else { return };
    let args = inputs.get("build-args").and_then(Node::embedded);
    let place = |key: &str| inputs.get(key).map(Node::span);
    found.build(BuildRequest {
        context,
        dockerfile: dockerfile.into(),
        target: said("target").and_then(|values| single(&values)).filter(|target| !target.is_empty()),
        platforms: inputs.get("platforms").map_or(Platforms::Unsaid, |node| {
            Platforms::listed(said("platforms").and_then(|values| single(&values)).as_deref(), node.span())
        }),
        named_contexts: named_contexts(inputs, scope),
        args: args.map(|args| arguments(&args, scope)).unwrap_or_default(),
        images,
        is_tentative: false,
        at: inputs.get("context").unwrap_or(inputs).span(),
        places: Places { dockerfile: place("file"), target: place("target") },
        by: user.clone(),
    });
}

/// What `build-contexts` names, a list of `name=place`.
fn named_contexts(inputs: Node<'_>, scope: &Scope) -> NamedContexts {
    let contexts = inputs.get("build-contexts").and_then(Node::embedded);
    let lines = contexts.map(|contexts| lines(&contexts)).unwrap_or_default();
    let pairs = lines.iter().filter_map(|line| {
        let (name, _) = line.as_str().split_once('=')?;
        let place = single(&interpolate(&part(line, name.len() + 1..line.as_str().len()), scope));
        let folder = place.and_then(|place| named_folder(place.trim(), &RepoPath::root()));
        Some((name.trim().to_owned(), folder))
    });
    pairs.collect()
}

fn is(values: &Alternatives, text: &str) -> bool {
    values.iter().all(|value| value.known().as_deref() == Some(text))
}

fn single(values: &Alternatives) -> Option<String> {
    match values.as_slice() {
        [value] => value.known().map(std::borrow::Cow::into_owned),
        _ => None,
    }
}

fn arguments(list: &Embedded, scope: &Scope) -> BTreeMap<String, Text> {
    let pairs = lines(list).into_iter().filter_map(|line| {
        let (name, _) = line.as_str().split_once('=')?;
        let value = interpolate(&part(&line, name.len() + 1..line.as_str().len()), scope);
        Some((name.trim().to_owned(), value.into_iter().next()?))
    });
    pairs.collect()
}

/// The items of a list that is parted by line ends or commas outside of expressions.
pub(super) fn listed(list: &Embedded) -> Vec<Embedded> {
    lines(list)
        .iter()
        .flat_map(|line| parted(line, |text, at| text.as_bytes().get(at) == Some(&b',')))
        .collect()
}

/// The lines of a list without blank ones and comments.
pub(super) fn lines(list: &Embedded) -> Vec<Embedded> {
    let lines = parted(list, |text, at| text.as_bytes().get(at) == Some(&b'\n'));
    lines.into_iter().filter(|line| !line.as_str().starts_with('#')).collect()
}

fn parted(list: &Embedded, ends: impl Fn(&str, usize) -> bool) -> Vec<Embedded> {
    let text = list.as_str();
    let mut expressions = expressions(text).into_iter().peekable();
    let mut items = Vec::new();
    let mut start = 0;
    for at in 0..=text.len() {
        while expressions.next_if(|range| range.end <= at).is_some() {}
        let inside = expressions.peek().is_some_and(|range| range.contains(&at));
        if at == text.len() || (ends(text, at) && !inside) {
            let item = text.get(start..at).unwrap_or_default();
            let trimmed = item.trim();
            if !trimmed.is_empty() {
                let from = start + (item.len() - item.trim_start().len());
                items.push(part(list, from..from + trimmed.len()));
            }
            start = at + 1;
        }
    }
    items
}

fn part(text: &Embedded, range: std::ops::Range<usize>) -> Embedded {
    let mut part = Embedded::new(text.file());
    part.push_from(text, range);
    part
}
