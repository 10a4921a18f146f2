//! Every kind of place that builds a context.

use indoc::indoc;
use policy_core::config::Settings;

use super::support;

/// A folder whose dependencies would be sent, built with a Dockerfile that lies elsewhere: only who asks for the build tells
/// that it is a build context.
const WEB: [(&str, &str); 3] = [
    ("cdk.json", "{}"),
    ("web/package.json", "{\"dependencies\": {\"react\": \"19\"}}"),
    ("docker/web.Dockerfile", "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"),
];

#[test]
fn every_place_that_builds_a_context() {
    let build = "docker build -f docker/web.Dockerfile web";
    let workflow = format!("jobs:\n  build:\n    steps:\n      - run: {build}\n");
    let recipe = format!("build:\n\t{build}\n");
    let just = format!("build:\n    {build}\n");
    let gitlab = format!("build:\n  script:\n    - {build}\n");
    let circle = format!("jobs:\n  build:\n    steps:\n      - run: {build}\n");
    let package = format!("{{\"scripts\": {{\"build\": \"{build}\"}}}}");
    let script = "for app in web; do\n  (cd \"$app\" && docker build -f ../docker/$app.Dockerfile .)\ndone\n";
    let local_exec = format!(
        "resource \"null_resource\" \"build\" {{\n  provisioner \"local-exec\" {{\n    command = \"{build}\"\n  }}\n}}\n"
    );
    let sources: [(&str, &str, &str); 17] = [
        (
            "an app of the CDK",
            "lib/stack.ts",
            "new DockerImageAsset(this, 'Web', {\n  directory: path.join(__dirname, '..', 'web'),\n  file: '../docker/web.Dockerfile',\n});\n",
        ),
        (
            "compose",
            "compose.yaml",
            "services:\n  web:\n    build:\n      context: web\n      dockerfile: ../docker/web.Dockerfile\n",
        ),
        (
            "compose, a variable",
            "compose.yaml",
            "services:\n  web:\n    build:\n      context: ${APP:-web}\n      dockerfile: ../docker/web.Dockerfile\n",
        ),
        (
            "compose, inline",
            "compose.yaml",
            indoc! {"
                services:
                  web:
                    build:
                      context: web
                      dockerfile_inline: |
                        FROM node:22
                        COPY . .
                        RUN npm ci
            "},
        ),
        (
            "build-push-action",
            ".github/workflows/b.yml",
            indoc! {"
                jobs:
                  build:
                    steps:
                      - uses: docker/build-push-action@v6
                        with:
                          context: web
                          file: docker/web.Dockerfile
            "},
        ),
        ("a step", ".github/workflows/b.yml", &workflow),
        (
            "a matrix",
            ".github/workflows/b.yml",
            indoc! {"
                jobs:
                  build:
                    strategy:
                      matrix:
                        app: [web]
                    steps:
                      - uses: docker/build-push-action@v6
                        with:
                          context: ${{ matrix.app }}
                          file: docker/${{ matrix.app }}.Dockerfile
            "},
        ),
        ("GitLab", ".gitlab-ci.yml", &gitlab),
        ("CircleCI", ".circleci/config.yml", &circle),
        (
            "a bake file",
            "docker-bake.hcl",
            "target \"web\" {\n  context    = \"web\"\n  dockerfile = \"../docker/web.Dockerfile\"\n}\n",
        ),
        ("a script", "build.sh", script),
        ("a Makefile", "Makefile", &recipe),
        ("a justfile", "justfile", &just),
        ("a script of a package", "package.json", &package),
        (
            "docker_image",
            "main.tf",
            indoc! {r#"
                resource "docker_image" "web" {
                  name = "web"
                  build {
                    context    = "web"
                    dockerfile = "../docker/web.Dockerfile"
                  }
                }
            "#},
        ),
        ("local-exec", "main.tf", &local_exec),
        (
            "Skaffold",
            "skaffold.yaml",
            indoc! {"
                apiVersion: skaffold/v4beta6
                kind: Config
                build:
                  artifacts:
                    - image: web
                      context: web
                      docker:
                        dockerfile: ../docker/web.Dockerfile
            "},
        ),
    ];
    for (source, path, text) in sources {
        assert_sends_web(source, path, text);
    }
}

/// Asserts that the file at `path` has the folder of [`WEB`] sent.
#[track_caller]
pub(crate) fn assert_sends_web(source: &str, path: &str, text: &str) {
    let with = |ignore: &str| {
        let mut files = WEB.to_vec();
        files.push((path, text));
        if !ignore.is_empty() {
            files.push(("web/.dockerignore", ignore));
        }
        let report = support::check(&files, &Settings::default());
        let contexts = report.diagnostics.iter().filter(|found| {
            ["docker/missing-dockerignore", "docker/context-includes-cache"]
                .iter()
                .any(|rule| found.rule == *rule)
        });
        contexts.map(|found| found.finding.message.clone()).collect::<Vec<_>>()
    };
    let missing = with("");
    assert!(matches!(missing.as_slice(), [only] if only.contains("`web` has no")), "{source}: {missing:?}");
    assert!(matches!(with("*.log\n").as_slice(), [only] if only.contains("`node_modules`")), "{source}");
    assert_eq!(with("node_modules\n"), [""; 0], "{source}");
}
