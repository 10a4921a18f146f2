//! Values of TypeScript and JavaScript: what an expression can be in production, across modules.

mod call_chain;
mod callers;
mod calls;
mod client_bases;
mod comparison;
mod conditions;
pub mod development_proxy;
pub mod endpoint;
mod evaluation;
mod flags;
mod flow;
mod framework_config;
mod globals;
mod hooks;
mod instances;
mod members;
mod modules;
mod names;
mod placeholders;
mod reach;
pub mod request;
mod request_calls;
mod requests;
mod search;
pub mod served;
mod socket_calls;
mod sockets;
mod subclasses;
mod text_methods;
mod tooling;
mod value;

pub use development_proxy::development_proxies;
pub use modules::Scripts;
pub use requests::requests;
pub use sockets::endpoints;
pub use tooling::{BuildVariables, Program};
