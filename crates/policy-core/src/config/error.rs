//! What can be wrong with a configuration, in words for the person who wrote it.

use policy_text::globs::GlobError;
use policy_text::source::SourceText;

use super::{UnknownRule, nearest};

/// Why a configuration cannot be used. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Not TOML, or a value that cannot be understood.
    #[error("line {line}: {message}")]
    Syntax {
        /// The line.
        line: usize,
        /// What the reader of TOML says.
        message: String,
    },
    /// A key that means nothing.
    #[error("line {line}: unknown key `{key}`{}", suggestion(.nearest.as_deref()))]
    UnknownKey {
        /// The line.
        line: usize,
        /// The key.
        key: String,
        /// The key that was probably meant.
        nearest: Option<String>,
    },
    /// A key of a configuration below the root that only the root's may have.
    #[error(
        "`{0}` is set for whole checks, in the root; here, `exclude`, `rules` and `overrides` are understood"
    )]
    OfRoot(&'static str),
    /// Globs that cannot be used together.
    #[error(transparent)]
    Globs(GlobError),
    /// A rule or family that does not exist.
    #[error("line {line}: {unknown}")]
    UnknownRule {
        /// The line.
        line: usize,
        /// The name, and what was probably meant.
        unknown: UnknownRule,
    },
}

impl ConfigError {
    pub(super) fn from_toml(text: &str, error: &toml::de::Error) -> Self {
        let line = error.span().map_or(1, |span| SourceText::new(text).line_of(span.start));
        let message = error.message();
        // serde words an unknown field as "unknown field `x`, expected one of `a`, `b`".
        if message.starts_with("unknown field") {
            let mut quoted = message.split('`').skip(1).step_by(2);
            if let Some(key) = quoted.next() {
                let nearest = nearest(key, quoted).map(str::to_owned);
                return Self::UnknownKey { line, key: key.to_owned(), nearest };
            }
        }
        Self::Syntax { line, message: plain(message) }
    }
}

/// What serde says of a value, in the words of somebody who writes TOML. What is not serde's stays as it is.
fn plain(message: &str) -> String {
    let of_value =
        ["invalid type: ", "invalid value: "].iter().find_map(|prefix| message.strip_prefix(prefix));
    if let Some((found, wanted)) = of_value.and_then(|rest| rest.split_once(", expected ")) {
        let wanted = match wanted {
            "a sequence" => "a list",
            "u16" => "a number from 0 to 65535",
            "a map" => "a table",
            _ if wanted.starts_with("struct ") => "a table",
            _ => wanted,
        };
        let found = match found {
            "sequence" => "a list".to_owned(),
            "map" => "a table".to_owned(),
            _ => format!("the {found}"),
        };
        return format!("expected {wanted}, found {found}");
    }
    match message.strip_prefix("missing field ") {
        Some(key) => format!("the key {key} is missing"),
        None => message.to_owned(),
    }
}

pub(super) fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}
