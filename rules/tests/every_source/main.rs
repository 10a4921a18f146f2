//! Every kind of place that names an image or builds one: each is read, and each is left alone where nothing is wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::too_many_lines, reason = "tables of places are read from top to bottom")]

mod commands;
#[path = "../support/mod.rs"]
mod support;

use policy_core::config::Settings;
use policy_core::report::Diagnostic;

/// What all rules find: "rule path:line" of each place.
fn all_found(files: &[(&str, impl AsRef<str>)]) -> Vec<String> {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_ref())).collect();
    let report = support::check(&files, &Settings::default());
    let place = |diagnostic: &Diagnostic| {
        let place = report.place(diagnostic.finding.primary.span).unwrap();
        format!("{} {}:{}", diagnostic.rule, place.path, place.start.line)
    };
    report.diagnostics.iter().map(place).collect()
}

/// What a rule finds: "path:line" of each place.
fn found(files: &[(&str, impl AsRef<str>)], rule: &str) -> Vec<String> {
    let of_rule = |found: String| Some(found.strip_prefix(rule)?.strip_prefix(' ')?.to_owned());
    all_found(files).into_iter().filter_map(of_rule).collect()
}

/// Files in which `TAG` stands for a tag, and where the finding lies that `latest` brings.
type Named<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

