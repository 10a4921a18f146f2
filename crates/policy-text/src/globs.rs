//! Globs as configuration writes them.

use std::fmt;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::source::RepoPath;

/// Globs of which `*` stays within one component and `**` does not.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    written: Vec<String>,
    set: GlobSet,
}

/// Why a list of globs cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct GlobError(String);

/// Globs of one list: each is compiled, and so takes memory.
const MAX_GLOBS: usize = 1_000;

/// Characters of one glob; no path of a repository is longer.
const MAX_LENGTH: usize = 1_024;

/// Alternatives in braces of one glob, and how far these stand in one another.
const MAX_ALTERNATIVES: usize = 100;
const MAX_NESTING: usize = 8;

/// Characters of a glob that a message shows.
const MAX_SHOWN: usize = 60;

impl Globs {
    /// The globs of a list.
    pub fn new(written: Vec<String>) -> Result<Self, GlobError> {
        if written.len() > MAX_GLOBS {
            return Err(GlobError(format!("more than {MAX_GLOBS} globs in one list")));
        }
        let mut globs = GlobSetBuilder::new();
        for glob in &written {
            let refused = |why: &dyn fmt::Display| {
                // A glob that is too long is not said in its length.
                let shown: String = glob.chars().take(MAX_SHOWN).collect();
                let more = if shown.len() < glob.len() { "…" } else { "" };
                GlobError(format!("`{shown}{more}` is not a glob: {why}"))
            };
            measure(glob).map_err(|why| refused(&why))?;
            let built = GlobBuilder::new(glob.trim_end_matches('/')).literal_separator(true).build();
            globs.add(built.map_err(|error| refused(error.kind()))?);
        }
        let set = globs.build().map_err(|error| GlobError(error.kind().to_string()))?;
        Ok(Self { written, set })
    }

    /// These globs, read as relative to `folder`.
    pub fn below(&self, folder: &RepoPath) -> impl Iterator<Item = String> {
        let start = if folder.is_root() { String::new() } else { literal(folder) + "/" };
        self.written.iter().map(move |glob| format!("{start}{glob}"))
    }

    /// The globs as they were written.
    pub fn written(&self) -> &[String] {
        &self.written
    }

    /// Whether one of the globs matches the whole of `name`.
    pub fn matches(&self, name: &str) -> bool {
        self.set.is_match(name)
    }

    /// Whether one of the globs matches `path` or a folder that holds it.
    pub fn cover(&self, path: &RepoPath) -> bool {
        !self.set.is_empty() && path.ancestors().any(|path| self.matches(path.as_str()))
    }
}

impl Serialize for Globs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Globs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// The glob that matches `path` alone.
pub fn literal(path: &RepoPath) -> String {
    globset::escape(path.as_str())
}

/// Refuses what would take long to compile: nested braces multiply, and each is a call on the stack.
fn measure(glob: &str) -> Result<(), String> {
    if glob.len() > MAX_LENGTH {
        return Err(format!("it is longer than {MAX_LENGTH} bytes"));
    }
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in glob.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest > MAX_NESTING {
        return Err(format!("its braces stand in one another more than {MAX_NESTING} times"));
    }
    if glob.bytes().filter(|&byte| byte == b',').count() > MAX_ALTERNATIVES {
        return Err(format!("it has more than {MAX_ALTERNATIVES} alternatives"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error, SeqDeserializer};

    use super::*;

    fn globs(written: &[&str]) -> Result<Globs, Error> {
        let written: Vec<String> = written.iter().map(|&glob| glob.to_owned()).collect();
        Globs::deserialize(SeqDeserializer::new(written.into_iter()))
    }

    #[test]
    fn braces_and_classes_are_understood_in_moderation() {
        let globs = globs(&["a/{b,c{d,e}}/*.[tj]s"]).unwrap();
        assert!(globs.matches("a/ce/x.ts") && !globs.matches("a/c/x.ts"));
    }

    #[test]
    fn globs_of_a_folder_are_relative_to_it_whatever_its_name() {
        let folder = RepoPath::new("a[1]/{b}").unwrap();
        let below = Globs::new(globs(&["*.ts", "x/"]).unwrap().below(&folder).collect()).unwrap();
        let covers = |path: &str| below.cover(&RepoPath::new(path).unwrap());
        assert!(covers("a[1]/{b}/c.ts") && covers("a[1]/{b}/x/y"));
        assert!(!covers("c.ts") && !covers("a1/b/c.ts") && !covers("a[1]/{b}/y/c.ts"));
    }

    #[test]
    fn what_would_be_too_much_to_compile_is_refused_with_its_reason() {
        let refused = |glob: String, words: &str| {
            let error = globs(&[&glob]).unwrap_err().to_string();
            assert!(error.ends_with(words) && error.len() < 300, "{error}");
        };
        refused("{".repeat(100_000), "it is longer than 1024 bytes");
        refused("{a,".repeat(9) + &"}".repeat(9), "its braces stand in one another more than 8 times");
        refused(format!("{{{}}}", "a,".repeat(500)), "it has more than 100 alternatives");
        assert!(globs(&vec!["a"; 1_001]).is_err());
    }
}
