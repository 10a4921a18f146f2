//! A program: the project that it is built from, as the words that start it and the build of its image tell.

mod dotnet;
mod go;
mod jvm;

use policy_http::environment::Environment;
use policy_http::served::Served;
use policy_text::source::{FileId, RepoPath, Sources};

/// A program that a build makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// One for Java's virtual machine: the folder of its module, and the words that start it.
    Jvm(RepoPath, Vec<String>),
    /// One of .NET: the file of its project.
    DotNet(FileId),
    /// One in Go: the folder of its package.
    Go(RepoPath),
}

/// An image, as far as it tells where its files are made.
pub trait Image {
    /// The folder that its build is sent.
    fn context(&self) -> &RepoPath;

    /// Where the file is made that the image has at `path`, which may be relative to its working directory. `None` where it
    /// comes from outside.
    fn made(&self, path: &str) -> Option<Made<'_>>;
}

/// The folders of the tree that lie at a path.
pub type InTree<'i> = Box<dyn Fn(&str) -> Vec<RepoPath> + 'i>;

/// The place where a file is made.
pub struct Made<'i> {
    /// Its path there.
    pub path: String,
    /// The folders of the tree that may lie at a path of that place, the likeliest first.
    pub in_tree: InTree<'i>,
    /// The commands that run there, in order: the folder that each runs in, and its text.
    pub commands: Vec<(&'i str, &'i str)>,
}

/// The program that the words of a command start in `image`. `None` where that is none that is built here.
pub fn program(words: &[&str], image: &dyn Image, sources: &Sources<'_>) -> Option<Program> {
    // What stands before it only starts it: `tini --`, `dumb-init`.
    let name = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
    let started = |program: &str| {
        let at = words.iter().position(|word| name(word) == program)?;
        words.get(at + 1..)
    };
    if let Some(words) = started("java") {
        return jvm::program(words, image, sources);
    }
    if let Some(words) = started("dotnet") {
        return dotnet::program(words, image, sources);
    }
    go::program(words, image, sources)
}

/// What a program answers in that environment.
pub fn served(program: &Program, environment: &Environment, sources: &Sources<'_>) -> Served {
    match program {
        Program::Jvm(folder, words) => crate::jvm::served(folder, words, environment, sources),
        Program::DotNet(project) => crate::aspnet::served(*project, sources),
        Program::Go(folder) => crate::go::served(folder, sources),
    }
}
