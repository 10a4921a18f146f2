//! The builds that a package makes for deployment, by its scripts.

use std::ops::Range;

use policy_text::json::Node;
use policy_text::purpose::is_local_mode;

use super::manifest::Manifest;

/// One way in which a package is built for deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PackageBuild {
    /// The mode: `production` where the command names none.
    pub(super) mode: String,
    /// Environment files that the command loads itself: `env-cmd -f .env.prod vite build`.
    pub(super) files: Vec<String>,
    /// Variables that the command sets itself, each with its value: `REACT_APP_STAGE=live react-scripts build`.
    pub(super) set: Vec<(String, String)>,
    /// The command in its manifest.
    pub(super) at: Option<Range<usize>>,
}

/// The builds that the scripts of a package make for deployment; the plain production build where they name none.
pub(super) fn builds(manifest: &Manifest) -> Vec<PackageBuild> {
    let scripts = manifest.json.get("scripts").map(Node::members).unwrap_or_default();
    let mut builds: Vec<PackageBuild> = scripts
        .iter()
        .filter(|script| script.name.starts_with("build") || script.name.starts_with("deploy"))
        .filter_map(|script| {
            let build = build_by(&script.name, script.value.as_str()?)?;
            Some(PackageBuild { at: Some(script.value.inner_range()), ..build })
        })
        .collect();
    if builds.is_empty() {
        builds.push(PackageBuild {
            mode: "production".to_owned(),
            files: Vec::new(),
            set: Vec::new(),
            at: None,
        });
    }
    builds.dedup();
    builds
}

/// The build that a script makes. `None` where it makes none, or one that stays at home.
fn build_by(name: &str, command: &str) -> Option<PackageBuild> {
    let words: Vec<&str> = command.split_whitespace().collect();
    if !words.contains(&"build") && !words.contains(&"export") {
        return None;
    }
    let mode = words.iter().enumerate().find_map(|(index, word)| match word.strip_prefix("--mode")? {
        "" => words.get(index + 1).copied(),
        value => value.strip_prefix('='),
    });
    let mode = mode.unwrap_or("production").trim_matches(['"', '\'']).to_owned();
    let files: Vec<String> = words
        .iter()
        .map(|word| word.trim_start_matches("./"))
        .filter(|word| word.starts_with(".env"))
        .map(str::to_owned)
        .collect();
    let local =
        is_local_mode(&mode) || files.iter().any(|file| file.rsplit('.').next().is_some_and(is_local_mode));
    let set = words.iter().filter_map(|word| assignment(word)).collect();
    (name == "build" || !local).then_some(PackageBuild { mode, files, set, at: None })
}

/// A variable that a word of a command sets: before the program, or before that which `cross-env` or `env` runs.
fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then(|| (name.to_owned(), value.trim_matches(['"', '\'']).to_owned()))
}
