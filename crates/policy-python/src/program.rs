//! A program: the module that it starts with, and what decides what that module builds.

mod command;

pub use policy_http::environment::Environment;
use policy_text::source::{FileId, RepoPath};

pub use command::program;

/// A program in Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// What answers its requests.
    pub start: Start,
    /// The folders that modules are imported from, the first of which wins.
    pub roots: Vec<RepoPath>,
    /// What serves it.
    pub server: Server,
}

/// What serves a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// Gunicorn, which takes a prefix off the paths of requests where it is told one.
    Gunicorn,
    /// Another one, which leaves them as they are.
    Other,
}

impl Program {
    /// The module that it starts with.
    pub(crate) fn file(&self) -> FileId {
        let (Start::Object(file, _) | Start::Script(file)) = &self.start;
        *file
    }
}

/// What answers the requests of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// An object of a module, which a server loads.
    Object(FileId, Named),
    /// Whatever the module serves when it runs as a script.
    Script(FileId),
}

/// How the object is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By this name, which may have dots.
    Name(String),
    /// As what the function of this name gives.
    Call(String),
    /// The same, where it is called with arguments that are not known.
    CallWith(String),
    /// Not at all: the framework looks for it.
    Found,
}

/// The working directory of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory<'d> {
    /// Its path where the command runs.
    pub in_image: &'d str,
    /// The folder of the tree that it holds.
    pub folder: RepoPath,
}

impl Directory<'_> {
    /// Where in the tree a path of the command lies.
    fn place(&self, path: &str) -> Option<RepoPath> {
        if !path.starts_with('/') {
            return self.folder.join(path);
        }
        let inside = path.strip_prefix(self.in_image.trim_end_matches('/'))?;
        self.folder.join(inside.strip_prefix('/').unwrap_or(inside))
    }
}
