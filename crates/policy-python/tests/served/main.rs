//! What programs serve, end to end: from a command and the files of a tree.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod aiohttp;
mod django;
mod environments;
mod fastapi;
mod flask;
mod middleware;
mod open;

use policy_http::served::Served;
use policy_python::program::program;
use policy_python::{Directory, Environment, Modules, Program, Runs};
use policy_text::source::{MemoryTree, RepoPath, Sources};

/// What the program that a command starts at the root of the tree answers, as lines. What is unknown begins with `?`.
fn lines(command: &str, files: &[(&str, &str)]) -> Vec<String> {
    lines_in(command, files, &[])
}

/// The same with these environment variables.
fn lines_in(command: &str, files: &[(&str, &str)], variables: &[(&str, &str)]) -> Vec<String> {
    described(&served_in(command, files, variables))
}

fn served_in(command: &str, files: &[(&str, &str)], variables: &[(&str, &str)]) -> Served {
    let tree = MemoryTree::of(files);
    let sources = Sources::open(&tree);
    let modules = Modules::new(&sources);
    let (program, environment) = started(command, variables, &modules);
    let served = Runs::default().served(&modules, &program, &environment);
    assert_eq!(modules.problems(), []);
    served
}

/// The program that a command starts, and what it runs with: these variables and no others.
fn started(command: &str, variables: &[(&str, &str)], modules: &Modules<'_>) -> (Program, Environment) {
    let directory = Directory { in_image: "/app", folder: RepoPath::root() };
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())));
    let environment = Environment::of(variables);
    let words: Vec<&str> = command.split(' ').collect();
    let program = program(&words, &directory, &environment, modules).expect("a program in the tree");
    (program, environment)
}

fn described(served: &Served) -> Vec<String> {
    let registrations = served
        .registrations
        .iter()
        .map(|registration| format!("{} {}", registration.answers, registration.path));
    let unknown = served.unknown.iter().map(|unknown| format!("? {}: {}", unknown.below, unknown.why));
    registrations.chain(unknown).collect()
}
