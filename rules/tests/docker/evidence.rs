//! What shows that a directory is or will be there, and what does not.

use super::{CACHE, MISSING, NODE, PACKAGE, check, found};

const INEFFECTIVE: &str = "docker/ineffective-ignore-pattern";
const PYTHON: &str = "FROM python:3.13\nCOPY . .\nRUN pip install -r requirements.txt\n";

/// The text that the first fix of the rule writes, and whether it is safe.
fn fixed(files: &[(&str, &str)], rule: &str) -> (String, bool) {
    use policy_core::finding::{Applicability, Edit};
    let report = check(files);
    let found = report.diagnostics.iter().find(|diagnostic| diagnostic.rule == rule).unwrap();
    let fix = found.finding.fix.as_ref().unwrap();
    let texts = fix.edits.iter().map(|edit| match edit {
        Edit::Replace { text, .. } | Edit::Create { text, .. } => text.as_str(),
    });
    (texts.collect::<Vec<_>>().join("|"), fix.applicability == Applicability::Safe)
}

#[test]
fn a_committed_cache_is_a_cache() {
    let committed = ("app/__pycache__/a.cpython-311.pyc", "");
    let nested = [("Dockerfile", PYTHON), ("app/a.py", ""), ("requirements.txt", ""), committed];
    let with = |ignore| nested.iter().copied().chain([(".dockerignore", ignore)]).collect::<Vec<_>>();
    assert_eq!(fixed(&with(".git\n"), CACHE), ("**/__pycache__\n".to_owned(), true));
    assert_eq!(fixed(&with("__pycache__/\n"), INEFFECTIVE), ("**/__pycache__/".to_owned(), true));
    let copied = ("Dockerfile", "FROM python:3.13\nCOPY app ./app\n");
    assert_eq!(found(&[copied, ("app/a.py", ""), committed], MISSING), ["."]);
    assert!(found(&[copied, ("app/a.py", "")], MISSING).is_empty());
    let modules = ("node_modules/a/index.js", "");
    let node = [("Dockerfile", NODE), ("package.json", PACKAGE), (".dockerignore", ".git\n"), modules];
    assert_eq!(found(&node, CACHE), ["."]);
    let kept = [
        ("Dockerfile", "FROM rust:1\nCOPY . .\nRUN cargo build\n"),
        ("Cargo.toml", ""),
        ("target/mod.rs", ""),
    ];
    assert!(found(&kept, CACHE).is_empty());
}

#[test]
fn a_package_that_asks_for_nothing_has_no_modules() {
    let files = |manifest| {
        [("Dockerfile", NODE), ("package.json", manifest), (".dockerignore", ".git\n"), ("a.js", "")]
    };
    let scripts = "{\"scripts\": {\"dev\": \"go run .\"}, \"dependencies\": {}}";
    assert!(found(&files(scripts), CACHE).is_empty());
    assert!(found(&files(scripts)[..2], MISSING).is_empty());
    assert_eq!(found(&files(PACKAGE), CACHE), ["."]);
    assert_eq!(found(&files("{\"workspaces\": [\"a\"]}"), CACHE), ["."]);
    let locked =
        [("Dockerfile", NODE), ("package.json", scripts), (".dockerignore", ".git\n"), ("yarn.lock", "")];
    assert_eq!(found(&locked, CACHE), ["."]);
}

#[test]
fn what_others_left_shows_nothing() {
    let foreign = |path| [("Dockerfile", NODE), (path, PACKAGE), (".dockerignore", ".git\n")];
    assert!(found(&foreign("ext/vendor/uri/package.json"), CACHE).is_empty());
    assert_eq!(found(&foreign("ext/uri/package.json"), CACHE), ["."]);
    let maven = |path| {
        [
            ("Dockerfile", "FROM maven:3\nCOPY . .\nRUN mvn package\n"),
            ("pom.xml", ""),
            (path, ""),
            (".dockerignore", "target\n"),
        ]
    };
    assert!(found(&maven("src/main/resources/archetype-resources/pom.xml"), INEFFECTIVE).is_empty());
    assert_eq!(found(&maven("api/pom.xml"), INEFFECTIVE), ["."]);
}

