//! What the main process of a container listens on: from what it starts to the program, its flags and variables.

mod dotnet;
mod program;
mod spring;
mod start;
#[cfg(test)]
mod tests;

use policy_http::environment::{Environment, Variable};
use policy_text::source::Sources;

use crate::model::built_image::{BuiltImage, FinalStage};
use crate::model::container_start::ContainerStart;
use crate::model::nginx_image::variables;
use crate::model::server::Server;
use crate::model::setting::Setting;
use crate::model::task_definition::{self, Container, Words};

/// How a container starts an image: what is not given is the image's own.
#[derive(Clone, Copy)]
pub(crate) struct Given<'g> {
    /// What is started in the place of the image's entry point.
    pub(crate) entry_point: &'g Setting<Words>,
    /// What is started, or given to the entry point, in the place of the image's command.
    pub(crate) command: &'g Setting<Words>,
    /// The variables that the container is given. `None` where they are not known.
    pub(crate) environment: Option<&'g task_definition::Environment>,
}

/// Where a process is started.
struct Surroundings<'s> {
    stage: &'s FinalStage,
    image: &'s BuiltImage,
    environment: Environment,
    sources: &'s Sources<'s>,
}

impl Surroundings<'_> {
    /// What a variable is set to: `Err` where that is not known, and `Ok(None)` where it is not set.
    fn variable(&self, name: &str) -> Result<Option<&str>, ()> {
        match self.environment.get(name) {
            Variable::Set(value) => Ok(Some(value)),
            Variable::Unset => Ok(None),
            Variable::Unknown => Err(()),
        }
    }
}

/// The process that a container of `image` starts. `None` where that is no program that is known.
pub(crate) fn server_of(image: &BuiltImage, given: Given<'_>, sources: &Sources<'_>) -> Option<Server> {
    let stage = &*image.stage;
    let variables = variables(stage, given.environment);
    let of_image = stage.environment.keys();
    let of_container = given.environment.into_iter().flat_map(|given| &given.variables);
    let named = of_image.chain(of_container.map(|variable| &variable.name));
    let environment = Environment::of(named.map(|name| (name.clone(), variables.get(name).cloned())));
    let may_be_more = given.environment.is_none_or(|environment| environment.more);
    let environment = if may_be_more { environment.with_others() } else { environment };
    let surroundings = Surroundings { stage, image, environment, sources };
    start::follow(given.entry_point, given.command, &surroundings)
}

/// Nothing is given.
const NOTHING: Given<'static> = Given {
    entry_point: &Setting::Unset,
    command: &Setting::Unset,
    environment: Some(&task_definition::Environment { variables: Vec::new(), more: false }),
};

impl<'g> Given<'g> {
    /// The image starts as it is.
    pub(crate) fn nothing() -> Given<'static> {
        NOTHING
    }

    /// How a container starts its image that has such a start of its own.
    pub(crate) fn by(start: &'g ContainerStart) -> Self {
        let ContainerStart { entry_point, command, environment } = start;
        Self { entry_point, command, environment: Some(environment) }
    }

    /// How a container of ECS starts its image.
    pub(crate) fn of(container: &'g Container) -> Self {
        Self {
            entry_point: &container.entry_point,
            command: &container.command,
            environment: Some(&container.environment),
        }
    }
}
