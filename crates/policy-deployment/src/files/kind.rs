//! Which language a file is written in, from its name alone.

use policy_script as script;
use policy_terraform::parse as terraform;
use policy_text::source::RepoPath;
use schemars::JsonSchema;
use serde::Serialize;

/// A kind of file that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// `*.tf`, `*.tofu`, `*.tfvars`, and the same in JSON.
    Terraform,
    /// `*.ts`, `*.js` and their kin.
    Script,
    /// Pages, templates of pages and components that hold scripts: `*.html`, `*.ejs`, `*.vue`, `*.svelte`, `*.astro`.
    Page,
    /// `docker-bake.hcl`, `docker-bake.json`, and HCL in a folder named for Docker.
    Bake,
    /// `Dockerfile`, `web.Dockerfile`, `Dockerfile.prod`, `Containerfile`, …
    Dockerfile,
    /// `.dockerignore`, `Dockerfile.dockerignore`.
    IgnoreFile,
    /// `Jenkinsfile`, `Jenkinsfile.prod`, `Jenkinsfile-deploy`, `deploy.jenkinsfile`.
    Jenkinsfile,
    /// `justfile`, `*.just`.
    Justfile,
    /// `Makefile`, `*.mk`.
    Makefile,
    /// Job files of Nomad: `*.nomad`, `*.nomad.hcl`, and HCL in a folder named for Nomad.
    Nomad,
    /// `*.sh`, `*.bash`, and files without an extension whose first line names a shell.
    Shell,
    /// `task-definition.json`, `taskdef.json`, `Dockerrun.aws.json`, …
    TaskDefinition,
    /// `*.yml`, `*.yaml`: compose files, workflows, manifests.
    Yaml,
}

impl FileKind {
    /// The kind of the file at `path`. `None` for what is not read.
    pub fn of(path: &RepoPath) -> Option<Self> {
        let name = path.file_name();
        let extension = path.extension().unwrap_or_default();
        if name == ".dockerignore" || extension == "dockerignore" {
            return Some(Self::IgnoreFile);
        }
        if is_dockerfile(name, extension) {
            return Some(Self::Dockerfile);
        }
        if matches!(name, "Makefile" | "makefile" | "GNUmakefile") {
            return Some(Self::Makefile);
        }
        if extension == "just" || [".justfile", "justfile"].iter().any(|own| name.eq_ignore_ascii_case(own)) {
            return Some(Self::Justfile);
        }
        if name == "Jenkinsfile"
            || name.starts_with("Jenkinsfile.")
            || name.starts_with("Jenkinsfile-")
            || extension.eq_ignore_ascii_case("jenkinsfile")
        {
            return Some(Self::Jenkinsfile);
        }
        if matches!(extension, "hcl" | "json") && is_bake_file(path, name, extension) {
            return Some(Self::Bake);
        }
        if extension == "nomad" || extension == "hcl" && is_job_file(path) {
            return Some(Self::Nomad);
        }
        match extension {
            _ if terraform::is_read(path) => Some(Self::Terraform),
            "json" if is_task_definition(path) => Some(Self::TaskDefinition),
            _ if script::is_module(path) => Some(Self::Script),
            "mk" => Some(Self::Makefile),
            "sh" | "bash" => Some(Self::Shell),
            "yml" | "yaml" => Some(Self::Yaml),
            _ => script::is_read(path).then_some(Self::Page),
        }
    }

    /// The name in a summary, by count: "1 Dockerfile", "2 Dockerfiles".
    pub fn noun(self, count: usize) -> &'static str {
        match (self, count) {
            (Self::Terraform, _) => "Terraform",
            (Self::Script, _) => "TypeScript/JavaScript",
            (Self::Page, 1) => "page",
            (Self::Page, _) => "pages",
            (Self::Bake, 1) => "bake file",
            (Self::Bake, _) => "bake files",
            (Self::Dockerfile, 1) => "Dockerfile",
            (Self::Dockerfile, _) => "Dockerfiles",
            (Self::IgnoreFile, 1) => "ignore file",
            (Self::IgnoreFile, _) => "ignore files",
            (Self::Jenkinsfile, 1) => "Jenkinsfile",
            (Self::Jenkinsfile, _) => "Jenkinsfiles",
            (Self::Justfile, 1) => "justfile",
            (Self::Justfile, _) => "justfiles",
            (Self::Makefile, 1) => "Makefile",
            (Self::Makefile, _) => "Makefiles",
            (Self::Nomad, 1) => "Nomad job file",
            (Self::Nomad, _) => "Nomad job files",
            (Self::Shell, 1) => "shell script",
            (Self::Shell, _) => "shell scripts",
            (Self::TaskDefinition, 1) => "task definition",
            (Self::TaskDefinition, _) => "task definitions",
            (Self::Yaml, _) => "YAML",
        }
    }
}

