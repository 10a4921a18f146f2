//! Requests that come to a program in development, and to none behind the load balancer.

use super::{LISTENER, SERVICES, changed, found};

const PACKAGE: (&str, &str) = ("page/package.json", "{\"scripts\": {\"dev\": \"vite\"}}");

const VITE: &str = "export default { server: { proxy: { '/backend': {\n  target: 'http://localhost:8000',\n  \
                    rewrite: (path) => path.replace(/^\\/backend/, ''),\n} } } };\n";

/// The shop whose page asks for this, with a server for development.
fn asking(path: &str, listener: &str, vite: &str) -> Vec<String> {
    let listener = listener.replace("\"/orders/*\"", "\"/orders\", \"/orders/*\"");
    let code = format!("export const orders = () => fetch(\"{path}\");\n");
    found(&[("page/orders.ts", &code), ("main.tf", &listener), ("page/vite.config.ts", vite), PACKAGE])
}

#[test]
fn what_only_the_development_server_sends_on_reaches_no_program() {
    assert_eq!(asking("/backend/orders", LISTENER, VITE), ["error page/orders.ts:1"]);
    assert!(asking("/other/orders", LISTENER, VITE).is_empty(), "no server sends it on");
    assert!(asking("/backend/orders", LISTENER, "export default {};\n").is_empty(), "nobody says so");
    assert!(asking("https://api.example.org/backend/orders", LISTENER, VITE).is_empty());
}

#[test]
fn a_rule_that_takes_it_is_left_to_other_rules() {
    let elsewhere = changed(
        LISTENER,
        "resource \"aws_lb_target_group\" \"page\" {",
        r#"resource "aws_lb_listener_rule" "backend" {
  listener_arn = aws_lb_listener.web.arn
  priority     = 20
  action {
    type             = "forward"
    target_group_arn = var.other
  }
  condition {
    path_pattern {
      values = ["/backend/*"]
    }
  }
}
variable "other" {}
resource "aws_lb_target_group" "page" {"#,
    );
    assert!(asking("/backend/orders", &elsewhere, VITE).is_empty());
}

#[test]
fn nginx_that_passes_it_to_a_host_of_compose_has_no_answer() {
    const NGINX: &str = "server {\n  listen 80;\n  location / { root /usr/share/nginx/html; }\n  \
                         location /orders { proxy_pass http://api:8000; }\n}\n";
    const DOCKERFILE: &str = "FROM nginx:1.27-alpine\nCOPY site.conf /etc/nginx/conf.d/default.conf\nCOPY . /usr/share/nginx/html\n";
    let passed_to = |host: &str, more: &str| {
        let nginx = NGINX.replace("//api:", &format!("//{host}:"));
        let listener = format!("{LISTENER}{more}");
        let services = SERVICES.replace("  family", "  network_mode = \"awsvpc\"\n  family");
        let image = [("page/Dockerfile", DOCKERFILE), ("page/site.conf", nginx.as_str())];
        found(&[image[0], image[1], ("main.tf", listener.as_str()), ("services.tf", services.as_str())])
    };
    assert_eq!(passed_to("api", ""), ["error page/orders.ts:1"]);
    assert!(passed_to("api.internal", "").is_empty(), "a zone may have it");
    assert!(passed_to("127.0.0.1", "").is_empty());
}
