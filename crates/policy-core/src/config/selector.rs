//! Selectors of rules: one rule, a family, or all.

use policy_text::Family;

use super::error::suggestion;
use super::nearest;
use crate::rule_id::RuleId;

/// The name of all rules.
pub(super) const ALL: &str = "ALL";

/// A rule, all rules of a family, or all rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector {
    /// One rule.
    Rule(RuleId),
    /// All rules of a family.
    Family(Family),
    /// Every rule.
    All,
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

impl Selector {
    /// What `name` means in any case of its letters, where `known` are the ids of all rules.
    pub fn parse(name: &str, known: &[RuleId]) -> Result<Self, UnknownRule> {
        if name.eq_ignore_ascii_case(ALL) {
            return Ok(Self::All);
        }
        let lower = name.to_ascii_lowercase();
        let rule = known.iter().find(|id| **id == *lower).map(|&id| Self::Rule(id));
        let family = || known.iter().find(|id| id.family.name() == lower).map(|id| Self::Family(id.family));
        rule.or_else(family).ok_or_else(|| UnknownRule::new(name, known))
    }

    /// Whether it means `rule`, alone or among others.
    pub fn selects(self, rule: RuleId) -> bool {
        match self {
            Self::Rule(id) => id == rule,
            Self::Family(family) => family == rule.family,
            Self::All => true,
        }
    }
}

impl UnknownRule {
    fn new(name: &str, known: &[RuleId]) -> Self {
        // Half a name is as good as a slip: `latest-tag` for `image/latest-tag`.
        let meant = known.iter().find(|id| id.problem == name).map(ToString::to_string);
        let ids: Vec<String> = known.iter().map(ToString::to_string).collect();
        let families = known.iter().map(|id| id.family.name());
        let alike = || nearest(name, ids.iter().map(String::as_str).chain(families)).map(str::to_owned);
        Self { name: name.to_owned(), nearest: meant.or_else(alike) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATEST_TAG: RuleId = RuleId::new(Family::Image, "latest-tag");
    const KNOWN: [RuleId; 2] = [LATEST_TAG, RuleId::new(Family::Docker, "runs-as-root")];

    #[test]
    fn a_name_means_a_rule_or_a_family_that_has_rules() {
        assert_eq!(Selector::parse("image/latest-tag", &KNOWN), Ok(Selector::Rule(LATEST_TAG)));
        assert_eq!(Selector::parse("image", &KNOWN), Ok(Selector::Family(Family::Image)));
        assert_eq!(Selector::parse("Image/LATEST-tag", &KNOWN), Ok(Selector::Rule(LATEST_TAG)));
        assert_eq!(Selector::parse("IMAGE", &KNOWN), Ok(Selector::Family(Family::Image)));
        assert_eq!(Selector::parse("all", &KNOWN), Ok(Selector::All));
        assert!(Selector::parse("alb", &KNOWN).is_err());
    }

    #[test]
    fn a_stranger_is_refused_with_what_was_meant() {
        let message = |name| Selector::parse(name, &KNOWN).unwrap_err().to_string();
        assert_eq!(message("imge"), "there is no rule or family `imge`; did you mean `image`?");
        assert_eq!(
            message("latest-tag"),
            "there is no rule or family `latest-tag`; did you mean `image/latest-tag`?"
        );
        assert_eq!(message("ima"), "there is no rule or family `ima`; did you mean `image`?");
        assert_eq!(message("?"), "there is no rule or family `?`");
    }
}
