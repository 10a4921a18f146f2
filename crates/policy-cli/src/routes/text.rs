//! Routes for people: a block for each entrance.

use std::fmt::Write as _;

use policy_core::harmless::harmless;

use super::shown::{Endpoint, Entrance, Kind};

/// All entrances.
pub(super) fn text(entrances: &[Entrance]) -> String {
    if entrances.is_empty() {
        return "No entry point was found: no load balancer listener, no CloudFront distribution, no Ingress and no nginx of a compose file.\n"
            .to_owned();
    }
    let mut out = String::new();
    for entrance in entrances {
        // Writing to a string cannot fail.
        let _ = add(&mut out, entrance);
    }
    out.lines().map(|line| harmless(line).into_owned() + "\n").collect()
}

fn add(out: &mut String, entrance: &Entrance) -> std::fmt::Result {
    let port = entrance.port.map(|port| format!(", port {port}")).unwrap_or_default();
    let public = if entrance.public { "" } else { ", not public" };
    let root = entrance.root.as_ref().map(|root| format!(" in {root}")).unwrap_or_default();
    writeln!(out, "{}{port}{public}{root}  {}", entrance.name, entrance.place)?;
    if let Some(open) = &entrance.open {
        writeln!(out, "  some routes are unknown: {open}")?;
    }
    for route in &entrance.routes {
        let number = route.number.map(|number| number.to_string()).unwrap_or_default();
        let conditions = [route.paths.as_slice(), route.narrowed_by.as_slice()].concat().join(" ");
        writeln!(out, "  {number:>5}  {conditions}  ->  {}", route.to)?;
    }
    writeln!(out, "      *  ->  {}", entrance.default)?;
    if !entrance.endpoints.is_empty() {
        writeln!(out, "  endpoints of the programs behind it:")?;
    }
    for endpoint in &entrance.endpoints {
        add_endpoint(out, endpoint)?;
    }
    writeln!(out)
}

fn add_endpoint(out: &mut String, endpoint: &Endpoint) -> std::fmt::Result {
    let kind = if endpoint.kind == Kind::Socket { "socket".to_owned() } else { endpoint.methods.join(",") };
    let called = if endpoint.called { ", called by a page" } else { "" };
    let Endpoint { path, container, place, .. } = endpoint;
    let served = endpoint.served_as.as_ref().map(|served| format!(" as {served}")).unwrap_or_default();
    write!(out, "    {kind:<7} {path}{served}  `{container}`{called}  {place}")?;
    if endpoint.reached {
        writeln!(out)
    } else {
        writeln!(out, "\n            not reached: {}", endpoint.lands.join("; "))
    }
}
