//! `--add-allow`: comments above findings that allow them, with a reason to fill in.

use std::collections::HashSet;

use policy_core::directive::PLACEHOLDER;
use policy_core::report::{Change, Report, allowances};
use policy_core::source::{Laid, Overlay, RepoPath, SourceTree};

use crate::exit::Failure;

/// A reason that counts as one, to see whether a comment with it would hold.
const SOME_REASON: &str = "as a trial";

/// The changes that write the comments. A file in which one would allow nothing, as within a text of several lines, or
/// would bring a finding, stays as it is.
pub(crate) fn changes(
    found: &Report,
    tree: &dyn SourceTree,
    check: impl Fn(&dyn SourceTree) -> Result<Report, Failure>,
) -> Result<Vec<Change>, Failure> {
    let trial = allowances(found, SOME_REASON);
    let laid =
        trial.iter().map(|change| (change.path.clone(), Laid::File(change.after.clone().into_bytes())));
    let tried = check(&Overlay::new(tree).with(laid))?;
    let left: HashSet<RepoPath> = paths(&tried).collect();
    let mut changes = allowances(found, PLACEHOLDER);
    changes.retain(|change| !left.contains(&change.path));
    Ok(changes)
}

/// The files of what is found, each as often as something is.
fn paths(report: &Report) -> impl Iterator<Item = RepoPath> {
    report.active().filter_map(|found| report.file(found.finding.primary.span)).map(|file| file.path.clone())
}
