//! A path of an Ingress under which the program behind it serves nothing.

use policy_core::finding::{Finding, Label};
use policy_core::model::Deployment;
use policy_core::model::ingress::{Controller, Ingress, IngressPath, Rewrite};
use policy_core::model::program::{Registration, Serves};
use policy_core::purpose;
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let ingresses = context.deployment.ingresses.iter();
    let meant = ingresses.filter(|ingress| {
        ingress.rewrite == Rewrite::None
            && ingress.controller != Controller::Other
            && !purpose::is_made_up(context.sources.path(ingress.at.file))
    });
    let paths = meant.flat_map(|ingress: &Ingress| &ingress.paths);
    paths.filter_map(|path| unserved(context.deployment, path)).collect()
}

fn unserved(deployment: &Deployment, path: &IngressPath) -> Option<Finding> {
    let program = deployment.program(path.program?)?;
    let Serves::Registered(served) = &program.serves else { return None };
    let takes = path.takes()?;
    let serves_nothing = takes.iter().all(|paths| served.lacks(paths));
    let base = path.written.trim_end_matches('/');
    // A program whose handlers are not known may serve anything.
    let first: &Registration =
        served.registrations.first().filter(|_| serves_nothing && served.unknown.is_empty())?;
    let message = format!(
        "`{}` serves nothing under `{base}`: the controller forwards the path unchanged, and every request gets 404",
        path.service
    );
    Some(
        Finding::new(
            message,
            Label::new(path.at, format!("requests reach `{}` with the prefix `{base}`", path.service)),
        )
        .related(Label::new(first.at, format!("the program serves `{}`, without the prefix", first.path)))
        .help(format!("serve the paths under `{base}`, or let the Ingress strip the prefix")),
    )
}
