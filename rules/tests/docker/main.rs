//! Build contexts as their owners have them: what is found, and what is left alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod compositions;
mod evidence;
mod ignore_style;
mod missing_copies;
mod patterns;
mod sources;
mod starts;
#[path = "../support/mod.rs"]
mod support;

use policy_core::config::Settings;
use policy_core::finding::Edit;
use policy_core::report::Report;

fn check(files: &[(&str, &str)]) -> Report {
    support::check(files, &Settings::default())
}

/// "rule in context", in the order of places.
fn found(files: &[(&str, &str)], rule: &str) -> Vec<String> {
    let report = check(files);
    let of_rule = report.diagnostics.iter().filter(|diagnostic| diagnostic.rule == rule);
    of_rule.map(|diagnostic| diagnostic.finding.build_context.as_ref().unwrap().to_string()).collect()
}

const MISSING: &str = "docker/missing-dockerignore";
const CACHE: &str = "docker/context-includes-cache";
const IGNORED: &str = "docker/copy-of-ignored-path";
const PACKAGE: &str = "{\"dependencies\": {\"a\": \"1\"}}";
const NODE: &str =
    "FROM node:22\nCOPY package.json .\nRUN npm ci\nCOPY . .\nUSER node\nCMD [\"node\", \"a.js\"]\n";

#[test]
fn copying_all_of_a_project_needs_an_ignore_file() {
    assert_eq!(found(&[("web/Dockerfile", NODE), ("web/package.json", PACKAGE)], MISSING), ["web"]);
}

#[test]
fn named_sources_take_no_dependencies_along() {
    let dockerfile = "FROM node:22\nCOPY package.json .\nRUN npm ci\nCOPY src ./src\n";
    let files = [("Dockerfile", dockerfile), ("package.json", PACKAGE), ("src/a.js", "")];
    assert!(found(&files, MISSING).is_empty());
}

#[test]
fn a_copied_python_package_takes_its_bytecode_along() {
    let dockerfile = "FROM python:3.13\nCOPY app ./app\n";
    let files = [("Dockerfile", dockerfile), ("app/__init__.py", ""), ("app/api/__init__.py", "")];
    assert_eq!(found(&files, MISSING), ["."]);
}

#[test]
fn pages_and_configuration_leave_nothing_behind() {
    let files = [("Dockerfile", "FROM nginx:1.27\nCOPY . /usr/share/nginx/html\n"), ("index.html", "")];
    assert!(found(&files, MISSING).is_empty());
}

#[test]
fn what_the_image_does_not_make_itself_is_meant_to_be_taken() {
    let dockerfile = "FROM node:22\nCOPY . .\nCMD [\"node\", \"a.js\"]\n";
    let files = [("Dockerfile", dockerfile), ("package.json", PACKAGE), (".dockerignore", ".git\n")];
    assert!(found(&files, CACHE).is_empty());
}

#[test]
fn a_build_output_that_is_copied_by_name_is_no_cache() {
    let dockerfile = "FROM eclipse-temurin:21\nCOPY target/app.jar .\nRUN mvn -v\nCOPY . /src\n";
    let files = [("Dockerfile", dockerfile), ("pom.xml", ""), (".dockerignore", ".git\n")];
    assert!(found(&files, CACHE).is_empty());
}

#[test]
fn an_allow_list_lets_only_what_it_names_in() {
    let allowed =
        |list| [("Dockerfile", NODE), ("package.json", PACKAGE), ("src/a.js", ""), (".dockerignore", list)];
    assert!(found(&allowed("*\n!src\n!package.json\n"), CACHE).is_empty());
    assert_eq!(found(&allowed("*\n!**\n"), CACHE), ["."]);
}

#[test]
fn a_dockerfiles_own_ignore_file_replaces_the_contexts() {
    let files = [
        ("Dockerfile", NODE),
        ("package.json", PACKAGE),
        (".dockerignore", "node_modules\n"),
        ("Dockerfile.dockerignore", ".git\n"),
    ];
    assert_eq!(found(&files, CACHE), ["."]);
}

