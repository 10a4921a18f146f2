//! The paths at which servers of sockets take them.

use policy_http::path::PathPattern;

use super::super::evaluation::Evaluation;
use super::super::modules::Scripts;
use super::super::value::{Case, Value};
use super::events::SocketServer;
use super::step::below;
use crate::servers::Sockets;

/// The paths at which a server of sockets takes them. `None` where they are not written out, or are all.
pub(super) fn path(scripts: &Scripts<'_>, server: &SocketServer) -> Option<PathPattern> {
    let site = &server.event.site;
    let arguments = scripts.module(site.file)?.invocation(site.expr)?.arguments;
    let mut evaluation = Evaluation::of_server(scripts);
    let given: Vec<Case> =
        arguments.iter().flat_map(|&argument| evaluation.option(&site.beside(argument), "path")).collect();
    let path = match (given.as_slice(), server.sockets) {
        ([], Sockets::Below(path)) => path.to_owned(),
        ([Case { value: Value::Text(path), .. }], _) => path.known()?.into_owned(),
        _ => return None,
    };
    let path = PathPattern::literal(&path)?.without_last_slash();
    match server.sockets {
        // What lies below its path is what the client of socket.io asks for.
        Sockets::Below(_) => below(&path),
        Sockets::At => Some(path),
    }
}