/// Whether a file of no known kind may be a script by its first line: scripts that are called as programs are written
/// small and without an extension. What is written large, as `LICENSE` and `Procfile`, is not for a shell.
pub(super) fn may_be_script(path: &RepoPath) -> bool {
    path.file_name().bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

fn is_bake_file(path: &RepoPath, name: &str, extension: &str) -> bool {
    name.contains("docker-bake")
        || (extension == "hcl"
            && (name.contains("bake") || path.components().any(|part| part.contains("docker"))))
}

fn is_job_file(path: &RepoPath) -> bool {
    path.file_name().ends_with(".nomad.hcl") || path.components().any(|part| part.contains("nomad"))
}

/// By the name of the file or of its folder: JSON is written for much else.
fn is_task_definition(path: &RepoPath) -> bool {
    let says = |name: &str| {
        let name: String = name.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        name.contains("taskdef") || name == "dockerrunawsjson"
    };
    says(path.file_name()) || path.parent().is_some_and(|folder| says(folder.file_name()))
}

fn is_dockerfile(name: &str, extension: &str) -> bool {
    let named = ["Dockerfile", "dockerfile", "Containerfile"].iter().any(|stem| {
        name.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '_', '-']))
    });
    // `dockerfile.ts` and `Dockerfile.md` speak about Dockerfiles.
    let other_language = matches!(
        extension,
        "ts" | "js"
            | "tsx"
            | "jsx"
            | "md"
            | "py"
            | "go"
            | "rs"
            | "java"
            | "json"
            | "yml"
            | "yaml"
            | "toml"
            | "txt"
            | "sh"
            | "html"
            | "rb"
            | "vim"
            | "snap"
            | "j2"
            | "tmpl"
            | "erb"
    );
    (named && !other_language) || extension.eq_ignore_ascii_case("dockerfile")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_kind(path: &str, kind: Option<FileKind>) {
        assert_eq!(FileKind::of(&RepoPath::new(path).unwrap()), kind, "{path}");
    }

    #[test]
    fn dockerfiles_go_by_many_names() {
        for name in [
            "Dockerfile",
            "dockerfile",
            "api.Dockerfile",
            "Dockerfile.prod",
            "Dockerfile_rest",
            "Containerfile",
        ] {
            assert_kind(name, Some(FileKind::Dockerfile));
        }
        assert_kind("Dockerfile.dockerignore", Some(FileKind::IgnoreFile));
        assert_kind("docs/Dockerfile.md", None);
        assert_kind("Justfile", Some(FileKind::Justfile));
        assert_kind("src/dockerfile.ts", Some(FileKind::Script));
        assert_kind("DockerfileParser.txt", None);
    }

    #[test]
    fn task_definitions_go_by_their_name_or_their_folder() {
        for name in [
            "ecs/task-definition.json",
            "taskdef-prod.json",
            "task_definitions/api.json",
            "Dockerrun.aws.json",
        ] {
            assert_kind(name, Some(FileKind::TaskDefinition));
        }
        assert_kind("tasks.json", None);
        assert_kind("task-definition.txt", None);
    }

    #[test]
    fn bake_files_go_by_their_name_or_their_folder() {
        for name in ["docker-bake.hcl", "docker-bake.override.json", "build/bake.hcl", "docker/gpu/gpu.hcl"] {
            assert_kind(name, Some(FileKind::Bake));
        }
        assert_kind(".terraform.lock.hcl", None);
        assert_kind("jobs/web.nomad.hcl", Some(FileKind::Nomad));
        assert_kind("nomad/web.hcl", Some(FileKind::Nomad));
        assert_kind("bakery.json", None);
    }

    #[test]
    fn terraform_is_written_in_two_syntaxes() {
        for name in ["main.tf", "main.tofu", "main.tf.json", "prod.tfvars", "x.auto.tfvars.json"] {
            assert_kind(name, Some(FileKind::Terraform));
        }
        assert_kind("tf.json", None);
        assert_kind("package.json", None);
    }
}
