//! Images as they are deployed and pushed: what is found across files, and what is left alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use policy_core::config::Settings;

/// "path:line of the place", in the order of places.
fn found(files: &[(&str, &str)], rule: &str) -> Vec<String> {
    let report = support::check(files, &Settings::default());
    let of_rule = report.diagnostics.iter().filter(|diagnostic| diagnostic.rule == rule);
    let place =
        |span| report.place(span).map(|place| format!("{}:{}", place.path, place.start.line)).unwrap();
    of_rule.map(|diagnostic| place(diagnostic.finding.primary.span)).collect()
}

const LATEST: &str = "image/latest-tag";
const PUSH: &str = "image/push-latest";
const IMMUTABLE: &str = "image/push-to-immutable-repository";

#[test]
fn a_push_meets_the_repository_that_terraform_names() {
    let repository = "resource \"aws_ecr_repository\" \"web\" {\n  name                 = \"web\"\n  image_tag_mutability = \"IMMUTABLE\"\n}\noutput \"url\" {\n  value = aws_ecr_repository.web.repository_url\n}\n";
    let command = "resource \"null_resource\" \"push\" {\n  provisioner \"local-exec\" {\n    command = \"docker push ${aws_ecr_repository.web.repository_url}:latest\"\n  }\n}\n";
    assert_eq!(found(&[("ecr.tf", repository), ("push.tf", command)], IMMUTABLE), ["push.tf:3"]);
    let script = "URL=$(terraform output -raw url)\ndocker push $URL:latest\n";
    assert_eq!(found(&[("ecr.tf", repository), ("push.sh", script)], IMMUTABLE), ["push.sh:2"]);
    let other = script.replace("raw url", "raw other");
    assert!(found(&[("ecr.tf", repository), ("push.sh", &other)], IMMUTABLE).is_empty());
    let unique = "docker push $(terraform output -raw url):$(git rev-parse HEAD)\n";
    assert!(found(&[("ecr.tf", repository), ("push.sh", unique)], IMMUTABLE).is_empty());
}

#[test]
fn an_answer_that_may_be_empty_hides_no_tag() {
    let script = "repo=$(aws ecr describe 2>/dev/null || echo \"\")\ndocker push \"$repo:latest\"\n";
    assert_eq!(found(&[("push.sh", script)], PUSH), ["push.sh:2"]);
    let terraform = "variable \"repo\" {\n  default = \"\"\n}\nresource \"aws_ecs_task_definition\" \"a\" {\n  family = \"a\"\n  container_definitions = jsonencode([{ name = \"a\", image = \"${var.repo}:latest\" }])\n}\n";
    assert_eq!(found(&[("main.tf", terraform)], LATEST), ["main.tf:6"]);
}
