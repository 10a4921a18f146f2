//! Routes as a shell script that requests every endpoint through the load balancer.

use super::shown::{Endpoint, Entrance, EntranceKind, Kind};

/// What the script begins with: the function that asks, and what nobody serves.
const START: &str = r#"#!/bin/sh
# Requests every endpoint through the load balancer, and fails if the program that serves it does not answer: if nothing
# does, or if the response is that of a path that does not exist.
#
#     BASE=https://shop.example.org sh smoke.sh
set -u
: "${BASE:?the address of the load balancer, as in https://shop.example.org}"
failed=0
nobody=$(curl --silent --show-error --max-time 20 "$BASE/portcullis-asks-for-what-nobody-serves")

ask() {
    answer=$(curl --silent --show-error --max-time 20 --write-out '\n%{http_code}' "$BASE$1")
    status=${answer##*
}
    body=${answer%
*}
    case $status in
    000 | 404 | 502 | 503 | 504) echo "FAILED $1: status $status; expected a response from $2"; failed=1 ;;
    *)
        if [ -n "$body" ] && [ "$body" = "$nobody" ]; then
            echo "FAILED $1: same response as for a path that does not exist; expected a response from $2"; failed=1
        else
            echo "ok $1 ($status)"
        fi ;;
    esac
}

"#;

/// The script. Where load balancers or distributions are known, it asks those alone: what a compose file or a cluster has may
/// be for another address. Only what is meant for everybody and can be asked without harm is: `GET` of a path without parameters.
pub(super) fn script(entrances: &[Entrance]) -> String {
    let mut asked = std::collections::BTreeSet::new();
    let is_of_aws =
        |entrance: &&Entrance| matches!(entrance.kind, EntranceKind::Listener | EntranceKind::Distribution);
    let has_aws = entrances.iter().any(|entrance| is_of_aws(&entrance));
    let public = entrances.iter().filter(|entrance| entrance.public && (!has_aws || is_of_aws(entrance)));
    for endpoint in public.flat_map(|entrance| &entrance.endpoints).filter(|endpoint| is_harmless(endpoint)) {
        asked.insert((endpoint.path.as_str(), endpoint.container.as_str()));
    }
    let lines =
        asked.into_iter().map(|(path, container)| format!("ask {} {}\n", quoted(path), quoted(container)));
    format!("{START}{}exit $failed\n", lines.collect::<String>())
}

fn is_harmless(endpoint: &Endpoint) -> bool {
    let gets = endpoint.methods.is_empty() || endpoint.methods.iter().any(|method| method == "GET");
    gets && !endpoint.operational
        && endpoint.kind == Kind::Requests
        && !endpoint.path.contains(['{', '*', '?'])
}

/// A word of the shell that is nothing but this text.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
