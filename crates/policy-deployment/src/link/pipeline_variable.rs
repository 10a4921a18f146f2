//! Variables that pipelines set: the code that is built there takes their values and not what it falls back to.

use std::collections::BTreeSet;

use policy_script::endpoint::{Endpoint, Host, address};
use policy_text::value::{Hole, Origin, Piece, Text};
use policy_text::yaml::Node;

use crate::files::Parsed;

/// How deep a pipeline is looked into.
const MAX_DEPTH: usize = 16;

/// Leaves out of each socket the addresses on the developer's machine that stand in for a variable which a pipeline sets.
pub(super) fn leave_out_fallbacks(endpoints: &mut [Endpoint], parsed: &Parsed) {
    let falls_back = |endpoint: &&Endpoint| endpoint.urls.iter().any(is_local);
    let asked: BTreeSet<String> = endpoints
        .iter()
        .filter(falls_back)
        .flat_map(|endpoint| endpoint.urls.iter().filter_map(|url| Some(variable(url)?.0.to_owned())))
        .collect();
    if asked.is_empty() {
        return;
    }
    let set = set_by_pipelines(&asked, parsed);
    for endpoint in endpoints {
        let is_set = |url: &Text| variable(url).is_some_and(|(name, _)| set.contains(name));
        if endpoint.urls.iter().any(is_set) {
            endpoint.urls.retain(|url| !is_local(url));
            for url in &mut endpoint.urls {
                if let Some((name, hole)) = variable(url).filter(|(name, _)| set.contains(*name)) {
                    let why = format!("a pipeline sets `{name}`, and its value is not known");
                    *url = Text::hole(Origin::Other(why.into()), hole.at);
                }
            }
        }
    }
}

/// The variable that an address begins with.
fn variable(url: &Text) -> Option<(&str, &Hole)> {
    match url.pieces().first()? {
        Piece::Hole(hole) => match &hole.origin {
            Origin::Environment(name) => Some((name, hole)),
            _ => None,
        },
        Piece::Literal(..) => None,
    }
}

fn is_local(url: &Text) -> bool {
    Host::of(&address(url)) == Host::Local
}

/// Those of the variables that a step or a job is given: as a key, or as `NAME=` in what it runs.
fn set_by_pipelines(asked: &BTreeSet<String>, parsed: &Parsed) -> BTreeSet<String> {
    let pipelines = parsed.yaml.iter().filter(|(_, file)| file.flavour.is_pipeline());
    let mut set = BTreeSet::new();
    for (_, pipeline) in pipelines {
        let mut open: Vec<(Node<'_>, usize)> =
            pipeline.yaml.documents().map(|document| (document, 0)).collect();
        while let Some((node, depth)) = open.pop() {
            if let Some(text) = node.as_str() {
                set.extend(asked.iter().filter(|name| text.contains(&format!("{name}="))).cloned());
            }
            for (key, value) in node.entries() {
                set.extend(key.as_str().filter(|key| asked.contains(*key)).map(ToOwned::to_owned));
                if depth < MAX_DEPTH {
                    open.push((value, depth + 1));
                }
            }
            if depth < MAX_DEPTH {
                open.extend(node.items().map(|item| (item, depth + 1)));
            }
        }
    }
    set
}
