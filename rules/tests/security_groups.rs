//! Security groups: which changes of one configuration let the load balancer in, shut it out, or leave that open.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use indoc::indoc;
use policy_core::config::Settings;

/// A load balancer that is let in to one service at port 8080.
const REACHED: &str = r#"
resource "aws_lb" "web" {
  security_groups = [aws_security_group.balancer.id]
}
resource "aws_security_group" "balancer" {
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "tasks" {
  ingress {
    from_port       = 8080
    to_port         = 8080
    protocol        = "tcp"
    security_groups = [aws_security_group.balancer.id]
  }
}
resource "aws_lb_target_group" "web" {
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_ecs_service" "web" {
  network_configuration {
    security_groups = [aws_security_group.tasks.id]
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "web"
    container_port   = 8080
  }
}
"#;

fn count(rule: &str, configuration: &str) -> usize {
    let report = support::check(&[("main.tf", configuration)], &Settings::default());
    report.active().filter(|found| found.rule == *rule).count()
}

/// The configuration after a change.
fn changed(configuration: &str, from: &str, to: &str) -> String {
    assert!(configuration.contains(from), "{from}");
    configuration.replace(from, to)
}

/// The configuration in which the group admits another port than the one that is used.
fn shut() -> String {
    changed(
        REACHED,
        "from_port       = 8080\n    to_port         = 8080",
        "from_port       = 80\n    to_port         = 80",
    )
}

const UNREACHABLE: &str = "network/unreachable-target";
const OPEN: &str = "network/open-backend-port";

#[test]
fn a_change_that_shuts_the_load_balancer_out_is_found() {
    assert_eq!(count(UNREACHABLE, REACHED), 0);
    assert_eq!(count(UNREACHABLE, &shut()), 1);
    let source = "security_groups = [aws_security_group.balancer.id]\n  }\n}\nresource \"aws_lb_target";
    for (from, to) in [
        ("container_port   = 8080", "container_port   = 3000"),
        ("protocol        = \"tcp\"", "protocol        = \"udp\""),
        (source, "self = true\n  }\n}\nresource \"aws_lb_target"),
        (source, "security_groups = [aws_security_group.tasks.id]\n  }\n}\nresource \"aws_lb_target"),
        (
            "    from_port   = 0\n    to_port     = 0\n    protocol    = \"-1\"\n    cidr_blocks = [\"0.0.0.0/0\"]",
            "    from_port   = 443\n    to_port     = 443\n    protocol    = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]",
        ),
        // A listener is still to come: whichever load balancer it is of.
        (
            "    target_group_arn = aws_lb_target_group.web.arn\n  }\n}\nresource \"aws_ecs_service\"",
            "    target_group_arn = var.group\n  }\n}\nresource \"aws_ecs_service\"",
        ),
    ] {
        let base = if from.contains("target_group_arn") { shut() } else { REACHED.to_owned() };
        assert_eq!(count(UNREACHABLE, &changed(&base, from, to)), 1, "{to}");
    }
}

#[test]
fn a_group_that_shuts_out_several_services_is_one_fault() {
    let second = |groups: &str| {
        let more = REACHED.split_once("resource \"aws_lb_target_group\"").unwrap().1;
        let more =
            more.replace("\"web\"", "\"api\"").replace("aws_lb_target_group.web", "aws_lb_target_group.api");
        let more = more.replace("8080", "3000").replace("aws_security_group.tasks", groups);
        let rule =
            "resource \"aws_lb_listener\" \"api\" {\n  load_balancer_arn = aws_lb.web.arn\n  port = 81";
        let more = more
            .replace("resource \"aws_lb_listener\" \"api\" {\n  load_balancer_arn = aws_lb.web.arn", rule);
        format!("{}resource \"aws_lb_target_group\"{more}", shut())
    };
    let own = "resource \"aws_security_group\" \"other\" {\n  ingress {\n    from_port = 9\n    to_port = 9\n    protocol = \"tcp\"\n    security_groups = [aws_security_group.balancer.id]\n  }\n}\n";
    assert_eq!(count(UNREACHABLE, &second("aws_security_group.tasks")), 1);
    assert_eq!(count(UNREACHABLE, &format!("{}{own}", second("aws_security_group.other"))), 2);
}

#[test]
fn what_may_let_the_load_balancer_in_is_left_alone() {
    let rule = |group: &str, more: &str| {
        format!(
            "{}resource \"aws_security_group_rule\" \"r\" {{\n  security_group_id = {group}\n  {more}\n}}\n",
            shut()
        )
    };
    let ingress = "type = \"ingress\"\n  protocol = \"tcp\"\n  from_port = 8000\n  to_port = 9000\n  ";
    let tasks = "aws_security_group.tasks.id";
    let from_balancer = format!("{ingress}source_security_group_id = aws_security_group.balancer.id");
    assert_eq!(count(UNREACHABLE, &rule(tasks, &from_balancer)), 0);
    assert_eq!(count(UNREACHABLE, &rule("var.group", &from_balancer)), 0, "a rule of any group");
    for unknown in [
        "source_security_group_id = var.group",
        "source_security_group_id = data.aws_security_group.balancer.id",
        "cidr_blocks = [aws_vpc.main.cidr_block]",
        "cidr_blocks = var.ranges",
        "prefix_list_ids = [var.list]",
    ] {
        assert_eq!(count(UNREACHABLE, &rule(tasks, &format!("{ingress}{unknown}"))), 0, "{unknown}");
    }
    for port in
        ["protocol = var.protocol", "protocol = \"tcp\"\n  from_port = var.port\n  to_port = var.port"]
    {
        let more = format!(
            "type = \"ingress\"\n  {port}\n  self = false\n  source_security_group_id = aws_security_group.balancer.id"
        );
        assert_eq!(count(UNREACHABLE, &rule(tasks, &more)), 0, "{port}");
    }
    for (from, to) in [
        ("security_groups = [aws_security_group.tasks.id]", "security_groups = var.groups"),
        (
            "security_groups = [aws_security_group.tasks.id]",
            "security_groups = [aws_security_group.tasks.id, var.group]",
        ),
        (
            "resource \"aws_lb\" \"web\" {",
            "resource \"aws_lb\" \"web\" {\n  load_balancer_type = \"network\"",
        ),
        (
            "resource \"aws_lb\" \"web\" {\n  security_groups = [aws_security_group.balancer.id]",
            "resource \"aws_lb\" \"web\" {\n  security_groups = [module.groups.balancer]",
        ),
        ("container_port   = 8080", "container_port   = var.port"),
        (
            "resource \"aws_security_group\" \"tasks\" {",
            indoc! {r#"
                module "rules" {
                  source = "acme/rules/aws"
                  group = aws_security_group.tasks.id
                }
                resource "aws_security_group" "tasks" {"#},
        ),
        (
            "resource \"aws_security_group\" \"tasks\" {",
            "resource \"aws_security_group\" \"tasks\" {\n  dynamic \"ingress\" {\n    for_each = var.rules\n    content {}\n  }",
        ),
    ] {
        assert_eq!(count(UNREACHABLE, &changed(&shut(), from, to)), 0, "{to}");
    }
}

#[test]
fn a_port_is_open_only_where_everyone_is_let_in_past_a_load_balancer() {
    let source = "security_groups = [aws_security_group.balancer.id]\n  }\n}\nresource \"aws_lb_target";
    let everyone =
        |range: &str| changed(REACHED, source, &format!("{range}\n  }}\n}}\nresource \"aws_lb_target"));
    assert_eq!(count(OPEN, REACHED), 0);
    for range in [
        "cidr_blocks = [\"0.0.0.0/0\"]",
        "ipv6_cidr_blocks = [\"::/0\"]",
        "cidr_blocks = [\"10.0.0.0/8\", \"0.0.0.0/0\"]",
    ] {
        assert_eq!(count(OPEN, &everyone(range)), 1, "{range}");
    }
    assert_eq!(count(OPEN, &everyone("cidr_blocks = [\"10.0.0.0/8\"]")), 0);
    let open = everyone("cidr_blocks = [\"0.0.0.0/0\"]");
    for (from, to) in [
        ("container_port   = 8080", "container_port   = 3000"),
        (
            "security_groups = [aws_security_group.tasks.id]",
            "security_groups = [aws_security_group.balancer.id]",
        ),
        (
            "resource \"aws_lb\" \"web\" {",
            "resource \"aws_lb\" \"web\" {\n  load_balancer_type = \"network\"",
        ),
        (
            "    target_group_arn = aws_lb_target_group.web.arn\n  }\n}\nresource \"aws_ecs_service\"",
            "    target_group_arn = var.group\n  }\n}\nresource \"aws_ecs_service\"",
        ),
    ] {
        assert_eq!(count(OPEN, &changed(&open, from, to)), 0, "{to}");
    }
}
