//! Services of compose files with their health checks, each as its own file describes it.

mod front;
mod start;

use std::collections::HashMap;

use policy_text::Problem;
use policy_text::source::{FileId, RepoPath, Sources, Span};
use policy_text::value::Text;
use policy_text::yaml::Node;

use super::mounted_nginx;
use crate::compose;
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::model::built_image::BuiltImage;
use crate::model::compose_service::{ComposeCheck, ComposeService, PublishedPort};
use crate::model::image_link::BuiltImageId;
use crate::probe;

/// Variables of all services together: an alias gives the same ones to many.
const MOST_VARIABLES: usize = 200_000;

const TOO_MANY_VARIABLES: &str = "the services of compose files have more variables together than are followed; what this one and \
                                  those after it start was not looked at";

/// The services of all compose files, in the order of paths. What a file takes from another one by `extends` is not known.
pub(super) fn compose_services(
    parsed: &Parsed,
    built: &[BuiltImage],
    sources: &Sources<'_>,
) -> (Vec<ComposeService>, Option<Problem>) {
    let mut variables = 0;
    let mut problem = None;
    let built = by_service(built);
    let files = parsed.yaml.iter().filter(|(_, file)| file.flavour == Flavour::Compose);
    let mut found = Vec::new();
    for (file, yaml) in files {
        let folder = sources.folder_of(*file);
        let all: Vec<(&str, Node<'_>)> = compose::services(&yaml.yaml).collect();
        let awaited = awaited(&all);
        for (name, service) in &all {
            if service.get("extends").is_some() {
                continue;
            }
            variables += start::variables(*service);
            let has_too_many = variables > MOST_VARIABLES;
            if has_too_many {
                problem.get_or_insert_with(|| Problem::too_costly(service.span(), TOO_MANY_VARIABLES));
            }
            let image = service.get("image");
            let builds = service.get("build").is_some_and(|build| !build.is_null());
            let images = built.get(&(*file, *name)).filter(|_| builds);
            found.push(ComposeService {
                name: (*name).to_owned(),
                at: service.span(),
                is_written_once: true,
                image: image.and_then(|image| Some(Text::literal(image.as_str()?, image.span()))),
                builds,
                images: images.cloned().unwrap_or_default(),
                ports: ports(*service),
                changes_nginx: mounted_nginx::changed(*service),
                fronted: front::of_service(*service),
                web_port: front::web_port(*service),
                may_differ: may_differ(*service),
                start: start::of_service(*service).filter(|_| !has_too_many),
                server: None,
                check: service.get("healthcheck").map(check),
                awaited_at: awaited.get(name).copied(),
                nginx: mounted_nginx::of_service(*service, &folder, sources),
            });
        }
    }
    let mut times: HashMap<(RepoPath, String), usize> = HashMap::new();
    let known_by = |service: &ComposeService| (sources.folder_of(service.at.file), service.name.clone());
    for service in &found {
        *times.entry(known_by(service)).or_default() += 1;
    }
    for service in &mut found {
        service.is_written_once = times.get(&known_by(service)) == Some(&1);
    }
    (found, problem)
}

/// The images that services of compose files ask for, by the file and the name of the service.
fn by_service(built: &[BuiltImage]) -> HashMap<(FileId, &str), Vec<BuiltImageId>> {
    let mut found: HashMap<(FileId, &str), Vec<BuiltImageId>> = HashMap::new();
    for (index, image) in built.iter().enumerate() {
        if let Some((at, asker)) = &image.asked_by
            && let Some(service) = asker.service_name()
        {
            found.entry((at.file, service)).or_default().push(BuiltImageId(index));
        }
    }
    found
}

/// Keys that give a container another start, other files or another network than those of its image.
const OTHER: [&str; 9] = [
    "command",
    "entrypoint",
    "volumes",
    "volumes_from",
    "configs",
    "env_file",
    "network_mode",
    "extends",
    "<<",
];

fn may_differ(service: Node<'_>) -> bool {
    let variables = service.get("environment");
    let of_map = variables.map(Node::entries).unwrap_or_default();
    let names = of_map.iter().filter_map(|(name, _)| name.as_str());
    let of_list = variables.into_iter().flat_map(Node::items).filter_map(Node::as_str);
    let names = names.chain(of_list.map(|item| item.split('=').next().unwrap_or(item)));
    OTHER.iter().any(|key| service.get(key).is_some())
        || names.into_iter().any(|name| name.to_ascii_uppercase().ends_with("PORT"))
}

fn ports(service: Node<'_>) -> Option<Vec<PublishedPort>> {
    service.get("ports").into_iter().flat_map(Node::items).map(published).collect()
}

/// `8080:80`, `80` or `{ target: 80, published: 8080 }`.
fn published(port: Node<'_>) -> Option<PublishedPort> {
    let at = port.span();
    if let Some(target) = port.get("target") {
        let is_udp = port.get("protocol").and_then(Node::as_str) == Some("udp");
        let container = target.as_str().filter(|_| !is_udp)?.parse().ok()?;
        let machine = port.get("published").and_then(Node::as_str);
        return Some(PublishedPort { container, machine: machine.and_then(|port| port.parse().ok()), at });
    }
    let written = port.as_str()?;
    let written = written.strip_suffix("/tcp").unwrap_or(written);
    let (machine, container) =
        written.rsplit_once(':').map_or((None, written), |(machine, own)| (Some(machine), own));
    // An address of the machine may stand before its port.
    let machine = machine.and_then(|machine| machine.rsplit(':').next()?.parse().ok());
    Some(PublishedPort { container: container.parse().ok()?, machine, at })
}

/// The services for which another one waits until they are well, each with the first place that says so.
fn awaited<'y>(services: &[(&str, Node<'y>)]) -> HashMap<&'y str, Span> {
    let mut awaited = HashMap::new();
    for (_, service) in services {
        for (name, waiting) in service.get("depends_on").map(Node::entries).unwrap_or_default() {
            let condition = waiting.get("condition");
            let is_well = |node: &Node<'_>| node.as_str() == Some("service_healthy");
            if let (Some(name), Some(condition)) = (name.as_str(), condition.filter(is_well)) {
                awaited.entry(name).or_insert_with(|| condition.span());
            }
        }
    }
    awaited
}

fn check(check: Node<'_>) -> ComposeCheck {
    if check.get("disable").and_then(Node::as_str) == Some("true") {
        return ComposeCheck::Disabled;
    }
    let Some(asked) = check.get("test") else { return ComposeCheck::Other };
    // Compose reads `$$` as one dollar, which is the shell's then.
    let written = |node: Node<'_>| node.as_str().map(|word| (Text::literal(word, node.span()), node.span()));
    if let Some((text, at)) = written(asked) {
        return if text.known().as_deref() == Some("NONE") {
            ComposeCheck::Disabled
        } else {
            ComposeCheck::Probe(probe::of_shell(&text, at))
        };
    }
    let words: Option<Vec<(Text, Span)>> = asked.items().map(written).collect();
    let Some(words) = words else { return ComposeCheck::Other };
    match words.split_first() {
        Some(((first, _), rest)) => match (first.known().as_deref(), rest) {
            (Some("NONE"), _) => ComposeCheck::Disabled,
            (Some("CMD-SHELL"), [(text, at)]) => ComposeCheck::Probe(probe::of_shell(text, *at)),
            (Some("CMD"), rest) => ComposeCheck::Probe(probe::of_words(rest, asked.span())),
            _ => ComposeCheck::Other,
        },
        None => ComposeCheck::Other,
    }
}
