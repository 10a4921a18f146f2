//! A chain of calls: the one that enters a function, the one that enters the function around that call, and so on.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use policy_text::source::{FileId, Span};
use policy_text::value::{Origin, Text};

use super::callers::{self, Call, Calls, Functions};
use super::task::Task;
use super::value::{Env, Site};
use crate::parse::syntax::FunctionId;

/// Calls of one chain. More of them are rarely written to hand on an address, and each level multiplies the work.
const MAX_CALLS: usize = 4;

/// How far the chains that lead to one expression are followed.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// All chains together.
    pub(super) chains: usize,
    /// The calls of one function.
    pub(super) calls: callers::Limits,
}

impl Limits {
    /// Stands for what the calls give that are not followed.
    pub(super) fn unfollowed(self, at: Span) -> Text {
        let why = format!("only the first {} calls that give it are followed", self.calls.calls);
        Text::hole(Origin::Other(why.into()), at)
    }
}

/// Follows an expression back through the calls of the functions around it. `collect` tells what it is under a chain, and
/// the functions whose parameters would have to be known for more; `found` gets that for each chain that goes no further,
/// and whether there are more than are followed.
pub(super) fn follow<T>(
    task: &Task<'_>,
    known: &KnownCalls,
    limits: Limits,
    collect: impl Fn(&CallChain) -> (T, Functions),
    mut found: impl FnMut(&CallChain, T, bool),
) {
    let mut chains = VecDeque::from([CallChain::default()]);
    let mut followed = 0;
    while let Some(chain) = chains.pop_front() {
        let (collected, entered_by_none) = collect(&chain);
        let may_go_on = chain.may_go_on();
        let entering =
            if may_go_on { first_called(task, known, entered_by_none, limits.calls) } else { None };
        let Some((entered, calls)) = entering else {
            found(&chain, collected, false);
            continue;
        };
        followed += calls.given.len();
        if calls.more || followed > limits.chains {
            found(&chain, collected, true);
        }
        if followed <= limits.chains {
            chains.extend(calls.given.iter().map(|call| chain.begun_earlier(entered, call.clone())));
        }
    }
}

/// The calls of functions, each looked for once for all that one script does: many chains lead through the same ones.
#[derive(Default)]
pub(super) struct KnownCalls(RefCell<BTreeMap<(FileId, FunctionId), Rc<Calls>>>);

/// The first of `functions` that is called anywhere, and its calls.
fn first_called(
    task: &Task<'_>,
    KnownCalls(known): &KnownCalls,
    functions: Functions,
    limits: callers::Limits,
) -> Option<((FileId, FunctionId), Rc<Calls>)> {
    functions.into_iter().find_map(|(file, function)| {
        let earlier = known.borrow().get(&(file, function)).cloned();
        let calls = earlier.unwrap_or_else(|| {
            let calls = Rc::new(callers::calls_of(task, file, function, limits));
            known.borrow_mut().insert((file, function), Rc::clone(&calls));
            calls
        });
        let is_called = !calls.given.is_empty() || calls.more;
        is_called.then_some(((file, function), calls))
    })
}

/// Calls that lead to an expression, the one nearest to it first. None: the code around it is entered with arguments
/// that nothing tells.
#[derive(Clone, Debug, Default)]
pub(super) struct CallChain(Vec<((FileId, FunctionId), Call)>);

impl CallChain {
    /// The same chain, begun one call earlier.
    fn begun_earlier(&self, entered: (FileId, FunctionId), call: Call) -> Self {
        let mut calls = self.0.clone();
        calls.push((entered, call));
        Self(calls)
    }

    /// Its calls, the one that begins it first.
    pub(super) fn calls(&self) -> impl Iterator<Item = &Call> {
        self.0.iter().rev().map(|(_, call)| call)
    }

    fn may_go_on(&self) -> bool {
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
