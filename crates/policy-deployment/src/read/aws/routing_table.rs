//! The routing tables of listeners, from Terraform.

use std::sync::Arc;

use policy_terraform::resolve::value::Reference;
use policy_terraform::resolve::world::Root;

use crate::model::load_balancer::{
    Action, Condition, ConditionKind, Listener, ListenerIdentity, ListenerRule, LoadBalancer, Protocol,
};
use crate::model::routing::{Destination, Entrance, Narrowing, Open, Order, Route, RoutePath, Table, Target};
use crate::model::setting::Setting;

/// The tables of the listeners that take requests of HTTP.
pub(super) fn tables(
    root: &Root,
    balancers: &[LoadBalancer],
    listeners: &[Listener],
    rules: &[ListenerRule],
) -> Vec<Table> {
    let speaks_http = |listener: &&Listener| {
        matches!(listener.protocol.known(), Some(Protocol::Http | Protocol::Https))
            || !listener.protocol.is_set()
    };
    let reader = Reader { root, balancers, rules };
    listeners.iter().filter(speaks_http).map(|listener| reader.table(listener)).collect()
}

struct Reader<'r> {
    root: &'r Root,
    balancers: &'r [LoadBalancer],
    rules: &'r [ListenerRule],
}

impl Reader<'_> {
    fn table(&self, listener: &Listener) -> Table {
        let itself = ListenerIdentity::Resource(listener.address.clone());
        let mut open = self.added_elsewhere(listener);
        let mut routes: Vec<Route> = Vec::new();
        for rule in self.rules {
            match &rule.listener {
                Some(of) if *of == itself => match self.route(rule) {
                    Ok(route) => routes.push(route),
                    Err(why) => open = open.or(Some(Open { at: rule.at, why })),
                },
                Some(ListenerIdentity::Resource(_) | ListenerIdentity::ModuleInput(..)) => {}
                Some(ListenerIdentity::Arn(_)) | None => {
                    let why = format!("`{}` may belong to any listener", rule.name);
                    open = open.or(Some(Open { at: rule.at, why }));
                }
            }
        }
        open = open.or_else(|| disputed(&routes));
        routes.sort_by_key(|route| route.number);
        Table {
            entrance: Entrance::Listener {
                address: listener.address.clone(),
                balancer: listener.load_balancer.as_ref().map(|balancer| balancer.address.clone()),
                is_public: self.is_public(listener),
                is_secure: listener.protocol.known() == Some(&Protocol::Https),
            },
            name: listener.name.clone(),
            at: listener.at,
            port: listener.port.known().copied(),
            routes: routes.into(),
            order: Order::InTurn,
            default: self.destination(
                listener.default_action,
                &listener.default_targets,
                &listener.idle_default_targets,
            ),
            open,
        }
    }

    fn is_public(&self, listener: &Listener) -> Option<bool> {
        let address = &listener.load_balancer.as_ref()?.address;
        let balancer = self.balancers.iter().find(|balancer| balancer.address == *address)?;
        balancer.is_public_application()
    }

    /// What may add rules to the listener beside the resources of the root module.
    fn added_elsewhere(&self, listener: &Listener) -> Option<Open> {
        if !listener.certain {
            let why = "an unknown condition decides whether the listener exists".to_owned();
            return Some(Open { at: listener.at, why });
        }
        let call = self.root.remote_calls.iter().find(|call| call.arguments.refers_to(&listener.address))?;
        let why = format!("`{}` gets the listener, and its source is not in the repository", call.address);
        Some(Open { at: call.at, why })
    }

    /// The route that a rule makes, or why that is not known.
    fn route(&self, rule: &ListenerRule) -> Result<Route, String> {
        let because = |what: &str| format!("`{}` has {what}", rule.name);
        if !rule.certain {
            return Err(format!("an unknown condition decides whether `{}` exists", rule.name));
        }
        if matches!(rule.priority, Setting::Unknown(..)) {
            return Err(because("an unknown priority"));
        }
        if rule.more_conditions {
            return Err(because("unknown conditions"));
        }
        if rule.rewrites {
            return Err(because("a `transform`, which may change the paths"));
        }
        let mut paths = None;
        let mut narrowed_by = Vec::new();
        for condition in &rule.conditions {
            if condition.kind == ConditionKind::PathPattern {
                let own = paths_of(condition).ok_or_else(|| because("unknown paths"))?;
                paths.get_or_insert_with(Vec::new).extend(own);
            } else {
                narrowed_by.push(narrowing(condition));
            }
        }
        let destination = self.destination(rule.action, &rule.targets, &rule.idle_targets);
        if matches!(destination, Destination::Unknown) {
            return Err(because("an unknown action"));
        }
        let (name, at) = (rule.name.clone(), rule.at);
        Ok(Route { name, at, number: rule.priority.known().copied(), paths, narrowed_by, destination })
    }

    fn destination(&self, action: Action, targets: &[Reference], idle: &[Reference]) -> Destination {
        match action {
            Action::Forwards => {
                let targets: Option<Vec<Target>> = targets
                    .iter()
                    .filter(|target| !idle.contains(target))
                    .map(|reference| Some(Target { address: self.one_at(reference)? }))
                    .collect();
                targets
                    .filter(|targets| !targets.is_empty())
                    .map_or(Destination::Unknown, Destination::Targets)
            }
            Action::Redirects => Destination::Redirect,
            Action::Responds => Destination::Answer,
            Action::Unknown => Destination::Unknown,
        }
    }

    /// The full address of the one resource that is meant.
    fn one_at(&self, reference: &Reference) -> Option<Arc<str>> {
        let mut instances = self.root.at_address(&reference.address);
        let only = instances.next()?;
        instances.next().is_none().then(|| only.address.clone())
    }
}

