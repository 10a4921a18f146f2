//! The style of an ignore file and the place for new lines, so that lines added by a fix look like the file's own.

use std::collections::BTreeMap;

use policy_core::dockerignore::{IgnoreFile, Pattern, Place};
use policy_core::finding::Edit;

/// Groups of tools, with the words that comments use for what they leave behind.
const SUBJECTS: &[(&[&str], &[&str])] = &[
    (&["Python", "uv", "pip"], &["python", "py", "venv", "virtualenv"]),
    (
        &["mypy", "pytest", "ruff", "tox", "nox"],
        &["python", "py", "mypy", "pytest", "ruff", "tox", "nox", "cache", "caches"],
    ),
    (&["npm"], &["node", "npm", "yarn", "pnpm", "bun", "dependencies", "js", "javascript"]),
    (
        &["Next.js", "Nuxt", "SvelteKit", "Angular", "Turborepo", "Parcel", "Vite"],
        &["build", "builds", "output", "outputs", "artifacts", "next", "nuxt", "node", "js", "javascript"],
    ),
    (&["Cargo"], &["rust", "cargo"]),
    (&["Maven", "Gradle"], &["java", "kotlin", "maven", "gradle"]),
    (&[".NET"], &["net", "dotnet", "csharp"]),
    (&["Terraform"], &["terraform"]),
    (&["Composer"], &["php", "composer"]),
    (&["Mix"], &["elixir", "mix"]),
    (&["Rails", "Bundler"], &["ruby", "rails", "bundler"]),
];

/// How most patterns of one ignore file are written.
pub(super) struct IgnoreStyle {
    /// `dist/`
    closes_folders: bool,
    /// `/dist`
    begins_at_the_root: bool,
    /// Whether some pattern matches at any depth. True for a file that is too short to have a style.
    pub(super) reaches_down: bool,
}

impl IgnoreStyle {
    pub(super) fn of(ignore: &IgnoreFile) -> Self {
        let written = || ignore.patterns.iter().map(|pattern| pattern.written.trim_start_matches('!'));
        let folders =
            || ignore.patterns.iter().filter(|pattern| pattern.written.ends_with('/') || is_folder(pattern));
        let most = |some: usize, all: usize| some * 2 > all;
        let named = written().filter(|written| !written.contains('*'));
        Self {
            closes_folders: most(
                folders().filter(|pattern| pattern.written.ends_with('/')).count(),
                folders().count(),
            ),
            begins_at_the_root: most(
                written().filter(|written| written.starts_with('/')).count(),
                written().count(),
            ),
            reaches_down: named.count() < 2 || written().any(|written| written.contains("**")),
        }
    }

    /// The pattern for a directory or a file in this style.
    pub(super) fn written(&self, pattern: &str) -> String {
        let (exception, path) = match pattern.strip_prefix('!') {
            Some(path) => ("!", path),
            None => ("", pattern),
        };
        let is_folder = exception.is_empty() && !path.ends_with('*');
        let root = if self.begins_at_the_root { "/" } else { "" };
        let end = if self.closes_folders && is_folder { "/" } else { "" };
        format!("{exception}{root}{path}{end}")
    }
}

/// Whether a pattern without a slash at its end names a folder by convention.
fn is_folder(pattern: &Pattern) -> bool {
    const FOLDERS: [&str; 17] = [
        ".git",
        ".github",
        ".idea",
        ".vscode",
        "node_modules",
        "dist",
        "build",
        "coverage",
        "__pycache__",
        ".venv",
        "venv",
        ".next",
        "target",
        "vendor",
        "bin",
        "obj",
        "tests",
    ];
    let name = pattern.path.rsplit('/').next().unwrap_or_default();
    FOLDERS.contains(&name)
}

/// Adds the lines, each with its tool, to the file: after the group whose comment mentions the tool, or at the end.
pub(super) fn add(ignore: &IgnoreFile, lines: &[(&str, String)]) -> Vec<Edit> {
    let layout = &ignore.layout;
    let line_end = if layout.crlf { "\r\n" } else { "\n" };
    let mut added: BTreeMap<Place, String> = BTreeMap::new();
    for (tool, line) in lines {
        let text = added.entry(group_of(tool, ignore).unwrap_or(layout.end)).or_default();
        text.push_str(line);
        text.push_str(line_end);
    }
    let edit = |(place, text): (Place, String)| Edit::Replace {
        span: place.at,
        text: if place.closed { text } else { format!("{line_end}{text}") },
    };
    added.into_iter().map(edit).collect()
}

/// The end of the group whose comment mentions the tool. `None` if a later exception could undo what is added there.
fn group_of(tool: &str, ignore: &IgnoreFile) -> Option<Place> {
    let (_, words) = SUBJECTS.iter().find(|(tools, _)| tools.contains(&tool))?;
    let group = ignore.layout.groups.iter().find(|group| {
        let comment = group.comment.to_ascii_lowercase();
        comment.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| words.contains(&word))
    })?;
    let mut exceptions = ignore.patterns.iter().filter(|pattern| pattern.exception);
    exceptions.all(|pattern| pattern.span < group.end.at).then_some(group.end)
}
