//! Every kind of place that deploys an image or builds on one.

use indoc::indoc;

use super::{assert_each, found};

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
                    indoc! {r#"
                        job "web" {
                          group "web" {
                            task "web" {
                              driver = "docker"
                              config {
                                image = "acme/web:TAG"
                              }
                            }
                          }
                        }
                    "#},
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
                    indoc! {"
                        jobs:
                          deploy:
                            steps:
                              - uses: aws-actions/amazon-ecs-render-task-definition@v1
                                with:
                                  task-definition: task.json
                                  container-name: web
                                  image: acme/web:TAG
                    "},
                )],
                ".github/workflows/deploy.yml:8",
            ),
            (
                "CloudFormation",
                &[(
                    "infra/stack.yaml",
                    indoc! {"
                        Resources:
                          Task:
                            Type: AWS::ECS::TaskDefinition
                            Properties:
                              ContainerDefinitions:
                                - Name: web
                                  Image: acme/web:TAG
                    "},
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
