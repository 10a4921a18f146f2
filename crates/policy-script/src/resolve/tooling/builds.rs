//! The builds that a package makes for deployment, by its scripts.

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
}

/// The builds that the scripts of a package make for deployment; the plain production build where they name none.
pub(super) fn builds(manifest: &Manifest) -> Vec<PackageBuild> {
    let scripts = manifest.json.get("scripts").map(Node::members).unwrap_or_default();
    let mut builds: Vec<PackageBuild> = scripts
        .iter()
        .filter(|script| script.name.starts_with("build") || script.name.starts_with("deploy"))
        .filter_map(|script| build_by(&script.name, script.value.as_str()?))
        .collect();
    if builds.is_empty() {
        builds.push(PackageBuild { mode: "production".to_owned(), files: Vec::new() });
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
    (name == "build" || !local).then_some(PackageBuild { mode, files })
}
