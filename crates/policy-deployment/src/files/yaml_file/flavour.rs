//! What a YAML file is for, from its name and a cheap look at its text: most YAML says nothing about a deployment.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use memchr::memmem;
use policy_text::needles::one_pass;
use policy_text::source::RepoPath;

/// The kinds of YAML files that say something about images or builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flavour {
    /// A compose file.
    Compose,
    /// A workflow of GitHub Actions.
    Workflow,
    /// A composite action of GitHub Actions.
    Action,
    /// A pipeline of GitLab.
    Gitlab,
    /// A pipeline of `CircleCI`.
    CircleCi,
    /// A build specification of AWS `CodeBuild`.
    BuildSpec,
    /// A build of Travis CI.
    Travis,
    /// A pipeline of Bitbucket.
    Bitbucket,
    /// A pipeline of Azure.
    AzurePipelines,
    /// A build of Google Cloud Build.
    CloudBuild,
    /// A playbook or the tasks of a role of Ansible.
    Ansible,
    /// A template of `CloudFormation` or SAM that runs containers.
    CloudFormation,
    /// A kustomization.
    Kustomization,
    /// The values of a Helm chart.
    HelmValues,
    /// Kubernetes manifests.
    Kubernetes,
    /// A manifest of AWS Copilot.
    Copilot,
    /// A Skaffold configuration.
    Skaffold,
}

impl Flavour {
    /// Whether the file says which commands a build service runs.
    pub fn is_pipeline(self) -> bool {
        match self {
            Self::Workflow
            | Self::Action
            | Self::Gitlab
            | Self::CircleCi
            | Self::BuildSpec
            | Self::Travis
            | Self::Bitbucket
            | Self::AzurePipelines
            | Self::CloudBuild
            | Self::Ansible => true,
            Self::Compose
            | Self::CloudFormation
            | Self::Kustomization
            | Self::HelmValues
            | Self::Kubernetes
            | Self::Copilot
            | Self::Skaffold => false,
        }
    }
}

/// What the file is for. `None` where nothing in it can matter; it is not parsed then. `has_commands` says whether a text
/// names a command that matters.
pub(super) fn flavour(path: &RepoPath, text: &str, has_commands: fn(&str) -> bool) -> Option<Flavour> {
    let name = path.file_name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let inside =
        |folder: &str| path.as_str().starts_with(folder) || path.as_str().contains(&format!("/{folder}"));
    if inside(".github/workflows/") {
        // GitHub runs no workflow of a folder below: so people put one aside.
        let runs = path.parent().is_some_and(|folder| folder.as_str().ends_with(".github/workflows"));
        return runs.then_some(Flavour::Workflow);
    }
    match stem {
        "action" if has(text, "runs:") && has(text, "composite") => return Some(Flavour::Action),
        "kustomization" | "Kustomization" => return Some(Flavour::Kustomization),
        "manifest" if inside("copilot/") => return Some(Flavour::Copilot),
        "skaffold" => return Some(Flavour::Skaffold),
        _ => {}
    }
    if stem.ends_with(".gitlab-ci") || inside(".gitlab/") || inside(".gitlab-ci/") {
        return Some(Flavour::Gitlab);
    }
    if inside(".circleci/") {
        return Some(Flavour::CircleCi);
    }
    if stem.starts_with("buildspec") && has(text, "phases:") {
        return Some(Flavour::BuildSpec);
    }
    if let Some(service) = build_service(stem) {
        return (has_commands(text) || has(text, "Docker@") || has(text, "kubectl")).then_some(service);
    }
    let key = first_key(text);
    if is_ansible(path, stem) && key != Some(Key::Services) && has_commands(text) {
        return Some(Flavour::Ansible);
    }
    match key {
        Some(Key::Resources) if has(text, "AWS::") && has(text, "Image") => {
            return Some(Flavour::CloudFormation);
        }
        Some(Key::Services) if has_image(text) => return Some(Flavour::Compose),
        Some(Key::ApiVersion) if is_compose_name(stem) => return None,
        Some(Key::ApiVersion)
            if starts_line(text, "kind:")
                && ["image:", "kind: Ingress", "kind: Service", "image-updater"]
                    .iter()
                    .any(|word| has(text, word)) =>
        {
            return Some(Flavour::Kubernetes);
        }
        _ if is_compose_name(stem) && ["services", "include:"].iter().any(|key| has(text, key)) => {
            return Some(Flavour::Compose);
        }
        _ => {}
    }
    let named_values = stem.split(['-', '_', '.']).any(|word| word == "values");
    // Of the values of a chart its templates say what they are.
    if stem.starts_with("values") || named_values && (has(text, "image:") || has(text, "repository:")) {
        return Some(Flavour::HelmValues);
    }
    None
}

