//! Whether what a file runs is deployed, or only serves development and tests.

use crate::parse::yaml::Node;
use crate::source::RepoPath;

/// Words of a path or a profile that say: for tests and development.
const DEVELOPMENT: [&str; 21] = [
    "test",
    "tests",
    "testing",
    "e2e",
    "integration",
    "playwright",
    "cypress",
    "ci",
    "cicd",
    "dev",
    "devel",
    "development",
    "devcontainer",
    "local",
    "debug",
    "example",
    "examples",
    "sample",
    "samples",
    "benchmark",
    "override",
];

/// Whether the whole file serves development or tests: the words of its folders and its name say so.
pub(super) fn is_development_file(path: &RepoPath) -> bool {
    path.as_str()
        .split(['/', '.', '-', '_'])
        .any(|word| DEVELOPMENT.contains(&word.to_ascii_lowercase().as_str()))
}

/// Whether a service starts only with profiles that serve development or tests.
pub(super) fn is_development_service(service: Node<'_>) -> bool {
    let mut profiles =
        service.get("profiles").into_iter().flat_map(Node::items).filter_map(Node::as_str).peekable();
    profiles.peek().is_some()
        && profiles.all(|profile| profile.split(['-', '_']).any(|word| DEVELOPMENT.contains(&word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_path_decide() {
        for (path, development) in [
            ("docker-compose.yml", false),
            ("docker-compose.prod.yml", false),
            ("deploy/compose.yaml", false),
            ("latest/compose.yaml", false),
            ("docker-compose.dev.yml", true),
            ("e2e/docker-compose.yml", true),
            (".devcontainer/docker-compose.yml", true),
            ("docker-compose.override.yml", true),
            ("docker-compose-local.yml", true),
        ] {
            assert_eq!(is_development_file(&RepoPath::new(path).unwrap()), development, "{path}");
        }
    }
}
