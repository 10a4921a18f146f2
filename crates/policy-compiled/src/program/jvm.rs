//! The module that a program for Java's virtual machine is built from.

use policy_text::source::{RepoPath, Sources};

use super::{Image, Made, Program};
use crate::jvm::{is_project, projects};

/// The folders of a module that a build writes to.
const OUTPUTS: [&str; 4] = ["/target/", "/build/libs/", "/build/install/", "/build/quarkus-app/"];

/// The program that `java` starts with these words.
pub(super) fn program(words: &[&str], image: &dyn Image, sources: &Sources<'_>) -> Option<Program> {
    let jar = words.iter().position(|word| *word == "-jar").and_then(|at| words.get(at + 1));
    let folder = match jar {
        Some(jar) => {
            let made = image.made(jar)?;
            of_file(&made, sources).or_else(|| only(image, sources))?
        }
        // A class is started, out of folders that a jar was taken apart into.
        None => only(image, sources)?,
    };
    Some(Program::Jvm(folder, words.iter().map(|word| (*word).to_owned()).collect()))
}

/// The module whose output a file is.
fn of_file(made: &Made<'_>, sources: &Sources<'_>) -> Option<RepoPath> {
    let module = OUTPUTS.iter().find_map(|output| made.path.split_once(output))?.0;
    (made.in_tree)(module).into_iter().find(|folder| is_project(folder, sources))
}

/// The module of the build, where it is sent no other.
fn only(image: &dyn Image, sources: &Sources<'_>) -> Option<RepoPath> {
    let mut found = projects(image.context(), sources).into_iter();
    let first = found.next()?;
    found.next().is_none().then_some(first)
}
