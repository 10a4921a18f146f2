//! Load balancers that lead nowhere: target groups that nothing fills, redirects to ports that are closed, probes without an
//! answer.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use indoc::{formatdoc, indoc};
use policy_core::config::Settings;

/// The severities of what `rule` finds.
fn found(rule: &str, files: &[(&str, &str)]) -> Vec<String> {
    let report = support::check(files, &Settings::default());
    let found = report.active().filter(|found| found.rule == *rule);
    found.map(|found| found.severity.name().to_owned()).collect()
}

const FORWARDING: &str = indoc! {r#"
    resource "aws_lb" "web" {
      load_balancer_type = "application"
    }
    resource "aws_lb_listener" "http" {
      load_balancer_arn = aws_lb.web.arn
      port              = 80
      protocol          = "HTTP"
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.web.arn
      }
    }
    resource "aws_lb_target_group" "web" {
      port        = 8080
      protocol    = "HTTP"
      target_type = "ip"
    }
    resource "aws_ecs_service" "web" {
      name            = "web"
      task_definition = "web"
    }
"#};

/// What is found of a listener that forwards to a group that no service names, with this text and these files more.
fn empty(more: &str, files: &[(&str, &str)]) -> usize {
    let configuration = format!("{FORWARDING}{more}");
    let all: Vec<_> = [("main.tf", &*configuration)].into_iter().chain(files.iter().copied()).collect();
    found("alb/empty-target-group", &all).len()
}

#[test]
fn a_group_with_which_nothing_registers_is_empty() {
    assert_eq!(empty("", &[]), 1);
    // What belongs to another group fills that one.
    let other = "resource \"aws_lb_target_group\" \"api\" {\n  port = 1\n}\nresource \"aws_ecs_service\" \"api\" {\n  load_balancer {\n    target_group_arn = aws_lb_target_group.api.arn\n  }\n}\n";
    assert_eq!(empty(other, &[]), 1);
    // Only who has services of its own can have forgotten one.
    let alone = FORWARDING.replace("aws_ecs_service", "aws_other");
    assert!(found("alb/empty-target-group", &[("main.tf", &alone)]).is_empty());
    // A function is no machine.
    let function = FORWARDING.replace("\"ip\"", "\"lambda\"");
    assert!(found("alb/empty-target-group", &[("main.tf", &function)]).is_empty());
}

#[test]
fn whatever_may_register_fills_a_group() {
    for more in [
        "resource \"aws_ecs_service\" \"b\" {\n  load_balancer {\n    target_group_arn = aws_lb_target_group.web.arn\n  }\n}\n",
        "resource \"aws_ecs_service\" \"b\" {\n  load_balancer {\n    target_group_arn = var.group\n  }\n}\n",
        "resource \"aws_ecs_service\" \"b\" {\n  dynamic \"load_balancer\" {\n    for_each = var.groups\n    content {\n      target_group_arn = load_balancer.value\n    }\n  }\n}\n",
        "resource \"aws_lb_target_group_attachment\" \"b\" {\n  target_group_arn = aws_lb_target_group.web.arn\n  target_id = \"10.0.0.1\"\n}\n",
        "resource \"aws_autoscaling_group\" \"b\" {\n  target_group_arns = [aws_lb_target_group.web.arn]\n}\n",
        "resource \"aws_autoscaling_group\" \"b\" {\n  target_group_arns = var.groups\n}\n",
        "resource \"aws_autoscaling_attachment\" \"b\" {\n  lb_target_group_arn = aws_lb_target_group.web.arn\n}\n",
        "module \"b\" {\n  source = \"example/runner/aws\"\n  group = aws_lb_target_group.web.arn\n}\n",
        "module \"b\" {\n  source = \"terraform-aws-modules/ecs/aws\"\n}\n",
        "output \"b\" {\n  value = aws_lb_target_group.web.arn\n}\n",
        "data \"terraform_remote_state\" \"b\" {\n  backend = \"s3\"\n}\n",
    ] {
        assert_eq!(empty(more, &[]), 0, "{more}");
    }
    for (name, text) in [
        ("start.sh", "aws elbv2 register-targets --target-group-arn \"$G\" --targets Id=i-1\n"),
        ("start.py", "ecs.create_service(cluster='web')\n"),
        ("appspec.yml", "# for CodeDeploy\n"),
        ("k8s/group.yaml", "kind: TargetGroupBinding\n"),
        ("other/main.tf", "data \"aws_lb_target_group\" \"web\" {\n  name = \"web\"\n}\n"),
    ] {
        assert_eq!(empty("", &[(name, text)]), 0, "{name}");
    }
    assert_eq!(
        empty("", &[("deploy.sh", "aws ecs update-service --service web --force-new-deployment\n")]),
        1
    );
}

