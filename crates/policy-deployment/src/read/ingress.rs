//! Ingresses of Kubernetes, from manifests.

use std::collections::HashMap;

use policy_text::source::Span;
use policy_text::yaml::Node;

use crate::documents::manifest;
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::model::ingress::{Controller, Ingress, IngressPath, PathType, Rewrite};

/// The annotation that rewrites paths.
const REWRITE: &str = "nginx.ingress.kubernetes.io/rewrite-target";

/// Words of annotations and of their values that may change paths in a way that is not read.
const CHANGES: [&str; 8] =
    ["rewrite", "strip", "middleware", "snippet", "transform", "app-root", "actions.", "conditions."];

/// What a cluster is asked for and answers with.
#[derive(Default)]
pub(crate) struct Cluster {
    /// The Ingresses.
    pub(crate) ingresses: Vec<Ingress>,
    /// The services whose pods run one image that is known, by name. None where there is no Ingress.
    pub(crate) services: Vec<ClusterService>,
}

/// A service, and the image of the pods behind it.
pub(crate) struct ClusterService {
    /// Its name.
    pub(crate) name: String,
    /// Where it is written.
    pub(crate) at: Span,
    /// The image.
    pub(crate) image: String,
}

/// Every Ingress of the manifests, and the services beside them.
pub(crate) fn read(parsed: &Parsed) -> Cluster {
    let manifests = parsed.yaml.iter().filter(|(_, file)| file.flavour == Flavour::Kubernetes);
    let all: Vec<Node<'_>> = manifests.flat_map(|(_, file)| manifest::resources(&file.yaml)).collect();
    let mut ingresses: Vec<Ingress> = all.iter().filter_map(|document| ingress(*document)).collect();
    if ingresses.is_empty() {
        return Cluster::default();
    }
    let workloads = Workloads::of(&all);
    for path in ingresses.iter_mut().flat_map(|ingress| &mut ingress.paths) {
        path.image = workloads.image_behind(&path.service);
    }
    Cluster { ingresses, services: workloads.services() }
}

/// What stands behind services, by what they ask for.
struct Workloads<'y> {
    services: HashMap<&'y str, Vec<Node<'y>>>,
    /// The workloads with the labels of their pods.
    by_label: HashMap<(&'y str, &'y str), Vec<Node<'y>>>,
}

impl<'y> Workloads<'y> {
    fn of(documents: &[Node<'y>]) -> Self {
        let mut found = Self { services: HashMap::new(), by_label: HashMap::new() };
        for document in documents {
            let name = document.path(&["metadata", "name"]).and_then(Node::as_str);
            if let (Some("Service"), Some(name)) = (document.get("kind").and_then(Node::as_str), name) {
                found.services.entry(name).or_default().push(*document);
            }
            for label in labels(document.path(POD_LABELS)).flatten() {
                found.by_label.entry(label).or_default().push(*document);
            }
        }
        found
    }

    /// The services with an image behind them, in the order of names.
    fn services(&self) -> Vec<ClusterService> {
        let mut found: Vec<ClusterService> = self
            .services
            .iter()
            .filter_map(|(name, services)| {
                let (at, name) = (services.first()?.span(), (*name).to_owned());
                Some(ClusterService { at, image: self.image_behind(&name)?, name })
            })
            .collect();
        found.sort_by(|one, other| one.name.cmp(&other.name));
        found
    }

    /// The image of the pods behind a service, where the manifests have one service of that name, one workload that it
    /// selects, and one container in it.
    fn image_behind(&self, service: &str) -> Option<String> {
        let [only] = self.services.get(service)?.as_slice() else { return None };
        let selector: Vec<(&str, &str)> = labels(only.path(&["spec", "selector"])).collect::<Option<_>>()?;
        let with = |label: &(&'y str, &'y str)| self.by_label.get(label).map_or(&[][..], Vec::as_slice);
        let rarest = selector.iter().map(with).min_by_key(|workloads| workloads.len())?;
        let has = |workload: &Node<'_>, (key, value): &(&str, &str)| {
            let own = workload.path(POD_LABELS).and_then(|labels| labels.get(key));
            own.and_then(Node::as_str) == Some(value)
        };
        let mut workloads =
            rarest.iter().filter(|workload| selector.iter().all(|label| has(workload, label)));
        let (Some(workload), None) = (workloads.next(), workloads.next()) else { return None };
        let mut containers = workload.path(&["spec", "template", "spec", "containers"])?.items();
        let (Some(container), None) = (containers.next(), containers.next()) else { return None };
        let starts_otherwise = ["command", "args"].iter().any(|key| container.get(key).is_some());
        container.get("image").and_then(Node::as_str).filter(|_| !starts_otherwise).map(ToOwned::to_owned)
    }
}

