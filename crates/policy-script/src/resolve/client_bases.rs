//! What a client puts before all of its addresses: an option of the call that made it, or what its defaults are set to.

use policy_text::source::FileId;
use policy_text::value::Origin;

use super::evaluation::Evaluation;
use super::modules::Scripts;
use super::request_calls::By;
use super::value::{Case, Cases, Env, Site, Value, extend, one, under};
use crate::parse::Module;
use crate::parse::syntax::{ExprId, ExprKind};
use crate::requesters::{self, BASES};

/// What modules assign to `defaults.baseURL` of clients.
#[derive(Debug, Default)]
pub(super) struct Defaults(Vec<(By, Site)>);

impl Defaults {
    /// Those of the modules.
    pub(super) fn of(scripts: &Scripts<'_>, modules: &[(FileId, &Module)]) -> Self {
        let mut found = Vec::new();
        for &(file, module) in modules {
            for candidate in &module.candidates {
                let site = Site { file, expr: candidate.expr, env: Env::default() };
                found.extend(assigned(scripts, module, &site));
            }
        }
        Self(found)
    }

    /// What is assigned to the defaults of `by`, where `file` uses it. Those of a whole package are the defaults of one
    /// application.
    fn given_to(&self, scripts: &Scripts<'_>, by: &By, file: FileId) -> impl Iterator<Item = &Site> {
        self.0
            .iter()
            .filter(move |(of, value)| match (of, by) {
                (By::Package(of), By::Package(by)) => {
                    of == by && scripts.tooling.share_package(value.file, file)
                }
                (By::Client(of), By::Client(by)) => (of.file, of.expr) == (by.file, by.expr),
                _ => false,
            })
            .map(|(_, value)| value)
    }
}

/// The client and the value of `client.defaults.baseURL = value`.
fn assigned(scripts: &Scripts<'_>, module: &Module, site: &Site) -> Option<(By, Site)> {
    let ExprKind::Call(callee, arguments) = &module[site.expr].kind else { return None };
    let (ExprKind::Member(defaults, name), [value]) = (&module[*callee].kind, arguments.as_slice()) else {
        return None;
    };
    let ExprKind::Member(client, holder) = &module[*defaults].kind else { return None };
    if !requesters::is_base(name) || &**holder != "defaults" {
        return None;
    }
    let clients = Evaluation::new(scripts).expr(&site.beside(*client));
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
    for value in defaults.given_to(evaluation.scripts, by, site.file) {
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
