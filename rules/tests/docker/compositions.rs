//! Compose files that are used together: which builds and images they make of each other.

use policy_core::config::Settings;
use policy_core::model::Deployment;
use policy_core::source::{MemoryTree, RepoPath, Sources};

use super::{check, found};

/// "context: who asks", for each build of each context.
fn builds(files: &[(&str, &str)]) -> Vec<String> {
    let tree = files.iter().fold(MemoryTree::new(), |tree, (path, text)| {
        tree.with(RepoPath::new(path).unwrap(), text.as_bytes())
    });
    let sources = Sources::open(&tree);
    let settings = Settings::default();
    let parsed = policy_core::parse::parse_all(&sources, &settings, policy_core::model::commands::named_in);
    let deployment = Deployment::link(&parsed, &sources, &settings.options);
    let asked = deployment.builds.iter().map(|build| format!("{}: {}", build.context, build.by));
    asked.collect()
}

#[test]
fn a_command_says_which_compose_files_go_together() {
    let base = ("compose.yml", "services:\n  web: {build: {context: web, target: run}}\n");
    let over = ("deploy/prod.yml", "services:\n  web: {build: {context: ./other}}\n");
    let images = [("web/Dockerfile", "FROM a:1 AS run\n"), ("other/Dockerfile", "FROM a:1 AS run\n")];
    let asked = |asks: (&str, &str)| builds(&[base, over, images[0], images[1], asks]);
    let both = "docker compose -f compose.yml -f deploy/prod.yml build web\n";
    // The paths of both count from the folder of the first.
    assert_eq!(asked(("build.sh", both)), ["other: service `web` (built by `build.sh`)"]);
    let make = format!("image:\n\t{both}");
    assert_eq!(asked(("Makefile", &make)), ["other: service `web` (built by target `image`)"]);
    let variable = ".env";
    assert_eq!(asked((variable, "COMPOSE_FILE=compose.yml:deploy/prod.yml\n")), ["other: service `web`"]);
    let workflow = "env: {COMPOSE_FILE: 'compose.yml:deploy/prod.yml'}\njobs: {}\n";
    assert_eq!(asked((".github/workflows/a.yml", workflow)), ["other: service `web`"]);
    // What is put together elsewhere says nothing.
    let unknown = "docker compose -f compose.yml -f $EXTRA build\n";
    assert_eq!(asked(("build.sh", unknown)), ["web: service `web`", "deploy/other: service `web`"]);
}

#[test]
fn a_project_directory_is_where_paths_count_from() {
    let rule = "docker/missing-dockerfile";
    let compose =
        ("infra/compose.yaml", "services:\n  web: {build: {context: ., dockerfile: infra/Dockerfile}}\n");
    let files = |command| [compose, ("infra/Dockerfile", "FROM a:1\n"), ("Makefile", command)];
    assert_eq!(found(&files("up:\n\tdocker compose -f infra/compose.yaml up\n"), rule), ["infra"]);
    let from_root = "up:\n\tdocker compose --project-directory . -f infra/compose.yaml up --build\n";
    assert!(found(&files(from_root), rule).is_empty());
    assert_eq!(builds(&files(from_root)), [".: service `web` (built by target `up`)"]);
}

#[test]
fn an_included_file_has_a_project_of_its_own() {
    let part = ("parts/web.yml", "services:\n  web: {build: .}\n");
    let folders = [("parts/Dockerfile", "FROM a:1\n"), ("Dockerfile", "FROM a:1\n")];
    let included = |include: &str| {
        builds(&[("compose.yaml", &format!("include:\n{include}")), part, folders[0], folders[1]])
    };
    assert_eq!(included("  - parts/web.yml\n"), ["parts: service `web`"]);
    assert_eq!(included("  - {path: parts/web.yml, project_directory: .}\n"), [".: service `web`"]);
    assert_eq!(included("  - {path: [parts/web.yml]}\n"), ["parts: service `web`"]);
}

#[test]
fn an_image_that_a_later_file_overrides_does_not_run() {
    let latest = |command: &str| {
        let files = [
            ("compose.yml", "services:\n  web: {image: 'acme/web'}\n"),
            ("compose.prod.yml", "services:\n  web: {image: 'acme/web:1.2'}\n"),
            ("compose.dev.yml", "services:\n  web: {image: 'acme/web:1.3'}\n"),
            ("up.sh", command),
        ];
        let report = check(&files);
        report.diagnostics.iter().filter(|diagnostic| diagnostic.rule == "image/latest-tag").count()
    };
    assert_eq!(latest("docker compose up -d\n"), 1);
    assert_eq!(latest("docker compose -f compose.yml -f compose.prod.yml up -d\n"), 0);
    // What is laid over it for development says nothing of the rest.
    assert_eq!(latest("docker compose -f compose.yml -f compose.dev.yml up -d\n"), 1);
}

#[test]
fn a_later_file_can_take_a_build_away() {
    let base = ("compose.yaml", "services:\n  web: {build: ./web}\n");
    for build in ["!reset null", "null", "~"] {
        let text = format!("services:\n  web: {{build: {build}, image: 'acme/web:1.2.3'}}\n");
        let files = [base, ("web/Dockerfile", "FROM a:1\n"), ("compose.prod.yaml", &text)];
        assert!(found(&files, "docker/missing-dockerfile").is_empty(), "{build}");
    }
    let nothing = ("compose.yaml", "services:\n  web: {build: {context: ./web, dockerfile: null}}\n");
    assert!(found(&[nothing, ("web/Dockerfile", "FROM a:1\n")], "docker/missing-dockerfile").is_empty());
}
