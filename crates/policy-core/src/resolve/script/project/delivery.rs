//! Where a script runs: in a browser, on a server, or only on the machines of those who develop it.

use std::borrow::Cow;

use super::Project;
use crate::source::FileId;

/// What a script's own text says about where it runs. The parser fills it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// The specifiers of its imports, re-exports, `import()` and `require()` calls, without those that only types need.
    pub imports: &'a [&'a str],
    /// The names that it uses and binds nowhere: `document`, `process`, `__dirname`.
    pub globals: &'a [&'a str],
    /// Whether it holds JSX.
    pub jsx: bool,
    /// Its directives: `use client`, `use server`.
    pub directives: &'a [&'a str],
    /// Its text.
    pub text: &'a str,
}

/// Where a script runs, with the reason worded to follow "because": "it imports `react`".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It ships to browsers.
    Browser(Cow<'static, str>),
    /// It runs in a server's, a desktop's or a command's process.
    Server(Cow<'static, str>),
    /// It runs only where people develop, test or build.
    Development(Cow<'static, str>),
    /// Nothing tells.
    Unknown,
}

pub(super) fn judge(_project: &Project<'_>, _file: FileId, evidence: &Evidence<'_>) -> Delivery {
    if evidence.jsx { Delivery::Browser("it holds JSX".into()) } else { Delivery::Unknown }
}
