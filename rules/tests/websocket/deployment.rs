//! Sockets beside the rest of the deployment: the load balancer in front of them, and what could not be known.

use policy_core::RuleId;
use policy_core::config::{Choice, Settings};

use crate::tree::check;

const SOCKET: (&str, &str) = ("web/app.ts", "new WebSocket(`wss://${window.location.hostname}:8000/api`)");

const BALANCER: &str = r#"
resource "aws_lb" "main" {}
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.main.arn
  port = 443
}
resource "aws_lb_listener_rule" "api" {
  listener_arn = aws_lb_listener.https.arn
  action {
    type = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
}
resource "aws_lb_target_group" "api" {
  port = 8000
}
"#;

const SERVICE: &str = r#"
resource "aws_ecs_task_definition" "api" {
  family = "api"
  container_definitions = jsonencode([{
    name = "backend"
    portMappings = [{ containerPort = 8000 }]
  }])
}
resource "aws_ecs_service" "api" {
  name = "api"
  task_definition = aws_ecs_task_definition.api.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.api.arn
    container_name = "backend"
    container_port = 8000
  }
}
"#;

const SECOND_BALANCER: &str = r#"
resource "aws_lb" "other" {}
resource "aws_lb_listener" "other" {
  load_balancer_arn = aws_lb.other.arn
  port = 8080
}
"#;

/// `path:line: words` of the related labels of each finding about a port.
fn ports(files: &[(&str, &str)], settings: &Settings) -> Vec<Vec<String>> {
    let report = check(files, settings);
    let of_ports = report.diagnostics.iter().filter(|found| found.rule == "websocket/hardcoded-port");
    let label = |label: &policy_core::finding::Label| {
        let place = report.place(label.span).unwrap();
        format!("{}:{}: {}", place.path, place.start.line, label.text)
    };
    of_ports.map(|found| found.finding.related.iter().map(label).collect()).collect()
}

#[track_caller]
fn assert_labels(files: &[(&str, &str)], expected: &[&str]) {
    let mut all = vec![SOCKET];
    all.extend_from_slice(files);
    assert_eq!(ports(&all, &Settings::default()), [expected.to_vec()]);
}

#[track_caller]
fn assert_open(terraform: &str) {
    assert_eq!(ports(&[SOCKET, ("infra/lb.tf", terraform)], &Settings::default()), [[""; 0]; 0]);
}

#[test]
fn the_load_balancer_in_front_of_the_container_is_shown() {
    let own = "infra/ecs.tf:6: port 8000 is the container port of `backend`";
    let listens = "infra/lb.tf:5: the load balancer listens on port 443";
    let (balancer, service) = (("infra/lb.tf", BALANCER), ("infra/ecs.tf", SERVICE));
    let second = ("infra/other.tf", SECOND_BALANCER);
    assert_labels(&[balancer, service], &[own, listens]);
    assert_labels(&[balancer, service, second], &[own, listens]);
    assert_labels(&[balancer], &[listens]);
    // Which of two load balancers the page comes from is not certain.
    assert_labels(&[balancer, second], &[]);
    assert_labels(&[("infra/ecs.tf", SERVICE)], &[own]);
}

#[test]
fn a_listener_whose_port_is_not_known_is_not_spoken_of() {
    let unknown = BALANCER.replace("port = 443", "port = var.port");
    assert_labels(&[("infra/lb.tf", &unknown)], &[]);
}

#[test]
fn a_host_that_is_named_may_be_somebody_elses() {
    let named = ("web/app.ts", "document; new WebSocket('wss://stream.example.org:9443/x')");
    let labels = ports(&[named, ("infra/lb.tf", BALANCER)], &Settings::default());
    assert_eq!(labels, [[""; 0]]);
}

#[test]
fn a_port_that_a_listener_opens_is_open() {
    assert_open(&BALANCER.replace("port = 443", "port = 8000"));
    assert_open(
        "module \"alb\" {\n  source = \"terraform-aws-modules/alb/aws\"\n  listeners = { ws = { port = 8000 } }\n}",
    );
    assert_open(
        "module \"alb\" {\n  source = \"terraform-aws-modules/alb/aws\"\n  https_listeners = [{ port = 8000 }]\n}",
    );
}

