//! Terraform as its owners have it: what is found where, and what is left alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use indoc::{formatdoc, indoc};
use policy_core::config::Settings;
use policy_core::report::Report;
use policy_core::source::Span;

fn check(files: &[(&str, &str)]) -> Report {
    support::check(files, &Settings::default())
}

/// The findings of a rule, each with its places: "main.tf:3 the label; main.tf:7 a related one".
fn found(files: &[(&str, &str)], rule: &str) -> Vec<String> {
    let report = check(files);
    let place = |span: Span, text: &str| {
        let place = report.place(span).unwrap();
        format!("{}:{} {text}", place.path, place.start.line)
    };
    let of_rule = report.diagnostics.iter().filter(|diagnostic| diagnostic.rule == rule);
    of_rule
        .map(|diagnostic| {
            let finding = &diagnostic.finding;
            let labels = std::iter::once(&finding.primary).chain(&finding.related);
            labels.map(|label| place(label.span, &label.text)).collect::<Vec<_>>().join("; ")
        })
        .collect()
}

#[test]
fn a_file_that_is_something_else_is_told_once() {
    let pasted = "```hcl\nvariable \"a\" {}\n```\n### next\n```hcl\nvariable \"b\" {}\n```\n";
    assert_eq!(found(&[("main.tf", pasted)], "input/unreadable").len(), 1);
    assert_eq!(found(&[("main.tf", "a = \nb = 1\nc = \n")], "input/unreadable").len(), 2);
}

#[test]
fn a_file_below_a_name_to_be_filled_in_is_a_template() {
    let text = "module \"x\" {\n  name = {{ name }}\n}\n";
    assert!(found(&[("infra/{{ name }}/main.tf", text)], "input/unreadable").is_empty());
}

#[test]
fn one_open_brace_is_one_finding_and_blocks_in_a_block_are_none() {
    let inner = "resource \"a\" \"b\" {\n  c = 1\n}\n\nresource \"a\" \"c\" {\n  c = 1\n}\n";
    let unread = |main: &str| found(&[("main.tf", main)], "input/unreadable").len();
    assert_eq!(unread(&format!("module \"x\" {{\n{inner}}}\n{inner}")), 0);
    assert_eq!(unread(&format!("module \"x\" {{\nresource \"a\" \"d\" {{\n{inner}}}\n}}\n{inner}")), 0);
    assert_eq!(unread(&format!("module \"x\" {{\n  y = {{\n{inner}\n}}\n{inner}")), 1);
    assert_eq!(unread(&format!("module \"x\" {{\n{inner}\n{inner}")), 1);
    assert_eq!(unread(&format!("{inner}}}\n{inner}")), 1);
    assert_eq!(unread(&format!("module \"x\" {{\n  y = {{\n{inner}\n}}\n{inner}\n}}\n")), 1);
}

#[test]
fn a_file_that_a_program_renders_is_told_by_the_line_that_is_not_understood() {
    let unread = |main: &str| found(&[("main.tf", main)], "input/unreadable").len();
    assert_eq!(unread("{% if x %}\nlocals {\n  a = {{ b }}\n}\n{% endif %}\n"), 0);
    assert_eq!(unread("locals {\n  a = \"{{ $labels.x }}\"\n}\nlocals {\n  b = = 1\n}\n"), 1);
}

const OPTIONAL_BREAKER: &str = include_str!("../testdata/terraform/optional_breaker/main.tf");

#[test]
fn a_module_for_others_leaves_the_circuit_breaker_to_them() {
    const RULE: &str = "ecs/no-rollback";
    let applied = format!("provider \"aws\" {{}}\n{OPTIONAL_BREAKER}");
    assert_eq!(
        found(&[("main.tf", &applied)], RULE),
        ["main.tf:5 this service has no deployment circuit breaker"]
    );
    let caller = "module \"x\" {\n  source = \"./modules/x\"\n}\n";
    assert_eq!(found(&[("main.tf", caller), ("modules/x/main.tf", OPTIONAL_BREAKER)], RULE).len(), 1);
}

