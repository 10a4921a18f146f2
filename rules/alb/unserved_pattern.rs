//! A path pattern of a rule to which nothing behind the rule has an answer.

use policy_core::finding::{Finding, Label};
use policy_core::model::program::{Registration, Served, Serves};
use policy_core::model::routing::{Entrance, Route, RoutePath, Table};
use policy_core::model::{AwsRoot, Deployment};
use policy_core::rule::Context;

use crate::routes::backend_of;
use crate::wording;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        let listeners =
            root.tables.iter().filter(|table| matches!(table.entrance, Entrance::Listener { .. }));
        let routes = listeners.flat_map(|table: &Table| table.routes.iter());
        routes.filter_map(|route| unserved(context.deployment, root, route)).collect()
    })
}

fn unserved(deployment: &Deployment, root: &AwsRoot, route: &Route) -> Option<Finding> {
    let [target] = route.destination.targets() else { return None };
    let backend = backend_of(root, target)?;
    let Serves::Registered(served) = &deployment.program_of(backend)?.serves else { return None };
    let example: &Registration = served.registrations.first()?;
    let paths = route.paths.as_deref()?;
    let unserved: Vec<&RoutePath> =
        paths.iter().filter(|path| served.lacks(&path.pattern) && !is_base(path, paths, served)).collect();
    let first = unserved.first()?;
    let name = &backend.container;
    let patterns: Vec<_> = unserved.iter().map(|path| &path.pattern).collect();
    let message = format!(
        "`{}` forwards {} to `{name}`, which serves no such path: every such request gets 404",
        route.name,
        wording::paths(&patterns)
    );
    let finding = Finding::new(message, Label::new(first.at, format!("`{name}` gets the paths unchanged")))
        .related(Label::new(example.at, format!("`{name}` serves `{}` here, for example", example.path)));
    Some(finding.help(format!("remove the pattern, or serve the paths with their prefix in `{name}`")))
}

/// `/api` beside `/api/*`: it is there for whoever forgets the slash.
fn is_base(path: &RoutePath, all: &[RoutePath], served: &Served) -> bool {
    let Some(own) = path.pattern.as_literal() else { return false };
    all.iter().any(|other| other.pattern.base() == Some(own) && !served.lacks(&other.pattern))
}
