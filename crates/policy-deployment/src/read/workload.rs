//! Workloads of Kubernetes, from manifests: what their one container starts, and which Services and probes reach it.

use std::collections::HashMap;

use policy_text::source::{RepoPath, Sources, Span};
use policy_text::value::{Origin, Provenance, Text};
use policy_text::yaml::Node;

use crate::documents::manifest;
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::model::container_start::ContainerStart;
use crate::model::setting::Setting;
use crate::model::task_definition::{Environment, Variable, Words};
use crate::model::workload::{HttpProbe, Reached, ReachedBy};

/// Kinds that keep pods running.
const KINDS: [&str; 5] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout"];

/// The probes of a container.
const PROBES: [&str; 3] = ["startupProbe", "readinessProbe", "livenessProbe"];

/// What a kustomization changes manifests by, whatever they say of ports.
const CHANGES: [&str; 7] = [
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "components",
    "replacements",
    "transformers",
    "vars",
];

/// What so many Services select says nothing of one of them.
const MOST_SERVICES: usize = 64;

/// The one container of a workload's pods.
pub(crate) struct Pod {
    /// The container's name.
    pub(crate) container: String,
    /// Where it is written.
    pub(crate) at: Span,
    /// Its image.
    pub(crate) image: Text,
    /// What it starts.
    pub(crate) start: ContainerStart,
    /// The folders that are mounted into it.
    pub(crate) mounts: Vec<String>,
    /// What reaches it.
    pub(crate) reached: Vec<Reached>,
    /// The paths that its probes ask for.
    pub(crate) probes: Vec<HttpProbe>,
}

/// A resource of a manifest, with the folder of the file that it is in.
#[derive(Clone, Copy)]
struct Resource<'y> {
    node: Node<'y>,
    kind: &'y str,
    folder: &'y RepoPath,
    namespace: Option<&'y str>,
}

/// Every workload of the manifests whose pods have one container. None where a kustomization may change any of them.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Vec<Pod> {
    let of = |flavour: Flavour| parsed.yaml.iter().filter(move |(_, file)| file.flavour == flavour);
    let changes = |root: Node<'_>| CHANGES.iter().any(|key| root.get(key).is_some());
    if of(Flavour::Kustomization).any(|(_, file)| file.yaml.root().is_some_and(changes)) {
        return Vec::new();
    }
    let folders: Vec<RepoPath> = of(Flavour::Kubernetes).map(|(file, _)| sources.folder_of(*file)).collect();
    let mut all: Vec<Resource<'_>> = Vec::new();
    for ((_, file), folder) in of(Flavour::Kubernetes).zip(&folders) {
        all.extend(manifest::resources(&file.yaml).filter_map(|node| resource(node, folder)));
    }
    let mut services: HashMap<(&RepoPath, &str, &str), Vec<Resource<'_>>> = HashMap::new();
    let mut named: HashMap<(&str, Option<&str>), usize> = HashMap::new();
    for resource in &all {
        if resource.kind == "Service"
            && let Some((key, value)) = selector(resource.node).first()
        {
            services.entry((resource.folder, key, value)).or_default().push(*resource);
        }
        *named.entry((resource.kind, name(resource.node))).or_default() += 1;
    }
    let workloads = all.iter().filter(|resource| {
        // The same workload may be written for each environment, or in parts that are put together.
        KINDS.contains(&resource.kind) && named.get(&(resource.kind, name(resource.node))) == Some(&1)
    });
    workloads.filter_map(|workload| pod(*workload, &services)).collect()
}

fn resource<'y>(node: Node<'y>, folder: &'y RepoPath) -> Option<Resource<'y>> {
    let namespace = node.path(&["metadata", "namespace"]).and_then(Node::as_str);
    Some(Resource { node, kind: node.get("kind")?.as_str()?, folder, namespace })
}

fn name(resource: Node<'_>) -> Option<&str> {
    resource.path(&["metadata", "name"]).and_then(Node::as_str)
}

fn selector(service: Node<'_>) -> Vec<(&str, &str)> {
    texts(service.path(&["spec", "selector"]))
}

fn texts(node: Option<Node<'_>>) -> Vec<(&str, &str)> {
    let entries = node.map(Node::entries).unwrap_or_default();
    entries.into_iter().filter_map(|(key, value)| Some((key.as_str()?, value.as_str()?))).collect()
}

