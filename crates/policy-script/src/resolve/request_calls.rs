//! Which calls send a request, where they take its address, and what goes before it.

use std::sync::Arc;

use super::task::Task;
use super::value::{Global, Site, Value};
use crate::parse::Module;
use crate::parse::invocation::Invocation;
use crate::parse::syntax::{ExprId, ExprKind};
use crate::requesters::{self, Asks};

/// What a call asks for, and of what.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) asks: Asks,
    pub(super) by: By,
}

/// What sends a request.
#[derive(Clone, Debug)]
pub(super) enum By {
    /// A function that knows no more than it is given.
    Function,
    /// The client that a package has for all.
    Package(Arc<str>),
    /// A client that this call made.
    Client(Site),
}

/// What a call asks for. `None` where it sends no request.
pub(super) fn asked(
    task: &Task<'_>,
    site: &Site,
    module: &Module,
    Invocation { callee, arguments, made }: Invocation<'_>,
) -> Option<Asked> {
    if arguments.is_empty() || !may_ask(module, callee, made) {
        return None;
    }
    let by_function = |asks| Asked { asks, by: By::Function };
    if let ExprKind::Member(base, name) = &module[callee].kind {
        if let Some(ExprKind::String(verb)) = arguments.first().map(|&first| &module[first].kind)
            && let Some(asks) = requesters::opened(name, verb)
        {
            return Some(by_function(asks));
        }
        // What a page has without an import is told by its name.
        if let ExprKind::Name(used) = &module[*base].kind
            && module.lookup(&used.name, used.scope).is_none()
            && let Some(client) = requesters::global_client(&used.name)
        {
            let asks = client.method(name)?;
            return Some(Asked { asks, by: By::Package(used.name.clone()) });
        }
    }
    let callees = task.evaluation().expr(&site.beside(callee));
    callees.iter().find_map(|callee| match &callee.value {
        Value::Global(Global::Named(name)) => requesters::global(name, made).map(by_function).or_else(|| {
            let asks = requesters::global_client(name)?.method("")?;
            Some(Asked { asks, by: By::Package(name.clone()) })
        }),
        Value::External(package, name) => {
            requesters::export(package, name, made).map(by_function).or_else(|| {
                let (client, method) = requesters::client(package, name)?;
                let asks = client.method(method).filter(|_| !made)?;
                Some(Asked { asks, by: By::Package(package.clone()) })
            })
        }
        Value::Made(package, _, made_by) => of_client(package, made_by, ""),
        Value::Method(base, name) => match &**base {
            Value::Made(package, _, made_by) => of_client(package, made_by, name),
            _ => None,
        },
        _ => None,
    })
}

fn of_client(package: &str, made_by: &Site, method: &str) -> Option<Asked> {
    let (client, _) = requesters::client(package, "default")?;
    Some(Asked { asks: client.method(method)?, by: By::Client(made_by.clone()) })
}

/// Whether the callee can send a request by its form alone: most calls are not worth a look.
fn may_ask(module: &Module, callee: ExprId, made: bool) -> bool {
    match &module[callee].kind {
        ExprKind::Name(used) => match module.lookup(&used.name, used.scope) {
            None => requesters::is_global(&used.name),
            Some(binding) => {
                module[binding].definitions.iter().any(|definition| match &module[definition.value].kind {
                    ExprKind::Function(_) | ExprKind::Parameter(..) | ExprKind::Class(_) => false,
                    ExprKind::Import(request, _) => {
                        let specifier = &module[*request].specifier;
                        requesters::is_package(specifier) || is_own(specifier)
                    }
                    _ => !made,
                })
            }
        },
        ExprKind::Member(_, name) => requesters::may_be_member(name, made),
        ExprKind::Required(_) => true,
        _ => false,
    }
}

/// Whether a specifier may name a module of the repository.
fn is_own(specifier: &str) -> bool {
    specifier.starts_with(['.', '/', '~', '@', '#', '$'])
}