#[test]
fn a_port_that_the_settings_name_is_open() {
    let settings = Settings::parse("[options.websocket]\nopen-ports = [8000]", &[]).unwrap();
    assert_eq!(ports(&[SOCKET], &settings), [[""; 0]; 0]);
    let settings = Settings::parse("[options.websocket]\nopen-ports = [8443]", &[]).unwrap();
    assert_eq!(ports(&[SOCKET], &settings).len(), 1);
}

/// Why the addresses of the sockets of one module are not known.
fn unresolved(code: &str) -> Vec<String> {
    let said = check(&[("src/app.ts", &format!("document;\n{code}"))], &Settings::default()).unresolved;
    said.into_iter().map(|value| format!("{}: {}", value.what, value.why)).collect()
}

#[test]
fn a_socket_whose_address_is_not_known_is_counted_once() {
    let reason = |code: &str, expected: &str| {
        assert_eq!(
            unresolved(code),
            [format!("the address passed to `new WebSocket`: {expected}")],
            "{code}"
        );
    };
    reason(
        "new WebSocket(import.meta.env.VITE_SOCKET)",
        "nothing sets the environment variable `VITE_SOCKET`",
    );
    reason("new WebSocket(`wss://${host()}:${port()}`)", "the return value of `host` is unknown");
    reason("function open(url) { new WebSocket(url) }", "no known call passes the parameter `url`");
    let destructured = "function open({ server: { url } }) { new WebSocket(url) }";
    reason(destructured, "no known call passes the parameter `server.url`");
    reason(
        "function open(options) { new WebSocket(options.url) }",
        "no known call passes the parameter `options.url`",
    );
    reason("new WebSocket(window.BASE + '/x')", "`BASE` is set when the page loads");
    reason(
        "import { config } from 'app-config'; new WebSocket(config.url)",
        "the value of `config.url` is unknown",
    );
    reason(
        "function open(c) { const { protocol, host } = new URL(c.http); new WebSocket(`${protocol}//${host}`) }",
        "no known call passes the parameter `c.http`",
    );
    let calls = "open('wss://example.org');\n".repeat(17);
    reason(
        &format!("function open(url) {{ new WebSocket(url) }}\n{calls}"),
        "only the first 16 calls that give it are followed",
    );
    for known in [
        "new WebSocket('wss://example.org')",
        "new WebSocket(`wss://${location.host}/${path()}`)",
        "new WebSocket('/api')",
        "function open(url) { new WebSocket(url) }\nopen('wss://example.org')",
    ] {
        assert_eq!(unresolved(known), [""; 0], "{known}");
    }
}

#[test]
fn only_what_the_rules_that_run_would_have_needed_is_counted() {
    let files = [
        ("src/app.ts", "document; new WebSocket(import.meta.env.VITE_SOCKET)"),
        ("compose.yaml", "services:\n  api:\n    image: example/api:${TAG}\n"),
    ];
    let known: Vec<RuleId> = policy_rules::all().iter().map(|rule| rule.id).collect();
    let counted = |select: &[&str]| {
        let choice = Choice::new(select, &[], &known).unwrap();
        let mut settings = Settings::default();
        settings.choice = choice;
        check(&files, &settings).unresolved.len()
    };
    assert_eq!([counted(&[]), counted(&["websocket"]), counted(&["image/latest-tag"])], [2, 1, 1]);
    assert_eq!(counted(&["docker"]), 0);
}

#[test]
fn what_cannot_be_read_of_an_imported_module_is_said() {
    let files = [
        (
            "src/app.ts",
            "import { PORT } from './config';\nnew WebSocket(`wss://${location.hostname}:${PORT}`)",
        ),
        ("src/config.ts", "export const PORT = ;"),
        ("src/never_imported.ts", "const broken = ;"),
    ];
    let said = |settings: &Settings| {
        let report = check(&files, settings);
        let unread = report.diagnostics.iter().filter(|found| found.rule == "input/unreadable");
        let path = |span| report.place(span).map(|place| place.path.to_string());
        unread.filter_map(|found| path(found.finding.primary.span)).collect::<Vec<_>>()
    };
    assert_eq!(said(&Settings::default()), ["src/config.ts"]);
    let left_out = Settings::parse("exclude = [\"src/config.ts\"]", &[]).unwrap();
    assert_eq!(said(&left_out), [""; 0]);
}
