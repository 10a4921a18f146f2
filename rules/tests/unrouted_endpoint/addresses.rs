//! Addresses below the load balancer that containers and functions are given.

use super::{LISTENER, SERVICES, changed, found};

/// What is found in the shop whose page asks for nothing, and whose page's container is given this address.
fn given(listener: &str, address: &str) -> Vec<String> {
    let services = SERVICES.replacen(
        "portMappings = [{ containerPort = 80 }]",
        &format!("environment = [{{ name = \"API_URL\", value = \"{address}\" }}]\n    portMappings = [{{ containerPort = 80 }}]"),
        1,
    );
    let program = "from fastapi import FastAPI\napp = FastAPI()\n@app.get(\"/orders/{number}\")\ndef order(number: int):\n    return {}\n";
    let mut found = found(&[
        ("page/orders.ts", ""),
        ("main.tf", listener),
        ("services.tf", &services),
        ("api/main.py", program),
    ]);
    found.retain(|found| found.starts_with("error"));
    found
}

const OF_SERVICE: &str = "error services.tf:7";

#[test]
fn an_address_below_a_prefix_that_the_program_does_not_know_leads_nowhere() {
    let below_api = changed(LISTENER, "/orders/*", "/api/*");
    assert_eq!(
        given(&below_api, "http://${aws_lb.web.dns_name}/api"),
        [OF_SERVICE; 0],
        "the page may have `/api`"
    );
    let both = changed(LISTENER, "\"/orders/*\"", "\"/api\", \"/api/*\"");
    for address in ["http://${aws_lb.web.dns_name}/api", "http://${aws_lb.web.dns_name}:80/api/"] {
        assert_eq!(given(&both, address), [OF_SERVICE], "{address}");
    }
    for address in [
        "http://${aws_lb.web.dns_name}",
        "http://${aws_lb.web.dns_name}/",
        "http://elsewhere.example.org/api",
        "http://${aws_lb.web.dns_name}/elsewhere",
        "http://${aws_lb.web.dns_name}/${var.path}",
    ] {
        assert!(given(&both, address).is_empty(), "{address}");
    }
    let inner = changed(&both, "load_balancer_type =", "internal = true\n  load_balancer_type =");
    assert_eq!(given(&inner, "http://${aws_lb.web.dns_name}/api"), [OF_SERVICE], "a task is in the network");
    assert!(given(LISTENER, "http://${aws_lb.web.dns_name}/orders").is_empty(), "an order is below it");
}

#[test]
fn an_address_that_no_rule_matches_gets_the_fixed_answer() {
    let answers = changed(
        LISTENER,
        "    type             = \"forward\"\n    target_group_arn = aws_lb_target_group.page.arn",
        "    type = \"fixed-response\"\n    fixed_response {\n      content_type = \"text/plain\"\n    }",
    );
    let function = |address: &str| {
        let function = format!(
            "{answers}resource \"aws_lambda_function\" \"report\" {{\n  environment {{\n    variables = {{\n      API = \"{address}\"\n    }}\n  }}\n}}\n"
        );
        let place = function.lines().position(|line| line.contains("API =")).unwrap() + 1;
        let found = found(&[("page/orders.ts", ""), ("main.tf", &function)]);
        found.contains(&format!("error main.tf:{place}"))
    };
    assert!(function("http://${aws_lb.web.dns_name}/returns"));
    assert!(!function("http://${aws_lb.web.dns_name}/orders/new"));
    assert!(!function("http://${aws_lb.web.dns_name}"));
    assert!(!function("https://${aws_lb.web.dns_name}/returns"), "there is no such listener");
}

#[test]
fn a_rule_of_another_listener_does_not_hold_here() {
    let secure = |paths: &str| {
        format!(
            "{}resource \"aws_lb_listener\" \"secure\" {{\n  load_balancer_arn = aws_lb.web.arn\n  port = 443\n  protocol = \"HTTPS\"\n  \
             default_action {{\n    type = \"forward\"\n    target_group_arn = aws_lb_target_group.page.arn\n  }}\n}}\n\
             resource \"aws_lb_listener_rule\" \"secure\" {{\n  listener_arn = aws_lb_listener.secure.arn\n  priority = 1\n  \
             action {{\n    type = \"forward\"\n    target_group_arn = aws_lb_target_group.api.arn\n  }}\n  \
             condition {{\n    path_pattern {{\n      values = [\"{paths}\"]\n    }}\n  }}\n}}\n",
            changed(LISTENER, "\"/orders/*\"", "\"/orders/*\", \"/report\""),
        )
    };
    let with = |paths: &str| {
        let services = SERVICES.replacen(
            "portMappings = [{ containerPort = 80 }]",
            "environment = [{ name = \"API_URL\", value = \"https://${aws_lb.web.dns_name}/report\" }]\n    portMappings = [{ containerPort = 80 }]",
            1,
        );
        let unknown = "FROM ruby:3.3\nCOPY . .\nCMD [\"serve\"]\n";
        found(&[
            ("page/Dockerfile", unknown),
            ("page/orders.ts", ""),
            ("main.tf", &secure(paths)),
            ("services.tf", &services),
        ])
        .contains(&OF_SERVICE.to_owned())
    };
    assert!(with("/orders/*"));
    assert!(!with("/report"));
}