#[test]
fn a_member_of_a_cargo_workspace_has_no_target_of_its_own() {
    let files = |root| {
        [
            ("Dockerfile", "FROM rust:1\nCOPY . .\nRUN cargo build\n"),
            ("Cargo.toml", root),
            ("api/Cargo.toml", ""),
            ("api/Cargo.lock", ""),
            (".dockerignore", "target\n"),
        ]
    };
    assert!(found(&files("[workspace]\nmembers = [\"api\"]\n"), INEFFECTIVE).is_empty());
    assert_eq!(found(&files("[workspace]\nexclude = [\"api\"]\n"), INEFFECTIVE), ["."]);
    assert_eq!(found(&files("[package]\n"), INEFFECTIVE), ["."]);
}

#[test]
fn a_tool_leaves_its_cache_from_the_version_on_that_has_one() {
    let files = |version: &str| format!("{{\"dependencies\": {{\"@angular/core\": \"~{version}\"}}}}");
    let found = |version: &str| {
        let manifest = files(version);
        let ignore = (".dockerignore", "node_modules\ndist\n");
        found(&[("Dockerfile", NODE), ("package.json", &manifest), ("angular.json", "{}"), ignore], CACHE)
    };
    assert!(found("10.1.5").is_empty());
    assert_eq!(found("17.0.0"), ["."]);
}

#[test]
fn a_test_runner_among_the_requirements_leaves_its_cache() {
    let files = |requirements| {
        [
            ("Dockerfile", PYTHON),
            ("requirements.txt", requirements),
            (".dockerignore", "**/__pycache__\n.venv\n"),
        ]
    };
    assert_eq!(fixed(&files("fastapi\npytest==8.3\n"), CACHE).0, "**/.pytest_cache\n");
    assert!(found(&files("fastapi\n"), CACHE).is_empty());
}

#[test]
fn what_may_never_be_made_is_not_missed() {
    let api = "FROM python:3.13\nCOPY services/api /app\nRUN pip install -r /app/requirements.txt\n";
    let files = |ignore| {
        [
            ("Dockerfile", api),
            ("services/api/requirements.txt", ""),
            ("services/api/a.py", ""),
            (".dockerignore", ignore),
        ]
    };
    assert!(found(&files("**/__pycache__\n.venv/\n"), INEFFECTIVE).is_empty());
}

#[test]
fn committed_defaults_and_files_that_are_let_in_are_no_secrets() {
    let rule = "docker/secret-in-context";
    let image = ("Dockerfile", "FROM php:8.4-cli\nCOPY . .\nRUN composer install\n");
    let values = (".env", "APP_SECRET=4f1c0d7a9b3e5f60718293a4b5c6d7e8\n");
    assert_eq!(found(&[image, values], rule), ["."]);
    assert!(found(&[image, values, ("symfony.lock", "{}")], rule).is_empty());
    assert!(found(&[image, values, (".dockerignore", "*.log\n!.env\n")], rule).is_empty());
}

#[test]
fn packages_that_yarn_keeps_in_archives_leave_no_folder() {
    let with = |path: &str, text: &str| {
        let dockerfile = ("Dockerfile", "FROM node:22\nCOPY . .\nRUN yarn install --immutable\n");
        let package = ("package.json", "{\"dependencies\": {\"react\": \"19\"}}");
        let files = [dockerfile, package, ("yarn.lock", ""), (".dockerignore", "*.log\n"), (path, text)];
        found(&files, "docker/context-includes-cache")
    };
    assert!(with(".pnp.cjs", "").is_empty());
    assert!(with(".yarnrc.yml", "nodeLinker: pnp\n").is_empty());
    assert!(with(".yarnrc.yml", "yarnPath: x\n").is_empty());
    assert_eq!(with(".yarnrc.yml", "nodeLinker: node-modules\n"), ["."]);
    assert_eq!(with("x", ""), ["."]);
}

