//! Sockets without TLS to the page's own host: a fault only where the repository shows that the page comes over TLS.

use crate::tree::assert_found;

const SOCKET: (&str, &str) = (
    "web/src/live.ts",
    "export const live = new WebSocket(`ws://${location.host}/live`);\ndocument.title = 'x';",
);

const FOUND: &[&str] = &["insecure-scheme web/src/live.ts:1"];

#[test]
fn without_a_proof_the_page_may_come_without_tls() {
    assert_found(&[SOCKET], &[]);
    assert_found(&[SOCKET, ("deploy/web.conf", "server {\n  listen 80;\n}\n")], &[]);
    assert_found(&[SOCKET, ("deploy/web.conf", "server {\n  # listen 443 ssl;\n}\n")], &[]);
}

#[test]
fn every_proof_counts() {
    for (path, text) in [
        ("deploy/web.conf", "server {\n  listen 443 ssl http2;\n}\n"),
        ("nginx/default.conf.template", "server {\n  listen [::]:443 ssl;\n}\n"),
        ("deploy/web.conf", "add_header Strict-Transport-Security \"max-age=63072000\" always;\n"),
        ("Caddyfile", "shop.example.org {\n  reverse_proxy web:3000\n}\n"),
        (
            "compose.yaml",
            "services:\n  web:\n    image: web:1\n    labels:\n      - traefik.http.routers.web.entrypoints=websecure\n",
        ),
        (
            "compose.yaml",
            "services:\n  web:\n    image: web:1\n    labels: ['traefik.http.routers.web.entrypoints=websecure']\n",
        ),
        (
            "compose.yaml",
            "services:\n  t:\n    image: traefik:v3.1\n    command:\n      - --entrypoints.web.http.redirections.entryPoint.to=websecure\n",
        ),
        (
            "k8s/web.yaml",
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec:\n  tls:\n    - hosts: [shop.example.org]\n",
        ),
        (
            "config/environments/production.rb",
            "Rails.application.configure do\n  config.force_ssl = true\nend\n",
        ),
        ("fly.toml", "[http_service]\n  force_https = true\n"),
        ("infra/cdn.tf", "    viewer_protocol_policy = \"redirect-to-https\"\n"),
        ("infra/cdn.tf", "    viewer_protocol_policy=\"https-only\"\n"),
        (
            "infra/lb.tf",
            "resource \"aws_lb_listener\" \"https\" {\n  port = 443\n  protocol = \"HTTPS\"\n  certificate_arn = \"arn\"\n}\n",
        ),
    ] {
        assert_found(&[SOCKET, (path, text)], FOUND);
    }
}

#[test]
fn what_serves_developers_or_another_project_proves_nothing() {
    let tls = "server {\n  listen 443 ssl;\n}\n";
    assert_found(&[SOCKET, ("dev/web.conf", tls)], &[]);
    assert_found(&[SOCKET, ("examples/web.conf", tls)], &[]);
    assert_found(&[SOCKET, ("shop/nginx/web.conf", tls), ("shop/package.json", "{}")], &[]);
    assert_found(
        &[SOCKET, ("nginx.conf", "server {\n  listen 443 ssl;\n  server_name localhost;\n}\n")],
        &[],
    );
    assert_found(
        &[SOCKET, ("Caddyfile", "http://shop.example.org {\n}\n:80 {\n}\nweb.localhost {\n}\n")],
        &[],
    );
    let of_chart = "kind: Ingress\nspec:\n  {{- if .Values.tls }}\n  tls:\n    - hosts: []\n  {{- end }}\n";
    assert_found(&[SOCKET, ("chart/templates/ingress.yaml", of_chart)], &[]);
}

#[test]
fn a_socket_that_asks_for_the_scheme_of_the_page_is_fine() {
    let tls = ("deploy/web.conf", "server {\n  listen 443 ssl;\n}\n");
    for code in [
        "new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/x`);",
        "if (location.protocol === 'https:') new WebSocket(`wss://${location.host}`);\nelse new WebSocket(`ws://${location.host}`);",
        "new WebSocket(`${location.protocol.replace('http', 'ws')}//${location.host}/x`);",
        "let url = `ws://${location.host}/x`;\nif (location.protocol === 'https:') url = `wss://${location.host}/x`;\nnew WebSocket(url);",
        "const secure = settings.tls;\nnew WebSocket((secure ? 'wss://' : 'ws://') + location.host);",
        "new WebSocket('wss://' + location.host);",
    ] {
        assert_found(&[("web/src/live.ts", &format!("{code}\ndocument.title = 'x';")), tls], &[]);
    }
}
