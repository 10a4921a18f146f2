//! Images that never arrive: no route to the registry, no platform in common, nothing that deploys what is pushed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use indoc::indoc;
use policy_core::config::Settings;

fn count(rule: &str, files: &[(&str, &str)]) -> usize {
    let report = support::check(files, &Settings::default());
    report.active().filter(|found| found.rule == *rule).count()
}

/// The text after a change.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

const CUT_OFF: &str = r#"
resource "aws_route_table" "private" {
}
resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
resource "aws_subnet" "private" {
}
resource "aws_internet_gateway" "main" {
}
resource "aws_ecs_service" "api" {
  launch_type = "FARGATE"
  network_configuration {
    subnets = [aws_subnet.private.id]
  }
}
"#;

#[test]
fn a_way_out_of_the_subnets_or_one_that_may_be_there_is_enough() {
    const RULE: &str = "ecs/no-route-to-registry";
    let found = |configuration: &str| count(RULE, &[("main.tf", configuration)]);
    assert_eq!(found(CUT_OFF), 1);
    let with = |more: &str| found(&format!("{CUT_OFF}{more}\n"));
    let route = |target: &str| {
        format!(
            "resource \"aws_route\" \"out\" {{\n  route_table_id = aws_route_table.private.id\n  {target}\n}}"
        )
    };
    assert_eq!(
        with(&route("gateway_id = aws_internet_gateway.main.id")),
        1,
        "the tasks have no public address"
    );
    for target in [
        "nat_gateway_id = var.nat",
        "gateway_id = var.gateway",
        "transit_gateway_id = aws_ec2_transit_gateway.main.id",
    ] {
        assert_eq!(with(&route(target)), 0, "{target}");
    }
    assert_eq!(
        with("resource \"aws_route\" \"any\" {\n  route_table_id = var.table\n  nat_gateway_id = var.nat\n}"),
        0
    );
    assert_eq!(with("resource \"aws_vpc_endpoint\" \"ecr\" {\n}"), 0);
    assert_eq!(
        with("module \"out\" {\n  source = \"acme/nat/aws\"\n  table  = aws_route_table.private.id\n}"),
        0
    );
    let by_command = |command: &str| {
        with(&format!(
            "resource \"null_resource\" \"out\" {{\n  provisioner \"local-exec\" {{\n    command = \"{command}\"\n  }}\n}}"
        ))
    };
    assert_eq!(by_command("aws ec2 create-route --route-table-id $TABLE --instance-id $NAT"), 0);
    assert_eq!(by_command("aws ec2 create-route-table --vpc-id $VPC"), 1);
    for (from, to) in [
        ("subnets = [aws_subnet.private.id]", "subnets = var.subnets"),
        ("subnets = [aws_subnet.private.id]", "subnets = [aws_subnet.private.id, aws_subnet.other.id]"),
        ("launch_type = \"FARGATE\"", "launch_type = \"EC2\""),
        (
            "resource \"aws_route_table\" \"private\" {",
            "resource \"aws_route_table\" \"private\" {\n  route {\n    nat_gateway_id = var.nat\n  }",
        ),
    ] {
        assert_eq!(found(&changed(CUT_OFF, from, to)), 0, "{to}");
    }
    let public = format!(
        "{}{}\n",
        changed(CUT_OFF, "subnets = [", "assign_public_ip = true\n    subnets = ["),
        route("gateway_id = aws_internet_gateway.main.id")
    );
    assert_eq!(found(&public), 0);
}

const TASK: &str = r#"
resource "aws_ecr_repository" "api" {
  name = "api"
}
resource "aws_ecs_task_definition" "api" {
  family                   = "api"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([{
    name  = "api"
    image = "${aws_ecr_repository.api.repository_url}:v3"
  }])
}
"#;