fn pod(
    workload: Resource<'_>,
    services: &HashMap<(&RepoPath, &str, &str), Vec<Resource<'_>>>,
) -> Option<Pod> {
    let template = workload.node.path(&["spec", "template"])?;
    let spec = template.get("spec")?;
    let mut containers = spec.get("containers")?.items();
    let (Some(container), None) = (containers.next(), containers.next()) else { return None };
    // A container that is there first, and stays.
    let mut first = spec.get("initContainers").into_iter().flat_map(Node::items);
    if first.any(|container| container.get("restartPolicy").is_some()) {
        return None;
    }
    let image = container.get("image")?;
    let ports = ports(container);
    let labels = texts(template.path(&["metadata", "labels"]));
    let mut reached = Vec::new();
    for (key, value) in &labels {
        let Some(selecting) = services.get(&(workload.folder, *key, *value)) else { continue };
        if selecting.len() > MOST_SERVICES {
            return None;
        }
        for service in selecting {
            let is_near = service.namespace == workload.namespace
                || service.namespace.is_none()
                || workload.namespace.is_none();
            if is_near && selector(service.node).iter().all(|own| labels.contains(own)) {
                reached.extend(targets(service.node, &ports));
            }
        }
    }
    reached.extend(probes(container, &ports));
    Some(Pod {
        container: container.get("name").and_then(Node::as_str).unwrap_or("a container").to_owned(),
        at: container.span(),
        image: Text::literal(image.as_str().filter(|image| !image.contains('$'))?, image.span()),
        start: ContainerStart {
            entry_point: words(container.get("command")),
            command: words(container.get("args")),
            environment: environment(container),
        },
        mounts: mounts(container)?,
        reached,
        probes: PROBES.into_iter().filter_map(|kind| http_probe(kind, container, &ports)).collect(),
    })
}

/// The ports that the container gives names.
fn ports(container: Node<'_>) -> Vec<(&str, Node<'_>)> {
    let ports = container.get("ports").into_iter().flat_map(Node::items);
    ports.filter_map(|port| Some((port.get("name")?.as_str()?, port.get("containerPort")?))).collect()
}

/// The port that is written so: a number, or the name of a port of the container.
fn port(written: Node<'_>, ports: &[(&str, Node<'_>)]) -> Option<(u16, Span)> {
    let text = written.as_str()?;
    if let Ok(port) = text.parse() {
        return Some((port, written.span()));
    }
    let (_, named) = ports.iter().find(|(name, _)| *name == text)?;
    Some((named.as_str()?.parse().ok()?, named.span()))
}

/// Where a Service sends what it takes by TCP.
fn targets(service: Node<'_>, ports: &[(&str, Node<'_>)]) -> Vec<Reached> {
    let name = name(service).unwrap_or_default();
    let own = service.path(&["spec", "ports"]).into_iter().flat_map(Node::items);
    let by_tcp =
        own.filter(|port| port.get("protocol").and_then(Node::as_str).is_none_or(|own| own == "TCP"));
    let targets = by_tcp.filter_map(|own| {
        let (port, at) = port(own.get("targetPort").or_else(|| own.get("port"))?, ports)?;
        Some(Reached { port, at, by: ReachedBy::Service(name.to_owned()) })
    });
    targets.collect()
}

fn probes(container: Node<'_>, ports: &[(&str, Node<'_>)]) -> Vec<Reached> {
    let all = PROBES.into_iter().filter_map(|probe| {
        let asked = container.get(probe)?;
        let written =
            ["httpGet", "tcpSocket", "grpc"].into_iter().find_map(|kind| asked.path(&[kind, "port"]))?;
        let (port, at) = port(written, ports)?;
        Some(Reached { port, at, by: ReachedBy::Probe(probe) })
    });
    all.collect()
}

/// What a probe asks for over HTTP. Its own headers may choose another host, or show who asks.
fn http_probe(kind: &'static str, container: Node<'_>, ports: &[(&str, Node<'_>)]) -> Option<HttpProbe> {
    let asked = container.path(&[kind, "httpGet"])?;
    let is_plain = ["host", "httpHeaders"].iter().all(|key| asked.get(key).is_none())
        && asked.get("scheme").is_none_or(|scheme| scheme.as_str() == Some("HTTP"));
    let (port, _) = port(asked.get("port")?, ports).filter(|_| is_plain)?;
    let (path, at) = match asked.get("path") {
        Some(path) => (path.as_str()?.to_owned(), path.span()),
        None => ("/".to_owned(), asked.span()),
    };
    Some(HttpProbe { kind, path, at, port })
}

fn words(node: Option<Node<'_>>) -> Setting<Words> {
    let Some(node) = node.filter(|node| !node.is_null()) else { return Setting::Unset };
    let words = node.items().map(|word| Some((written(word.as_str()?, word.span()), word.span())));
    words.collect::<Option<Words>>().map_or_else(
        || Setting::Unknown(Origin::Other("it is no list of words".into()), node.span()),
        |words| Setting::Known(words, Provenance::at(node.span())),
    )
}

/// A text into which Kubernetes puts variables, written `$(NAME)`.
fn written(text: &str, at: Span) -> Text {
    if text.contains("$(") {
        Text::hole(Origin::Other("Kubernetes puts a variable in".into()), at)
    } else {
        Text::literal(text, at)
    }
}

fn environment(container: Node<'_>) -> Environment {
    let own = container.get("env").into_iter().flat_map(Node::items).filter_map(|variable| {
        let name = variable.get("name")?;
        let value = variable.get("value").and_then(|value| Some(written(value.as_str()?, value.span())));
        Some(Variable { name: name.as_str()?.to_owned(), value, name_at: name.span(), at: variable.span() })
    });
    Environment { variables: own.collect(), more: container.get("envFrom").is_some() }
}

/// The folders that are mounted. `None` where one is not known.
fn mounts(container: Node<'_>) -> Option<Vec<String>> {
    let mounts = container.get("volumeMounts").into_iter().flat_map(Node::items);
    mounts.map(|mount| Some(mount.get("mountPath")?.as_str()?.to_owned())).collect()
}
