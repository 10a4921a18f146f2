//! Files that jobs of pipelines hand over to others: they lie there before a build, although no checkout has them.

use policy_text::source::{RepoPath, Span};
use policy_text::yaml::Node;

use crate::found::Found;

/// Adds files that are handed over to `receivers`, the part of a pipeline that gets them in `folder`. Where their names do not
/// begin with one that is written out, anything may be among them.
pub(super) fn add<'p>(
    found: &mut Found,
    folder: &RepoPath,
    patterns: impl IntoIterator<Item = &'p str>,
    receivers: Span,
) {
    for pattern in patterns {
        match written_out(folder, pattern) {
            Some(path) => {
                found.made.insert(path);
            }
            None => add_unknown(found, receivers),
        }
    }
}

/// Adds files of which nothing is known.
pub(super) fn add_unknown(found: &mut Found, receivers: Span) {
    if !found.supplied.contains(&receivers) {
        found.supplied.push(receivers);
    }
}

/// The texts of a list, or the lines of one text.
pub(super) fn listed(node: Option<Node<'_>>) -> Vec<&str> {
    let Some(node) = node else { return Vec::new() };
    match node.as_str() {
        Some(lines) => lines.lines().collect(),
        None => node.items().filter_map(Node::as_str).collect(),
    }
}

/// The folder or file below `folder` with which a pattern begins. `None` for all of the folder, and for what lies elsewhere.
fn written_out(folder: &RepoPath, pattern: &str) -> Option<RepoPath> {
    let pattern = pattern.trim();
    let known: Vec<&str> =
        pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '{', '$', '<', '~'])).collect();
    let path = folder.join(&known.join("/")).filter(|path| path != folder);
    path.filter(|_| !pattern.starts_with('/'))
}
