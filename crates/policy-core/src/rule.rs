//! A rule: a card that explains it beside a pure function of the model.

mod card;
mod each_root;

pub use card::{Card, CardError, Example, ExampleFile, Examples};

use crate::config::Options;
use crate::finding::Finding;
use crate::model::Deployment;
use crate::parse::Problem;
use crate::source::Sources;
use crate::suppress::JudgedDirective;

/// A rule as plain data.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// `family/problem`.
    pub id: &'static str,
    /// The card's Markdown with its front matter; see [`Card::parse`].
    pub card: &'static str,
    /// The check.
    pub check: Check,
}

/// The family of the rule called `id`: what stands before the slash.
pub fn family(id: &str) -> &str {
    id.split_once('/').map_or(id, |(family, _)| family)
}

/// What a rule is a function of.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The model of the deployment, and the files it was read from.
    Model(fn(&Context<'_>) -> Vec<Finding>),
    /// The directives in the source, once it is known which of them allowed something.
    Directives(fn(&Directives<'_>) -> Vec<Finding>),
}

impl Rule {
    /// A rule about the deployment.
    pub const fn new(id: &'static str, card: &'static str, check: fn(&Context<'_>) -> Vec<Finding>) -> Self {
        Self { id, card, check: Check::Model(check) }
    }

    /// A rule about the directives that allow findings.
    pub const fn of_directives(
        id: &'static str,
        card: &'static str,
        check: fn(&Directives<'_>) -> Vec<Finding>,
    ) -> Self {
        Self { id, card, check: Check::Directives(check) }
    }
}

/// All that a rule may look at.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The model of the deployment.
    pub deployment: &'a Deployment,
    /// The listed files: their paths and what folders there are. Contents are for quoting alone: what is judged is the
    /// model.
    pub sources: &'a Sources<'a>,
    /// What could not be read or understood.
    pub problems: &'a [Problem],
    /// What the settings say about the deployment that the files cannot tell.
    pub options: &'a Options,
}

/// All that a rule about directives may look at.
#[derive(Clone, Copy)]
pub struct Directives<'a> {
    /// Every directive by place, each with the rules that it allowed a finding of.
    pub all: &'a [JudgedDirective],
    /// The ids of all rules there are.
    pub known: &'a [&'static str],
    /// The ids of the rules that ran: what did not run had nothing to allow.
    pub ran: &'a [&'static str],
}
