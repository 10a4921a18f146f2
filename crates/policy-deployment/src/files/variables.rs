//! Environment variables that something in the repository sets.

use std::collections::HashSet;
use std::sync::OnceLock;

use policy_text::yaml::{Node, Yaml};

use super::Parsed;

/// The variables that scripts, recipes and pipelines set, whatever to. They are looked for once, if anybody asks.
pub(crate) struct SetVariables<'p> {
    parsed: &'p Parsed,
    names: OnceLock<HashSet<&'p str>>,
}

impl<'p> SetVariables<'p> {
    pub(crate) fn of(parsed: &'p Parsed) -> Self {
        Self { parsed, names: OnceLock::new() }
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.names.get_or_init(|| names_in(self.parsed)).contains(name)
    }

    /// Whether any variable in `written` is set: then its default has no say.
    pub(crate) fn decide(&self, written: &str) -> bool {
        named_in(written).any(|name| self.contains(name))
    }
}

/// The variables in `written`, such as `web:${TAG:-latest}`.
pub(crate) fn named_in(written: &str) -> impl Iterator<Item = &str> {
    let names = written.split('$').skip(1).map(|rest| leading_name(rest.trim_start_matches('{')));
    names.filter(|name| !name.is_empty())
}

fn names_in(parsed: &Parsed) -> HashSet<&str> {
    let assigned = parsed.texts_of_commands().flat_map(assigned_in);
    let by_make =
        parsed.makefiles.iter().flat_map(|(_, file)| &file.variables).map(|(name, _)| name.as_str());
    let by_jenkins = parsed.jenkinsfiles.iter().flat_map(|(_, file)| file.values.keys().map(String::as_str));
    let keys = parsed.pipelines().flat_map(Yaml::nodes).flat_map(Node::entries);
    let by_pipelines = keys.filter_map(|(key, _)| key.as_str());
    assigned.chain(by_make).chain(by_jenkins).chain(by_pipelines).collect()
}

/// The names before `=` in a text of commands.
fn assigned_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('=').filter_map(|(at, _)| {
        let before = text.get(..at)?;
        let name = before.trim_end_matches(is_of_name);
        before.get(name.len()..).filter(|name| !name.is_empty())
    })
}

fn leading_name(text: &str) -> &str {
    text.split(|c| !is_of_name(c)).next().unwrap_or_default()
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_set_as_a_whole() {
        let names: HashSet<&str> =
            assigned_in("export IMAGE_TAG=$(git rev-parse HEAD)\nA=1 B=\"2\" make\n== x").collect();
        assert_eq!(names, HashSet::from(["IMAGE_TAG", "A", "B"]));
    }
}
