//! The rules that one run was asked for, whatever the configuration says of severities.

use super::error::suggestion;
use super::nearest;
use crate::rule_id::family;

/// Rules by id or family: those that alone run, and those that do not. By default, all do that the configuration wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    select: Vec<String>,
    ignore: Vec<String>,
}

/// A name that is neither a rule nor a family.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule or family `{name}`{}", suggestion(.nearest.as_deref()))]
pub struct UnknownRule {
    /// The name.
    pub name: String,
    /// The name that was probably meant.
    pub nearest: Option<String>,
}

impl UnknownRule {
    /// What to say of `name`, which is none of `known` nor a family of one.
    pub fn new(name: &str, known: &[&str]) -> Self {
        let families = known.iter().map(|id| family(id));
        let problem = |id: &&str| id.split_once('/').is_some_and(|(_, problem)| problem == name);
        // Half a name is as good as a slip: `latest-tag` for `image/latest-tag`.
        let meant = known.iter().find(|id| problem(id)).copied();
        let nearest = meant.or_else(|| nearest(name, known.iter().copied().chain(families)));
        Self { name: name.to_owned(), nearest: nearest.map(str::to_owned) }
    }
}

impl Choice {
    /// Runs what `select` names, or everything where it is empty, without what `ignore` names. `known` are the ids of
    /// all rules.
    pub fn new(select: Vec<String>, ignore: Vec<String>, known: &[&str]) -> Result<Self, UnknownRule> {
        let stranger = select.iter().chain(&ignore).find(|name| !known.iter().any(|id| names(name, id)));
        match stranger {
            Some(name) => Err(UnknownRule::new(name, known)),
            None => Ok(Self { select, ignore }),
        }
    }

    /// Whether the rule was selected by name, as a rule that is off by default has to be.
    pub(crate) fn asks_for(&self, rule: &str) -> bool {
        self.select.iter().any(|name| names(name, rule))
    }

    /// Whether the rule may run.
    pub(super) fn admits(&self, rule: &str) -> bool {
        (self.select.is_empty() || self.asks_for(rule)) && !self.ignore.iter().any(|name| names(name, rule))
    }
}

/// Whether `name` is the rule's id or its family.
pub fn names(name: &str, rule: &str) -> bool {
    rule == name || family(rule) == name
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 3] = ["image/latest-tag", "image/floating-tag", "docker/runs-as-root"];

    fn choice(select: &[&str], ignore: &[&str]) -> Result<Choice, UnknownRule> {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Choice::new(owned(select), owned(ignore), &KNOWN)
    }

    #[test]
    fn families_and_ids_select_and_ignore() {
        let choice = choice(&["image"], &["image/latest-tag"]).unwrap();
        assert!(choice.admits("image/floating-tag") && choice.asks_for("image/floating-tag"));
        assert!(!choice.admits("image/latest-tag"));
        assert!(!choice.admits("docker/runs-as-root"));
        assert!(Choice::default().admits("docker/runs-as-root"));
        assert!(!Choice::default().asks_for("docker/runs-as-root"));
    }

    #[test]
    fn a_stranger_is_refused_with_what_was_meant() {
        let message = |name| choice(&[], &[name]).unwrap_err().to_string();
        assert_eq!(message("imge"), "there is no rule or family `imge`; did you mean `image`?");
        assert_eq!(
            message("latest-tag"),
            "there is no rule or family `latest-tag`; did you mean `image/latest-tag`?"
        );
        assert_eq!(message("ima"), "there is no rule or family `ima`; did you mean `image`?");
        assert_eq!(message("?"), "there is no rule or family `?`");
    }
}
