//! Requests of workflows to the load balancer.

use super::{LISTENER, changed, found};

/// The shop whose page asks for nothing, with a name for its load balancer and a workflow of these steps.
fn of_steps(steps: &str, more: &str) -> Vec<String> {
    let workflow = format!(
        "on: push\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          {}\n",
        steps.replace('\n', "\n          ")
    );
    let names = format!(
        "{LISTENER}\noutput \"address\" {{\n  value = \"http://${{aws_lb.web.dns_name}}\"\n}}\n\
         resource \"aws_route53_record\" \"web\" {{\n  name = \"shop.example.org\"\n  alias {{\n    \
         name = aws_lb.web.dns_name\n  }}\n}}\n{more}"
    );
    of_workflow(&names, &workflow)
}

/// What is found in a workflow beside the shop, whose page asks for nothing.
fn of_workflow(terraform: &str, workflow: &str) -> Vec<String> {
    let files = [("page/orders.ts", ""), ("main.tf", terraform), (".github/workflows/check.yml", workflow)];
    let mut found = found(&files);
    found.retain(|found| found.contains(".github"));
    found
}

#[test]
fn a_step_that_asks_the_load_balancer_gets_to_the_program() {
    let lost = ["error .github/workflows/check.yml:8"];
    for first in [
        "HOST=shop.example.org",
        "HOST=http://shop.example.org",
        "HOST=$(terraform output -raw address)",
        "HOST=$(aws elbv2 describe-load-balancers --names web --query 'LoadBalancers[0].DNSName' --output text)",
    ] {
        let with = |command: &str| of_steps(&format!("{first}\n{command}"), "");
        assert_eq!(with("curl -fsS -o /dev/null \"$HOST/orders\" || exit 1"), lost, "{first}");
        assert_eq!(with("wget -q -O - $HOST/orders"), lost, "{first}");
        assert!(with("curl -fsS \"$HOST/orders/7\"").is_empty(), "{first}");
        assert!(with("curl -fsS \"$HOST/elsewhere\"").is_empty(), "the page may have it");
    }
    for elsewhere in
        ["shop.example.com", "$HOST", "localhost", "http://shop.example.org:8080", "https://shop.example.org"]
    {
        assert!(of_steps(&format!("# asks\ncurl -f {elsewhere}/orders"), "").is_empty(), "{elsewhere}");
    }
}

#[test]
fn a_step_gets_an_answer_of_nobody_from_the_default_action() {
    let of_listener = |path: &str| {
        let answers = changed(
            LISTENER,
            "    type             = \"forward\"\n    target_group_arn = aws_lb_target_group.page.arn",
            "    type = \"fixed-response\"\n    fixed_response {\n      content_type = \"text/plain\"\n    }",
        );
        let named = format!(
            "{answers}resource \"aws_route53_record\" \"web\" {{\n  name = \"shop.example.org\"\n  alias {{\n    \
             name = aws_lb.web.dns_name\n  }}\n}}\n"
        );
        let workflow = format!(
            "on: push\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n      - run: curl -f http://shop.example.org{path}\n"
        );
        of_workflow(&named, &workflow)
    };
    assert_eq!(of_listener("/api/health"), ["error .github/workflows/check.yml:6"]);
    assert!(of_listener("/").is_empty());
    assert!(of_listener("/orders/7").is_empty());
}
