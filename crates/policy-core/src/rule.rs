//! A rule: a card that explains it beside a pure function of the model.

mod each_root;
mod texts;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use crate::card::{Card, CardError, Example, ExampleFile, Examples};
pub use texts::Texts;

use policy_deployment::model::Deployment;
use policy_text::directive::{Directive, Malformed};
use policy_text::source::{FileId, SourceText, Sources};
use policy_text::{Family, Problem};

use crate::config::Options;
use crate::finding::Finding;
use crate::rule_id::RuleId;

/// A rule as plain data.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What people name it by.
    pub id: RuleId,
    /// The card's Markdown with its front matter; see [`Card::parse`].
    pub card: &'static str,
    /// The check.
    pub check: Check,
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
    pub const fn new(
        family: Family,
        problem: &'static str,
        card: &'static str,
        check: fn(&Context<'_>) -> Vec<Finding>,
    ) -> Self {
        Self { id: RuleId::new(family, problem), card, check: Check::Model(check) }
    }

    /// A rule about the directives that allow findings.
    pub const fn of_directives(
        family: Family,
        problem: &'static str,
        card: &'static str,
        check: fn(&Directives<'_>) -> Vec<Finding>,
    ) -> Self {
        Self { id: RuleId::new(family, problem), card, check: Check::Directives(check) }
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
    /// The contents that rules have quoted.
    pub texts: &'a Texts,
    /// What could not be read or understood.
    pub problems: &'a [Problem],
    /// What the settings say about the deployment that the files cannot tell.
    pub options: &'a Options,
}

impl Context<'_> {
    /// The text of a file, to quote. It is read once for all rules. `None` where it cannot be read.
    pub fn text(&self, file: FileId) -> Option<Arc<SourceText>> {
        self.texts.of(file, self.sources)
    }
}

/// All that a rule about directives may look at.
#[derive(Clone, Copy)]
pub struct Directives<'a> {
    /// Every directive by place, each with the rules that it allowed a finding of.
    pub all: &'a [JudgedDirective],
    /// Comments that are not understood, by place.
    pub malformed: &'a [Malformed],
    /// The ids of all rules there are.
    pub known: &'a [RuleId],
    /// The ids of the rules that ran: what did not run had nothing to allow.
    pub ran: &'a [RuleId],
}

/// A directive, and what it was good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedDirective {
    /// The directive.
    pub directive: Directive,
    /// The rules of which it allowed a finding, of those it names.
    pub used: BTreeSet<RuleId>,
}
