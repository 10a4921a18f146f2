//! Services of compose files that run nginx's own image with files of the repository over its configuration.

use std::sync::Arc;

use policy_text::source::{RepoPath, Sources, Span};
use policy_text::yaml::Node;

use crate::built_image::{Mount, of_mounts};
use crate::model::compose_service::MountedNginx;
use crate::model::nginx_image::Variables;

/// The nginx that a service of a compose file in `folder` runs. `None` where it runs something else, or where what starts it
/// may write another configuration.
pub(super) fn of_service(
    service: Node<'_>,
    folder: &RepoPath,
    sources: &Sources<'_>,
) -> Option<Arc<MountedNginx>> {
    let image = service.get("image")?;
    let is_plain = ["build", "command", "entrypoint", "configs", "volumes_from", "<<"]
        .iter()
        .all(|key| service.get(key).is_none_or(Node::is_null));
    if !is_plain {
        return None;
    }
    let volumes = service.get("volumes").into_iter().flat_map(Node::items);
    let mounts: Vec<Mount> = volumes.filter_map(|volume| mount(volume, folder)).collect();
    let image = of_mounts((image.as_str()?, image.span()), &mounts, sources)?;
    Some(Arc::new(MountedNginx { image, variables: variables(service) }))
}

/// Where the image of nginx has what decides its configuration.
const DECIDING: [&str; 4] = ["/etc/nginx", "/etc", "/", "/docker-entrypoint.d"];

/// What may change the configuration that an image of nginx has.
pub(super) fn changed(service: Node<'_>) -> Option<Span> {
    let other = ["configs", "volumes_from", "extends", "<<"].iter().find_map(|key| service.get(key));
    let mut volumes = service.get("volumes").into_iter().flat_map(Node::items);
    let over = volumes.find(|volume| {
        let target = match volume.as_str() {
            Some(written) => written.split_once(':').map_or(written, |(_, to)| to),
            None => volume.get("target").and_then(Node::as_str).unwrap_or("/"),
        };
        let target = target.split(':').next().unwrap_or_default();
        target.contains('$')
            || target.starts_with("/etc/nginx/")
            || DECIDING.contains(&target.trim_end_matches('/'))
    });
    other.or(over).map(Node::span)
}

/// `./nginx.conf:/etc/nginx/nginx.conf:ro`, or the same as a mapping.
fn mount(volume: Node<'_>, folder: &RepoPath) -> Option<Mount> {
    let (from, to) = match volume.as_str() {
        Some(written) => written.split_once(':')?,
        None => (volume.get("source")?.as_str()?, volume.get("target")?.as_str()?),
    };
    let to = to.split(':').next().unwrap_or(to).trim_end_matches('/').to_owned();
    let is_of_repository = from.starts_with('.') && !from.contains('$');
    let from = if is_of_repository { folder.join(from) } else { None };
    Some(Mount { from, to, at: volume.span() })
}

/// The variables with values that are written out.
fn variables(service: Node<'_>) -> Variables {
    let Some(environment) = service.get("environment") else { return Variables::new() };
    let mapped =
        environment.entries().into_iter().filter_map(|(name, value)| Some((name.as_str()?, value.as_str()?)));
    let listed = environment.items().filter_map(|item| item.as_str()?.split_once('='));
    let known = mapped.chain(listed).filter(|(_, value)| !value.contains('$'));
    known.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
