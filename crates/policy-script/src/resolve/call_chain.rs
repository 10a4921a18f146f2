//! A chain of calls: the one that enters a function, the one that enters the function around that call, and so on.

use policy_text::source::FileId;

use super::callers::Call;
use super::value::{Env, Site};
use crate::parse::syntax::FunctionId;

/// Calls of one chain. More of them are rarely written to hand on an address, and each level multiplies the work.
const MAX_CALLS: usize = 4;

/// Calls that lead to an expression, the one nearest to it first. None: the code around it is entered with arguments
/// that nothing tells.
#[derive(Clone, Debug, Default)]
pub(super) struct CallChain(Vec<((FileId, FunctionId), Call)>);

impl CallChain {
    /// The same chain, begun one call earlier.
    pub(super) fn begun_earlier(&self, entered: (FileId, FunctionId), call: Call) -> Self {
        let mut calls = self.0.clone();
        calls.push((entered, call));
        Self(calls)
    }

    /// Its calls, the one that begins it first.
    pub(super) fn calls(&self) -> impl Iterator<Item = &Call> {
        self.0.iter().rev().map(|(_, call)| call)
    }

    pub(super) fn may_go_on(&self) -> bool {
        self.0.len() < MAX_CALLS
    }

    /// The arguments that hold at its end. Those of each call hold in the arguments of the calls it leads to.
    pub(super) fn env(&self) -> Env {
        self.0.iter().rev().fold(Env::default(), |around, (entered, call)| {
            let arguments = call.arguments.iter().map(|site| Site { env: around.clone(), ..site.clone() });
            let (file, function) = *entered;
            around.call(file, function, arguments.collect())
        })
    }
}
