//! What workflows push with each commit, and whether anything deploys it.

use std::collections::BTreeSet;

use policy_text::source::FileId;

/// The pushes of workflows that run with each commit.
#[derive(Clone, Debug, Default)]
pub struct CommitPushes {
    /// The workflows that run when commits are pushed to a branch.
    pub workflows: BTreeSet<FileId>,
    /// Whether anything may bring what they push to the services that run it. It is looked for only where they push any.
    pub may_be_deployed: bool,
    /// Whether a schedule or an event starts tasks: each of those looks its tag up. It is looked for only where nothing deploys.
    pub starts_tasks: bool,
}