/// Why the order of routes matters that is not known: AWS gives a number to a rule without one, in the order in which rules
/// are made. Where no other route takes the same requests to another place, none is needed.
fn disputed(routes: &[Route]) -> Option<Open> {
    let unnumbered = routes.iter().enumerate().filter(|(_, route)| route.number.is_none());
    let is_disputed = |index: usize, route: &Route| {
        let mut others = routes.iter().enumerate().filter(|(other, _)| *other != index);
        others.any(|(_, other)| {
            let meets = |paths: &[RoutePath]| paths.iter().any(|path| route.may_take(&path.pattern));
            let same_targets = !route.destination.targets().is_empty()
                && route.destination.targets() == other.destination.targets();
            !same_targets && other.paths.as_deref().is_none_or(meets)
        })
    };
    let mut disputed = unnumbered.filter(|(index, route)| is_disputed(*index, route));
    disputed
        .next()
        .map(|(_, route)| Open { at: route.at, why: format!("`{}` has an unknown priority", route.name) })
}

fn paths_of(condition: &Condition) -> Option<Vec<RoutePath>> {
    if condition.patterns.more {
        return None;
    }
    let paths = condition
        .patterns
        .certain
        .iter()
        .map(|pattern| Some(RoutePath { pattern: pattern.matched()?, at: pattern.at }));
    paths.collect()
}

