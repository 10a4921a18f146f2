//! Which folder is read, which findings are shown, and what the exit code says of them.

use indoc::indoc;

use crate::project::{Run, project};

const LATEST: &[u8] = b"services:\n  web:\n    image: nginx:latest\n";

#[test]
fn the_whole_root_is_read_and_only_what_was_asked_for_is_shown() {
    let folder = project(&[(".git/HEAD", b""), ("a/compose.yaml", LATEST), ("b/compose.yaml", LATEST)]);
    let run = Run::json(&folder.path().join("a"), &[]);
    assert_eq!(run.document["summary"]["files"]["yaml"], 2);
    assert_eq!(run.rules_at("a/compose.yaml"), ["image/latest-tag"]);
    assert_eq!(run.rules_at("b/compose.yaml"), Vec::<String>::new());
    let file = Run::json(&folder.path().join("b/compose.yaml"), &[]);
    assert_eq!(file.rules_at("b/compose.yaml"), ["image/latest-tag"]);
}

#[test]
fn a_folder_that_its_repository_ignores_is_a_root_of_its_own() {
    let folder = project(&[(".git/HEAD", b""), (".gitignore", b"/out\n"), ("out/compose.yaml", LATEST)]);
    assert_eq!(Run::json(folder.path(), &[]).code, 0);
    let run = Run::json(&folder.path().join("out"), &[]);
    assert_eq!(run.rules_at("compose.yaml"), ["image/latest-tag"]);
}

#[test]
fn what_git_ignores_is_read_only_on_request() {
    let folder =
        project(&[(".git/HEAD", b""), (".gitignore", b"*.yaml\n"), ("compose.yaml", LATEST), (".env", b"")]);
    assert_eq!(Run::json(folder.path(), &[]).code, 0);
    assert_eq!(Run::json(folder.path(), &["--no-ignore"]).code, 1);
}

#[test]
fn the_threshold_decides_the_exit_code() {
    let folder = project(&[("compose.prod.yaml", LATEST)]);
    let code = |arguments: &[&str]| Run::new(folder.path(), arguments).code;
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["--fail-on", "error"]), 1);
    assert_eq!(code(&["--fail-on", "never"]), 0);
    assert_eq!(code(&["--ignore", "image"]), 0);
    assert_eq!(code(&["--fail-on", "sometimes"]), 2);
    assert_eq!(code(&["--fail-on", "Error"]), 2);

    // Nobody says what this file is for.
    let unsure = project(&[("compose.yaml", LATEST)]);
    assert_eq!(Run::new(unsure.path(), &[]).code, 1);
    assert_eq!(Run::new(unsure.path(), &["--fail-on", "error"]).code, 0);

    let lenient =
        project(&[("compose.prod.yaml", LATEST), ("portcullis.toml", b"rules = { image = 'note' }\n")]);
    assert_eq!(Run::new(lenient.path(), &[]).code, 0);
    assert_eq!(Run::new(lenient.path(), &["--fail-on", "note"]).code, 1);
}

