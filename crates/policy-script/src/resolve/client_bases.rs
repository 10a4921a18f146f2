//! What a client puts before all of its addresses: an option of the call that made it, or what its defaults are set to.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::source::{FileId, RepoPath, Span};
use policy_text::value::Origin;

use super::evaluation::Evaluation;
use super::modules::Scripts;
use super::request_calls::By;
use super::task::{self, Task};
use super::value::{Case, Cases, Env, MAX_ALTERNATIVES, Site, Value, extend, one, under};
use crate::parse::Module;
use crate::parse::syntax::{ExprId, ExprKind};
use crate::requesters::{self, BASES};

/// What modules assign to `defaults.baseURL` of clients.
#[derive(Debug, Default)]
pub(super) struct Defaults(BTreeMap<Of, Vec<Site>>);

/// Whose defaults they are.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    /// Those of a whole package are the defaults of one application: the one in this folder.
    Package(Arc<str>, Option<RepoPath>),
    /// A client, by the call that makes it.
    Client(FileId, ExprId),
}

impl Of {
    /// Whose they are where `file` uses what a request is sent by.
    fn used_in(scripts: &Scripts<'_>, by: &By, file: FileId) -> Option<Self> {
        match by {
            By::Function => None,
            By::Package(name) => Some(Self::Package(name.clone(), scripts.tooling.package_folder(file))),
            By::Client(made_by) => Some(Self::Client(made_by.file, made_by.expr)),
        }
    }
}

impl Defaults {
    /// Those of the modules.
    pub(super) fn of(scripts: &Scripts<'_>, modules: &[(FileId, &Module)]) -> Self {
        let found = task::for_each(scripts, modules, |task, file, module| {
            let mut found = Vec::new();
            for candidate in &module.candidates {
                let site = Site { file, expr: candidate.expr, env: Env::default() };
                let assigned = assigned(task, module, &site);
                if task.is_spent_at(Span::new(file, module[candidate.expr].range()), "defaults of clients") {
                    break;
                }
                found
                    .extend(assigned.and_then(|(by, value)| Some((Of::used_in(scripts, &by, file)?, value))));
            }
            found
        });
        let mut defaults = Self::default();
        for (of, value) in found.into_iter().flatten() {
            defaults.0.entry(of).or_default().push(value);
        }
        defaults
    }

    /// What is assigned to the defaults of `by`, where `file` uses it.
    fn given_to(&self, scripts: &Scripts<'_>, by: &By, file: FileId) -> &[Site] {
        let of = if self.0.is_empty() { None } else { Of::used_in(scripts, by, file) };
        of.and_then(|of| self.0.get(&of)).map_or(&[], Vec::as_slice)
    }
}

/// The client and the value of `client.defaults.baseURL = value`.
fn assigned(task: &Task<'_>, module: &Module, site: &Site) -> Option<(By, Site)> {
    let ExprKind::Call(callee, arguments) = &module[site.expr].kind else { return None };
    let (ExprKind::Member(defaults, name), [value]) = (&module[*callee].kind, arguments.as_slice()) else {
        return None;
    };
    let ExprKind::Member(client, holder) = &module[*defaults].kind else { return None };
    if !requesters::is_base(name) || &**holder != "defaults" {
        return None;
    }
    let clients = task.evaluation().expr(&site.beside(*client));
    let of = clients.into_iter().find_map(|client| match client.value {
        Value::Made(_, _, made_by) => Some(By::Client(made_by)),
        Value::External(package, name) if requesters::client(&package, &name).is_some() => {
            Some(By::Package(package))
        }
        _ => None,
    })?;
    Some((of, site.beside(*value)))
}

/// What goes before the address in a call with these arguments. `Nothing` where nothing does.
pub(super) fn bases(
    evaluation: &mut Evaluation<'_>,
    defaults: &Defaults,
    site: &Site,
    by: &By,
    arguments: &[ExprId],
) -> Cases {
    if matches!(by, By::Function) {
        return one(Value::Nothing);
    }
    if let Some(&last) = arguments.last() {
        let last = site.beside(last);
        let own = evaluation.option(&last, BASES[0]);
        if !own.is_empty() {
            return own;
        }
        // Options that a function puts together may hold one.
        let put_together = |value: &Case| matches!(value.value, Value::Unknown(Origin::Call(_), _));
        if arguments.len() > 1
            && let Some(unknown) = evaluation.expr(&last).into_iter().find(put_together)
        {
            return vec![unknown];
        }
    }
    let at = evaluation.span(site);
    let mut all = Vec::new();
    // One more than are told apart says that there are more.
    for value in defaults.given_to(evaluation.scripts, by, site.file).iter().take(MAX_ALTERNATIVES + 1) {
        let values = evaluation.expr(value);
        extend(&mut all, values, at);
    }
    if let (By::Client(made_by), true) = (by, all.is_empty()) {
        all = made_with(evaluation, made_by);
    }
    if all.is_empty() { one(Value::Nothing) } else { all }
}

/// What the options of the call that made a client say.
fn made_with(evaluation: &mut Evaluation<'_>, made_by: &Site) -> Cases {
    let at = evaluation.span(made_by);
    let Some(module) = evaluation.scripts.module(made_by.file) else { return Vec::new() };
    let Some(call) = module.invocation(made_by.expr) else { return Vec::new() };
    let mut all = Vec::new();
    for options in evaluation.argument(made_by, call.arguments, 0) {
        let values = match &options.value {
            Value::Object(_) => BASES
                .iter()
                .map(|name| evaluation.property(&options.value, name, at))
                .find(|values| values.iter().any(|value| !matches!(value.value, Value::Nothing)))
                .unwrap_or_else(|| one(Value::Nothing)),
            Value::Nothing => one(Value::Nothing),
            _ => one(Value::Unknown(Origin::Other("the options of the client are not known".into()), at)),
        };
        extend(&mut all, under(values, &options.when), at);
    }
    all
}
