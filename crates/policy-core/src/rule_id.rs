//! The ids of rules: a family and a problem, `image/latest-tag`.

use std::borrow::Cow;
use std::fmt;

use policy_text::Family;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// Where the source of the program and the cards of its rules are.
pub(crate) const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The id of a rule. Ordered as its text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId {
    /// What stands before the slash.
    pub family: Family,
    /// What stands after it.
    pub problem: &'static str,
}

impl RuleId {
    /// The id of the rule about `problem` in `family`.
    pub const fn new(family: Family, problem: &'static str) -> Self {
        Self { family, problem }
    }
}

impl RuleId {
    /// The address of the page that explains the rule, which `docs/build.py` makes from its card.
    pub fn page(self) -> String {
        format!("{}rules/{self}/", env!("CARGO_PKG_HOMEPAGE"))
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.family, self.problem)
    }
}

impl Serialize for RuleId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for RuleId {
    fn schema_name() -> Cow<'static, str> {
        "RuleId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[a-z]+/[a-z0-9-]+$" })
    }
}

/// Whether somebody has written this id.
impl PartialEq<str> for RuleId {
    fn eq(&self, written: &str) -> bool {
        written.split_once('/') == Some((self.family.name(), self.problem))
    }
}

impl PartialEq<&str> for RuleId {
    fn eq(&self, written: &&str) -> bool {
        *self == **written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATEST_TAG: RuleId = RuleId::new(Family::Image, "latest-tag");

    #[test]
    fn an_id_is_what_people_write() {
        assert_eq!(LATEST_TAG.to_string(), "image/latest-tag");
        assert_eq!(LATEST_TAG, "image/latest-tag");
        for other in ["image", "latest-tag", "image/latest", "docker/latest-tag", "image/latest-tag/"] {
            assert_ne!(LATEST_TAG, other);
        }
    }

    #[test]
    fn ids_are_ordered_as_their_texts() {
        let ids = Family::ALL.iter().flat_map(|&family| ["a", "a-b", "b"].map(|it| RuleId::new(family, it)));
        assert!(ids.map(|id| id.to_string()).is_sorted());
        assert!(RuleId::new(Family::Docker, "z") < RuleId::new(Family::Ecs, "a"));
    }
}