#[test]
fn variables_of_the_environment_count_only_when_asked_for() {
    let service = indoc! {br#"
        variable "tag" {
          default = "1.2"
        }
        resource "aws_ecs_task_definition" "web" {
          family = "web"
          container_definitions = jsonencode([{ name = "web", image = "r.example.org/web:${var.tag}" }])
        }
    "#};
    let folder = project(&[("main.tf", service)]);
    let code = |arguments: &[&str]| {
        let mut command = assert_cmd::Command::cargo_bin("portcullis").unwrap();
        command.env("TF_VAR_tag", "latest").arg("check").arg(folder.path()).args(arguments);
        command.output().unwrap().status.code()
    };
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--tf-var-env"]), Some(1));
}

#[test]
fn a_file_of_values_for_terraform_has_to_be_there_and_inside_of_the_root() {
    let folder = project(&[("main.tf", b"variable \"tag\" {}\n"), ("values/a.tfvars", b"tag = \"1.2\"\n")]);
    let code = |file: &std::path::Path| Run::new(folder.path(), &["--var-file", file.to_str().unwrap()]).code;
    assert_eq!(code(&folder.path().join("values/a.tfvars")), 0);
    assert_eq!(code(project(&[("a.tfvars", b"")]).path()), 2);
    let missing = folder.path().join("values/b.tfvars");
    let run = Run::new(folder.path(), &["--var-file", missing.to_str().unwrap()]);
    assert_eq!(run.code, 2);
    assert!(run.errors.ends_with("b.tfvars`, named by `--var-file`: it does not exist\n"), "{}", run.errors);
    let configured = b"[options.terraform]\nvar-files = [\"values/b.tfvars\"]\n";
    let folder = project(&[("main.tf", b""), ("portcullis.toml", configured)]);
    let run = Run::new(folder.path(), &[]);
    assert_eq!(run.code, 2);
    let words = "values/b.tfvars`, named by `var-files` in the configuration: it does not exist\n";
    assert!(run.errors.ends_with(words), "{}", run.errors);
}

#[test]
fn a_file_of_values_may_have_any_name_and_be_kept_out_of_git() {
    let main = b"variable \"tag\" {}\nresource \"aws_ecs_task_definition\" \"web\" {\n  family = \"web\"\n  \
                 container_definitions = jsonencode([{ name = \"web\", image = \"r.io/web:${var.tag}\" }])\n}\n";
    let json = b"{\"tag\": \"latest\"}";
    let folder = project(&[
        ("main.tf", main),
        (".git/HEAD", b""),
        (".gitignore", b"*.secret\n"),
        ("prod.secret", b"tag = \"latest\"\n"),
        ("prod.vars", b"tag = \"latest\"\n"),
        ("prod.json", json),
    ]);
    assert_eq!(Run::new(folder.path(), &[]).code, 0);
    for name in ["prod.secret", "prod.vars", "prod.json"] {
        let file = folder.path().join(name);
        let run = Run::new(folder.path(), &["--var-file", file.to_str().unwrap()]);
        assert_eq!(run.code, 1, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn an_ignore_file_that_is_a_link_into_the_tree_counts() {
    let dockerfile = b"FROM node:22\nCOPY . .\nRUN npm ci\nUSER node\n";
    let files: &[(&str, &[u8])] = &[
        (".git/HEAD", b""),
        (".gitignore", b"node_modules\n.git\n"),
        ("Dockerfile", dockerfile),
        ("package.json", b"{\"dependencies\": {\"a\": \"1\"}}"),
    ];
    let folder = project(files);
    std::os::unix::fs::symlink(".gitignore", folder.path().join(".dockerignore")).unwrap();
    assert_eq!(Run::json(folder.path(), &[]).rules_at("Dockerfile"), Vec::<String>::new());
    // What the link leads to outside is nobody's to read.
    let outside = project(&[("ignore", b"node_modules\n.git\n")]);
    std::fs::remove_file(folder.path().join(".dockerignore")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("ignore"), folder.path().join(".dockerignore")).unwrap();
    assert_eq!(Run::json(folder.path(), &[]).rules_at("Dockerfile"), ["docker/missing-dockerignore"]);
}

#[cfg(unix)]
#[test]
fn a_context_behind_a_link_is_not_missing() {
    let compose =
        b"services:\n  a: {build: web}\n  b: {build: away/api}\n  c: {build: {context: ., dockerfile: away/Dockerfile}}\n  d: {build: gone}\n";
    let outside = project(&[("api/Dockerfile", b"FROM alpine:3.22\n")]);
    let folder = project(&[
        (".git/HEAD", b""),
        ("compose.yaml", compose),
        ("apps/web/Dockerfile", b"FROM alpine:3.22\n"),
    ]);
    std::os::unix::fs::symlink("apps/web", folder.path().join("web")).unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("away")).unwrap();
    let run = Run::json(folder.path(), &["--select", "docker/missing-dockerfile"]);
    assert_eq!(run.rules_at("compose.yaml").len(), 1, "{}", run.output);
    assert!(run.output.contains("the folder `gone`"), "{}", run.output);
}

#[test]
fn a_cache_that_git_ignores_and_no_manifest_tells_of_is_found_by_its_name_or_its_tag() {
    let tag = b"Signature: 8a477f597d28d172789f06886806bc55".as_slice();
    let found = |more: &[(&str, &[u8])]| -> Vec<String> {
        let files: [(&str, &[u8]); 5] = [
            (".git/HEAD", b""),
            (".gitignore", b".*_cache\ndata\nnode_modules\n"),
            ("web/Dockerfile", b"FROM nginx:1.27\nCOPY . /srv\n"),
            ("web/.dockerignore", b"node_modules\n"),
            ("web/index.html", b""),
        ];
        let folder = project(&[files.as_slice(), more].concat());
        let run = Run::json(folder.path(), &["--select", "docker/context-includes-cache"]);
        let messages = run.document["findings"].as_array().unwrap().iter();
        messages.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
    };
    assert!(found(&[("web/data/a.bin", b""), ("web/node_modules/x/.ruff_cache/a", b"")]).is_empty());
    // In a folder that is not sent, or among what others wrote.
    assert!(found(&[("api/.ruff_cache/0.9/1", b"")]).is_empty());
    for (path, contents) in [
        ("web/.ruff_cache/0.9/1", b"".as_slice()),
        ("web/tools/.mypy_cache/x", b""),
        ("web/data/CACHEDIR.TAG", tag),
    ] {
        let messages = found(&[(path, contents), ("web/tools/a.js", b"")]);
        let name = path.rsplit('/').nth(if path.contains("0.9") { 2 } else { 1 }).unwrap();
        assert_eq!(messages.len(), 1, "{path}");
        assert!(messages[0].contains(&format!("does not exclude `{name}`")), "{}", messages[0]);
    }
}