#[test]
fn a_group_beside_others_may_be_empty_on_purpose() {
    let weighted = FORWARDING.replace(
        "    target_group_arn = aws_lb_target_group.web.arn\n",
        "    forward {\n      target_group {\n        arn = aws_lb_target_group.web.arn\n      }\n      target_group {\n        arn = aws_lb_target_group.green.arn\n      }\n    }\n",
    );
    assert_ne!(weighted, FORWARDING);
    let green = "resource \"aws_lb_target_group\" \"green\" {\n  port = 1\n}\n";
    assert!(found("alb/empty-target-group", &[("main.tf", &format!("{weighted}{green}"))]).is_empty());
}

/// What is found of a listener that redirects so, beside another one.
fn redirected(redirect: &str, other: &str, more: &str) -> Vec<String> {
    let configuration = format!(
        "resource \"aws_lb\" \"web\" {{\n}}\nresource \"aws_lb_listener\" \"http\" {{\n  load_balancer_arn = aws_lb.web.arn\n  port = 80\n  protocol = \"HTTP\"\n  default_action {{\n    type = \"redirect\"\n    redirect {{\n{redirect}\n    }}\n  }}\n}}\nresource \"aws_lb_target_group\" \"web\" {{\n  port = 1\n}}\nresource \"aws_lb_listener\" \"other\" {{\n{other}\n  default_action {{\n    type = \"forward\"\n    target_group_arn = aws_lb_target_group.web.arn\n  }}\n}}\n{more}"
    );
    found("alb/redirect-to-closed-port", &[("main.tf", &configuration)])
}

#[test]
fn a_redirect_needs_a_listener_that_speaks_tls() {
    let to_443 = "port = \"443\"\nprotocol = \"HTTPS\"\nstatus_code = \"HTTP_301\"";
    let of_web = |rest: &str| format!("load_balancer_arn = aws_lb.web.arn\n{rest}");
    let plain = of_web("port = 443\nprotocol = \"HTTP\"");
    assert_eq!(redirected(to_443, &plain, ""), ["error"]);
    assert_eq!(redirected(to_443, &of_web("port = 8443\nprotocol = \"HTTPS\""), ""), ["error"]);
    // Whoever applies it may have the listener that is left out.
    assert_eq!(redirected(to_443, &of_web("count = 0\nport = 443\nprotocol = \"HTTPS\""), ""), ["warning"]);
    for other in [
        of_web("port = 443\nprotocol = \"HTTPS\""),
        of_web("port = 443\nprotocol = \"TLS\""),
        of_web("port = 443\nprotocol = var.protocol"),
        of_web("port = var.port\nprotocol = \"HTTPS\""),
        of_web("count = var.has_certificate ? 1 : 0\nport = 443\nprotocol = \"HTTPS\""),
        "load_balancer_arn = var.balancer\nport = 443\nprotocol = \"HTTPS\"".to_owned(),
    ] {
        assert!(redirected(to_443, &other, "").is_empty(), "{other}");
    }
    // A host that is named is another server's, and nothing is wrong with what stays as it is.
    assert!(redirected(&format!("host = \"www.example.org\"\n{to_443}"), &plain, "").is_empty());
    assert_eq!(redirected(&format!("host = \"#{{host}}\"\n{to_443}"), &plain, ""), ["error"]);
    assert!(redirected("path = \"/shop\"", &plain, "").is_empty());
    for more in [
        "output \"b\" {\n  value = aws_lb.web.arn\n}\n",
        "data \"aws_lb\" \"b\" {\n  name = \"web\"\n}\n",
        "module \"b\" {\n  source = \"example/listener/aws\"\n  balancer = aws_lb.web.arn\n}\n",
    ] {
        assert!(redirected(to_443, &plain, more).is_empty(), "{more}");
    }
    // The name of the load balancer shows no listener.
    assert_eq!(redirected(to_443, &plain, "output \"b\" {\n  value = aws_lb.web.dns_name\n}\n"), ["error"]);
}

