//! What a container's main process listens on, as the command that starts it says.

mod program;
mod start;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use policy_text::source::{Sources, Span};

use super::built_image::{BuiltImage, FinalStage};
use super::nginx_image::variables;
use super::setting::Setting;
use super::task_definition::{Container, Environment, Words};

/// A process that takes connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its program: `uvicorn`.
    pub program: &'static str,
    /// The command that starts it.
    pub at: Span,
    /// The port that it listens on. `None` where that is not known.
    pub port: Option<Decided<u16>>,
    /// The addresses that it listens on. `None` where they are not known.
    pub host: Option<Decided<Host>>,
    /// What to say to it, so that it listens everywhere: `--host 0.0.0.0`.
    pub opens: String,
}

/// A value with what decides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided<T> {
    /// The value.
    pub value: T,
    /// Where it is written. `None` where nothing says otherwise than the program's own default.
    pub at: Option<Span>,
}

/// The addresses that a process listens on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// All of its machine.
    Everywhere,
    /// Those that only its own machine reaches.
    Loopback,
}

/// How a container starts an image: what is not given is the image's own.
#[derive(Clone, Copy, Debug)]
pub struct Given<'g> {
    /// What is started in the place of the image's entry point.
    pub entry_point: &'g Setting<Words>,
    /// What is started, or given to the entry point, in the place of the image's command.
    pub command: &'g Setting<Words>,
    /// The variables that the container is given. `None` where they are not known.
    pub environment: Option<&'g Environment>,
}

/// Where a process is started.
struct Surroundings<'s> {
    stage: &'s FinalStage,
    image: &'s BuiltImage,
    variables: BTreeMap<String, String>,
    /// The names of variables that are set to what is not known.
    unknown: Vec<String>,
    /// Whether there may be further variables.
    more: bool,
    sources: &'s Sources<'s>,
}

impl Surroundings<'_> {
    /// What a variable is set to: `Err` where that is not known, and `Ok(None)` where it is not set.
    fn variable(&self, name: &str) -> Result<Option<&str>, ()> {
        match self.variables.get(name) {
            Some(value) => Ok(Some(value)),
            None if self.more || self.unknown.iter().any(|unknown| unknown == name) => Err(()),
            None => Ok(None),
        }
    }
}

/// The process that a container of `image` starts. `None` where that is no program that is known.
pub fn server_of(image: &BuiltImage, given: Given<'_>, sources: &Sources<'_>) -> Option<Server> {
    let stage = &*image.stage;
    let variables = variables(stage, given.environment);
    let of_image = stage.environment.keys();
    let of_container = given.environment.into_iter().flat_map(|given| &given.variables);
    let named = of_image.chain(of_container.map(|variable| &variable.name));
    let unknown = named.filter(|name| !variables.contains_key(*name)).cloned().collect();
    let more = given.environment.is_none_or(|environment| environment.more);
    let surroundings = Surroundings { stage, image, variables, unknown, more, sources };
    start::follow(given.entry_point, given.command, &surroundings)
}

/// Nothing is given.
const NOTHING: Given<'static> = Given {
    entry_point: &Setting::Unset,
    command: &Setting::Unset,
    environment: Some(&Environment { variables: Vec::new(), more: false }),
};

impl<'g> Given<'g> {
    /// The image starts as it is.
    pub fn nothing() -> Given<'static> {
        NOTHING
    }

    /// How a container of ECS starts its image.
    pub fn of(container: &'g Container) -> Self {
        Self {
            entry_point: &container.entry_point,
            command: &container.command,
            environment: Some(&container.environment),
        }
    }
}
