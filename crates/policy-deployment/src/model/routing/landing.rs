//! Where requests for given paths end up.

use policy_http::path::PathPattern;

use super::route::{Destination, Route};
use super::table::Table;

/// A place where some requests end up.
#[derive(Clone, Copy, Debug)]
pub struct Landing<'t> {
    /// The route that takes them. `None` for the default.
    pub by: Option<&'t Route>,
    /// Where they go.
    pub destination: &'t Destination,
}

impl Table {
    /// Everywhere that requests for these paths may go, in the order of the routes. Never empty.
    pub fn landings(&self, paths: &PathPattern) -> Vec<Landing<'_>> {
        let mut landings = Vec::new();
        for route in self.routes.iter().filter(|route| route.may_take(paths)) {
            landings.push(Landing { by: Some(route), destination: &route.destination });
            if route.takes_all(paths) {
                return landings;
            }
        }
        landings.push(Landing { by: None, destination: &self.default });
        landings
    }

    /// The one place where all of these requests go. `None` where that is not certain.
    pub fn certain_landing(&self, paths: &PathPattern) -> Option<Landing<'_>> {
        let landings = self.landings(paths);
        let [landing] = landings.as_slice() else { return None };
        self.open.is_none().then_some(*landing)
    }
}
