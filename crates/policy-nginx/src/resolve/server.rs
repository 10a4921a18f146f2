//! Servers of `http` and of `stream`.

use super::expressions::Expressions;
use super::location::{Body, body};
use super::scope::Scope;
use super::{address, listen};
use crate::model::{Server, Stream};
use crate::parse::Directive;

/// A server of `http` in a block with the settings `scope`.
pub(super) fn server(directive: &Directive, scope: &Scope, expressions: &mut Expressions) -> Server {
    let Body { content, locations, gap } = body(directive.body(), scope, expressions);
    let names = directive.body().iter().filter(|inner| inner.is("server_name"));
    Server {
        at: directive.at,
        listens: listen::listens(directive),
        names: names.flat_map(|inner| &inner.arguments).map(|name| name.text.clone()).collect(),
        locations,
        own: content,
        gap,
    }
}

/// A server of `stream`, which has no locations.
pub(super) fn stream(directive: &Directive, scope: &Scope) -> Stream {
    let own = scope.within(directive.body());
    Stream {
        at: directive.at,
        listens: listen::listens(directive),
        pass: directive.body().iter().find_map(|inner| address::pass(inner, &own)),
    }
}