const WORKFLOW: &str = indoc! {r#"
    on: {push: {branches: [main]}}
    jobs:
      image:
        runs-on: ubuntu-24.04
        steps:
          - run: |
              docker build -t "$REGISTRY/api:v3" .
              docker push "$REGISTRY/api:v3"
"#};

#[test]
fn what_is_pushed_is_deployed_by_anything_that_may() {
    let found = |task: &str, workflow: &str, others: &[(&str, &str)]| {
        let files = [
            ("main.tf", task),
            (".github/workflows/image.yml", workflow),
            ("Dockerfile", "FROM debian:12-slim\n"),
        ];
        let files: Vec<(&str, &str)> = files.iter().chain(others).copied().collect();
        count("pipeline/push-without-deploy", &files)
    };
    assert_eq!(found(TASK, WORKFLOW, &[]), 1);
    assert_eq!(found(TASK, &changed(WORKFLOW, "on: {push: {branches: [main]}}", "on: push"), &[]), 1);
    assert_eq!(found(TASK, WORKFLOW, &[("README.md", "Then run aws ecs update-service.\n")]), 1);
    for trigger in ["on: workflow_dispatch", "on: {push: {tags: ['v*']}}", "on: pull_request"] {
        assert_eq!(
            found(TASK, &changed(WORKFLOW, "on: {push: {branches: [main]}}", trigger), &[]),
            0,
            "{trigger}"
        );
    }
    for other in [
        ("deploy.sh", "aws ecs update-service --cluster c --service api --force-new-deployment\n"),
        ("Makefile", "deploy:\n\tterraform apply\n"),
        ("pipeline.tf", "resource \"aws_codepipeline\" \"api\" {\n}\n"),
        ("buildspec.yml", "artifacts: {files: [imagedefinitions.json]}\n"),
    ] {
        assert_eq!(found(TASK, WORKFLOW, &[other]), 0, "{}", other.0);
    }
    assert_eq!(found(&changed(TASK, ":v3", ":${var.tag}"), WORKFLOW, &[]), 0, "a variable chooses the tag");
}

#[test]
fn a_platform_is_missing_only_where_all_builds_are_known() {
    let found = |task: &str, workflow: &str, others: &[(&str, &str)]| {
        let files = [
            ("main.tf", task),
            (".github/workflows/image.yml", workflow),
            ("Dockerfile", "FROM debian:12-slim\n"),
        ];
        let files: Vec<(&str, &str)> = files.iter().chain(others).copied().collect();
        count("image/platform-mismatch", &files)
    };
    let arm =
        changed(TASK, "family  ", "runtime_platform {\n    cpu_architecture = \"ARM64\"\n  }\n  family  ");
    assert_eq!(found(TASK, WORKFLOW, &[]), 0, "both are of amd64");
    assert_eq!(found(&arm, WORKFLOW, &[]), 1);
    assert_eq!(
        found(TASK, &changed(WORKFLOW, "docker build", "docker build --platform linux/arm64"), &[]),
        1
    );
    assert_eq!(found(TASK, &changed(WORKFLOW, "ubuntu-24.04", "ubuntu-24.04-arm"), &[]), 1);
    for (from, to) in [
        ("docker build", "docker build --platform linux/arm64,linux/amd64"),
        ("docker build", "docker build --platform $PLATFORM"),
        ("ubuntu-24.04", "self-hosted"),
        ("ubuntu-24.04", "${{ matrix.runner }}"),
        ("docker push \"$REGISTRY/api:v3\"", "true"),
    ] {
        assert_eq!(found(&arm, &changed(WORKFLOW, from, to), &[]), 0, "{to}");
    }
    let by_hand = ("push.sh", "docker build -t \"$REGISTRY/api:v3\" . && docker push \"$REGISTRY/api:v3\"\n");
    assert_eq!(found(&arm, WORKFLOW, &[by_hand]), 0, "a laptop may build it as well");
    assert_eq!(found(&changed(&arm, "\"ARM64\"", "var.architecture"), WORKFLOW, &[]), 0);
}
