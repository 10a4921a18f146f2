//! What the parameters and names of a function are that requests come to.

use super::shape::{is_one_of, set_by};
use crate::frameworks::walk;
use crate::parse::syntax::{Call, Expr, Function, Takes};
use crate::resolve::value::ScopeId;

/// What the parameters of a function are.
#[derive(Clone, Debug, Default)]
pub(super) struct Roles<'m> {
    /// The request.
    pub(super) given: Vec<&'m str>,
    /// What answers it if this code hands it on.
    pub(super) next: Vec<&'m str>,
    /// What the answer is sent to.
    pub(super) sending: Vec<&'m str>,
    /// Answers from behind.
    pub(super) behind: Vec<&'m str>,
}

/// What the parameters of a function are to which requests come, by how many there are and what they are called.
pub(super) fn roles_of(function: &Function, skipped: usize) -> Roles<'_> {
    let parameters = function.parameters.iter().skip(skipped);
    let all: Vec<&str> = parameters.map(|parameter| &*parameter.name).collect();
    let mut roles = Roles::default();
    match (&*function.name, all.as_slice()) {
        ("process_response" | "process_template_response", [given, behind, ..]) => {
            roles.given.push(given);
            roles.behind.push(behind);
        }
        ("process_view", [given, view, ..]) => {
            roles.given.push(given);
            roles.next.push(view);
        }
        (_, [scope, receive, send]) => {
            roles.given.extend([scope, receive]);
            roles.sending.push(send);
        }
        (_, [given, last]) if last.contains("start_response") || &**last == "start" => {
            roles.given.push(given);
            roles.sending.push(last);
        }
        (_, [given, next]) => {
            roles.given.push(given);
            roles.next.push(next);
        }
        (_, [given, ..]) => roles.given.push(given),
        _ => {}
    }
    roles
}

/// A function that is judged.
pub(super) struct Judged<'r, 'm> {
    pub(super) scope: ScopeId,
    pub(super) roles: &'r Roles<'m>,
    /// The names that it sets, each with what to.
    pub(super) set: Vec<(&'m str, Option<&'m Expr>)>,
    /// The functions that it defines.
    pub(super) inner: Vec<&'m Function>,
    /// The parameters of those.
    pub(super) messages: Vec<&'m str>,
    pub(super) has_rest: bool,
}

impl<'r, 'm> Judged<'r, 'm> {
    pub(super) fn new(function: &'m Function, scope: ScopeId, roles: &'r Roles<'m>) -> Self {
        let inner = walk::functions(&function.body);
        let messages =
            inner.iter().flat_map(|inner| inner.parameters.iter().map(|parameter| &*parameter.name));
        let takes_rest = |takes| matches!(takes, Takes::Rest | Takes::RestNamed);
        Self {
            scope,
            roles,
            set: set_by(&function.body),
            messages: messages.collect(),
            has_rest: function.parameters.iter().any(|parameter| takes_rest(parameter.takes)),
            inner,
        }
    }

    /// What a name is set to, wherever it is.
    pub(super) fn set_to(&self, name: &str) -> Vec<Option<&'m Expr>> {
        self.set.iter().filter(|(set, _)| *set == name).map(|(_, value)| *value).collect()
    }
}

/// What the parameters of a function are that is called with what the one which calls it was given.
pub(super) fn handed<'m>(
    function: &'m Function,
    skipped: usize,
    call: &'m Call,
    from: &Roles<'m>,
) -> Roles<'m> {
    let of = |names: &[&str]| behind(function, skipped, call, |given| is_one_of(given, names));
    Roles {
        given: of(&from.given),
        next: of(&from.next),
        sending: of(&from.sending),
        behind: of(&from.behind),
    }
}

/// The parameters that are given what is so.
pub(super) fn behind<'m>(
    function: &'m Function,
    skipped: usize,
    call: &'m Call,
    mut is_so: impl FnMut(&'m Expr) -> bool,
) -> Vec<&'m str> {
    let parameters: Vec<&'m str> =
        function.parameters.iter().skip(skipped).map(|parameter| &*parameter.name).collect();
    let by_position = parameters.iter().copied().zip(&call.positional);
    let by_name = call.named.iter().filter_map(|(name, value)| {
        let name = name.as_deref()?;
        Some((*parameters.iter().find(|own| **own == name)?, value))
    });
    by_position.chain(by_name).filter(|(_, value)| is_so(value)).map(|(name, _)| name).collect()
}
