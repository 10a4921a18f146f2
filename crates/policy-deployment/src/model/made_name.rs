//! Names of what the repository's own infrastructure makes, with what decides each part of them.

use std::collections::{BTreeMap, BTreeSet};

use policy_text::source::Span;

use super::ecs_call::NamedKind;

/// All names by what they are of.
#[derive(Debug, Default)]
pub struct MadeNames {
    /// The names, in the order of root modules and addresses.
    pub names: BTreeMap<NamedKind, Vec<MadeName>>,
    /// The kinds of which there may be more.
    pub may_be_more: BTreeSet<NamedKind>,
    /// The regions of AWS that the infrastructure names anywhere.
    pub regions: BTreeSet<String>,
    /// The names that documentation tells people to make, or that other programs make.
    pub told: BTreeSet<(NamedKind, String)>,
}

/// A name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeName {
    /// Its parts from left to right.
    pub parts: Vec<NamePart>,
    /// What has the name, for messages.
    pub of: String,
    /// Where that is written.
    pub at: Span,
}

/// A part of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamePart {
    /// It is written out.
    Fixed(String),
    /// It is the default of a variable or a value of one environment, with the place of that: whoever applies it may give
    /// another one.
    Given(String, Span),
    /// It is not known.
    Unknown,
}