fn narrowing(condition: &Condition) -> Narrowing {
    let values: Option<Vec<String>> = condition
        .patterns
        .certain
        .iter()
        .map(|pattern| pattern.text.known().map(std::borrow::Cow::into_owned))
        .collect();
    match (condition.kind, values) {
        (ConditionKind::HostHeader, Some(hosts)) => Narrowing::Host(hosts),
        (ConditionKind::HttpRequestMethod, Some(methods)) => Narrowing::Method(methods),
        _ => Narrowing::Other,
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::{MemoryTree, Sources};

    use crate::read::aws::read_plainly;

    /// The one table of a listener with these rules beside it: its routes and what is open, then where requests for `path` land.
    fn routed(rules: &str, path: &str) -> String {
        let listener = "resource \"aws_lb\" \"web\" {}\n\
            resource \"aws_lb_target_group\" \"api\" {}\n\
            resource \"aws_lb_target_group\" \"page\" {}\n\
            resource \"aws_lb_listener\" \"web\" {\n  load_balancer_arn = aws_lb.web.arn\n  port = 80\n  default_action {\n    \
            type = \"forward\"\n    target_group_arn = aws_lb_target_group.page.arn\n  }\n}\n";
        let tree = MemoryTree::of(&[("main.tf", &format!("{listener}{rules}"))]);
        let roots = read_plainly(&Sources::open(&tree));
        let [table] = roots[0].tables.as_slice() else { panic!("one listener has one table") };
        assert!(table.is_public());
        if let Some(open) = &table.open {
            return open.why.clone();
        }
        let asked = crate::model::routing::PathPattern::literal(path).unwrap();
        let landings = table.landings(&asked).into_iter().map(|landing| {
            let by =
                landing.by.map_or("default".to_owned(), |route| route.number.unwrap_or_default().to_string());
            let targets: Vec<&str> = landing
                .destination
                .targets()
                .iter()
                .filter_map(|target| target.address.rsplit('.').next())
                .collect();
            format!("{by} {}", targets.join("+"))
        });
        landings.collect::<Vec<_>>().join(", ")
    }

    fn rule(number: &str, target: &str, conditions: &[&str]) -> String {
        let conditions: Vec<String> =
            conditions.iter().map(|condition| format!("  condition {{\n    {condition}\n  }}\n")).collect();
        let conditions = conditions.concat();
        format!(
            "resource \"aws_lb_listener_rule\" \"r{number}\" {{\n  listener_arn = aws_lb_listener.web.arn\n  priority = {number}\n  \
             action {{\n    type = \"forward\"\n    target_group_arn = aws_lb_target_group.{target}.arn\n  }}\n{conditions}}}\n"
        )
    }

    const API: &str = "path_pattern {\n      values = [\"/api/*\"]\n    }";
    const ALL: &str = "path_pattern {\n      values = [\"/*\"]\n    }";
    const HOST: &str = "host_header {\n      values = [\"a.example.org\"]\n    }";

    #[test]
    fn the_lowest_number_that_takes_a_request_decides() {
        let rules = rule("20", "page", &[ALL]) + &rule("10", "api", &[API]);
        assert_eq!(routed(&rules, "/api/users"), "10 api");
        assert_eq!(routed(&rules, "/api"), "20 page");
        assert_eq!(routed(&rule("10", "api", &[API]), "/other"), "default page");
    }

    #[test]
    fn a_route_for_one_host_takes_only_some_requests() {
        let rules = rule("10", "api", &[API, HOST]);
        assert_eq!(routed(&rules, "/api/users"), "10 api, default page");
        assert_eq!(routed(&rules, "/other"), "default page");
    }

    #[test]
    fn what_is_not_known_of_a_rule_leaves_the_table_open() {
        let unknown = "path_pattern {\n      values = [var.path]\n    }";
        let variable = "variable \"path\" {}\n";
        let of_path = variable.to_owned() + &rule("10", "api", &[unknown]);
        assert_eq!(routed(&of_path, "/"), "`aws_lb_listener_rule.r10` has unknown paths");
        let of_number = format!("variable \"number\" {{}}\n{}", rule("var.number", "api", &[API]));
        let of_number = of_number.replace("\"rvar.number\"", "\"r\"");
        assert_eq!(routed(&of_number, "/"), "`aws_lb_listener_rule.r` has an unknown priority");
        let given =
            "module \"more\" {\n  source = \"example/rules/aws\"\n  listener = aws_lb_listener.web.arn\n}\n";
        assert_eq!(
            routed(given, "/"),
            "`module.more` gets the listener, and its source is not in the repository"
        );
    }

    #[test]
    fn rules_without_a_number_need_none_where_no_other_takes_the_same() {
        let own = "path_pattern {\n      values = [\"/own/*\"]\n    }";
        let unnumbered = |name: &str, to: &str, condition: &str| {
            rule("0", to, &[condition])
                .replace("  priority = 0\n", "")
                .replace("\"r0\"", &format!("\"{name}\""))
        };
        let alone = rule("10", "api", &[API]) + &unnumbered("own", "page", own);
        assert_eq!(routed(&alone, "/own/a"), "0 page");
        assert_eq!(routed(&alone, "/api/a"), "10 api");
        let to_the_same = rule("10", "api", &[API]) + &unnumbered("same", "api", API);
        assert_eq!(routed(&to_the_same, "/api/a"), "0 api");
        let disputed = rule("10", "api", &[API]) + &unnumbered("other", "page", API);
        assert_eq!(routed(&disputed, "/own/a"), "`aws_lb_listener_rule.other` has an unknown priority");
        let two = unnumbered("one", "api", API) + &unnumbered("two", "page", HOST);
        assert_eq!(routed(&two, "/own/a"), "`aws_lb_listener_rule.one` has an unknown priority");
    }
}
