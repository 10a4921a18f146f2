//! Services of a compose file.

use policy_docker::asker::Asker;
use policy_text::purpose;
use policy_text::source::RepoPath;
use policy_text::yaml::{Node, Yaml};

use super::interpolate::{Environment, interpolate};
use crate::model::image::{ImageRole, ImageUse};

/// A service and the folder that its paths start from.
#[derive(Clone)]
pub(super) struct Placed<'a> {
    pub(super) service: Node<'a>,
    pub(super) folder: RepoPath,
    pub(super) yaml: &'a Yaml,
}

/// The services of a compose file, by name.
pub(crate) fn services(yaml: &Yaml) -> impl Iterator<Item = (&str, Node<'_>)> {
    let services = yaml.root().and_then(|root| root.get("services"));
    let entries = services.map(Node::entries).unwrap_or_default();
    entries.into_iter().filter_map(|(name, service)| Some((name.as_str()?, service)))
}

/// Whether a service starts only with profiles that serve development or tests.
pub(crate) fn is_for_development(service: Node<'_>) -> bool {
    let mut profiles =
        service.get("profiles").into_iter().flat_map(Node::items).filter_map(Node::as_str).peekable();
    profiles.peek().is_some() && profiles.all(purpose::says_development)
}

/// The image that the service called `name` runs.
pub(super) fn image(
    name: &str,
    service: Node<'_>,
    environment: &Environment,
    role: ImageRole,
) -> Option<ImageUse> {
    let node = service.get("image")?;
    let reference = interpolate(&node.embedded()?, environment);
    Some(ImageUse { reference, at: node.span(), role, user: Asker::Service(name.to_owned()), caveat: None })
}

/// The images that compose text runs which a script writes where it runs.
pub(crate) fn images_written(yaml: &Yaml) -> impl Iterator<Item = ImageUse> {
    services(yaml).filter(|(_, service)| service.get("build").is_none()).filter_map(|(name, service)| {
        let development = is_for_development(service);
        let role = if development { ImageRole::Development } else { ImageRole::Deployed };
        image(name, service, &Environment::new(), role)
    })
}
