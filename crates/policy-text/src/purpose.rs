//! Whether what a file runs is deployed, or only serves development and tests.

use crate::source::RepoPath;
use crate::yaml::Node;

/// Words of a path or a profile that say: for tests and development.
const DEVELOPMENT: [&str; 25] = [
    "test",
    "tests",
    "testing",
    "testdata",
    "fixture",
    "fixtures",
    "loadtest",
    "e2e",
    "playwright",
    "cypress",
    "dev",
    "devel",
    "development",
    "devcontainer",
    "gitpod",
    "local",
    "localhost",
    "localstack",
    "minikube",
    "kind",
    "k3d",
    "tilt",
    "debug",
    "benchmark",
    "benchmarks",
];

/// Words that say the same of what runs, and nothing of what is built: images for pipelines are built to be used.
const NOT_DEPLOYED: [&str; 8] =
    ["integration", "ci", "cicd", "example", "examples", "sample", "samples", "override"];

/// Words of a path that say: what is here is made up, to show or to try something.
const MADE_UP: [&str; 18] = [
    "test",
    "tests",
    "testing",
    "testdata",
    "example",
    "examples",
    "sample",
    "samples",
    "fixture",
    "fixtures",
    "mock",
    "mocks",
    "dummy",
    "demo",
    "template",
    "templates",
    "spec",
    "docs",
];

/// Whether the values in the file are made up: the words of its folders say so, or its name begins with one.
pub fn is_made_up(path: &RepoPath) -> bool {
    let name = path.file_name().to_ascii_lowercase();
    any_word(path, |word| MADE_UP.contains(&word)) || MADE_UP.iter().any(|word| name.starts_with(word))
}

/// Whether what the file runs serves development or tests: the words of its folders and its name say so.
pub fn is_development_file(path: &RepoPath) -> bool {
    any_word(path, |word| DEVELOPMENT.contains(&word) || NOT_DEPLOYED.contains(&word))
}

/// Whether what the Dockerfile builds serves development or tests.
pub fn is_development_dockerfile(path: &RepoPath) -> bool {
    any_word(path, |word| DEVELOPMENT.contains(&word))
}

fn any_word(path: &RepoPath, says: impl Fn(&str) -> bool) -> bool {
    let says = |word: &str| says(&word.to_ascii_lowercase());
    path.as_str()
        .split(['/', '.', '-', '_'])
        .any(|name| says(name) || camel_words(name).into_iter().any(says))
}

/// The words of `loadTest`: each begins with a capital that follows a small letter.
fn camel_words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let bytes = name.as_bytes();
    for (at, pair) in bytes.windows(2).enumerate() {
        if matches!(pair, [before, after] if before.is_ascii_lowercase() && after.is_ascii_uppercase()) {
            words.extend(name.get(start..=at));
            start = at + 1;
        }
    }
    words.extend(name.get(start..));
    words
}

/// Whether a service starts only with profiles that serve development or tests.
pub fn is_development_service(service: Node<'_>) -> bool {
    let mut profiles =
        service.get("profiles").into_iter().flat_map(Node::items).filter_map(Node::as_str).peekable();
    profiles.peek().is_some()
        && profiles.all(|profile| {
            profile.split(['-', '_']).any(|word| DEVELOPMENT.contains(&word) || NOT_DEPLOYED.contains(&word))
        })
}

/// Modes and configurations of builds that nobody deploys. Others, `staging` among them, ship.
const LOCAL_MODES: [&str; 12] = [
    "development",
    "dev",
    "local",
    "test",
    "testing",
    "e2e",
    "mock",
    "mocks",
    "debug",
    "hmr",
    "ci",
    "storybook",
];

/// Whether a mode or configuration of this name stays with those who develop.
pub fn is_local_mode(mode: &str) -> bool {
    LOCAL_MODES.contains(&mode)
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
            ("docker-compose.localstack.yml", true),
            ("pkg/testdata/pod.yaml", true),
            ("loadTest/compose.yaml", true),
            ("overlays/minikube/kustomization.yaml", true),
            (".gitpod.Dockerfile", true),
            ("Latest/kindergarten/compose.yaml", false),
        ] {
            assert_eq!(is_development_file(&RepoPath::new(path).unwrap()), development, "{path}");
        }
    }

    #[test]
    fn images_for_pipelines_are_built_to_be_used() {
        let development = |path: &str| is_development_dockerfile(&RepoPath::new(path).unwrap());
        assert!(development("test/radius.dockerfile") && development("Dockerfile.dev"));
        assert!(!development("ci/release/Dockerfile") && !development("examples/Dockerfile"));
    }
}
