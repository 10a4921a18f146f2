//! A rule: a card that explains it beside a pure function of the model.

mod card;

pub use card::{Card, CardError, Example, ExampleFile, Examples};

use crate::finding::Finding;
use crate::model::Deployment;
use crate::source::Sources;

/// A rule as plain data.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// `family/problem`.
    pub id: &'static str,
    /// The card's Markdown with its front matter; see [`Card::parse`].
    pub card: &'static str,
    /// The check.
    pub check: fn(&Context<'_>) -> Vec<Finding>,
}

/// All that a rule may look at.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The model of the deployment.
    pub deployment: &'a Deployment,
    /// The listed files: their paths and what folders there are. Rules read no contents.
    pub sources: &'a Sources<'a>,
}
