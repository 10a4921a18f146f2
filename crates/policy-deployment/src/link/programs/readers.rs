//! What a program answers, by the reader of its language.

use policy_python::program::program;
use policy_python::{Directory, Environment, Modules, served};
use policy_text::source::Sources;

use super::start::Start;
use crate::model::built_image::BuiltImage;
use crate::model::program::Serves;
use crate::model::task_definition::Container;

/// The readers, each with what it has read.
pub(super) struct Readers<'a> {
    python: Modules<'a>,
}

impl<'a> Readers<'a> {
    /// Nothing is read yet.
    pub(super) fn new(sources: &'a Sources<'a>) -> Self {
        Self { python: Modules::new(sources) }
    }

    /// What `container` answers, where it starts `start` in `image`.
    pub(super) fn serves(
        &self,
        start: &Start,
        container: &Container,
        image: &BuiltImage,
        sources: &Sources<'_>,
    ) -> Serves {
        let environment = environment(container, image);
        let work_folder = &image.stage.layout.work_folder;
        for command in start.commands(image, sources) {
            let words: Vec<&str> = command.iter().map(String::as_str).collect();
            for folder in image.stage.layout.in_tree(work_folder) {
                let directory = Directory { in_image: work_folder, folder };
                if let Some(program) = program(&words, &directory, &environment, &self.python) {
                    return Serves::Registered(served(&self.python, &program, &environment));
                }
            }
        }
        Serves::Unknown("nothing reads the language that it is written in".to_owned())
    }
}

/// The variables that the container has.
fn environment(container: &Container, image: &BuiltImage) -> Environment {
    if container.environment.more {
        return Environment::unknown();
    }
    let known = |text: &policy_text::value::Text| text.known().map(std::borrow::Cow::into_owned);
    let of_image = image.stage.environment.iter().map(|(name, value)| (name.clone(), known(value)));
    let given = container.environment.variables.iter();
    let given = given.map(|variable| (variable.name.clone(), variable.value.as_ref().and_then(known)));
    Environment::of(of_image.chain(given))
}
