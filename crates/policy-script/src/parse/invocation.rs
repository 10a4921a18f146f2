//! Calls and constructions, which are read alike.

use super::Module;
use super::syntax::{ExprId, ExprKind};

/// A call or a construction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Invocation<'m> {
    /// What is called.
    pub(crate) callee: ExprId,
    /// What it is given.
    pub(crate) arguments: &'m [ExprId],
    /// Whether it is constructed: `new Callee()`.
    pub(crate) made: bool,
}

impl Module {
    /// The call or construction that an expression is. `None` where it is neither.
    pub(crate) fn invocation(&self, expr: ExprId) -> Option<Invocation<'_>> {
        match &self[expr].kind {
            ExprKind::Call(callee, arguments) => Some(Invocation { callee: *callee, arguments, made: false }),
            ExprKind::New(callee, arguments) => Some(Invocation { callee: *callee, arguments, made: true }),
            _ => None,
        }
    }

    /// How messages show an invocation: "`new WebSocket`", "`io`". `unnamed` stands for what has no name.
    pub(crate) fn shown(&self, invocation: Invocation<'_>, unnamed: &str) -> String {
        let name = self.last_name(invocation.callee).unwrap_or(unnamed);
        if invocation.made { format!("`new {name}`") } else { format!("`{name}`") }
    }
}