/// What is found of a Deployment with this probe, whose program serves `/healthz`, with these changes of the manifest.
fn probed(probe: &str, change: (&str, &str)) -> Vec<String> {
    let manifest = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api}}\nspec:\n  template:\n    metadata: {{labels: {{app: api}}}}\n    spec:\n      containers:\n        - name: api\n          image: r.example/shop/api:1\n          ports: [{{containerPort: 8000, name: http}}]\n          {probe}\n---\napiVersion: v1\nkind: Service\nmetadata: {{name: api}}\nspec:\n  selector: {{app: api}}\n  ports: [{{port: 80, targetPort: 8000}}]\n"
    );
    let changed = manifest.replace(change.0, change.1);
    assert!(change.0.is_empty() || changed != manifest);
    let files = [
        ("k8s/api.yaml", &*changed),
        ("push.sh", "docker build -t r.example/shop/api:1 api\ndocker push r.example/shop/api:1\n"),
        (
            "api/Dockerfile",
            "FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nCMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8000\"]\n",
        ),
        (
            "api/main.py",
            "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/healthz\")\ndef health():\n    return {}\n",
        ),
    ];
    found("network/unserved-health-path", &files)
}

#[test]
fn a_probe_asks_for_what_the_program_serves() {
    let same = ("", "");
    for probe in [
        "livenessProbe: {httpGet: {path: /health, port: 8000}}",
        "readinessProbe: {httpGet: {path: /health, port: http}}",
        "startupProbe: {httpGet: {path: '/health?full=1', port: 8000, scheme: HTTP}}",
        "livenessProbe: {httpGet: {port: 8000}}",
    ] {
        assert_eq!(probed(probe, same), ["error"], "{probe}");
    }
    let wrong = "livenessProbe: {httpGet: {path: /health, port: 8000}}";
    for probe in [
        "livenessProbe: {httpGet: {path: /healthz, port: 8000}}",
        // Redirects are followed.
        "livenessProbe: {httpGet: {path: /healthz/, port: 8000}}",
        "livenessProbe: {tcpSocket: {port: 8000}}",
        // Another port is that of another server; headers and hosts may choose one.
        "livenessProbe: {httpGet: {path: /health, port: 9090}}",
        "livenessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTPS}}",
        "livenessProbe: {httpGet: {path: /health, port: 8000, host: example.org}}",
        "livenessProbe: {httpGet: {path: /health, port: 8000, httpHeaders: [{name: Host, value: a}]}}",
    ] {
        assert!(probed(probe, same).is_empty(), "{probe}");
    }
    // Other files, another program, another image.
    let mounted = "livenessProbe: {httpGet: {path: /health, port: 8000}}\n          volumeMounts: [{name: a, mountPath: /srv}]";
    assert!(probed(mounted, same).is_empty());
    assert!(probed(wrong, ("- name: api\n", "- name: api\n          command: [./other]\n")).is_empty());
    assert!(probed(wrong, ("shop/api:1", "shop/other:1")).is_empty());
}

/// A Deployment of `shop/api` with this name and prefix, whose probe asks for `/staging/health`.
fn deployment_with_prefix(name: &str, prefix: &str) -> String {
    formatdoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: {name}}}
        spec:
          template:
            metadata: {{labels: {{app: {name}}}}}
            spec:
              containers:
                - name: api
                  image: r.example/shop/api:1
                  ports: [{{containerPort: 8000}}]
                  env: [{{name: PREFIX, value: {prefix}}}]
                  livenessProbe: {{httpGet: {{path: /staging/health, port: 8000}}}}
    "}
}

#[test]
fn each_container_of_an_image_serves_what_its_own_variables_say() {
    let checked = |prefixes: [&str; 2]| {
        let [first, second] = prefixes.map(|prefix| deployment_with_prefix(prefix.trim_matches('/'), prefix));
        let files = [
            ("k8s/first.yaml", &*first),
            ("k8s/second.yaml", &*second),
            ("push.sh", "docker build -t r.example/shop/api:1 api\ndocker push r.example/shop/api:1\n"),
            (
                "api/Dockerfile",
                "FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nCMD [\"uvicorn\", \"main:app\", \"--port\", \"8000\"]\n",
            ),
            (
                "api/main.py",
                "import os\nfrom fastapi import APIRouter, FastAPI\n\napp = FastAPI()\nrouter = APIRouter(prefix=os.environ[\"PREFIX\"])\n\n\n@router.get(\"/health\")\ndef health():\n    return {}\n\n\napp.include_router(router)\n",
            ),
        ];
        found("network/unserved-health-path", &files).len()
    };
    assert_eq!(checked(["/staging", "/staging"]), 0);
    assert_eq!(checked(["/staging", "/production"]), 1);
    assert_eq!(checked(["/production", "/staging"]), 1);
}