#[test]
fn exclusion_flags_of_a_copy_count() {
    let dockerfile = NODE.replace("COPY . .", "COPY --exclude=node_modules . .");
    let files = [("Dockerfile", dockerfile.as_str()), ("package.json", PACKAGE), (".dockerignore", ".git\n")];
    assert!(found(&files, CACHE).is_empty());
}

#[test]
fn one_dockerfile_can_have_several_contexts() {
    let compose =
        "services:\n  a:\n    build: {context: ., dockerfile: api/Dockerfile}\n  b:\n    build: ./api\n";
    let files = [
        ("compose.yaml", compose),
        ("api/Dockerfile", NODE),
        ("api/package.json", PACKAGE),
        ("package.json", PACKAGE),
    ];
    assert_eq!(found(&files, MISSING), [".", "api"]);
}

#[test]
fn parent_paths_end_at_the_root_of_the_context() {
    let compose = "services:\n  a:\n    build: {context: app, dockerfile: a/Dockerfile}\n";
    let dockerfile = "FROM node:22\nCOPY ../ .\nRUN npm ci\n";
    let files =
        [("compose.yaml", compose), ("app/a/Dockerfile", dockerfile), ("app/a/package.json", PACKAGE)];
    assert_eq!(found(&files, MISSING), ["app"]);
}

#[test]
fn a_dockerfile_in_a_folder_of_its_own_is_built_where_its_sources_lie() {
    let files = [("docker/Dockerfile", NODE), ("package.json", PACKAGE), ("docker/entrypoint.sh", "")];
    assert_eq!(found(&files, MISSING), ["."]);
}

#[test]
fn stages_that_the_build_does_not_need_take_nothing() {
    let dockerfile = "FROM node:22 AS dev\nCOPY . .\nRUN npm ci\nFROM nginx:1.27\nCOPY a.html /\n";
    let files = [("Dockerfile", dockerfile), ("package.json", PACKAGE), ("a.html", "")];
    assert!(found(&files, MISSING).is_empty());
}

#[test]
fn a_nested_package_without_its_own_lock_file_shares_the_folder_above() {
    let files = |lock| {
        [
            ("Dockerfile", NODE),
            ("package.json", PACKAGE),
            (".dockerignore", "node_modules\n"),
            ("packages/a/package.json", PACKAGE),
            (lock, ""),
        ]
    };
    let rule = "docker/ineffective-ignore-pattern";
    assert!(found(&files("package-lock.json"), rule).is_empty());
    assert_eq!(found(&files("packages/a/package-lock.json"), rule), ["."]);
    assert_eq!(found(&files("pnpm-workspace.yaml"), rule), ["."]);
}

#[test]
fn missing_lines_are_added_in_the_files_own_style() {
    let report =
        check(&[("Dockerfile", NODE), ("package.json", PACKAGE), (".dockerignore", ".git\r\n*.log")]);
    let diagnostic = report.diagnostics.iter().find(|diagnostic| diagnostic.rule == CACHE).unwrap();
    let fix = diagnostic.finding.fix.as_ref().unwrap();
    let Some(Edit::Replace { span, text }) = fix.edits.first() else { panic!("{fix:?}") };
    assert_eq!((span.range(), text.as_str()), (11..11, "\r\n**/node_modules\r\n"));
}

#[test]
fn the_added_lines_keep_no_committed_file_out() {
    let added = |files: &[(&str, &str)]| -> String {
        let report = check(files);
        let fix = report.diagnostics.iter().find_map(|diagnostic| diagnostic.finding.fix.clone()).unwrap();
        match fix.edits.first() {
            Some(Edit::Replace { text, .. } | Edit::Create { text, .. }) => text.clone(),
            None => panic!("{fix:?}"),
        }
    };
    let php = "FROM php:8.4-cli\nCOPY . /app\nRUN composer install\nUSER app\n";
    let views = ("resources/views/vendor/mail/button.blade.php", "");
    let ignore = (".dockerignore", ".git\n");
    assert_eq!(added(&[("Dockerfile", php), ("composer.json", "{}"), ignore]), "**/vendor\n");
    assert_eq!(added(&[("Dockerfile", php), ("composer.json", "{}"), ignore, views]), "vendor\n");
    let ruby = "FROM ruby:3.4\nCOPY . .\nRUN bundle install\nUSER app\n";
    let rails = ("config/environment.rb", "");
    assert_eq!(
        added(&[("Dockerfile", ruby), ("Gemfile", ""), rails, ignore, ("log/.keep", ""), ("tmp/.keep", "")]),
        "log/*\n!log/.keep\ntmp/*\n!tmp/.keep\n"
    );
    assert_eq!(added(&[("Dockerfile", NODE), ("package.json", PACKAGE)]), ".git\n**/node_modules\n");
}