#[test]
fn a_command_that_changes_the_user_gives_root_up() {
    let rule = "docker/runs-as-root";
    let push = ("push.sh", "docker push r.io/web:$COMMIT\n");
    let with = |command| format!("FROM node:22\nUSER root\n{command}\n");
    let found = |command| found(&[("Dockerfile", &with(command)), push], rule);
    assert!(found("CMD [\"su\", \"-s\", \"/bin/sh\", \"node\", \"-c\", \"node a.js\"]").is_empty());
    assert!(found("ENTRYPOINT [\"/usr/sbin/gosu\", \"node\"]").is_empty());
    assert!(found("CMD [\"crond\", \"-f\"]").is_empty());
    assert_eq!(found("CMD [\"node\", \"a.js\"]"), ["."]);
}

#[test]
fn the_targets_of_one_dockerfile_that_share_their_base_are_one_fault() {
    let rule = "docker/runs-as-root";
    let push = "docker build --target web -t r.io/web:$C .\ndocker build --target api -t r.io/api:$C .\ndocker push r.io/web:$C\n";
    let shared = "FROM node:22 AS base\nFROM base AS web\nCMD [\"a\"]\nFROM base AS api\nCMD [\"b\"]\n";
    let report = check(&[("Dockerfile", shared), ("push.sh", push)]);
    let found: Vec<_> = report.diagnostics.iter().filter(|found| found.rule == rule).collect();
    assert_eq!((found.len(), found[0].finding.related.len()), (1, 1));
    let apart = shared.replace("FROM base AS api", "FROM python:3.13 AS api");
    let report = check(&[("Dockerfile", &apart), ("push.sh", push)]);
    assert_eq!(report.diagnostics.iter().filter(|found| found.rule == rule).count(), 2);
}

#[test]
fn a_word_that_holds_a_programs_name_decides_nothing() {
    let files = |run: &str| format!("FROM node:22\nCOPY . .\nRUN {run}\n");
    let caches = |run: &str| {
        let dockerfile = files(run);
        found(&[("Dockerfile", &dockerfile), ("package.json", PACKAGE), (".dockerignore", ".git\n")], CACHE)
    };
    assert!(caches("echo nothing").is_empty() && caches("echo rebuild the npm pipeline").is_empty());
    assert_eq!(caches("set -e; npm ci"), ["."]);
    let dockerfile = files("npm ci && echo digit");
    let created = fixed(&[("Dockerfile", &dockerfile), ("package.json", PACKAGE)], MISSING);
    assert_eq!(created, (".git\n**/node_modules\n".to_owned(), true));
}

#[test]
fn a_cluster_that_sets_the_user_decides_for_the_image() {
    let image = ("Dockerfile", "FROM node:22\nCMD [\"node\", \"a.js\"]\n");
    let push = ("push.sh", "docker build -t $REGISTRY/web:$C .\ndocker push $REGISTRY/web:$C\n");
    let found = |context: &str| {
        let pod = format!(
            "apiVersion: v1\nkind: Pod\nspec:\n  {context}\n  containers:\n    - {{name: a, image: 'r.io/web:1'}}\n    - {{name: b, image: 'redis:8'}}\n"
        );
        found(&[image, push, ("k8s/web.yaml", &pod)], "docker/runs-as-root")
    };
    assert!(found("securityContext: {runAsNonRoot: true}").is_empty());
    assert!(found("securityContext: {runAsUser: 1000}").is_empty());
    assert_eq!(found("securityContext: {runAsUser: 0}"), ["."]);
    assert_eq!(found("restartPolicy: Always"), ["."]);
}

