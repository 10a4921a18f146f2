//! What a function is there for, and which of its parameters are what.

use crate::servers::Dialect;

/// What a function is there for, which says what it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// It stands before other handlers, or is the last of them.
    Middleware(Dialect),
    /// A hook of Fastify.
    Hook,
    /// It answers what no route takes.
    Last(Dialect),
    /// It answers errors.
    Errors(Dialect),
    /// The method of a filter of Nest that answers exceptions.
    Filter,
}

/// How an answer is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    /// By methods of a response.
    Response,
    /// By methods and properties of what holds all of a request.
    Context,
}

/// Which parameters of a function are what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signature {
    pub(super) gives: Gives,
    pub(super) answer: usize,
    pub(super) request: Option<usize>,
    pub(super) next: Option<usize>,
    pub(super) error: Option<usize>,
    /// Whether what the function returns is the answer.
    pub(super) returns: bool,
}

impl Role {
    pub(super) fn signature(self, parameters: usize) -> Signature {
        let response = Signature {
            gives: Gives::Response,
            answer: 1,
            request: Some(0),
            next: None,
            error: None,
            returns: false,
        };
        let context = Signature { gives: Gives::Context, answer: 0, ..response };
        match self {
            Self::Middleware(Dialect::Koa) => Signature { next: Some(1), ..context },
            Self::Middleware(Dialect::Hono) => Signature { next: Some(1), returns: true, ..context },
            Self::Middleware(_) if parameters == 4 => {
                Signature { answer: 2, request: Some(1), next: Some(3), error: Some(0), ..response }
            }
            Self::Middleware(_) => Signature { next: Some(2), ..response },
            Self::Hook => response,
            // What it answers with it asks of what it is given.
            Self::Filter => Signature { answer: usize::MAX, request: None, ..response },
            Self::Last(Dialect::Hono | Dialect::Koa) => Signature { returns: true, ..context },
            Self::Last(_) => Signature { returns: true, ..response },
            Self::Errors(Dialect::Hono | Dialect::Koa) => {
                Signature { answer: 1, request: None, error: Some(0), returns: true, ..context }
            }
            Self::Errors(_) => Signature { answer: 2, request: Some(1), error: Some(0), ..response },
        }
    }
}
