//! Limits the cost of comparing paths: each route with each handler of a program, each request with both, and the rules of a
//! listener with each other.

use std::collections::BTreeMap;
use std::iter::Sum;

use policy_http::path::PathPattern;
use policy_script::request::Request;
use policy_text::Problem;
use policy_text::source::Span;
use policy_text::value::Origin;

use crate::model::AwsRoot;
use crate::model::ingress::Ingress;
use crate::model::load_balancer::ListenerRule;
use crate::model::outside_request::OutsideRequest;
use crate::model::program::{Program, Serves};
use crate::model::routing::{Open, Table};
use crate::model::setting::Setting;

/// What all pairs may cost. Three thousand requests, two hundred routes and nine thousand handlers cost less.
const MAX_COST: usize = 30_000_000;

/// How many steps of one path against steps of another cost as much as to see that two paths begin differently.
const STEPS_PER_PAIR: usize = 64;

/// Paths that are compared with others.
#[derive(Clone, Copy, Default)]
struct Paths {
    count: usize,
    /// How long they are together.
    length: usize,
    /// How long those are together that may begin in any way: it takes all of them to see that they meet no other.
    open: usize,
}

impl Paths {
    /// As many that were not looked at.
    fn unseen(count: usize) -> Self {
        Self { count, ..Self::default() }
    }

    fn of(path: &PathPattern) -> Self {
        let length = path.length();
        let open = if path.literal_start().len() <= 1 { length } else { 0 };
        Self { count: 1, length, open }
    }

    /// What it costs to compare each with each of the others.
    fn cost(self, others: Self) -> usize {
        let pairs = self.count.saturating_mul(others.count);
        let steps =
            self.open.saturating_mul(others.length).saturating_add(self.length.saturating_mul(others.open));
        pairs.saturating_add(steps / STEPS_PER_PAIR)
    }
}

impl Sum for Paths {
    fn sum<I: Iterator<Item = Self>>(paths: I) -> Self {
        paths.fold(Self::default(), |all, some| Self {
            count: all.count + some.count,
            length: all.length + some.length,
            open: all.open + some.open,
        })
    }
}

/// Leaves out what would cost too much to compare, and says so: the requests that are too many, and all that is concluded from
/// tables where the routes and handlers alone are.
pub(super) fn bound(
    requests: &mut Vec<Request>,
    outside_requests: &mut Vec<OutsideRequest>,
    roots: &mut [AwsRoot],
    ingresses: &mut [Ingress],
    programs: &[Program],
) -> Vec<Problem> {
    let mut problems: Vec<Problem> =
        roots.iter_mut().flat_map(|root| leave_order_open(&mut root.listener_rules)).collect();
    let handlers: Paths = programs.iter().map(handlers).sum();
    let routes: Paths = roots.iter().flat_map(|root| &root.tables).map(routes).sum();
    let of_ingresses = Paths::unseen(ingresses.iter().map(|ingress| ingress.paths.len()).sum());
    let all_routes: Paths = [routes, of_ingresses].into_iter().sum();
    if all_routes.cost(handlers) > MAX_COST {
        leave_tables_open(roots, ingresses, &mut problems);
    }
    let others: Paths = [routes, handlers].into_iter().sum();
    let mut left = MAX_COST;
    let of_code = |request: &Request| request.targets().iter().map(|target| Paths::of(&target.path)).sum();
    keep(requests, |request| request.at, of_code, others, &mut left, &mut problems);
    // Nearly the whole address is its path.
    let of_commands = |request: &OutsideRequest| {
        let length = request.url.render('?').len();
        Paths { count: 1, length, open: length }
    };
    keep(outside_requests, |request| request.at, of_commands, others, &mut left, &mut problems);
    problems
}

/// Keeps the requests that can be compared with all others for what is left, and says where the rest begins.
fn keep<R>(
    requests: &mut Vec<R>,
    at: impl Fn(&R) -> Span,
    paths: impl Fn(&R) -> Paths,
    others: Paths,
    left: &mut usize,
    problems: &mut Vec<Problem>,
) {
    let kept = requests.iter().take_while(|request| match left.checked_sub(paths(request).cost(others)) {
        Some(rest) => {
            *left = rest;
            true
        }
        None => false,
    });
    let kept = kept.count();
    if let Some(first) = requests.get(kept) {
        let message = "the repository has too many requests to compare each with all routes and handlers; this one and \
                       those after it were not looked at";
        problems.push(Problem::too_costly(at(first), message));
        requests.truncate(kept);
    }
}

/// Nothing is concluded from the order of rules that are too many to compare each with each.
fn leave_order_open(rules: &mut [ListenerRule]) -> Vec<Problem> {
    let mut of_listeners: BTreeMap<_, (Paths, Vec<&mut ListenerRule>)> = BTreeMap::new();
    for rule in rules {
        let Some(listener) = rule.listener.clone() else { continue };
        let (paths, all) = of_listeners.entry(listener).or_default();
        *paths = [*paths, compared(rule)].into_iter().sum();
        all.push(rule);
    }
    let too_many = of_listeners.into_values().filter(|(paths, _)| paths.cost(*paths) > MAX_COST);
    let why = "the listener has too many rules to compare each with each";
    too_many
        .filter_map(|(_, rules)| {
            let at = rules.first()?.at;
            for rule in rules {
                rule.priority = Setting::Unknown(Origin::Other(why.into()), rule.at);
            }
            Some(Problem::too_costly(
                at,
                format!("the order of this rule and others was not looked at: {why}"),
            ))
        })
        .collect()
}

/// What of a rule is compared with others: its values, and itself where it has none.
fn compared(rule: &ListenerRule) -> Paths {
    let values = rule.conditions.iter().flat_map(|condition| &condition.patterns.certain);
    let values = values.map(|value| value.matched().map_or(Paths::unseen(1), |path| Paths::of(&path)));
    values.chain([Paths::unseen(1)]).sum()
}

/// Nothing is concluded from any table.
fn leave_tables_open(roots: &mut [AwsRoot], ingresses: &mut [Ingress], problems: &mut Vec<Problem>) {
    let why = "there are too many routes and handlers to compare each with each";
    let tables = roots.iter_mut().flat_map(|root| &mut root.tables);
    for table in tables {
        table.open = Some(Open { at: table.at, why: why.to_owned() });
        problems.push(Problem::too_costly(
            table.at,
            format!("the routes of `{}` were not looked at: {why}", table.name),
        ));
    }
    for path in ingresses.iter_mut().flat_map(|ingress| &mut ingress.paths) {
        path.program = None;
    }
    problems.extend(ingresses.iter().map(|ingress| {
        Problem::too_costly(ingress.at, format!("the paths of `{}` were not looked at: {why}", ingress.name))
    }));
}

fn routes(table: &Table) -> Paths {
    let paths = |route: &crate::model::routing::Route| match &route.paths {
        Some(paths) => paths.iter().map(|path| Paths::of(&path.pattern)).sum(),
        None => Paths::unseen(1),
    };
    table.routes.iter().map(paths).sum()
}

fn handlers(program: &Program) -> Paths {
    match &program.serves {
        Serves::Registered(served) => {
            let registered = served.registrations.iter().map(|registration| &registration.path);
            registered.chain(served.unknown.iter().map(|unknown| &unknown.below)).map(Paths::of).sum()
        }
        Serves::Nginx(_, configured) => {
            let servers = &configured.configuration.servers;
            Paths::unseen(
                servers.iter().map(|server| 1 + server.locations.len() + server.own.steps.len()).sum(),
            )
        }
        Serves::Unknown(_) => Paths::default(),
    }
}
