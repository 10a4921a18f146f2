//! What is known of a program for Java's virtual machine.

use std::collections::BTreeSet;

use policy_http::environment::Environment;
use policy_http::path::PathPattern;
use policy_text::source::{RepoPath, Sources, Span};

use super::dependencies;
use super::project;
use super::settings::{Setting, Settings};
use crate::code::Code;
use crate::family::is_of;
use crate::reading::Reading;
use crate::scan::Piece;
use crate::units::Units;

/// What is known of a program.
pub(super) struct Jvm {
    pub(super) units: Units,
    pub(super) settings: Settings,
    /// The names of what it depends on.
    pub(super) dependencies: BTreeSet<String>,
    /// A file that stands for all of it.
    pub(super) at: Span,
    /// Whether a folder of its own holds files that it serves.
    pub(super) has_files: bool,
}

impl Jvm {
    pub(super) fn read(
        folder: &RepoPath,
        words: &[String],
        environment: &Environment,
        sources: &Sources<'_>,
        reading: &mut Reading<'_>,
    ) -> Option<Self> {
        let modules = project::modules(folder, sources, reading);
        let (build, _) = modules.build_files.first()?;
        let at = Span::start_of(*build);
        let units = Units::read(modules.code.iter().copied(), reading);
        let mut settings = Settings::read(&modules.resources, words, environment, sources);
        for key in units.all().iter().flat_map(|unit| set_by(&unit.code)) {
            settings.is_set_by_code(&key);
        }
        Some(Self {
            units,
            settings,
            dependencies: dependencies::of(&modules.build_files, &modules.names),
            at,
            has_files: modules.has_files,
        })
    }

    /// Whether it depends on something of a family of packages.
    pub(super) fn uses(&self, family: &str) -> bool {
        self.dependencies.iter().any(|name| is_of(name, family))
    }

    /// The path that these settings put before others, one after the other. `None` where one is not known.
    pub(super) fn prefix(&self, keys: &[&str]) -> Option<String> {
        let mut prefix = String::new();
        for key in keys {
            match self.settings.get(key) {
                Setting::Known(value) => prefix = joined(&prefix, &value),
                Setting::Unset => {}
                Setting::Unknown => return None,
            }
        }
        Some(prefix)
    }
}

/// What sets settings in the code of a program.
const SETTERS: [&str; 6] = [
    "MapPropertySource",
    "SpringApplicationBuilder",
    "setDefaultProperties",
    "setDefaultProperty",
    "setProperty",
    "withDefaultProperties",
];

/// The keys of settings that a file sets, where it sets some: its texts that look like one, with or without a value behind it.
fn set_by(code: &Code) -> Vec<String> {
    if !SETTERS.iter().any(|name| code.mentions(name)) {
        return Vec::new();
    }
    // What a text is given to that only reads.
    let is_read = |at: usize| {
        code.closing(at.wrapping_sub(1), '(').is_some()
            && code.word(at.wrapping_sub(2)).is_some_and(|name| name.starts_with("get"))
    };
    let texts =
        (0..code.len()).filter(|at| !is_read(*at)).filter_map(|at| match code.pieces(at)?.as_slice() {
            [Piece::Literal(text)] => {
                let key = text.split(['=', ':']).next().unwrap_or_default().trim();
                (key.contains('.') && !key.contains(' ')).then(|| key.to_owned())
            }
            _ => None,
        });
    texts.collect()
}

/// Two paths one after the other, with one slash before each and none behind a prefix.
pub(super) fn joined(prefix: &str, path: &str) -> String {
    let prefix = prefix.trim_end_matches('/');
    let begins = if prefix.is_empty() || prefix.starts_with('/') { "" } else { "/" };
    match path.strip_prefix('/').unwrap_or(path) {
        "" if path.is_empty() || prefix.is_empty() => format!("{begins}{prefix}"),
        path => format!("{begins}{prefix}/{path}"),
    }
}

/// Where something lies that is not known, below a prefix that may not be known either.
pub(super) fn below(prefix: Option<&str>) -> PathPattern {
    prefix.and_then(PathPattern::prefix).unwrap_or_else(PathPattern::everything)
}
