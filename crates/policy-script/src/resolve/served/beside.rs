//! What answers requests beside the registrations of a program: listeners of its server, functions around its application, and
//! programs that it starts.

use std::sync::Arc;

use policy_text::source::FileId;

use super::super::evaluation::Evaluation;
use super::super::modules::Scripts;
use super::super::value::{Site, Value};
use super::events::{owner_of, reachable};
use crate::parse::Module;
use crate::parse::syntax::{ExprId, ExprKind, FunctionId};
use crate::servers::{self, Dialect};

/// Why the call of a method leaves open what the program answers.
pub(super) fn answers_beside(
    scripts: &Scripts<'_>,
    module: &Module,
    site: &Site,
    base: &Site,
    (name, arguments): (&Arc<str>, &[ExprId]),
) -> Option<&'static str> {
    match &**name {
        "on" | "once" | "addListener" | "prependListener" => {
            let (event, listener) = (*arguments.first()?, *arguments.get(1)?);
            let is_request = matches!(&module[event].kind, ExprKind::String(text) if &**text == "request");
            if !is_request || owner_of(scripts, &site.beside(listener)).is_some() {
                return None;
            }
            let is_server = |value: &Value| match value {
                Value::Made(package, export, _) => {
                    servers::is_bare(package, export) || &**export == "listen" && servers::is_package(package)
                }
                _ => false,
            };
            let bases = Evaluation::of_server(scripts).expr(base);
            let listens = bases.iter().any(|value| is_server(&value.value));
            listens.then_some("a function takes the requests of the server by itself")
        }
        // `application.fetch(request)` of Hono within a function that does more than that.
        "fetch" => {
            let bases = Evaluation::of_server(scripts).expr(base);
            let is_hono = |value: &Value| match value {
                Value::Made(package, export, _) => {
                    servers::maker(package, export).is_some_and(|maker| maker.dialect == Dialect::Hono)
                }
                _ => false,
            };
            let is_hono = bases.iter().any(|value| is_hono(&value.value));
            (is_hono && !is_all_of_function(module, site.expr, arguments))
                .then_some("a function stands before the application")
        }
        // `application.decorate("add", function (path) { this.get(path, …) })`
        "decorate" => {
            let bases = Evaluation::of_server(scripts).expr(base);
            let is_server = |value: &Value| matches!(value, Value::Made(package, export, _) if servers::maker(package, export).is_some());
            let added = Evaluation::of_server(scripts).expr(&site.beside(*arguments.get(1)?));
            let registers = added.iter().any(|added| match added.value {
                Value::Function(file, function, _) => {
                    scripts.module(file).is_some_and(|module| registers_with_itself(module, function))
                }
                _ => false,
            });
            (registers && bases.iter().any(|value| is_server(&value.value)))
                .then_some("a method that is added to the application registers what it is given")
        }
        // `application.router.stack.push(…)`
        "push" | "unshift" | "splice" => match &module[base.expr].kind {
            ExprKind::Member(_, name) if &**name == "stack" => {
                Some("routes are put into the router by other means")
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether a function registers something with what it is a method of.
fn registers_with_itself(module: &Module, function: FunctionId) -> bool {
    module.exprs_within(function).any(|expr| match &module[expr].kind {
        ExprKind::Member(base, name) => {
            matches!(module[*base].kind, ExprKind::This(_)) && servers::may_register(name)
        }
        _ => false,
    })
}

/// What is set on a router and changes what it answers: `router.opts.prefix = "/path"`, `application._router = other`.
pub(super) fn set_on_router(module: &Module) -> impl Iterator<Item = (ExprId, ExprId)> {
    module.assigned.iter().filter_map(|assigned| match (&*assigned.name, &module[assigned.base].kind) {
        ("prefix", ExprKind::Member(router, name)) if &**name == "opts" => {
            Some((*router, assigned.definition.value))
        }
        ("stack" | "_router" | "router", _) => Some((assigned.base, assigned.definition.value)),
        _ => None,
    })
}

/// Whether a call is all that the function around it does, with what that is given.
fn is_all_of_function(module: &Module, call: ExprId, arguments: &[ExprId]) -> bool {
    let range = module[call].range();
    let around = module.function_ids().filter(|&function| {
        let function = module[function].range;
        function.0 as usize <= range.start && range.end <= function.1 as usize
    });
    let Some(function) = around.min_by_key(|&function| {
        let (start, end) = module[function].range;
        end - start
    }) else {
        return false;
    };
    let is_given = |function: FunctionId| {
        let given = module.name_of_parameter(function, 0);
        arguments.first().is_some_and(|&argument| match &module[argument].kind {
            ExprKind::Name(used) => given.is_some() && module.lookup(&used.name, used.scope) == given,
            _ => false,
        })
    };
    let is_returned = match module[function].returns.as_slice() {
        [(value, guard)] => {
            let outer = module.guard_of_call(call);
            *value == call && *guard == outer
        }
        _ => false,
    };
    // What else it does may end otherwise only by an error.
    is_returned && is_given(function)
}

/// Why a call leaves open what answers: it starts another program, which may listen where this one is asked.
pub(super) fn starts_another(
    scripts: &Scripts<'_>,
    module: &Module,
    site: &Site,
    callee: ExprId,
    arguments: &[ExprId],
) -> Option<&'static str> {
    if !matches!(module.last_name(callee), Some("fork" | "Worker")) {
        return None;
    }
    let callees = Evaluation::of_server(scripts).expr(&site.beside(callee));
    let starts = |value: &Value| match value {
        Value::External(package, export) => {
            let package = package.strip_prefix("node:").unwrap_or(package);
            matches!(package, "child_process" | "worker_threads")
                && (export.ends_with("fork") || export.ends_with("Worker"))
        }
        _ => false,
    };
    if !callees.iter().any(|callee| starts(&callee.value)) {
        return None;
    }
    let is_harmless = started(scripts, site, *arguments.first()?).is_some_and(|file| {
        let mut modules = reachable(scripts, file).into_iter().filter_map(|file| scripts.module(file));
        !modules.any(|module| {
            module.page_requests().iter().any(|request| servers::is_package(&request.specifier))
        })
    });
    (!is_harmless).then_some("it starts another program, which may answer")
}

/// The module that a program is started from beside this one.
fn started(scripts: &Scripts<'_>, site: &Site, argument: ExprId) -> Option<FileId> {
    let module = scripts.module(site.file)?;
    // `new URL("./worker.js", import.meta.url)`
    let argument = match &module[argument].kind {
        ExprKind::New(callee, arguments) if module.last_name(*callee) == Some("URL") => *arguments.first()?,
        _ => argument,
    };
    let values = Evaluation::of_server(scripts).expr(&site.beside(argument));
    let [only] = values.as_slice() else { return None };
    let Value::Text(text) = &only.value else { return None };
    let written = text.known()?;
    let relative = if written.starts_with('.') { written.into_owned() } else { format!("./{written}") };
    scripts.resolve(&relative, site.file).first().copied()
}
