//! Sockets that pass through nginx whose configuration a compose file mounts over that of nginx's own image.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use policy_core::config::Settings;
use support::check;

const RULE: &str = "network/no-websocket-upgrade";

const SOCKET: (&str, &str) =
    ("web/src/chat.ts", "export const chat = new WebSocket(`wss://${location.host}/ws-chat`);\n");

const COMPOSE: (&str, &str) = (
    "compose.yaml",
    "services:
  proxy:
    image: nginx:1.27
    volumes: ['./proxy/site.conf:/etc/nginx/conf.d/default.conf:ro']
",
);

/// A server with one location, and what stands in that beside the address.
fn site(path: &str, settings: &str) -> String {
    format!(
        "server {{\n  listen 80;\n  location {path} {{\n    proxy_pass http://app:8080;\n    {settings}\n  }}\n}}\n"
    )
}

/// The places of what the rule finds.
fn places(files: &[(&str, &str)]) -> Vec<String> {
    let report = check(files, &Settings::default());
    let found = report.diagnostics.iter().filter(|diagnostic| diagnostic.rule == RULE);
    let places = found.map(|diagnostic| report.place(diagnostic.finding.primary.span).unwrap());
    places.map(|place| format!("{}:{}", place.path, place.start.line)).collect()
}

const UPGRADE: &str = "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection 'upgrade';";

#[test]
fn a_mounted_location_has_to_ask_for_the_upgrade() {
    let plain = site("/ws-chat", "");
    assert_eq!(places(&[SOCKET, COMPOSE, ("proxy/site.conf", &plain)]), ["proxy/site.conf:3"]);
    let upgrades = site("/ws-chat", UPGRADE);
    assert!(places(&[SOCKET, COMPOSE, ("proxy/site.conf", &upgrades)]).is_empty());
}

#[test]
fn a_mounted_folder_of_templates_is_filled() {
    let compose = "services:
  proxy:
    image: nginx:1.27
    environment: [APP=app]
    volumes:
      - { type: bind, source: ./proxy, target: /etc/nginx/templates }
";
    let plain = site("/ws-chat", "").replace("app", "${APP}");
    let files = [SOCKET, ("compose.yaml", compose), ("proxy/default.conf.template", &plain)];
    assert_eq!(places(&files), ["proxy/default.conf.template:3"]);
}

#[test]
fn what_does_not_show_that_the_socket_comes_by_is_no_fault() {
    let plain = site("/ws-chat", "");
    let everything = site("/", "");
    assert!(places(&[SOCKET, COMPOSE, ("proxy/site.conf", &everything)]).is_empty());
    for (path, compose) in [
        ("compose.dev.yaml", COMPOSE.1.to_owned()),
        ("compose.yaml", COMPOSE.1.replace("nginx:1.27", "registry.example.org/proxy:2")),
        ("compose.yaml", COMPOSE.1.replace("    volumes", "    command: [/start.sh]\n    volumes")),
        ("compose.yaml", COMPOSE.1.replace("./proxy/site.conf", "${CONF}")),
        ("compose.yaml", COMPOSE.1.replace("./proxy/site.conf", "conf")),
        ("compose.yaml", COMPOSE.1.replace("./proxy/site.conf", "./proxy/generated.conf")),
    ] {
        assert!(places(&[SOCKET, (path, &compose), ("proxy/site.conf", &plain)]).is_empty(), "{compose}");
    }
}

#[test]
fn another_proxy_may_be_the_one_that_the_page_is_behind() {
    let plain = site("/ws-chat", "");
    let upgrades = site("/ws-chat", UPGRADE);
    let second = COMPOSE.1.replace("site.conf", "other.conf");
    let files = [
        SOCKET,
        COMPOSE,
        ("b/compose.yaml", &second),
        ("proxy/site.conf", &plain),
        ("b/proxy/other.conf", &upgrades),
    ];
    assert!(places(&files).is_empty());
}
