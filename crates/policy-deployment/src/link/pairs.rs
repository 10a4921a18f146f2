//! How many pairs of paths are compared: each route with each handler of a program, and each request with both.

use policy_script::request::Request;
use policy_text::Problem;

use crate::model::AwsRoot;
use crate::model::ingress::Ingress;
use crate::model::program::{Program, Serves};
use crate::model::routing::{Open, Table};

/// The most pairs that are compared. Three thousand requests, two hundred routes and nine thousand handlers are fewer.
const MAX_PAIRS: usize = 30_000_000;

/// Leaves out what would be compared too often, and says so: the requests that are too many, and all that is concluded from
/// tables where the routes and handlers alone are.
pub(super) fn bound(
    requests: &mut Vec<Request>,
    roots: &mut [AwsRoot],
    ingresses: &mut [Ingress],
    programs: &[Program],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let handlers: usize = programs.iter().map(handlers).sum();
    let routes: usize = roots.iter().flat_map(|root| &root.tables).map(routes).sum();
    let paths: usize = ingresses.iter().map(|ingress| ingress.paths.len()).sum();
    if (routes + paths).saturating_mul(handlers) > MAX_PAIRS {
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
            Problem::too_costly(
                ingress.at,
                format!("the paths of `{}` were not looked at: {why}", ingress.name),
            )
        }));
    }
    let kept = MAX_PAIRS / (routes + handlers).max(1);
    if let Some(first) = requests.get(kept) {
        let message = "the repository has too many requests to compare each with all routes and handlers; this one and \
                       those after it were not looked at";
        problems.push(Problem::too_costly(first.at, message));
        requests.truncate(kept);
    }
    problems
}

fn routes(table: &Table) -> usize {
    table.routes.iter().map(|route| route.paths.as_ref().map_or(1, Vec::len)).sum()
}

fn handlers(program: &Program) -> usize {
    match &program.serves {
        Serves::Registered(served) => served.registrations.len() + served.unknown.len(),
        Serves::Nginx(_, configured) => {
            let servers = &configured.configuration.servers;
            servers.iter().map(|server| 1 + server.locations.len() + server.own.steps.len()).sum()
        }
        Serves::Unknown(_) => 0,
    }
}
