//! Dockerfiles that stand elsewhere than in a file, and contexts that have names.

use indoc::indoc;

use super::{CACHE, IGNORED, MISSING, PACKAGE, check, found};

#[test]
fn a_dockerfile_that_stands_in_a_compose_file_is_built_like_any_other() {
    let compose = indoc! {r#"
        services:
          web:
            build:
              context: web
              dockerfile_inline: |
                FROM node:latest
                COPY package.json .
                RUN npm ci
                COPY . .
                CMD ["node", "$${MAIN}"]
    "#};
    let files = [("compose.yaml", compose), ("web/package.json", PACKAGE), ("web/src/a.js", "")];
    let report = check(&files);
    let finding = report.diagnostics.iter().find(|diagnostic| diagnostic.rule == MISSING).unwrap();
    assert_eq!(finding.finding.build_context.as_ref().unwrap().as_str(), "web");
    assert_eq!(&compose[finding.finding.primary.span.range()], "COPY . .");
    let latest = report.diagnostics.iter().find(|diagnostic| diagnostic.rule == "image/latest-base").unwrap();
    assert!(compose[latest.finding.primary.span.range()].contains("latest"));
    let ignored = [files[0], files[1], files[2], ("web/.dockerignore", "package.json\n")];
    assert_eq!(found(&ignored, IGNORED), ["web"]);
    assert_eq!(found(&ignored, CACHE), ["web"]);
    let kept_out = [files[0], files[1], files[2], ("web/.dockerignore", "node_modules\n")];
    assert!(found(&kept_out, CACHE).is_empty() && found(&kept_out, MISSING).is_empty());
}

#[test]
fn a_context_with_a_name_is_filtered_by_its_own_ignore_file() {
    let dockerfile = "FROM node:22\nCOPY package.json .\nRUN npm ci\nCOPY src src\nCOPY --from=shared . /shared\nCOPY --from=assets /a /a\n";
    let compose = indoc! {"
        services:
          web:
            build:
              context: web
              additional_contexts:
                shared: ./shared
                assets: docker-image://assets:1
    "};
    let files = [
        ("web/Dockerfile", dockerfile),
        ("web/Dockerfile.dockerignore", "shared\n"),
        ("web/package.json", PACKAGE),
        ("web/src/a.js", ""),
        ("shared/package.json", PACKAGE),
        ("compose.yaml", compose),
    ];
    assert_eq!(found(&files, MISSING), ["shared"]);
    let with = |ignore| files.iter().copied().chain([("shared/.dockerignore", ignore)]).collect::<Vec<_>>();
    assert_eq!(found(&with(".git\n"), CACHE), ["shared"]);
    assert!(found(&with("node_modules\n"), CACHE).is_empty());
    // Without a name for it, `shared` is a stage or an image.
    assert!(found(&files[..5], MISSING).is_empty());
}

#[test]
fn commands_workflows_and_bake_files_name_contexts_too() {
    let dockerfile = "FROM node:22\nCOPY --from=shared lib/a.js /shared/\n";
    let copied = |path, asks| {
        let files = [
            ("web/Dockerfile", dockerfile),
            ("shared/lib/a.js", ""),
            ("shared/.dockerignore", "lib\n"),
            (path, asks),
        ];
        found(&files, IGNORED)
    };
    let command = "docker build --build-context shared=./shared web\n";
    assert_eq!(copied("build.sh", command), ["shared"]);
    let action = indoc! {"
        jobs:
          a:
            steps:
              - uses: docker/build-push-action@v6
                with:
                  context: web
                  build-contexts: |
                    shared=shared
    "};
    assert_eq!(copied(".github/workflows/a.yml", action), ["shared"]);
    let bake = "target \"web\" {\n  context  = \"web\"\n  contexts = { shared = \"./shared\" }\n}\n";
    assert_eq!(copied("docker-bake.hcl", bake), ["shared"]);
    let other = "docker build --build-context shared=docker-image://a:1 web\n";
    assert!(copied("build.sh", other).is_empty());
}

#[test]
fn the_history_is_in_the_image_only_where_it_is_sent_and_nobody_asks_for_it() {
    let rule = "docker/git-in-image";
    let head = (".git/HEAD", "ref: refs/heads/main\n");
    let built = |path, run: &str, ignore| {
        let text = format!("FROM python:3.13\nCOPY . .\n{run}\n");
        found(&[(path, text.as_str()), (".dockerignore", ignore), head, ("main.py", "")], rule)
    };
    assert_eq!(built("Dockerfile", "", ".venv\n"), ["."]);
    for ignore in [".git\n", "**/.git\n", ".git*\n", "*\n!main.py\n", "*\n!main.py\n!.git\n"] {
        assert!(built("Dockerfile", "", ignore).is_empty(), "{ignore}");
    }
    assert!(built("Dockerfile", "RUN git rev-parse HEAD > version", ".venv\n").is_empty());
    assert!(built("Dockerfile", "RUN rm -rf .git", ".venv\n").is_empty());
    assert!(built("Dockerfile.dev", "", ".venv\n").is_empty());
    let stages = "FROM node:22 AS build\nCOPY . .\nFROM nginx:1.27\nCOPY --from=build /dist /srv\n";
    assert!(found(&[("Dockerfile", stages), (".dockerignore", ".venv\n"), head], rule).is_empty());
    let page = [("Dockerfile", "FROM nginx:1.27\nCOPY . /usr/share/nginx/html\n"), ("index.html", ""), head];
    assert_eq!(found(&page, rule), ["."]);
    assert!(found(&page[..2], rule).is_empty());
}
