//! Globs as configuration writes them.

use globset::{GlobBuilder, GlobMatcher};
use serde::{Deserialize, Deserializer, de};

use crate::source::RepoPath;

/// Globs of which `*` stays within one component and `**` does not.
#[derive(Clone, Debug, Default)]
pub struct Globs(Vec<GlobMatcher>);

impl Globs {
    /// Whether one of the globs matches the whole of `name`.
    pub fn matches(&self, name: &str) -> bool {
        self.0.iter().any(|glob| glob.is_match(name))
    }

    /// Whether one of the globs matches `path` or a folder that holds it.
    pub fn cover(&self, path: &RepoPath) -> bool {
        !self.0.is_empty() && path.ancestors().any(|path| self.matches(path.as_str()))
    }
}

impl<'de> Deserialize<'de> for Globs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Vec::<String>::deserialize(deserializer)?;
        let compile = |glob: &String| {
            GlobBuilder::new(glob.trim_end_matches('/'))
                .literal_separator(true)
                .build()
                .map(|glob| glob.compile_matcher())
                .map_err(|error| de::Error::custom(format!("`{glob}` is not a glob: {}", error.kind())))
        };
        written.iter().map(compile).collect::<Result<_, _>>().map(Self)
    }
}
