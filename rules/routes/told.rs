//! URLs in environment variables that lead to a path which nobody serves.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::program::{Answers, Registration, Served, Serves};
use policy_core::model::request::Target;
use policy_core::model::routing::{Entrance, Landing, PathPattern, Route, Table, is_for_operations};
use policy_core::model::task_definition::Variable;
use policy_core::rule::Context;

use super::asked::{inner_ends, taken_by};
use super::behind::{Taker, taker};
use super::handlers::has_name;

/// Why nothing answers.
enum Dead<'a> {
    /// No rule matches, and the entrance answers by itself.
    Entrance,
    /// The program behind the entrance serves nothing there.
    Unserved(Taker<'a>),
    /// The rule for it is one of this other listener.
    Elsewhere(&'a Table, &'a Route),
}

/// The findings for the variables of containers and functions of `root`: an address with a path at which nothing answers,
/// neither at the path nor anywhere below it.
pub(crate) fn dead_addresses(context: &Context<'_>, root: &AwsRoot) -> Vec<Finding> {
    let tasks = root.services.iter().filter_map(|service| service.task_definition.as_ref());
    let containers = tasks.flat_map(|task| &task.containers);
    let of_containers = containers.flat_map(|container| {
        container.environment.variables.iter().map(move |variable| (container.shown_name.as_str(), variable))
    });
    let of_functions = root
        .functions
        .iter()
        .flat_map(|function| function.variables.iter().map(move |variable| (&*function.name, variable)));
    let told = of_containers.chain(of_functions);
    told.filter_map(|(owner, variable)| finding(context, root, owner, variable)).collect()
}

fn finding(context: &Context<'_>, root: &AwsRoot, owner: &str, variable: &Variable) -> Option<Finding> {
    let (tables, url) = root.tables_asked(variable.value.as_ref()?)?;
    let path = Target::of(&url)?.path;
    let path = path.as_literal()?.trim_end_matches('/');
    let exact = PathPattern::literal(path).filter(has_name)?;
    let below = PathPattern::prefix(&format!("{path}/"))?;
    let mut first = None;
    for entrance in tables {
        // What a rule takes says more of what is meant than what none does.
        let is_taken = |paths: &&PathPattern| {
            entrance.certain_landing(paths).is_some_and(|landing| landing.by.is_some())
        };
        let order = if is_taken(&&below) { [&below, &exact] } else { [&exact, &below] };
        for paths in order {
            for (table, landing) in inner_ends(root, entrance, paths)? {
                let dead = dead(context, root, table, landing, paths, &exact)?;
                first = first.or(Some((table, landing, dead)));
            }
        }
    }
    let (table, landing, dead) = first?;
    let name = &variable.name;
    let why = match &dead {
        Dead::Entrance => {
            format!("no rule of `{}` matches it, and the default action returns a fixed response", table.name)
        }
        Dead::Unserved(taker) => match landing.by {
            Some(route) => {
                format!(
                    "`{}` forwards it to {}, which serves nothing under this path",
                    route.name,
                    taker.name()
                )
            }
            None => format!(
                "`{}` forwards it to {}, which serves nothing under this path",
                table.name,
                taker.name()
            ),
        },
        Dead::Elsewhere(other, _) => {
            format!("the URL uses `{}`, but only `{}` has a rule for this path", table.name, other.name)
        }
    };
    let message = format!("nothing serves `{path}`, the path of the URL in `{name}` of `{owner}`: {why}");
    let label = format!("`{owner}` gets this URL");
    let mut finding =
        Finding::new(message, Label::new(variable.at, label)).related(taken_by(table, &landing));
    let help = match &dead {
        Dead::Entrance => {
            "use a URL whose path a rule forwards to the program, or add the path to a rule".to_owned()
        }
        Dead::Unserved(taker) => {
            if let Taker::Container(backend, Some(program)) = taker
                && let Serves::Registered(served) = &program.serves
                && let Some(example) = example(served)
            {
                let label = format!("`{}` serves `{}` here, for example", backend.container, example.path);
                finding = finding.related(Label::new(example.at, label));
            }
            format!(
                "serve the paths of {} under `{path}`, or strip the prefix in a listener rule with `transform`",
                taker.name()
            )
        }
        Dead::Elsewhere(other, route) => {
            let label = format!("this rule of `{}` matches the path", other.name);
            finding = finding.related(Label::new(route.at, label));
            format!("add the rule to `{}` too", table.name)
        }
    };
    Some(finding.help(help))
}

/// A path that the code of a program defines; what frameworks bring by themselves says little.
fn example(served: &Served) -> Option<&Registration> {
    let mut own = served.registrations.iter().filter(|own| !is_for_operations(&own.path));
    own.next().or_else(|| served.registrations.first())
}

/// Why nothing answers these paths, which are the address or lie below it. `None` where something may.
fn dead<'a>(
    context: &Context<'a>,
    root: &'a AwsRoot,
    table: &'a Table,
    landing: Landing<'a>,
    paths: &PathPattern,
    exact: &PathPattern,
) -> Option<Dead<'a>> {
    match taker(context.deployment, root, landing.destination)? {
        // What a rule answers by itself is meant to be answered so.
        Taker::Entrance => landing.by.is_none().then_some(Dead::Entrance),
        Taker::Container(_, Some(program)) if matches!(program.serves, Serves::Nginx(..)) => None,
        taker @ Taker::Container(..) => match taker.lacks(context.deployment, root, paths, &Answers::Page) {
            Some(true) => Some(Dead::Unserved(taker)),
            Some(false) => None,
            None => elsewhere(root, table, landing, exact),
        },
    }
}

/// The rule for the address that another listener of the same load balancer has, where this one has none.
fn elsewhere<'a>(
    root: &'a AwsRoot,
    table: &'a Table,
    landing: Landing<'a>,
    exact: &PathPattern,
) -> Option<Dead<'a>> {
    let balancer = |table: &Table| match &table.entrance {
        Entrance::Listener { balancer, .. } => balancer.clone(),
        Entrance::Distribution { .. } | Entrance::Proxy { .. } | Entrance::Ingress { .. } => None,
    };
    let is_unknown_here = table.certain_landing(exact)?.by.is_none() && landing.by.is_none();
    let own = balancer(table).filter(|_| is_unknown_here)?;
    let others =
        root.tables.iter().filter(|other| other.at != table.at && balancer(other).as_ref() == Some(&own));
    others.flat_map(|other| other.routes.iter().map(move |route| (other, route))).find_map(
        |(other, route)| {
            let is_for = |path: &PathPattern| path == exact || path.base() == exact.as_literal();
            let names_it = route.paths.iter().flatten().any(|own| is_for(&own.pattern));
            let elsewhere = !route.destination.targets().is_empty()
                && route.destination.targets() != landing.destination.targets();
            (names_it && elsewhere).then_some(Dead::Elsewhere(other, route))
        },
    )
}