#[test]
fn an_empty_certificate_that_is_written_out_is_none() {
    const RULE: &str = "alb/listener-without-certificate";
    let listener = |certificate: &str| {
        formatdoc! {r#"
            variable "c" {{
              default = ""
            }}
            resource "aws_lb_listener" "x" {{
              protocol        = "HTTPS"
              certificate_arn = {certificate}
            }}
        "#}
    };
    assert_eq!(found(&[("main.tf", &listener("\"\""))], RULE).len(), 1);
    assert!(found(&[("main.tf", &listener("var.c"))], RULE).is_empty());
}

const FROZEN: &str = include_str!("../testdata/terraform/frozen_service/main.tf");

#[test]
fn a_frozen_service_is_found_where_images_are_pushed_and_nothing_deploys() {
    let push = "on: push\njobs:\n  a:\n    steps:\n      - run: docker push r.io/x:$GITHUB_SHA\n";
    let with = |path: &str, text: &str| {
        let files = [("main.tf", FROZEN), (".github/workflows/a.yml", push), (path, text)];
        found(&files, "ecs/frozen-task-definition").len()
    };
    assert_eq!(with("README.md", "Nothing to see.\n"), 1);
    // Goploy copies sites to servers.
    assert_eq!(with("README.md", "We release the site with goploy.\n"), 1);
    for sign in [
        ("deploy.py", "ecs.update_service(cluster=\"x\")\n"),
        ("deploy.sh", "aws ecs update-service --service x\n"),
        ("deploy.tf", "resource \"aws_codedeploy_app\" \"x\" {}\n"),
        ("ecspresso.yml", "service_definition: x.json\n# ecspresso\n"),
        ("release.sh", "ecs-goploy update service --cluster x --service-name x --base-task-definition x:1\n"),
        (".github/workflows/b.yml", "jobs:\n  b:\n    uses: other/place/.github/workflows/deploy.yml@v1\n"),
    ] {
        assert_eq!(with(sign.0, sign.1), 0, "{}", sign.0);
    }
    assert!(found(&[("main.tf", FROZEN)], "ecs/frozen-task-definition").is_empty());
}

fn with_values(values: &str) -> String {
    formatdoc! {r#"
        variable "d" {{}}
        variable "e" {{}}
        resource "aws_lb_listener_rule" "x" {{
          listener_arn = "arn:x"
          condition {{
            host_header {{
              values = {values}
            }}
          }}
        }}
    "#}
}

#[test]
fn values_are_a_set_and_count_once() {
    const RULE: &str = "alb/too-many-condition-values";
    let count = |values: &str| found(&[("main.tf", &with_values(values))], RULE).len();
    let five = "[\"a\", \"b\", \"c\", \"d\", \"e\"]";
    assert_eq!(count(&format!("concat({five}, [\"a\", \"b\"])")), 0);
    assert_eq!(count(&format!("concat({five}, [\"f\"])")), 1);
    assert_eq!(count(&format!("concat({five}, [var.d])")), 0);
    assert_eq!(
        count("[var.d, \"www.${var.d}\", \"a.${var.d}\", \"b.${var.d}\", \"c.${var.d}\", \"d.${var.d}\"]"),
        1
    );
    let twice = with_values("[\"*.a.*\", \"*.a.*\", \"*.a.*\", \"*.b.*\"]");
    assert!(found(&[("main.tf", &twice)], "alb/too-many-wildcards").is_empty());
}

#[test]
fn a_module_called_by_the_repositorys_own_address_is_that_module() {
    const RULE: &str = "alb/duplicate-priority";
    let module = indoc! {r#"
        variable "listener" {}
        variable "priority" {}
        resource "aws_lb_listener_rule" "x" {
          listener_arn = var.listener
          priority     = var.priority
        }
    "#};
    let calls = |source: &str, extra: &str| {
        let call = |name: &str| {
            format!(
                "module \"{name}\" {{\n  source   = \"{source}\"\n  listener = aws_lb_listener.x.arn\n  priority = 100\n{extra}}}\n"
            )
        };
        format!("resource \"aws_lb_listener\" \"x\" {{\n  port = 80\n}}\n{}{}", call("a"), call("b"))
    };
    let count = |source: &str, extra: &str| {
        let main = calls(source, extra);
        found(&[("envs/main.tf", &main), ("modules/rule/main.tf", module)], RULE).len()
    };
    assert_eq!(count("github.com/example/infra//modules/rule", ""), 1);
    assert_eq!(count("git::https://example.com/infra.git//modules/rule?ref=v1", ""), 1);
    assert_eq!(count("github.com/example/infra//modules/rule", "  other = 1\n"), 0);
    assert_eq!(count("example/infra/aws//modules/rule", ""), 0);
}

#[test]
fn health_checks_of_network_load_balancers_are_left_alone() {
    let group = |protocol: &str| {
        format!(
            "resource \"aws_lb_target_group\" \"x\" {{\n  port = 80\n  protocol = \"{protocol}\"\n  health_check {{\n    interval = 5\n  }}\n}}\n"
        )
    };
    assert!(found(&[("main.tf", &group("TCP"))], "alb/health-check-timing").is_empty());
    assert_eq!(found(&[("main.tf", &group("HTTP"))], "alb/health-check-timing").len(), 1);
}

#[test]
fn log_groups_for_delivery_keep_what_aws_decides() {
    let group = |class: &str| {
        format!("resource \"aws_cloudwatch_log_group\" \"x\" {{\n  log_group_class = \"{class}\"\n}}\n")
    };
    assert!(found(&[("main.tf", &group("DELIVERY"))], "logs/no-retention").is_empty());
    assert_eq!(found(&[("main.tf", &group("STANDARD"))], "logs/no-retention").len(), 1);
}

/// What is found of a scaling target of a module that is told its cluster by `cluster`.
fn scaled(resource: &str, cluster: &str) -> usize {
    let main = formatdoc! {r#"
        resource "aws_ecs_cluster" "main" {{
          name = "shop"
        }}
        module "service" {{
          source  = "./service"
          cluster = {cluster}
        }}
    "#};
    let service = formatdoc! {r#"
        variable "cluster" {{}}
        resource "aws_appautoscaling_target" "web" {{
          min_capacity       = 1
          max_capacity       = 2
          resource_id        = {resource}
          scalable_dimension = "ecs:service:DesiredCount"
          service_namespace  = "ecs"
        }}
    "#};
    found(&[("main.tf", &main), ("service/main.tf", &service)], "ecs/invalid-scaling-target").len()
}

#[test]
fn a_scaling_target_is_told_an_arn_through_modules_too() {
    let resource = "\"service/${var.cluster}/web\"";
    assert_eq!(scaled(resource, "aws_ecs_cluster.main.id"), 1);
    assert_eq!(scaled("\"service/${ var.cluster }/web\"", "aws_ecs_cluster.main.arn"), 1);
    assert_eq!(scaled(resource, "aws_ecs_cluster.main.name"), 0);
    assert_eq!(scaled(resource, "split(\"/\", aws_ecs_cluster.main.arn)[1]"), 0);
    assert_eq!(scaled(resource, "var.own ? aws_ecs_cluster.main.arn : \"shop\""), 0);
    assert_eq!(
        scaled("\"service/${split(\"/\", \"${var.cluster}\")[1]}/web\"", "aws_ecs_cluster.main.arn"),
        0
    );
}

#[test]
fn a_script_that_creates_some_repositories_does_not_show_that_there_are_no_others() {
    let create = "aws ecr create-repository --repository-name shop-api\n";
    let push = "docker push 1.dkr.ecr.us-east-1.amazonaws.com/shop-web:1\n";
    let pushed = |terraform: &str| {
        let files = [("create.sh", create), ("deploy.sh", push), ("main.tf", terraform)];
        found(&files, "pipeline/unknown-target").len()
    };
    assert_eq!(pushed("resource \"aws_ecs_cluster\" \"c\" {\n  name = \"shop\"\n}\n"), 0);
    assert_eq!(pushed("resource \"aws_ecr_repository\" \"r\" {\n  name = \"shop-db\"\n}\n"), 1);
}

#[test]
fn a_service_of_a_cluster_that_does_not_exist_is_told_with_the_cluster() {
    let terraform = "resource \"aws_ecs_cluster\" \"c\" {\n  name = \"shop\"\n}\nresource \"aws_ecs_service\" \"s\" {\n  name = \"shop-api\"\n}\n";
    let told = |service: &str| {
        let call = format!(
            "aws ecs update-service \\\n  --cluster shop-cluster \\\n  --service {service}\naws ecs update-service --cluster other --service shop-api\n"
        );
        let files = [("deploy.sh", call.as_str()), ("main.tf", terraform)];
        let report = support::check(&files, &Settings::default());
        let of_rule = report.diagnostics.iter().filter(|own| own.rule == "pipeline/unknown-target");
        let texts = of_rule.flat_map(|own| &own.finding.related).map(|label| label.text.clone());
        texts.filter(|text| text.contains("either")).collect::<Vec<_>>()
    };
    assert_eq!(told("shop-web"), ["nothing creates the service `shop-web` either"]);
    assert!(told("shop-api").is_empty());
}