/// Where a workload says which labels its pods have.
const POD_LABELS: &[&str] = &["spec", "template", "metadata", "labels"];

/// Labels and their values. `None` for one that is no text.
fn labels(of: Option<Node<'_>>) -> impl Iterator<Item = Option<(&str, &str)>> {
    let entries = of.into_iter().flat_map(Node::entries);
    entries.map(|(key, value)| key.as_str().zip(value.as_str()))
}

fn ingress(document: Node<'_>) -> Option<Ingress> {
    if document.get("kind")?.as_str()? != "Ingress" {
        return None;
    }
    let metadata = document.get("metadata");
    let text = |node: Option<Node<'_>>, key: &str| Some(node?.get(key)?.as_str()?.to_owned());
    let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
    let spec = document.get("spec")?;
    let class =
        text(Some(spec), "ingressClassName").or_else(|| text(annotations, "kubernetes.io/ingress.class"));
    let controller = match class.as_deref() {
        Some("nginx") => Controller::Nginx,
        Some("alb") => Controller::Aws,
        None if has_prefix(annotations, "nginx.ingress.kubernetes.io/") => Controller::Nginx,
        None if has_prefix(annotations, "alb.ingress.kubernetes.io/") => Controller::Aws,
        _ => Controller::Other,
    };
    Some(Ingress {
        name: text(metadata, "name").unwrap_or_default(),
        namespace: text(metadata, "namespace"),
        at: document.span(),
        controller,
        rewrite: rewrite(annotations),
        paths: spec.get("rules").into_iter().flat_map(Node::items).flat_map(paths).collect(),
        default: default(spec),
    })
}

fn has_prefix(annotations: Option<Node<'_>>, prefix: &str) -> bool {
    let entries = annotations.into_iter().flat_map(Node::entries);
    entries.filter_map(|(key, _)| key.as_str()).any(|key| key.starts_with(prefix))
}

fn rewrite(annotations: Option<Node<'_>>) -> Rewrite {
    let mut found = Rewrite::None;
    for (key, value) in annotations.into_iter().flat_map(Node::entries) {
        let (Some(key), Some(written)) = (key.as_str(), value.as_str()) else { return Rewrite::Unknown };
        if key == REWRITE {
            found = Rewrite::To(written.to_owned(), value.span());
        } else if CHANGES.iter().any(|word| key.contains(word)) {
            return Rewrite::Unknown;
        }
    }
    found
}

/// The service of `defaultBackend`; before version 1 it was `backend`, with `serviceName`.
fn default(spec: Node<'_>) -> Option<String> {
    let backend = spec.get("defaultBackend").or_else(|| spec.get("backend"))?;
    let name = backend.path(&["service", "name"]).or_else(|| backend.get("serviceName"))?;
    name.as_str().map(ToOwned::to_owned)
}

fn paths(rule: Node<'_>) -> Vec<IngressPath> {
    let host = rule.get("host").and_then(Node::as_str);
    let paths = rule.path(&["http", "paths"]).into_iter().flat_map(Node::items);
    let read = paths.filter_map(|path| {
        let written = path.get("path")?;
        let backend = path.get("backend")?;
        // The form before version 1: `serviceName`.
        let service = backend.path(&["service", "name"]).or_else(|| backend.get("serviceName"))?;
        Some(IngressPath {
            host: host.map(ToOwned::to_owned),
            written: written.as_str()?.to_owned(),
            at: written.span(),
            kind: match path.get("pathType").and_then(Node::as_str) {
                Some("Exact") => PathType::Exact,
                Some("Prefix") => PathType::Prefix,
                _ => PathType::Other,
            },
            service: service.as_str()?.to_owned(),
            image: None,
            program: None,
        })
    });
    read.collect()
}