#[test]
fn a_pattern_for_one_level_misses_what_lies_deeper() {
    let rule = "docker/ineffective-ignore-pattern";
    let dotnet = "FROM mcr.microsoft.com/dotnet/sdk:9.0\nCOPY . .\nRUN dotnet publish\nUSER app\n";
    let files = |ignore| [("Dockerfile", dotnet), ("src/App/App.csproj", ""), (".dockerignore", ignore)];
    assert_eq!(found(&files("*/bin\n*/obj/\n"), rule), ["."]);
    assert!(found(&files("*/bin\n*/obj/\n"), CACHE).is_empty());
    assert_eq!(found(&files("bin*\n**/obj\n"), rule), ["."]);
    assert!(found(&files("b*\n**/obj\n"), rule).is_empty());
    let report = check(&files("*/bin\n/obj/\n"));
    let fix =
        report.diagnostics.iter().find(|found| found.rule == rule).unwrap().finding.fix.clone().unwrap();
    let texts: Vec<_> = fix
        .edits
        .iter()
        .map(|edit| match edit {
            Edit::Replace { text, .. } | Edit::Create { text, .. } => text.as_str(),
        })
        .collect();
    assert_eq!(texts, ["**/bin", "**/obj/"]);
}

#[test]
fn a_project_below_one_that_names_no_members_has_its_own_dependencies() {
    let files = |root| {
        [
            ("package.json", root),
            ("package-lock.json", ""),
            ("server/package.json", PACKAGE),
            ("server/.dockerignore", ".git\n"),
            ("server/Dockerfile", NODE),
        ]
    };
    assert_eq!(found(&files(PACKAGE), CACHE), ["server"]);
    assert!(found(&files("{\"workspaces\": [\"server\"]}"), CACHE).is_empty());
}

#[test]
fn an_image_without_node_has_no_use_for_its_modules() {
    let files = |dockerfile| {
        [
            ("Dockerfile", dockerfile),
            ("web/package.json", PACKAGE),
            (".dockerignore", "**/__pycache__\n.venv\n"),
            ("requirements.txt", ""),
        ]
    };
    let python = "FROM python:3.13\nCOPY . /app\nRUN pip install -r /app/requirements.txt\n";
    assert_eq!(found(&files(python), CACHE), ["."]);
    let built = "FROM golang:1.24 AS build\nCOPY . .\nRUN go build -o /a\nFROM alpine:3.22\nCOPY --from=build /a /a\n";
    assert_eq!(found(&files(built), CACHE), ["."]);
    let both = "FROM python:3.13\nCOPY . /app\nRUN apt-get install -y nodejs\n";
    assert!(found(&files(both), CACHE).is_empty());
}

