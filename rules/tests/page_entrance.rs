//! Requests of pages that come to the nginx of a compose file, or to an Ingress.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fmt::Write as _;

use policy_core::config::Settings;

const RULE: &str = "network/unrouted-endpoint";

/// A page whose nginx has nothing but files, and an API beside it.
const SHOP: &[(&str, &str)] = &[
    ("page/src/orders.ts", "export const orders = () => fetch(\"/api/orders\");\n"),
    ("page/index.html", "<!doctype html>\n<script type=\"module\" src=\"src/orders.ts\"></script>\n"),
    ("page/package.json", "{\"devDependencies\": {\"vite\": \"7.1.0\"}}\n"),
    (
        "page/Dockerfile",
        "FROM node:22-alpine AS build\nWORKDIR /srv\nCOPY . .\nRUN npm ci && npm run build\n\
         FROM nginx:1.27-alpine\nCOPY nginx.conf /etc/nginx/conf.d/default.conf\n\
         COPY --from=build /srv/dist /usr/share/nginx/html\n",
    ),
    ("page/nginx.conf", FILES_ONLY),
    (
        "api/Dockerfile",
        "FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nCMD [\"uvicorn\", \"main:app\", \"--port\", \"8000\"]\n",
    ),
    (
        "api/main.py",
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get(\"/api/orders\")\ndef orders():\n    return []\n",
    ),
    ("compose.yaml", COMPOSE),
];

const FILES_ONLY: &str = "server {\n  listen 80;\n  root /usr/share/nginx/html;\n  location ~* \\.(js|css)$ {\n    expires 1y;\n  }\n\
                          \x20 location / {\n    try_files $uri /index.html;\n  }\n}\n";

const COMPOSE: &str =
    "services:\n  page:\n    build: page\n    ports: [\"8080:80\"]\n  api:\n    build: api\n";

/// The messages of the rule for the shop with other files in the place of its own, or beside them.
fn messages(changed: &[(&str, &str)]) -> Vec<String> {
    let is_kept = |(path, _): &&(&str, &str)| changed.iter().all(|(other, _)| other != path);
    let files: Vec<(&str, &str)> = SHOP.iter().filter(is_kept).chain(changed).copied().collect();
    let report = support::check(&files, &Settings::default());
    report.active().filter(|found| found.rule == *RULE).map(|found| found.finding.message.clone()).collect()
}

#[test]
fn a_page_without_a_location_for_the_api_gets_itself() {
    let found = messages(&[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("`/api/orders`") && found[0].contains("`api`"), "{found:?}");
}

#[test]
fn the_order_of_nginx_decides() {
    let with = |locations: &str| {
        let text = FILES_ONLY.replace("  location / {", &format!("{locations}\n  location / {{"));
        messages(&[("page/nginx.conf", &text)]).len()
    };
    assert_eq!(with("  location /api/ { proxy_pass http://api:8000; }"), 0);
    assert_eq!(with("  location ~ ^/api/ { proxy_pass http://api:8000; }"), 0);
    // The slash takes the prefix off, which the program has in its paths.
    assert_eq!(with("  location /api/ { proxy_pass http://api:8000/; }"), 1);
    // An expression is asked before a prefix that is not the last word.
    assert_eq!(
        with("  location /api/ { proxy_pass http://api:8000; }\n  location ~ ^/api { return 404; }"),
        1
    );
    assert_eq!(
        with("  location ^~ /api/ { proxy_pass http://api:8000; }\n  location ~ ^/api { return 404; }"),
        0
    );
    // Nobody knows what is behind this host.
    assert_eq!(with("  location /api/ { proxy_pass http://api.example.org; }"), 0);
}

#[test]
fn a_prefix_that_nobody_takes_off_is_found() {
    let code =
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get(\"/orders\")\ndef orders():\n    return []\n";
    let conf = |slash: &str| {
        FILES_ONLY.replace(
            "  location / {",
            &format!("  location /api/ {{ proxy_pass http://api:8000{slash}; }}\n  location / {{"),
        )
    };
    assert_eq!(messages(&[("api/main.py", code), ("page/nginx.conf", &conf(""))]).len(), 1);
    assert_eq!(messages(&[("api/main.py", code), ("page/nginx.conf", &conf("/"))]).len(), 0);
}

#[test]
fn the_development_server_shows_that_a_program_is_meant() {
    let proxy = "import { defineConfig } from \"vite\";\nexport default defineConfig({ server: { proxy: { \"/api\": \"http://localhost:8000\" } } });\n";
    let unknown = ("api/main.py", "import app from elsewhere\n");
    assert_eq!(messages(&[unknown]).len(), 0);
    assert_eq!(messages(&[unknown, ("page/vite.config.ts", proxy)]).len(), 1);
}

#[test]
fn nothing_is_said_where_something_else_may_stand_before_the_page() {
    for ports in ["\"127.0.0.1:8080:80\"", ""] {
        let compose = COMPOSE.replace("\"8080:80\"", ports);
        assert_eq!(messages(&[("compose.yaml", &compose)]).len(), 0, "{ports}");
    }
    let labelled =
        COMPOSE.replace("    build: page\n", "    build: page\n    labels: [traefik.enable=true]\n");
    assert_eq!(messages(&[("compose.yaml", &labelled)]).len(), 0);
    let fronted =
        format!("{COMPOSE}  edge:\n    image: registry.example.org/edge:1\n    ports: [\"443:443\"]\n");
    assert_eq!(messages(&[("compose.yaml", &fronted)]).len(), 0);
    let host = "server {\n  location /api/ { proxy_pass http://localhost:8000; }\n}\n";
    assert_eq!(messages(&[("deploy/site.conf", host)]).len(), 0);
    assert_eq!(
        messages(&[("deploy/Caddyfile", "example.org {\n  reverse_proxy /api/* localhost:8000\n}\n")]).len(),
        0
    );
}

#[test]
fn a_proxy_before_the_page_is_asked_first() {
    let edge = |location: &str| {
        format!("server {{\n  listen 80;\n{location}\n  location / {{ proxy_pass http://page; }}\n}}\n")
    };
    let compose = "services:\n  edge:\n    image: nginx:1.27-alpine\n    volumes: [./edge.conf:/etc/nginx/conf.d/default.conf:ro]\n    ports: [\"80:80\"]\n  page:\n    build: page\n  api:\n    build: api\n";
    let found = messages(&[("compose.yaml", compose), ("edge.conf", &edge(""))]);
    assert_eq!(found.len(), 1, "{found:?}");
    let right = edge("  location /api/ { proxy_pass http://api:8000; }");
    assert_eq!(messages(&[("compose.yaml", compose), ("edge.conf", &right)]).len(), 0);
}

/// An Ingress with these paths and services.
fn ingress(paths: &[(&str, &str)], more: &str) -> String {
    let mut text = format!(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\nspec:\n  ingressClassName: nginx\n{more}  rules:\n    - http:\n        paths:\n"
    );
    for (path, service) in paths {
        let _ = write!(
            text,
            "          - path: {path}\n            pathType: Prefix\n            backend: {{ service: {{ name: {service}, port: {{ number: 80 }} }} }}\n"
        );
    }
    for name in ["page", "api"] {
        let _ = write!(
            text,
            "---\napiVersion: v1\nkind: Service\nmetadata: {{ name: {name} }}\nspec:\n  selector: {{ app: {name} }}\n\
             ---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{ name: {name} }}\nspec:\n  template:\n    metadata: {{ labels: {{ app: {name} }} }}\n    spec:\n      containers:\n        - name: {name}\n          image: registry.example.org/shop/{name}:1\n"
        );
    }
    text
}

#[test]
fn an_ingress_sends_what_it_has_no_path_for_to_the_page() {
    let with = |text: &str| messages(&[("compose.yaml", ""), ("k8s/shop.yaml", text)]).len();
    assert_eq!(with(&ingress(&[("/", "page")], "")), 1);
    assert_eq!(with(&ingress(&[("/", "page"), ("/api", "api")], "")), 0);
    assert_eq!(with(&ingress(&[("/", "page"), ("/api/v2", "api")], "")), 1);
    // Another Ingress of every host has the path.
    let other = ingress(&[("/api", "api")], "").split("---").next().unwrap().to_owned();
    let both = format!("{}---\n{other}", ingress(&[("/", "page")], ""));
    assert_eq!(with(&both), 0);
}