/// Whether the file lies where playbooks and roles lie, or is called like one.
fn is_ansible(path: &RepoPath, stem: &str) -> bool {
    stem.contains("playbook")
        || path.components().any(|part| matches!(part, "playbooks" | "roles" | "tasks" | "handlers"))
        || path.as_str().contains("ansible")
}

/// The service that runs a pipeline in a file of this name.
fn build_service(stem: &str) -> Option<Flavour> {
    match stem {
        ".travis" => Some(Flavour::Travis),
        "bitbucket-pipelines" => Some(Flavour::Bitbucket),
        _ if stem.starts_with("azure-pipelines") || stem.starts_with("azure_pipelines") => {
            Some(Flavour::AzurePipelines)
        }
        _ if stem.starts_with("cloudbuild") => Some(Flavour::CloudBuild),
        _ => None,
    }
}

fn is_compose_name(stem: &str) -> bool {
    ["docker-compose", "docker_compose", "compose", "podman-compose"].iter().any(|name| {
        stem.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
            || stem.strip_suffix(name).is_some_and(|rest| rest.ends_with(['.', '-', '_']))
    })
}

fn has_image(text: &str) -> bool {
    has(text, "image:") || has(text, "build:")
}

fn has(text: &str, needle: &str) -> bool {
    memmem::find(text.as_bytes(), needle.as_bytes()).is_some()
}

/// A key at the top of a file that tells what it is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Resources,
    Services,
    ApiVersion,
}

/// The first of these keys, found in one pass over the text.
fn first_key(text: &str) -> Option<Key> {
    static KEYS: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| one_pass(&["Resources:", "services:", "apiVersion:"]));
    let found = KEYS.as_ref()?.find_iter(text).find(|found| begins_line(text, found.start()))?;
    [Key::Resources, Key::Services, Key::ApiVersion].get(found.pattern().as_usize()).copied()
}

/// Whether some line begins with `needle`.
fn starts_line(text: &str, needle: &str) -> bool {
    memmem::find_iter(text.as_bytes(), needle.as_bytes()).any(|at| begins_line(text, at))
}

fn begins_line(text: &str, at: usize) -> bool {
    at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n') || text.get(..at) == Some("\u{feff}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_flavour(path: &str, text: &str, flavour: Option<Flavour>) {
        let found = super::flavour(&RepoPath::new(path).unwrap(), text, |text| text.contains("docker"));
        assert_eq!(found, flavour, "{path}");
    }

    #[test]
    fn compose_files_go_by_name_and_by_content() {
        let services = "services:\n  web:\n    image: nginx\n";
        for name in [
            "docker-compose.yml",
            "compose.prod.yaml",
            "docker-compose-dev.yml",
            "dev.docker-compose.yml",
            "stack.yml",
        ] {
            assert_flavour(name, services, Some(Flavour::Compose));
        }
        assert_flavour("composer.yml", "a: 1", None);
        assert_flavour("stack.yml", "apiVersion: v1\nservices:\n  image: x\n", None);
        assert_flavour("config/services.yml", "services:\n  mailer: {}\n", None);
    }

    #[test]
    fn manifests_and_values_go_by_content() {
        let manifest = "apiVersion: apps/v1\nkind: Deployment\nspec: {image: x}\n# image: \n";
        assert_flavour("k8s/web.yaml", manifest, Some(Flavour::Kubernetes));
        let ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\n";
        assert_flavour("k8s/ingress.yaml", ingress, Some(Flavour::Kubernetes));
        assert_flavour("k8s/map.yaml", "apiVersion: v1\nkind: ConfigMap\n", None);
        assert_flavour("chart/values-prod.yaml", "image:\n  tag: x\n", Some(Flavour::HelmValues));
        assert_flavour(".github/workflows/ci.yml", "", Some(Flavour::Workflow));
        assert_flavour(".github/workflows/archive/ci.yml", "services:\n  image: x\n", None);
        assert_flavour(".travis.yml", "script: docker push x\n", Some(Flavour::Travis));
        assert_flavour(".travis.yml", "script: npm test\n", None);
        let task = "- community.docker.docker_container: {image: x}\n";
        assert_flavour("roles/web/tasks/main.yml", task, Some(Flavour::Ansible));
        assert_flavour("web/main.yml", task, None);
        assert_flavour("i18n/en.yaml", "image: Picture\n", None);
    }
}