/// Asserts that `latest` in the place of `TAG` is found, at the place that is given and nowhere else, and a version is not.
#[track_caller]
fn assert_each(places: &[Named<'_>], rule: &str) {
    for (source, files, at) in places {
        let with = |tag: &str| {
            let texts: Vec<(&str, String)> =
                files.iter().map(|(path, text)| (*path, text.replace("TAG", tag))).collect();
            let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
            found(&files, rule)
        };
        assert_eq!(with("latest"), [*at], "{source}");
        assert_eq!(with("1.4.2"), [""; 0], "{source}");
    }
}

#[test]
fn every_place_that_deploys_an_image() {
    let task = "resource \"aws_ecs_task_definition\" \"web\" {\n  family = \"web\"\n";
    let container = |image: &str| {
        format!("{task}  container_definitions = jsonencode([{{ name = \"web\", image = {image} }}])\n}}\n")
    };
    let literal = container("\"acme/web:TAG\"");
    let variable = container("\"acme/web:${var.tag}\"");
    let local = container("local.image") + "locals {\n  image = \"acme/web:TAG\"\n}\n";
    let heredoc = format!(
        "{task}  container_definitions = <<JSON\n[{{\"name\": \"web\", \"image\": \"acme/web:TAG\"}}]\nJSON\n}}\n"
    );
    let template = format!(
        "{task}  container_definitions = templatefile(\"${{path.module}}/web.json\", {{ tag = \"TAG\" }})\n}}\n"
    );
    let module = "variable \"tag\" {}\n".to_owned() + &variable;
    let tfvars = variable.clone() + "variable \"tag\" {}\n";
    let at_remote = &format!("{DEPLOY}:6");
    assert_each(
        &[
            ("Terraform, written out", &[("main.tf", &literal)], "main.tf:3"),
            (
                "Terraform, a default",
                &[("main.tf", &variable), ("variables.tf", "variable \"tag\" {\n  default = \"TAG\"\n}\n")],
                "variables.tf:2",
            ),
            (
                "Terraform, tfvars",
                &[("main.tf", &tfvars), ("terraform.tfvars", "tag = \"TAG\"\n")],
                "terraform.tfvars:1",
            ),
            ("Terraform, a local", &[("main.tf", &local)], "main.tf:6"),
            (
                "Terraform, a module",
                &[
                    ("main.tf", "module \"web\" {\n  source = \"./web\"\n  tag = \"TAG\"\n}\n"),
                    ("web/main.tf", &module),
                ],
                "main.tf:3",
            ),
            ("Terraform, a here-document", &[("main.tf", &heredoc)], "main.tf:4"),
            (
                "Terraform, a template",
                &[
                    ("main.tf", &template),
                    ("web.json", "[{\"name\": \"web\", \"image\": \"acme/web:${tag}\"}]"),
                ],
                "main.tf:3",
            ),
            (
                "a task definition",
                &[(
                    "task-definition.json",
                    "{\"family\": \"web\", \"containerDefinitions\": [\n{\"name\": \"web\", \"image\": \"acme/web:TAG\"}]}",
                )],
                "task-definition.json:2",
            ),
            (
                "compose",
                &[("compose.yaml", "services:\n  web:\n    image: acme/web:TAG\n")],
                "compose.yaml:3",
            ),
            (
                "compose, a default",
                &[("compose.yaml", "services:\n  web:\n    image: acme/web:${WEB_TAG:-TAG}\n")],
                "compose.yaml:3",
            ),
            (
                "compose, .env",
                &[
                    ("compose.yaml", "services:\n  web:\n    image: acme/web:${WEB_TAG}\n"),
                    (".env", "WEB_TAG=TAG\n"),
                ],
                ".env:1",
            ),
            (
                "Kubernetes",
                &[(
                    "k8s/web.yaml",
                    "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: acme/web:TAG\n",
                )],
                "k8s/web.yaml:6",
            ),
            (
                "Kustomize",
                &[(
                    "k8s/kustomization.yaml",
                    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages:\n  - name: acme/web\n    newTag: TAG\n",
                )],
                "k8s/kustomization.yaml:5",
            ),
            (
                "Helm",
                &[
                    ("chart/Chart.yaml", "apiVersion: v2\nname: web\n"),
                    ("chart/values.yaml", "image:\n  repository: acme/web\n  tag: TAG\n"),
                ],
                "chart/values.yaml:3",
            ),
            (
                "Nomad",
                &[(
                    "web.nomad.hcl",
                    "job \"web\" {\n  group \"web\" {\n    task \"web\" {\n      driver = \"docker\"\n      config {\n        image = \"acme/web:TAG\"\n      }\n    }\n  }\n}\n",
                )],
                "web.nomad.hcl:6",
            ),
            ("a script of a deployment", &[("deploy.sh", "docker run -d acme/web:TAG\n")], "deploy.sh:1"),
            ("a command for another machine", &[("x.sh", "ssh host 'docker pull acme/web:TAG'\n")], "x.sh:1"),
            (
                "an action that runs one there",
                &[(DEPLOY, &remote("appleboy/ssh-action", "script"))],
                at_remote,
            ),
            (
                "what an action runs after it has copied files",
                &[(DEPLOY, &remote("easingthemes/ssh-deploy", "SCRIPT_AFTER"))],
                at_remote,
            ),
            (
                "what another runs then",
                &[(DEPLOY, &remote("cross-the-world/ssh-scp-ssh-pipelines", "last_ssh"))],
                at_remote,
            ),
            (
                "a workflow that renders a task definition",
                &[(
                    ".github/workflows/deploy.yml",
                    "jobs:\n  deploy:\n    steps:\n      - uses: aws-actions/amazon-ecs-render-task-definition@v1\n        with:\n          task-definition: task.json\n          container-name: web\n          image: acme/web:TAG\n",
                )],
                ".github/workflows/deploy.yml:8",
            ),
            (
                "CloudFormation",
                &[(
                    "infra/stack.yaml",
                    "Resources:\n  Task:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      ContainerDefinitions:\n        - Name: web\n          Image: acme/web:TAG\n",
                )],
                "infra/stack.yaml:7",
            ),
            (
                "a manifest of Fly",
                &[("fly.toml", "app = \"web\"\n[build]\nimage = \"acme/web:TAG\"\n")],
                "fly.toml:3",
            ),
            (
                "a Copilot manifest",
                &[(
                    "copilot/web/manifest.yml",
                    "name: web\ntype: Backend Service\nimage:\n  location: acme/web:TAG\n",
                )],
                "copilot/web/manifest.yml:4",
            ),
        ],
        "image/latest-tag",
    );
}

const DEPLOY: &str = ".github/workflows/deploy.yml";

/// A workflow with a step that gives an action a script for another machine.
fn remote(action: &str, input: &str) -> String {
    format!(
        "jobs:\n  deploy:\n    steps:\n      - uses: {action}@v1\n        with:\n          {input}: docker run -d acme/web:TAG\n"
    )
}

#[test]
fn what_one_action_calls_its_script_says_nothing_of_another() {
    for (action, input) in [("acme/ssh-copy", "SCRIPT_AFTER"), ("easingthemes/ssh-deploy", "last_ssh")] {
        let workflow = remote(action, input).replace("TAG", "latest");
        assert_eq!(found(&[(DEPLOY, &workflow)], "image/latest-tag"), [""; 0], "{action}");
    }
}

#[test]
fn every_place_that_builds_on_an_image() {
    assert_each(
        &[
            ("FROM", &[("Dockerfile", "FROM acme/base:TAG\n")], "Dockerfile:1"),
            ("ARG", &[("Dockerfile", "ARG VERSION=TAG\nFROM acme/base:${VERSION}\n")], "Dockerfile:1"),
            (
                "COPY --from",
                &[("Dockerfile", "FROM acme/base:1\nCOPY --from=acme/tool:TAG /tool /tool\n")],
                "Dockerfile:2",
            ),
            (
                "RUN --mount",
                &[("Dockerfile", "FROM acme/base:1\nRUN --mount=from=acme/tool:TAG,target=/t /t/run\n")],
                "Dockerfile:2",
            ),
            (
                "a Dockerfile in a compose file",
                &[(
                    "compose.yaml",
                    "services:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM acme/base:TAG\n",
                )],
                "compose.yaml:5",
            ),
        ],
        "image/latest-base",
    );
}

#[test]
fn every_place_that_pushes_an_image() {
    let workflow = |steps: &str| format!("jobs:\n  push:\n    steps:\n{steps}");
    let action = workflow(
        "      - uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: acme/web:TAG\n",
    );
    let metadata = workflow(
        "      - id: meta\n        uses: docker/metadata-action@v5\n        with:\n          images: acme/web\n          tags: type=raw,value=TAG\n      - uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: ${{ steps.meta.outputs.tags }}\n",
    );
    let environment = format!(
        "env:\n  WEB_TAG: TAG\n{}",
        workflow("      - run: docker push acme/web:${{ env.WEB_TAG }}\n")
    );
    let matrix = "jobs:\n  push:\n    strategy:\n      matrix:\n        tag: [TAG]\n    steps:\n      - run: docker push acme/web:${{ matrix.tag }}\n";
    let input = "on:\n  workflow_dispatch:\n    inputs:\n      tag:\n        default: TAG\njobs:\n  push:\n    steps:\n      - run: docker push acme/web:${{ inputs.tag }}\n";
    assert_each(
        &[
            ("build-push-action", &[(".github/workflows/p.yml", &action)], ".github/workflows/p.yml:7"),
            ("metadata-action", &[(".github/workflows/p.yml", &metadata)], ".github/workflows/p.yml:8"),
            ("env of a workflow", &[(".github/workflows/p.yml", &environment)], ".github/workflows/p.yml:2"),
            ("matrix", &[(".github/workflows/p.yml", matrix)], ".github/workflows/p.yml:5"),
            ("inputs", &[(".github/workflows/p.yml", input)], ".github/workflows/p.yml:5"),
            (
                "GitLab",
                &[(".gitlab-ci.yml", "push:\n  script:\n    - docker push acme/web:TAG\n")],
                ".gitlab-ci.yml:3",
            ),
            (
                "CircleCI",
                &[(
                    ".circleci/config.yml",
                    "version: 2.1\njobs:\n  push:\n    docker:\n      - image: cimg/base:2024.01\n    steps:\n      - run: docker push acme/web:TAG\n",
                )],
                ".circleci/config.yml:7",
            ),
            (
                "Jenkins",
                &[(
                    "Jenkinsfile",
                    "pipeline {\n  stages {\n    stage('push') {\n      steps {\n        sh 'docker push acme/web:TAG'\n      }\n    }\n  }\n}\n",
                )],
                "Jenkinsfile:5",
            ),
            ("a script", &[("push.sh", "docker push acme/web:TAG\n")], "push.sh:1"),
            ("a default of a script", &[("push.sh", "docker push acme/web:${1:-TAG}\n")], "push.sh:1"),
            (
                "a script without an extension",
                &[("bin/push", "#!/usr/bin/env bash\ndocker push acme/web:TAG\n")],
                "bin/push:2",
            ),
            (
                "a function that runs its arguments",
                &[("push.sh", "again() { shift; \"$@\"; }\nagain 3 docker push acme/web:TAG\n")],
                "push.sh:2",
            ),
            (
                "a Makefile",
                &[("Makefile", "WEB_TAG ?= TAG\npush:\n\tdocker push acme/web:$(WEB_TAG)\n")],
                "Makefile:1",
            ),
            ("a justfile", &[("justfile", "push:\n    docker push acme/web:TAG\n")], "justfile:2"),
            (
                "a script of a package",
                &[("package.json", "{\"scripts\": {\n\"push\": \"docker push acme/web:TAG\"}}")],
                "package.json:2",
            ),
            (
                "a bake file",
                &[
                    ("docker-bake.hcl", "target \"web\" {\n  tags = [\"acme/web:TAG\"]\n}\n"),
                    ("push.sh", "docker buildx bake --push\n"),
                ],
                "docker-bake.hcl:2",
            ),
        ],
        "image/push-latest",
    );
}

#[test]
fn a_file_without_an_extension_is_a_script_by_its_first_line() {
    for text in [
        "docker push acme/web:latest\n",
        "#!/usr/bin/env python3\n# docker push acme/web:latest\n",
        "#!/usr/bin/fish\ndocker push acme/web:latest\n",
        "\u{7f}ELF\u{0}docker push acme/web:latest\n",
    ] {
        assert_eq!(all_found(&[("bin/push", text)]), [""; 0], "{text}");
    }
    assert_eq!(all_found(&[("NOTES", "#!/bin/sh\ndocker push acme/web:latest\n")]), [""; 0]);
}

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
            "services:\n  web:\n    build:\n      context: web\n      dockerfile_inline: |\n        FROM node:22\n        COPY . .\n        RUN npm ci\n",
        ),
        (
            "build-push-action",
            ".github/workflows/b.yml",
            "jobs:\n  build:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: web\n          file: docker/web.Dockerfile\n",
        ),
        ("a step", ".github/workflows/b.yml", &workflow),
        (
            "a matrix",
            ".github/workflows/b.yml",
            "jobs:\n  build:\n    strategy:\n      matrix:\n        app: [web]\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: ${{ matrix.app }}\n          file: docker/${{ matrix.app }}.Dockerfile\n",
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
            "resource \"docker_image\" \"web\" {\n  name = \"web\"\n  build {\n    context    = \"web\"\n    dockerfile = \"../docker/web.Dockerfile\"\n  }\n}\n",
        ),
        ("local-exec", "main.tf", &local_exec),
        (
            "Skaffold",
            "skaffold.yaml",
            "apiVersion: skaffold/v4beta6\nkind: Config\nbuild:\n  artifacts:\n    - image: web\n      context: web\n      docker:\n        dockerfile: ../docker/web.Dockerfile\n",
        ),
    ];
    for (source, path, text) in sources {
        assert_sends_web(source, path, text);
    }
}

/// Asserts that the file at `path` has the folder of [`WEB`] sent.
#[track_caller]
fn assert_sends_web(source: &str, path: &str, text: &str) {
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
