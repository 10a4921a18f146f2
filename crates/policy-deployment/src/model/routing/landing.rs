//! Where requests for given paths end up.

use policy_http::path::PathPattern;

use super::order::{Order, followed};
use super::route::{Destination, Narrowing, Route};
use super::table::Table;

/// A place where some requests end up.
#[derive(Clone, Copy, Debug)]
pub struct Landing<'t> {
    /// The route that takes them. `None` for the default.
    pub by: Option<&'t Route>,
    /// Where they go.
    pub destination: &'t Destination,
}

/// The end of all requests for some paths, and the paths that are asked for there.
#[derive(Clone, Debug)]
pub struct Arrival<'t> {
    /// The end.
    pub landing: Landing<'t>,
    /// The paths, as the entrance sends them.
    pub paths: PathPattern,
}

impl Table {
    /// Where all of these requests go, and as what. `None` where that is not certain.
    pub fn arrival(&self, paths: &PathPattern) -> Option<Arrival<'_>> {
        match &self.order {
            Order::InTurn => Some(Arrival { landing: self.certain_landing(paths)?, paths: paths.clone() }),
            Order::Nginx(server) => followed(self, server, paths).filter(|_| self.open.is_none()),
        }
    }

    /// Whether a request may come to its end by another path than it is sent by.
    pub fn may_send_on_another_path(&self) -> bool {
        matches!(self.order, Order::Nginx(_))
    }

    /// Everywhere that requests for these paths may go, in the order of the routes. Never empty.
    pub fn landings(&self, paths: &PathPattern) -> Vec<Landing<'_>> {
        if let Order::Nginx(server) = &self.order
            && let Some(arrival) = followed(self, server, paths)
        {
            return vec![arrival.landing];
        }
        let may_take = self.routes.iter().filter(|route| route.may_take(paths));
        self.landings_among(may_take, |route| route.takes_all(paths))
    }

    /// Everywhere that requests for these paths may go at one host; `None` is any host that no route names.
    pub fn landings_at(&self, paths: &PathPattern, host: Option<&str>) -> Vec<Landing<'_>> {
        let may_take = self.routes.iter().filter(|route| route.may_take(paths) && route.may_be_for(host));
        self.landings_among(may_take, |route| route.takes_all_at_its_hosts(paths))
    }

    /// The ends of `routes`, up to the first that takes all that is left, or else the default.
    fn landings_among<'t>(
        &'t self,
        routes: impl Iterator<Item = &'t Route>,
        takes_all: impl Fn(&Route) -> bool,
    ) -> Vec<Landing<'t>> {
        let mut landings = Vec::new();
        for route in routes {
            landings.push(Landing { by: Some(route), destination: &route.destination });
            if takes_all(route) {
                return landings;
            }
        }
        landings.push(Landing { by: None, destination: &self.default });
        landings
    }

    /// The one place where all of these requests go at one host. `None` where that is not certain.
    pub fn certain_landing_at(&self, paths: &PathPattern, host: Option<&str>) -> Option<Landing<'_>> {
        self.only(&self.landings_at(paths, host))
    }

    /// One host for each pattern of hosts that routes name, and `None` for any other.
    pub fn hosts(&self) -> Vec<Option<String>> {
        let named = self.routes.iter().flat_map(|route| &route.narrowed_by).filter_map(|narrowing| {
            let Narrowing::Host(patterns) = narrowing else { return None };
            Some(patterns.iter().map(|pattern| Some(pattern.replace(['*', '?'], "x"))))
        });
        let mut hosts: Vec<Option<String>> = named.flatten().chain([None]).collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    }

    /// The one place where all of these requests go. `None` where that is not certain.
    pub fn certain_landing(&self, paths: &PathPattern) -> Option<Landing<'_>> {
        self.only(&self.landings(paths))
    }

    /// The one landing, where there are no others and no route is unknown.
    fn only<'t>(&self, landings: &[Landing<'t>]) -> Option<Landing<'t>> {
        let [landing] = landings else { return None };
        self.open.is_none().then_some(*landing)
    }
}