#[test]
fn a_secret_that_only_an_earlier_stage_copies_is_not_in_the_image() {
    let rule = "docker/secret-in-context";
    let key = ("deploy.key", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    let built = "FROM golang:1.24 AS build\nCOPY . .\nFROM alpine:3.20\nCOPY --from=build /app /app\n";
    assert!(found(&[("Dockerfile", built), key], rule).is_empty());
    let inherited = "FROM golang:1.24 AS build\nCOPY . .\nFROM build\n";
    assert_eq!(found(&[("Dockerfile", inherited), key], rule), ["."]);
}

#[test]
fn a_user_is_inherited_from_a_stage_and_not_from_a_copy() {
    let push = ("push.sh", "docker push r.io/web:$COMMIT\n");
    let as_root = |dockerfile| found(&[("Dockerfile", dockerfile), push], "docker/runs-as-root");
    assert!(as_root("FROM node:22 AS base\nUSER node\nFROM base\nCMD [\"a\"]\n").is_empty());
    assert_eq!(as_root("FROM node:22 AS base\nUSER node\nFROM base\nUSER 0:0\nCMD [\"a\"]\n"), ["."]);
    let copied = "FROM node:22 AS base\nUSER node\nFROM node:22\nCOPY --from=base /a /a\nCMD [\"a\"]\n";
    assert_eq!(as_root(copied), ["."]);
    assert!(as_root("FROM debian:13\nRUN apt-get install -y gosu\nENTRYPOINT [\"/start.sh\"]\n").is_empty());
    assert!(as_root("FROM mariadb:11\nUSER root\nCMD [\"a\"]\n").is_empty());
    assert!(as_root("FROM php:8.4-fpm\nCMD [\"a\"]\n").is_empty());
    assert_eq!(as_root("FROM php:8.4-cli\nCMD [\"a\"]\n"), ["."]);
    let asked = [
        ("Dockerfile", copied),
        ("tool/Dockerfile", copied),
        ("old/Dockerfile", copied),
        ("push.sh", "docker build -t r.io/web:1 .\ndocker push r.io/web:1\n"),
        ("compose.yaml", "services: {tool: {build: tool}}\n"),
    ];
    assert_eq!(found(&asked, "docker/runs-as-root"), ["."]);
    // An image that nothing pushes runs where it was built.
    assert!(found(&[("Dockerfile", copied)], "docker/runs-as-root").is_empty());
}

#[test]
fn a_pipeline_below_the_root_starts_where_its_dockerfile_is() {
    let rule = "docker/missing-dockerfile";
    let spec = "phases: {build: {commands: [docker build -t w .]}}\n";
    let job = "a: {script: [docker build -t w .]}\n";
    let circle = "jobs: {a: {steps: [run: docker build -t w .]}}\n";
    for (path, text) in
        [("svc/buildspec.yml", spec), ("svc/.gitlab-ci.yml", job), ("svc/.circleci/config.yml", circle)]
    {
        let dockerfile = ("svc/Dockerfile", NODE);
        let evidence = ("svc/package.json", PACKAGE);
        assert!(found(&[(path, text), dockerfile], rule).is_empty(), "{path}");
        assert_eq!(found(&[(path, text), dockerfile, evidence], MISSING), ["svc"], "{path}");
        assert!(found(&[(path, text)], rule).is_empty(), "{path}");
    }
    assert_eq!(found(&[("buildspec.yml", spec)], rule), ["."]);
    let template = ("{{name}}/compose.yaml", "services: {a: {build: ./missing}}\n");
    assert!(found(&[template], rule).is_empty());
}

#[test]
fn a_workflow_counts_its_paths_from_its_own_checkout() {
    let rule = "docker/missing-dockerfile";
    let build = "      - uses: docker/build-push-action@v6\n        with: {context: web}\n";
    let jobs = |on: &str, checkout: &str| {
        format!("on: {on}\njobs:\n  a:\n    steps:\n      - {{uses: actions/checkout@v4{checkout}}}\n{build}")
    };
    let at = ".github/workflows/a.yml";
    assert_eq!(found(&[(at, &jobs("push", ""))], rule), ["web"]);
    assert!(found(&[(at, &jobs("{workflow_call: {}}", ""))], rule).is_empty());
    assert!(found(&[(at, &jobs("push", ", with: {repository: a/b}"))], rule).is_empty());
    let nested = format!("sub/{at}");
    let dockerfile = ("sub/web/Dockerfile", "FROM a:1\n");
    assert!(found(&[(&nested, &jobs("push", "")), dockerfile], rule).is_empty());
}

#[test]
fn what_a_discarded_stage_copies_of_a_go_program_is_gone_with_it() {
    let dockerfile =
        "FROM golang:1.24 AS build\nCOPY . .\nRUN go build -o /a\nFROM scratch\nCOPY --from=build /a /a\n";
    let files = |folder: &str| {
        [(format!("{folder}Dockerfile"), dockerfile), (format!("{folder}go.mod"), "module a\n")]
    };
    let found = |folder: &str| {
        let files = files(folder);
        found(&[(&files[0].0, files[0].1), (&files[1].0, files[1].1)], MISSING)
    };
    assert!(found("api/").is_empty());
    assert_eq!(found(""), ["."]);
}
