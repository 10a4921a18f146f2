//! Names of service discovery: which changes of one configuration leave a name without tasks, and which leave that open.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use policy_core::config::Settings;
use policy_core::finding::Severity;

/// A service that registers its tasks, and a task that asks for them.
const REGISTERED: &str = r#"
resource "aws_service_discovery_private_dns_namespace" "shop" {
  name = "shop.internal"
}
resource "aws_service_discovery_service" "api" {
  name = "api"
  dns_config {
    namespace_id = aws_service_discovery_private_dns_namespace.shop.id
  }
}
resource "aws_ecs_service" "api" {
  service_registries {
    registry_arn = aws_service_discovery_service.api.arn
  }
}
resource "aws_ecs_task_definition" "web" {
  family = "web"
  container_definitions = jsonencode([{
    name        = "web"
    environment = [{ name = "API_URL", value = "http://api.shop.internal:8000" }]
  }])
}
"#;

const REGISTRATION: &str =
    "  service_registries {\n    registry_arn = aws_service_discovery_service.api.arn\n  }\n";

/// The severities of the findings.
fn found(configuration: &str, others: &[(&str, &str)]) -> Vec<Severity> {
    let files: Vec<(&str, &str)> = [("main.tf", configuration)].iter().chain(others).copied().collect();
    let report = support::check(&files, &Settings::default());
    let found = report.active().filter(|found| found.rule == *"network/unregistered-service");
    found.map(|found| found.severity).collect()
}

/// The configuration after the registration is replaced.
fn with(registration: &str) -> String {
    assert!(REGISTERED.contains(REGISTRATION));
    REGISTERED.replace(REGISTRATION, registration)
}

#[test]
fn a_name_without_tasks_is_found_and_worse_where_something_asks_for_it() {
    assert_eq!(found(REGISTERED, &[]), []);
    assert_eq!(found(&with(""), &[]), [Severity::Error]);
    assert_eq!(found(&with("").replace("http://api.", "http://web."), &[]), [Severity::Warning]);
    let other = "  service_registries {\n    registry_arn = aws_service_discovery_service.web.arn\n  }\n}\nresource \
        \"aws_service_discovery_service\" \"web\" {\n  name = \"web\"\n";
    assert_eq!(found(&with(other), &[]), [Severity::Error], "another name");
}

#[test]
fn what_may_register_is_left_alone() {
    for registration in [
        "  service_registries {\n    registry_arn = var.registry\n  }\n",
        "  dynamic \"service_registries\" {\n    for_each = var.registries\n    content {}\n  }\n",
        "}\nmodule \"service\" {\n  source   = \"acme/service/aws\"\n  registry = { arn = aws_service_discovery_service.api.arn }\n",
        "}\nresource \"aws_service_discovery_instance\" \"api\" {\n  service_id = aws_service_discovery_service.api.id\n",
    ] {
        assert_eq!(found(&with(registration), &[]), [], "{registration}");
    }
    let unused = REGISTERED.split("resource \"aws_ecs_service\"").next().unwrap();
    assert_eq!(found(unused, &[]), [], "no service runs anything");
    for (path, text) in [
        ("register.sh", "aws servicediscovery register-instance --service-id srv-1 --instance-id i-1\n"),
        ("register.py", "boto3.client('servicediscovery').register_instance(ServiceId=service)\n"),
        ("register.ts", "import { ServiceDiscovery } from \"@aws-sdk/client-servicediscovery\";\n"),
        ("policy.json", "{\"Action\": [\"servicediscovery:RegisterInstance\"]}\n"),
        ("service.json", "{\"serviceRegistries\": []}\n"),
    ] {
        assert_eq!(found(&with(""), &[(path, text)]), [], "{path}");
    }
    assert_eq!(
        found(&with(""), &[("look.sh", "aws servicediscovery discover-instances --service-name api\n")])
            .len(),
        1
    );
}

#[test]
fn a_repository_without_any_namespace_resolves_no_name_of_its_own() {
    let task = |name: &str, value: &str| {
        format!(
            "resource \"aws_ecs_task_definition\" \"{name}\" {{\n  family = \"{name}\"\n  container_definitions = jsonencode([{{ name = \"{name}\", environment = [{{ name = \"API_URL\", value = \"{value}\" }}] }}])\n}}\n"
        )
    };
    let found = |host: &str, more: &str, others: &[(&str, &str)]| {
        let configuration = task("web", host) + &task("api", "") + more;
        let files: Vec<_> =
            [("main.tf", &*configuration)].into_iter().chain(others.iter().copied()).collect();
        let report = support::check(&files, &Settings::default());
        report.active().filter(|found| found.rule == *"network/unknown-host").count()
    };
    let own = "http://shop-api-dev.internal:8000";
    assert_eq!(found(own, "", &[]), 1);
    assert_eq!(found("http://api.shop.local", "", &[]), 1);
    // Names of others, and of no private network.
    assert_eq!(found("http://billing.corp.internal", "", &[]), 0);
    assert_eq!(found("http://rapid.internal", "", &[]), 0);
    assert_eq!(found("https://api.example.org", "", &[]), 0);
    for more in [
        "resource \"aws_route53_zone\" \"main\" {\n  name = \"internal\"\n}\n",
        "data \"aws_service_discovery_dns_namespace\" \"main\" {\n  name = \"internal\"\n}\n",
        "resource \"aws_vpc_dhcp_options\" \"main\" {\n  domain_name_servers = [\"10.0.0.2\"]\n}\n",
    ] {
        assert_eq!(found(own, more, &[]), 0, "{more}");
    }
    assert_eq!(found(own, "", &[("discover.sh", "aws servicediscovery create-service --name api\n")]), 0);
    assert_eq!(
        found(own, "", &[("README.md", "Run `aws route53 create-hosted-zone --name internal`.\n")]),
        0
    );
    assert_eq!(found(own, "", &[("README.md", "There is no Route 53 zone yet.\n")]), 1);
}
