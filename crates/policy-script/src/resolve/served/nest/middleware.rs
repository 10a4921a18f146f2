//! What stands before the controllers of Nest and behind them: middleware of modules, and filters of exceptions.

use policy_http::path::PathPattern;
use policy_text::source::{FileId, Span};

use super::super::super::evaluation::Evaluation;
use super::super::super::value::{Case, Env, Site, Value};
use super::super::Serving;
use super::super::events::reachable;
use super::super::handler::{Handler, Role};
use super::decorators;
use crate::parse::syntax::{ClassId, ExprKind};
use crate::servers::Dialect;

/// Exceptions of Nest that a path which nothing serves ends with, or that such an exception is one of.
const MISSING: [&str; 4] = ["NotFoundException", "HttpException", "Error", "IntrinsicException"];

/// Adds the middleware and the filters that the modules which the one in `entry` leads to set up.
pub(super) fn add(program: &mut Serving<'_>, entry: FileId) {
    let scripts = program.scripts;
    for file in reachable(scripts, entry) {
        let Some(module) = scripts.module(file) else { continue };
        let configure = |id: ClassId| module[id].methods.get("configure").copied();
        let ranges: Vec<(u32, u32)> =
            module.class_ids().filter_map(configure).map(|function| module[function].range).collect();
        for candidate in &module.candidates {
            let ExprKind::Call(callee, arguments) = &module[candidate.expr].kind else { continue };
            let ExprKind::Member(_, name) = &module[*callee].kind else { continue };
            let at = Span::new(file, module[candidate.expr].range());
            let site = Site { file, expr: candidate.expr, env: Env::default() };
            let (start, end) = (at.start, at.end);
            let in_configure = ranges.iter().any(|range| range.0 <= start && end <= range.1);
            let mut evaluation = Evaluation::of_server(scripts);
            let given: Vec<Case> =
                arguments.iter().flat_map(|&argument| evaluation.expr(&site.beside(argument))).collect();
            match &**name {
                "apply" if in_configure => add_middleware(program, &given, at),
                "useGlobalFilters" => add_filters(program, &given, at),
                _ => {}
            }
        }
    }
}

/// Middleware that `consumer.apply()` is given: classes and functions.
fn add_middleware(program: &mut Serving<'_>, given: &[Case], at: Span) {
    for case in given {
        let handler = match &case.value {
            Value::Class(file, class, env) => method(program, *file, *class, env, "use")
                .map_or(Handler::Unknown, |method| {
                    program.handlers.of_value(&method, Role::Middleware(Dialect::Express), 0)
                }),
            value => program.handlers.of_value(value, Role::Middleware(Dialect::Express), 0),
        };
        if handler.may_answer() {
            program.unknown(PathPattern::everything(), at, &handler.why());
        }
    }
}

/// Filters that answer the exceptions of every path.
pub(super) fn add_filters(program: &mut Serving<'_>, filters: &[Case], at: Span) {
    for case in filters {
        let handler = match &case.value {
            Value::Class(file, class, env) | Value::Instance(file, class, env) => {
                if !catches_missing(program, *file, *class, env) {
                    continue;
                }
                method(program, *file, *class, env, "catch")
                    .map_or(Handler::Unknown, |method| program.handlers.of_value(&method, Role::Filter, 0))
            }
            // Those of packages give an error its status.
            Value::External(package, _) | Value::Made(package, ..)
                if package.starts_with("@nestjs/") || package.starts_with("@sentry/") =>
            {
                continue;
            }
            _ => Handler::Unknown,
        };
        if handler.may_answer() {
            program.unknown(PathPattern::everything(), at, "a filter answers exceptions with success");
        }
    }
}

/// The method of a class, or of one that it extends.
fn method(program: &Serving<'_>, file: FileId, class: ClassId, env: &Env, name: &str) -> Option<Value> {
    let mut next = Some((file, class, env.clone()));
    for _ in 0..super::MAX_PARENTS {
        let (file, class, env) = next?;
        let module = program.scripts.module(file)?;
        if let Some(&function) = module[class].methods.get(name) {
            return Some(Value::Function(file, function, env));
        }
        let parent = Site { file, expr: module[class].extends?, env };
        let parents = Evaluation::of_server(program.scripts).expr(&parent);
        next = parents.into_iter().find_map(|parent| match parent.value {
            Value::Class(file, class, env) => Some((file, class, env)),
            _ => None,
        });
    }
    None
}

/// Whether the exceptions that a filter answers may be those of paths that nothing serves.
fn catches_missing(program: &Serving<'_>, file: FileId, class: ClassId, env: &Env) -> bool {
    let scripts = program.scripts;
    decorators(scripts, file, class, env).filter(|(_, name, _)| name == "Catch").all(|(site, _, caught)| {
        let mut evaluation = Evaluation::of_server(scripts);
        let caught: Vec<Case> =
            caught.iter().flat_map(|&exception| evaluation.expr(&site.beside(exception))).collect();
        let is_other = |case: &Case| match &case.value {
            // One of our own is never what Nest throws.
            Value::Class(..) => true,
            Value::External(package, name) => {
                !package.starts_with("@nestjs/")
                    || !MISSING.contains(&name.rsplit('.').next().unwrap_or(name))
            }
            _ => false,
        };
        caught.is_empty() || !caught.iter().all(is_other)
    })
}
