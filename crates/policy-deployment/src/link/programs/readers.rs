//! Chooses the reader for the language of a program.

use std::collections::BTreeSet;

use policy_http::served::Served;
use policy_python::program::program;
use policy_python::{Directory, Environment, Modules, Runs, Sent};
use policy_script::Scripts;
use policy_text::Problem;
use policy_text::source::{RepoPath, Sources};

use super::start::Start;
use crate::model::built_image::BuiltImage;
use crate::model::program::Serves;
use crate::model::task_definition;

/// The readers, each with what it has read.
pub(super) struct Readers<'a> {
    python: Modules<'a>,
    of_python: Runs,
    scripts: &'a Scripts<'a>,
    /// What programs of Node serve, whatever their environment is.
    of_node: Vec<(policy_script::Program, Served)>,
}

impl<'a> Readers<'a> {
    /// Nothing is read yet.
    pub(super) fn new(scripts: &'a Scripts<'a>, sources: &'a Sources<'a>) -> Self {
        Self { python: Modules::new(sources), of_python: Runs::default(), scripts, of_node: Vec::new() }
    }

    /// What could not be read of the modules of Python that were asked for. What reads scripts says its own.
    pub(super) fn problems(&self) -> Vec<Problem> {
        self.python.problems()
    }

    /// What a container answers that starts `start` in `image`.
    pub(super) fn serves(
        &mut self,
        start: &Start,
        environment: &Environment,
        image: &BuiltImage,
        sources: &Sources<'_>,
    ) -> Serves {
        let work_folder = &image.stage.layout.work_folder;
        let commands = start.commands(image, sources);
        for command in &commands {
            let words: Vec<&str> = command.iter().map(String::as_str).collect();
            if let Some(program) = policy_compiled::program(&words, image, sources) {
                return Serves::Registered(policy_compiled::served(&program, environment, sources));
            }
            for folder in folders(image, sources) {
                let directory = Directory { in_image: work_folder, folder: folder.clone() };
                if let Some(program) = program(&words, &directory, environment, &self.python) {
                    let served = self.of_python.served(&self.python, &program, environment);
                    return Serves::Registered(served);
                }
                if let Some(program) = self.node(&folder, &within(work_folder, &words), sources) {
                    return Serves::Registered(self.served_by_node(program));
                }
            }
            if let Some(program) = self.deployed(&words, image) {
                return Serves::Registered(self.served_by_node(program));
            }
        }
        let program = commands.first().and_then(|command| command.first()?.rsplit('/').next());
        Serves::Unknown(match program {
            Some(program) => format!("what `{program}` runs is not understood"),
            None => "what it starts is not known".to_owned(),
        })
    }

    fn served_by_node(&mut self, program: policy_script::Program) -> Served {
        if let Some((_, served)) = self.of_node.iter().find(|(known, _)| *known == program) {
            return served.clone();
        }
        let served = policy_script::served::served(self.scripts, &program);
        self.of_node.push((program, served.clone()));
        served
    }

    /// What the Python of a container sends to the addresses in these variables, where it starts `start` in `image`.
    pub(super) fn sent(
        &self,
        start: &Start,
        environment: &Environment,
        image: &BuiltImage,
        sources: &Sources<'_>,
        variables: &BTreeSet<&str>,
    ) -> Vec<Sent> {
        let work_folder = &image.stage.layout.work_folder;
        for command in start.commands(image, sources) {
            let words: Vec<&str> = command.iter().map(String::as_str).collect();
            for folder in folders(image, sources) {
                let directory = Directory { in_image: work_folder, folder };
                if let Some(program) = program(&words, &directory, environment, &self.python) {
                    return policy_python::sent(&self.python, &program, environment, variables);
                }
            }
        }
        Vec::new()
    }

    /// The same of a function of Lambda.
    pub(super) fn sent_by_function(&self, handler: &str, variables: &BTreeSet<&str>) -> Vec<Sent> {
        let program = policy_python::function(&self.python, handler);
        let environment = Environment::unknown();
        program
            .map(|program| policy_python::sent(&self.python, &program, &environment, variables))
            .unwrap_or_default()
    }

    /// The program of Node that a command starts in a package which `pnpm deploy` puts into the image.
    fn deployed(&self, words: &[&str], image: &BuiltImage) -> Option<policy_script::Program> {
        let work_folder = &image.stage.layout.work_folder;
        let (made, workshop) = image.stage.origins.made(work_folder)?;
        let packages = workshop.commands.iter().rev().flat_map(|ran| {
            let commands = ran.text.split(['&', ';', '|']).map(|text| text.split_whitespace().collect());
            commands.filter_map(|command: Vec<&str>| {
                let (package, to) = self.scripts.deployed(&image.context, &command)?;
                (ran.path(to) == made).then_some(package)
            })
        });
        packages.into_iter().find_map(|package| self.scripts.program(&package, &within(work_folder, words)))
    }

    /// The program of Node that a command starts in `folder`. A folder that only a build makes stands beside its sources.
    fn node(
        &self,
        folder: &RepoPath,
        words: &[&str],
        sources: &Sources<'_>,
    ) -> Option<policy_script::Program> {
        if sources.is_folder(folder) {
            return self.scripts.program(folder, words);
        }
        let built = folder.file_name();
        let started = words.iter().position(|word| word.ends_with("js") && !word.starts_with(['-', '/']))?;
        let path = format!("{built}/{}", words.get(started)?.trim_start_matches("./"));
        let mut words = words.to_vec();
        *words.get_mut(started)? = &path;
        self.scripts.program(&folder.parent()?, &words)
    }
}

/// The folders of the tree that a program may run in: a package that is installed has its modules in `src`.
fn folders(image: &BuiltImage, sources: &Sources<'_>) -> Vec<RepoPath> {
    let mut folders = image.stage.layout.in_tree(&image.stage.layout.work_folder);
    let below = folders.iter().filter_map(|folder| folder.join("src")).filter(|src| sources.is_folder(src));
    let below: Vec<RepoPath> = below.collect();
    folders.extend(below);
    folders
}

/// The words of a command, those that name what lies in the folder that it runs in from there.
fn within<'w>(work_folder: &str, words: &[&'w str]) -> Vec<&'w str> {
    let from_there = |word: &&'w str| {
        let rest = word.strip_prefix(work_folder).and_then(|rest| rest.strip_prefix('/'));
        rest.filter(|rest| !rest.is_empty()).unwrap_or(word)
    };
    words.iter().map(from_there).collect()
}

/// The variables that a container of `image` has, with those that it is `given`.
pub(super) fn environment(given: Option<&task_definition::Environment>, image: &BuiltImage) -> Environment {
    let Some(given) = given.filter(|given| !given.more) else { return Environment::unknown() };
    let known = |text: &policy_text::value::Text| text.known().map(std::borrow::Cow::into_owned);
    let of_image = image.stage.environment.iter().map(|(name, value)| (name.clone(), known(value)));
    let given = given.variables.iter();
    let given = given.map(|variable| (variable.name.clone(), variable.value.as_ref().and_then(known)));
    Environment::of(of_image.chain(given))
}
