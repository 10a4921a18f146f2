//! What is no regular file, by every name that is read.

use crate::tree::{Hostile, Tree};

/// Names that something in the program looks for.
const NAMES: [&str; 26] = [
    ".dockerignore",
    ".env",
    ".env.production",
    ".gitlab-ci.yml",
    ".gitmodules",
    "Chart.yaml",
    "Dockerfile",
    "Dockerfile.dockerignore",
    "Jenkinsfile",
    "Makefile",
    "app.ts",
    "buildspec.yml",
    "compose.yaml",
    "deploy.sh",
    "docker-bake.hcl",
    "fly.toml",
    "index.html",
    "job.nomad.hcl",
    "justfile",
    "kustomization.yaml",
    "main.tf",
    "package.json",
    "prod.auto.tfvars",
    "skaffold.yaml",
    "tsconfig.json",
    "values.yaml",
];

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("pipes by every name", |tree| NAMES.iter().for_each(|name| tree.pipe(name))),
    Hostile::new("sockets by every name", |tree| NAMES.iter().for_each(|name| tree.socket(name))),
    Hostile::new("endless devices by every name", |tree| {
        NAMES.iter().for_each(|name| tree.link(name, "/dev/zero"));
    }),
    Hostile::new("a terminal by every name", |tree| {
        NAMES.iter().for_each(|name| tree.link(name, "/dev/tty"));
    }),
    Hostile::new("folders by every name", |tree| {
        NAMES.iter().for_each(|name| tree.file(format!("{name}/main.tf"), ""));
    }),
    Hostile::says("pipes for ignore files", "it is neither a file nor a folder", |tree| {
        tree.folder(".git/info");
        [".gitignore", ".ignore", ".git/info/exclude"].iter().for_each(|name| tree.pipe(name));
    }),
    Hostile::new("devices for ignore files", |tree| {
        tree.folder(".git/info");
        for name in [".gitignore", ".ignore", ".git/info/exclude"] {
            tree.link(name, "/dev/zero");
        }
    }),
    Hostile::says("ignore files that say they are long", "it has more than 8388608 bytes", |tree| {
        tree.folder(".git/info");
        [".gitignore", ".ignore", ".git/info/exclude"].iter().for_each(|name| tree.sparse(name, 2 << 30));
    }),
    Hostile::new("a folder for an ignore file", |tree| {
        tree.folder(".git");
        tree.folder("a/.ignore");
        tree.folder("b/.dockerignore");
    }),
    Hostile::new("a pipe for a repository", |tree| tree.pipe(".git")),
    Hostile::new("a repository that leads to a device", |tree| tree.file(".git", "gitdir: /dev/zero\n")),
    Hostile::new("a pipe behind a repository", |tree| {
        tree.file(".git", "gitdir: real\n");
        tree.pipe("real/commondir");
        tree.folder("real/info");
        tree.pipe("real/info/exclude.d");
    }),
    Hostile::refused("a pipe for the configuration", "it is neither a file nor a folder", |tree| {
        tree.pipe("portcullis.toml");
    }),
    Hostile::refused("a device for the configuration", "it is a link that leads out", |tree| {
        tree.link("portcullis.toml", "/dev/zero");
    }),
    Hostile::refused("a configuration that says it is long", "it has more than 1048576 bytes", |tree| {
        tree.sparse("portcullis.toml", 2 << 30);
    }),
    Hostile::new("pipes where files are named by others", |tree| {
        named_by_others(tree);
        for name in ["values.json", "part.tftpl", "base.yml", "service.env", "tasks.json", "include.yml"] {
            tree.pipe(name);
        }
    }),
    Hostile::new("devices where files are named by others", |tree| {
        named_by_others(tree);
        for name in ["values.json", "part.tftpl", "base.yml", "service.env", "tasks.json", "include.yml"] {
            tree.link(name, "/dev/zero");
        }
    }),
    Hostile::new("long files where files are named by others", |tree| {
        named_by_others(tree);
        for name in ["values.json", "part.tftpl", "base.yml", "service.env", "tasks.json", "include.yml"] {
            tree.sparse(name, 2 << 30);
        }
    }),
];

fn named_by_others(tree: &Tree) {
    tree.file(
        "main.tf",
        "locals {\n  a = jsondecode(file(\"values.json\"))\n}\nresource \"aws_ecs_task_definition\" \"web\" {\n  family = \"web\"\n  \
         container_definitions = templatefile(\"part.tftpl\", { a = local.a })\n}\n",
    );
    tree.file(
        "compose.yaml",
        "include: [include.yml]\nservices:\n  web:\n    extends: {file: base.yml, service: web}\n    env_file: [service.env]\n",
    );
    tree.file(
        "deploy.sh",
        "docker compose -f include.yml -f base.yml push\naws ecs register-task-definition --cli-input-json file://tasks.json\n",
    );
}