#[test]
fn a_task_definition_or_a_compose_file_that_sets_the_user_decides_for_the_image() {
    let image = ("Dockerfile", "FROM node:22\nCMD [\"node\", \"a.js\"]\n");
    let push = ("push.sh", "docker build -t $REGISTRY/web:$C .\ndocker push $REGISTRY/web:$C\n");
    let with = |files: &[(&str, &str)]| found(&[&[image, push], files].concat(), "docker/runs-as-root");
    let ecs = |user: &str| {
        format!(
            "resource \"aws_ecs_task_definition\" \"web\" {{\n  family = \"web\"\n  container_definitions = jsonencode([{{ name = \"web\", image = \"r.io/web:1\"{user} }}])\n}}\n"
        )
    };
    assert!(with(&[("ecs.tf", &ecs(", user = \"1000:1000\""))]).is_empty());
    assert!(with(&[("ecs.tf", &ecs(", user = var.user"))]).is_empty());
    assert_eq!(with(&[("ecs.tf", &ecs(", user = \"root\""))]), ["."]);
    assert_eq!(with(&[("ecs.tf", &ecs(""))]), ["."]);
    let file = |user: &str| format!("{{\"containerDefinitions\": [{{\"image\": \"<IMAGE1_NAME>\"{user}}}]}}");
    assert!(with(&[("ecs/taskdef.json", &file(", \"user\": \"app\""))]).is_empty());
    assert_eq!(with(&[("ecs/taskdef.json", &file(""))]), ["."]);
    let compose = |user: &str| {
        format!("services:\n  web: {{image: 'r.io/web:1'{user}}}\n  db: {{image: 'postgres:17'}}\n")
    };
    let kept = compose(", user: '1000:1000'");
    assert!(with(&[("compose.yaml", &kept)]).is_empty());
    assert_eq!(with(&[("compose.yaml", &compose(""))]), ["."]);
    // Beside a cluster, a compose file is for the developers.
    assert_eq!(with(&[("compose.yaml", &kept), ("ecs.tf", &ecs(""))]), ["."]);
}

#[test]
fn members_that_are_copied_one_by_one_need_an_ignore_file() {
    let dockerfile = "FROM node:22\nCOPY package*.json ./\nRUN npm ci\nCOPY web/ web/\nCOPY api/ api/\nRUN npm run build\n";
    let root = ("package.json", "{\"workspaces\": [\"web\", \"api\"]}");
    let web = [("web/package.json", PACKAGE), ("web/vite.config.ts", ""), ("web/src/main.ts", "")];
    let members =
        [&[root, ("package-lock.json", ""), ("api/package.json", PACKAGE)], web.as_slice()].concat();
    let with = |dockerfile| [&[("Dockerfile", dockerfile)], members.as_slice()].concat();
    assert_eq!(found(&with(dockerfile), MISSING), ["."]);
    let unread = [with(dockerfile), vec![("web/.dockerignore", "dist\n")]].concat();
    let report = check(&unread);
    let labels: Vec<_> = report.diagnostics.iter().flat_map(|found| &found.finding.related).collect();
    assert!(labels.iter().any(|label| label.text == "no build uses this file: the build context is `.`"));
    // What an earlier stage copies and builds anew is in no image.
    let staged = format!("{dockerfile}FROM nginx:1.27\nCOPY --from=0 /web/dist /usr/share/nginx/html\n");
    assert!(found(&with(&staged), MISSING).is_empty());
}

#[test]
fn the_image_that_is_deployed_and_the_code_that_runs_are_named_first() {
    let built =
        "FROM node:22 AS build\nCOPY . .\nRUN npm ci\nFROM nginx:1.27\nCOPY --from=build /dist /dist\n";
    let files = [("Dockerfile", built), ("Dockerfile.dev", NODE), ("package.json", PACKAGE)];
    let place = |files: &[(&str, &str)], rule: &str| {
        let report = check(files);
        let found = report.diagnostics.iter().find(|found| found.rule == rule).unwrap();
        (found.finding.primary.span.range().start, found.finding.message.clone())
    };
    assert_eq!(place(&files, MISSING).0, built.find("COPY . .").unwrap());
    let python = [
        ("Dockerfile", PYTHON),
        ("requirements.txt", ""),
        (".dockerignore", "__pycache__\n"),
        ("alembic/env.py", ""),
        ("shop/__init__.py", ""),
        ("tests/__init__.py", ""),
    ];
    let (_, message) = place(&python, INEFFECTIVE);
    assert!(message.contains("`shop/__pycache__`"), "{message}");
}

