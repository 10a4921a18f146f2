//! The port that an image says it opens, where something beside `EXPOSE` says the same.

use policy_core::finding::Label;
use policy_core::model::Deployment;
use policy_core::model::built_image::BuiltImage;
use policy_core::model::image_link::BuiltImageId;
use policy_core::model::task_definition::Environment;
use policy_core::source::Span;

/// A port that two places of an image agree on.
pub(super) struct Exposed {
    pub(super) port: u16,
    /// `EXPOSE`.
    pub(super) at: Span,
    /// What says the same.
    pub(super) witness: Label,
}

/// The one port that the image names. `None` where nothing else names it, or where a variable of the container may be for
/// another one.
pub(super) fn of(deployment: &Deployment, image: &BuiltImage, environment: &Environment) -> Option<Exposed> {
    let stage = &image.stage;
    let mut ports = stage.exposed.iter().map(|(port, at)| Some((port.known()?.parse::<u16>().ok()?, *at)));
    let (port, at) = ports.next()??;
    if ports.any(|other| other.is_none_or(|(other, _)| other != port)) {
        return None;
    }
    if environment.more || environment.variables.iter().any(|variable| may_say_port(&variable.name)) {
        return None;
    }
    let mut set = stage.environment.iter().filter(|(name, _)| may_say_port(name));
    if !set.all(|(_, value)| value.known().is_some_and(|value| value == port.to_string())) {
        return None;
    }
    let witness = by_health_check(image, port).or_else(|| by_compose(deployment, image, port))?;
    Some(Exposed { port, at, witness })
}

/// Whether a variable of this name may tell a process where to listen: a port, an address, arguments, another configuration.
fn may_say_port(name: &str) -> bool {
    const WORDS: [&str; 9] = ["PORT", "LISTEN", "BIND", "ADDR", "URLS", "OPTS", "OPTIONS", "ARGS", "PROFILE"];
    let name = name.to_ascii_uppercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// The image's own health check asks there.
fn by_health_check(image: &BuiltImage, port: u16) -> Option<Label> {
    let mut asks = image.stage.health_check.as_ref()?.asks.iter().filter(|asked| asked.is_own());
    let first = asks.next()?;
    let is_there = |asked: Option<i64>| asked == Some(i64::from(port));
    (is_there(first.port) && asks.all(|asked| is_there(asked.port)))
        .then(|| Label::new(first.at, "the health check of the image connects to it"))
}

/// Compose runs the image as it is, and publishes that port of it. Where a service of the same stage publishes another one,
/// something decides it that is not looked at, such as an argument of the build that chooses the program.
fn by_compose(deployment: &Deployment, image: &BuiltImage, port: u16) -> Option<Label> {
    let is_it = |id: &BuiltImageId| {
        deployment
            .built_image(*id)
            .is_some_and(|own| own.dockerfile == image.dockerfile && own.stage.from == image.stage.from)
    };
    let services = || deployment.compose_services.iter().filter(|service| service.images.iter().any(is_it));
    let mut all_ports =
        services().filter_map(|service| service.ports.as_ref()).filter(|ports| !ports.is_empty());
    if all_ports.any(|ports| ports.iter().all(|own| own.container != port)) {
        return None;
    }
    let mut published = services().filter(|service| !service.may_differ).filter_map(|service| {
        let ports = service.ports.as_ref()?;
        ports.iter().all(|own| own.container == port).then(|| ports.first())?
    });
    Some(Label::new(published.next()?.at, "compose publishes this port of the image"))
}
