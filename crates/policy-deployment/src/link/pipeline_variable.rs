//! Variables that pipelines set: the code that is built there takes their values and not what it falls back to.

use std::collections::BTreeSet;

use policy_script::endpoint::{Endpoint, Host, address};
use policy_text::value::{Origin, Text};
use policy_text::yaml::Yaml;

use crate::files::Parsed;

/// Leaves out of each socket the addresses on the developer's machine that stand in for a variable which a pipeline sets.
pub(super) fn leave_out_fallbacks(endpoints: &mut [Endpoint], parsed: &Parsed) {
    let falls_back = |endpoint: &&Endpoint| endpoint.urls.iter().any(is_local);
    let asked: BTreeSet<String> = endpoints
        .iter()
        .filter(falls_back)
        .flat_map(|endpoint| endpoint.urls.iter().filter_map(Text::leading_variable))
        .map(|(name, _)| name.to_owned())
        .collect();
    if asked.is_empty() {
        return;
    }
    let set = set_by_pipelines(&asked, parsed);
    for endpoint in endpoints {
        let is_set = |url: &Text| url.leading_variable().is_some_and(|(name, _)| set.contains(name));
        if endpoint.urls.iter().any(is_set) {
            endpoint.urls.retain(|url| !is_local(url));
            for url in &mut endpoint.urls {
                if let Some((name, at)) = url.leading_variable().filter(|(name, _)| set.contains(*name)) {
                    let why = format!("a pipeline sets `{name}` to an unknown value");
                    *url = Text::hole(Origin::Other(why.into()), at);
                }
            }
        }
    }
}

fn is_local(url: &Text) -> bool {
    Host::of(&address(url)) == Host::Local
}

/// Those of the variables that a step or a job is given: as a key, or as `NAME=` in what it runs.
fn set_by_pipelines(asked: &BTreeSet<String>, parsed: &Parsed) -> BTreeSet<String> {
    let mut set = BTreeSet::new();
    for node in parsed.pipelines().flat_map(Yaml::nodes) {
        if let Some(text) = node.as_str() {
            set.extend(asked.iter().filter(|name| text.contains(&format!("{name}="))).cloned());
        }
        let entries = node.entries();
        let keys = entries.iter().filter_map(|(key, _)| key.as_str());
        set.extend(keys.filter(|key| asked.contains(*key)).map(ToOwned::to_owned));
    }
    set
}
