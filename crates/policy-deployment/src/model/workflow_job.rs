//! Jobs of workflows that run with each push: what each waits for, and whether it tests the code.

use std::collections::BTreeSet;

use policy_text::source::Span;

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowJob {
    /// What others need it by.
    pub name: String,
    /// Where it is named.
    pub name_at: Span,
    /// All of it.
    pub at: Span,
    /// The jobs without which it does not start. `None` where that is not known.
    pub needs: Option<Vec<String>>,
    /// Where it runs tests.
    pub tests: Option<Span>,
    /// When it runs, as it is written.
    pub condition: Option<String>,
    /// Whether its failure fails the workflow.
    pub counts: bool,
    /// Whether people may have to agree first, or something that is not read runs in it.
    pub may_be_held: bool,
}

impl WorkflowJob {
    /// The jobs of `all`, which are those of its file, that end before it starts. `None` where that is not known.
    pub fn before<'j>(&self, all: &'j [WorkflowJob]) -> Option<Vec<&'j WorkflowJob>> {
        let mut open: Vec<&str> = self.needs.as_ref()?.iter().map(String::as_str).collect();
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        while let Some(name) = open.pop() {
            if seen.insert(name) {
                let job = all.iter().find(|job| job.name == name)?;
                open.extend(job.needs.as_ref()?.iter().map(String::as_str));
                found.push(job);
            }
        }
        Some(found)
    }
}
