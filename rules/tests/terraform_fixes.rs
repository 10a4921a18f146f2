//! Fixes of Terraform: what they write, that it removes the fault, and where none is offered.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use indoc::indoc;
use policy_core::config::Settings;
use policy_core::finding::Applicability;
use policy_core::report::changes;

/// The file after the fixes of `rule`, of which no finding is left. `None` where no fix is offered.
#[track_caller]
fn fixed(text: &str, rule: &str) -> Option<String> {
    let check = |text: &str| {
        let mut report = support::check(&[("main.tf", text)], &Settings::default());
        report.diagnostics.retain(|found| found.rule == *rule);
        report
    };
    let before = check(text);
    assert!(!before.diagnostics.is_empty(), "{rule}");
    assert!(changes(&before, Applicability::Safe).is_empty());
    let after = changes(&before, Applicability::Unsafe).into_iter().next()?.after;
    assert!(check(&after).diagnostics.is_empty(), "{after}");
    Some(after)
}

const SERVICE: &str = "resource \"aws_ecs_service\" \"a\" {\n  name            = \"a\"\n  task_definition = aws_ecs_task_definition.a.arn\n}\n";

#[test]
fn a_service_is_given_a_circuit_breaker() {
    let expected = indoc! {"
          task_definition = aws_ecs_task_definition.a.arn

          deployment_circuit_breaker {
            enable   = true
            rollback = true
          }
        }
    "};
    assert!(fixed(SERVICE, "ecs/no-rollback").unwrap().ends_with(expected));
    let off = SERVICE.replace(
        "\n}\n",
        "\n\n  deployment_circuit_breaker {\n    enable   = true\n    rollback = false\n  }\n}\n",
    );
    assert_eq!(fixed(&off, "ecs/no-rollback").unwrap(), off.replace("false", "true"));
}

#[test]
fn a_log_group_is_given_a_retention() {
    let group = "resource \"aws_cloudwatch_log_group\" \"a\" {\n  name = \"a\"\n}\n";
    assert_eq!(
        fixed(group, "logs/no-retention").unwrap(),
        "resource \"aws_cloudwatch_log_group\" \"a\" {\n  name = \"a\"\n\n  retention_in_days = 30\n}\n"
    );
    let zero = group.replace("\n}\n", "\n  retention_in_days = 0\n}\n");
    assert_eq!(fixed(&zero, "logs/no-retention").unwrap(), zero.replace(" 0\n", " 30\n"));
    assert_eq!(
        fixed("resource \"aws_cloudwatch_log_group\" \"a\" {\n}\n", "logs/no-retention")
            .unwrap()
            .lines()
            .count(),
        3
    );
    let windows = group.replace('\n', "\r\n");
    assert_eq!(fixed(&windows, "logs/no-retention").unwrap().matches('\n').count(), 5);
}

#[test]
fn a_repository_is_given_immutable_tags() {
    let repository = "resource \"aws_ecr_repository\" \"a\" {\n  name                 = \"a\"\n  image_tag_mutability = \"MUTABLE\"\n}\n";
    let rule = "image/mutable-repository";
    assert_eq!(fixed(repository, rule).unwrap(), repository.replace("MUTABLE", "IMMUTABLE"));
    let unset = "resource \"aws_ecr_repository\" \"a\" {\n  name = \"a\"\n}\n";
    assert!(fixed(unset, rule).unwrap().ends_with("\n\n  image_tag_mutability = \"IMMUTABLE\"\n}\n"));
}

#[test]
fn what_is_decided_elsewhere_or_written_otherwise_is_left_alone() {
    let rule = "image/mutable-repository";
    let variable = indoc! {r#"
        variable "m" {
          default = "MUTABLE"
        }
        resource "aws_ecr_repository" "a" {
          name = "a"
          image_tag_mutability = var.m
        }
    "#};
    assert_eq!(fixed(variable, rule), None);
    assert_eq!(fixed("resource \"aws_ecr_repository\" \"a\" { name = \"a\" }\n", rule), None);
    assert_eq!(fixed("resource \"aws_cloudwatch_log_group\" \"a\" {}\n", "logs/no-retention"), None);
}
