//! Whether a path is sent: all patterns of an ignore file together, remembering what matched the folder above.

use super::{IgnoreFile, Pattern};

/// For each pattern, whether it matched a folder or one above it: what Docker's walk carries downwards.
/// The default is that of the context's root, which no pattern matches.
#[derive(Clone, Debug, Default)]
pub struct ParentMatches(Vec<bool>);

/// What an ignore file says about one path.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// Whether the path is left out of what is sent.
    pub excluded: bool,
    /// The last pattern that changed the answer. `None` where no pattern ever did.
    pub by: Option<&'a Pattern>,
}

impl IgnoreFile {
    /// What happens to the child `path` (relative to the context) of a folder whose matches are `parent`, and the
    /// child's own matches to pass on. Equal to moby's `MatchesUsingParentResults`.
    pub fn decide_below(&self, path: &str, parent: &ParentMatches) -> (Decision<'_>, ParentMatches) {
        let mut decision = Decision { excluded: false, by: None };
        let mut remembered = Vec::with_capacity(self.patterns.len());
        for (index, pattern) in self.patterns.iter().enumerate() {
            let from_parent = parent.0.get(index).copied().unwrap_or(false);
            // A pattern that could not change the answer is not even remembered as matching.
            let asked = pattern.exception == decision.excluded;
            let hit = from_parent || (asked && pattern.matches(path));
            remembered.push(hit);
            if hit {
                if decision.excluded == pattern.exception {
                    decision.by = Some(pattern);
                }
                decision.excluded = !pattern.exception;
            }
        }
        (decision, ParentMatches(remembered))
    }

    /// What happens to `path`, relative to the context, after a walk down to it.
    pub fn decide(&self, path: &str) -> Decision<'_> {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let mut decision = Decision { excluded: false, by: None };
        let mut matches = ParentMatches::default();
        for end in ends {
            let Some(part) = path.get(..end).filter(|part| !part.is_empty()) else { continue };
            (decision, matches) = self.decide_below(part, &matches);
        }
        decision
    }

    /// Whether Docker's walk still enters the excluded `folder`, because an exception may match below it.
    pub fn may_reenter(&self, folder: &str) -> bool {
        let mut exceptions = self.patterns.iter().filter(|pattern| pattern.exception).peekable();
        if exceptions.peek().is_none() {
            return false;
        }
        if self.patterns.iter().any(|pattern| pattern.exception && !pattern.is_plain_prefix()) {
            return true;
        }
        exceptions.any(|pattern| {
            pattern
                .without_trailing_glob()
                .strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/') || rest.is_empty())
        })
    }
}
