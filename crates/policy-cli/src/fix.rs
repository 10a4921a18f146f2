//! `--fix` and `--diff`: what the findings offer, written to the files or shown.

use std::fs;
use std::path::Path;

use policy_core::finding::Applicability;
use policy_core::report::{Change, Report, changes};
use similar::TextDiff;

use crate::exit::Failure;
use crate::terminal::harmless;

/// The changes as one unified diff.
pub(crate) fn diff(report: &Report, lowest: Applicability) -> String {
    changes(report, lowest).iter().map(file_diff).collect()
}

fn file_diff(change: &Change) -> String {
    let path = harmless(change.path.as_str());
    let before = change.before.as_deref();
    let old = before.map_or_else(|| "/dev/null".to_owned(), |_| format!("a/{path}"));
    TextDiff::from_lines(before.unwrap_or_default(), &change.after)
        .unified_diff()
        .header(&old, &format!("b/{path}"))
        .to_string()
}

/// Writes the changes below `root`, and says how many files were changed. Either all are written or, where a file is no
/// longer what was checked, none.
pub(crate) fn apply(report: &Report, lowest: Applicability, root: &Path) -> Result<usize, Failure> {
    let changes = changes(report, lowest);
    let on_disk = |change: &Change| root.join(change.path.as_str());
    if let Some(change) = changes.iter().find(|change| !is_as_checked(&on_disk(change), change)) {
        return Err(Failure::Changed(on_disk(change)));
    }
    for change in &changes {
        let path = on_disk(change);
        fs::write(&path, &change.after).map_err(|error| Failure::Output { path, error })?;
    }
    Ok(changes.len())
}

/// A file that is not valid UTF-8, or that somebody changed meanwhile, is not what was checked.
fn is_as_checked(path: &Path, change: &Change) -> bool {
    match &change.before {
        Some(before) => fs::read(path).is_ok_and(|bytes| bytes == before.as_bytes()),
        None => fs::symlink_metadata(path).is_err(),
    }
}
