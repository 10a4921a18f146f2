//! TypeScript and JavaScript: modules and pages are read, and followed across the repository to the sockets that they open
//! in production, the requests that they send, and the paths that programs of Node serve.
//!
//! [`read_candidate`] and [`read`] give a [`Module`] for each file, [`Scripts`] puts them into their repository, and
//! [`endpoints`] says what they connect to. [`requests()`], [`served::served`] and [`development_proxies`] look at the scripts
//! of a tree only when they are asked.

mod openers;
mod parse;
mod requesters;
mod resolve;
mod servers;

pub use openers::{Example, examples};
pub use parse::imports::ImportedNames;
pub use parse::syntax::{Candidate, Expr, ExprId, ExprKind, Module, Property};
pub use parse::{is_module, is_read, read, read_candidate};
pub use resolve::{
    BuildVariables, Program, Scripts, development_proxies, development_proxy, endpoint, endpoints, request,
    requests, served,
};
