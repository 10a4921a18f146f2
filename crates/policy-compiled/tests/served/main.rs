//! What programs serve, end to end: from the files of a tree.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod aspnet;
mod go;
mod quarkus;
mod spring;

use policy_compiled::{Program, served};
use policy_http::environment::Environment;
use policy_http::served::Served;
use policy_text::source::{MemoryTree, RepoPath, Sources};

/// What the module for the virtual machine at the root of a tree answers, as lines. What is unknown begins with `?`.
fn of_jvm(files: &[(&str, &str)]) -> Vec<String> {
    let program = Program::Jvm(RepoPath::root(), Vec::new());
    described(&served_in(&program, files, &[]))
}

fn served_in(program: &Program, files: &[(&str, &str)], variables: &[(&str, &str)]) -> Served {
    let tree = MemoryTree::of(files);
    let sources = Sources::open(&tree);
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())));
    served(program, &Environment::of(variables), &sources)
}

fn described(served: &Served) -> Vec<String> {
    let registrations = served
        .registrations
        .iter()
        .map(|registration| format!("{} {}", registration.answers, registration.path));
    let unknown = served.unknown.iter().map(|unknown| format!("? {}: {}", unknown.below, unknown.why));
    registrations.chain(unknown).collect()
}
