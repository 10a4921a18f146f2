//! The decorators of Nest.

use policy_text::source::FileId;

use super::super::super::evaluation::Evaluation;
use super::super::super::modules::Scripts;
use super::super::super::value::{Env, Site, Value};
use super::settings::texts;
use crate::parse::syntax::{ClassId, ExprId, ExprKind};

/// The decorators of Nest that a class has, each with its name and what it is given.
pub(super) fn decorators<'s>(
    scripts: &'s Scripts<'_>,
    file: FileId,
    class: ClassId,
    env: &Env,
) -> impl Iterator<Item = (Site, String, &'s [ExprId])> {
    let decorators = scripts.module(file).map(|module| module[class].decorators.as_slice());
    decorators.unwrap_or_default().iter().filter_map(move |&expr| {
        let site = Site { file, expr, env: env.clone() };
        let (name, arguments) = decorator_at(scripts, &site)?;
        Some((site, name, arguments))
    })
}

/// The versions that a decorator names.
pub(super) fn versions_at(scripts: &Scripts<'_>, site: &Site, arguments: &[ExprId]) -> Vec<String> {
    let mut evaluation = Evaluation::of_server(scripts);
    let given = evaluation.argument(site, arguments, 0);
    texts(&mut evaluation, &given)
}

/// The name of a decorator of Nest, and what it is given.
pub(super) fn decorator_at<'s>(scripts: &'s Scripts<'_>, site: &Site) -> Option<(String, &'s [ExprId])> {
    let module = scripts.module(site.file)?;
    let ExprKind::Call(callee, arguments) = &module[site.expr].kind else { return None };
    let callees = Evaluation::of_server(scripts).expr(&site.beside(*callee));
    callees.iter().find_map(|callee| match &callee.value {
        Value::External(package, name) if package.starts_with("@nestjs/") => {
            Some((name.to_string(), arguments.as_slice()))
        }
        _ => None,
    })
}