#[test]
fn a_tool_that_any_manifest_of_python_asks_for_leaves_its_cache() {
    let ignore = (".dockerignore", ".git\n**/__pycache__\n.venv\n");
    let with = |path, text| {
        found(&[("Dockerfile", PYTHON), ("requirements.txt", "a\n"), ignore, (path, text)], CACHE)
    };
    for (path, text) in [
        ("requirements-dev.txt", "pytest==8.3.4\nflask\n"),
        ("requirements/test.txt", "-r base.txt\nruff\n"),
        ("dev-requirements.in", "mypy>=1\n"),
        ("pyproject.toml", "[tool.poetry.group.dev.dependencies]\nmypy = \"^1.14\"\n"),
        ("pyproject.toml", "[dependency-groups]\ndev = ['ruff>=0.9']\n"),
        ("pyproject.toml", "[tool.hatch.envs.test]\ndependencies = [\n  \"pytest\",\n]\n"),
        ("tox.ini", "[testenv:lint]\ndeps =\n    ruff\n"),
        ("Pipfile", "[dev-packages]\npytest = \"*\"\n"),
        ("setup.cfg", "[options.extras_require]\ndev =\n    pytest\n"),
        ("conftest.py", ""),
        ("tests/conftest.py", ""),
        (".pre-commit-config.yaml", "repos:\n  - hooks:\n      - id: ruff\n"),
    ] {
        assert_eq!(with(path, text), ["."], "{path}: {text}");
    }
    for (path, text) in [
        ("requirements-dev.txt", "flask-pytest==1\n# ruff\n"),
        ("pyproject.toml", "[tool.black]\nline-length = 100\n"),
        ("docs/requirements.md", "pytest\n"),
    ] {
        assert!(with(path, text).is_empty(), "{path}: {text}");
    }
}

#[test]
fn a_tool_that_only_a_pipeline_runs_leaves_its_cache_where_it_runs() {
    let files = |path: &str, pipeline: &str| {
        let dockerfile = ("api/Dockerfile", PYTHON);
        let manifest = ("api/requirements.txt", "flask\n");
        found(
            &[dockerfile, manifest, ("api/.dockerignore", "**/__pycache__\n.venv\n"), (path, pipeline)],
            CACHE,
        )
    };
    let job = |step: &str| format!("on: push\njobs:\n  a:\n    steps:\n      - {step}\n");
    for step in [
        "run: cd api && ruff check .",
        "{run: poetry run pytest, working-directory: api}",
        "{run: 'uvx ruff@0.9 check', working-directory: api}",
        "{run: 'python -m mypy src # ${{ github.sha }}', working-directory: api}",
    ] {
        assert_eq!(files(".github/workflows/ci.yml", &job(step)), ["api"], "{step}");
    }
    assert_eq!(files(".gitlab-ci.yml", "test:\n  script:\n    - cd api\n    - pytest\n"), ["api"]);
    for step in [
        "run: ruff check .",
        "{run: 'docker run web pytest', working-directory: api}",
        "{run: 'echo pytest', working-directory: api}",
        "{run: 'uv pip install pytest', working-directory: api}",
        "{run: pytest, working-directory: '${{ matrix.folder }}'}",
    ] {
        assert!(files(".github/workflows/ci.yml", &job(step)).is_empty(), "{step}");
    }
}

#[test]
fn a_python_image_makes_a_project_of_what_imports() {
    let files = |dockerfile, main| [("Dockerfile", dockerfile), ("main.py", main), ("store.py", "")];
    let python = "FROM python:3.13\nCOPY . /app\n";
    assert_eq!(found(&files(python, "from store import Store\n"), MISSING), ["."]);
    assert!(found(&files(python, "import json\n"), MISSING).is_empty());
    assert!(found(&files("FROM nginx:1.27\nCOPY . /app\n", "from store import Store\n"), MISSING).is_empty());
}

#[test]
fn a_member_of_a_workspace_can_have_modules_of_its_own() {
    let root = "{\"workspaces\": [\"packages/*\"]}";
    let files = |ignore, member| {
        [
            ("Dockerfile", NODE),
            ("package.json", root),
            ("package-lock.json", "{}"),
            ("packages/api/package.json", member),
            (".dockerignore", ignore),
        ]
    };
    assert_eq!(found(&files("node_modules\n", PACKAGE), INEFFECTIVE), ["."]);
    assert!(found(&files("node_modules\n", "{\"name\": \"api\"}"), INEFFECTIVE).is_empty());
    for rule in [INEFFECTIVE, CACHE] {
        assert!(found(&files("**/node_modules\n", PACKAGE), rule).is_empty(), "{rule}");
    }
}
