//! What a configuration means, from the texts of its files.

use policy_text::embedded::Embedded;
use policy_text::source::FileId;
use policy_text::value::Text;

use super::*;
use crate::files::MAIN;
use crate::model::{Content, Listen, Location, Pass};
use crate::route::{Outcome, route};

/// The files of an image, each with its text; their numbers are their file ids.
fn configuration(files: &[(&str, &str)]) -> Configuration {
    let mut image = Files::default();
    for (id, (path, text)) in files.iter().enumerate() {
        image.add(path, Embedded::whole(FileId(id as u32), text));
    }
    resolve(&image)
}

fn http(block: &str) -> Configuration {
    configuration(&[(MAIN, &format!("http {{ {block} }}"))])
}

fn server(block: &str) -> Configuration {
    http(&format!("server {{ {block} }}"))
}

fn only_pass(configuration: &Configuration) -> (&Pass, &Content) {
    let passes = configuration.passes();
    let [(pass, Some(content))] = passes.as_slice() else { panic!("{passes:?}") };
    (pass, content)
}

#[test]
fn a_pass_is_taken_apart() {
    for (written, host, port, uri, variable) in [
        ("proxy_pass http://api:8000;", "api", Some(8000), None, false),
        ("proxy_pass https://api/;", "api", None, Some("/"), false),
        ("proxy_pass http://[::1]:80/x;", "[::1]", Some(80), Some("/x"), false),
        ("proxy_pass http://unix:/run/a.sock:/x;", "", None, None, false),
        ("grpc_pass grpc://api:50051;", "api", Some(50051), None, false),
        ("fastcgi_pass php:9000;", "php", Some(9000), None, false),
        ("fastcgi_pass unix:/run/php.sock;", "", None, None, false),
        ("set $b api.x; proxy_pass http://$b:9000$request_uri;", "api.x", None, None, true),
        ("set $b http://api.x:9000/y; proxy_pass ${b};", "api.x", Some(9000), Some("/y"), true),
    ] {
        let configuration = server(&format!("location / {{ {written} }}"));
        let (pass, _) = only_pass(&configuration);
        assert_eq!(pass.host.known_prefix(), host, "{written}");
        if !written.contains("$request_uri") {
            assert_eq!((pass.port, pass.variable), (port, variable), "{written}");
            assert_eq!(pass.uri.as_ref().and_then(Text::known).as_deref(), uri, "{written}");
        }
    }
}

#[test]
fn a_variable_that_a_condition_sets_is_not_known() {
    let configuration = server("location / { set $b a; if ($arg_x) { set $b c; } proxy_pass http://$b; }");
    assert_eq!(only_pass(&configuration).0.host.known(), None);
    let configuration = server("set $b a; location / { proxy_pass http://$b; }");
    assert_eq!(only_pass(&configuration).0.host.known().as_deref(), Some("a"));
}

#[test]
fn headers_of_a_location_take_the_place_of_all_above() {
    let above = "proxy_set_header Upgrade $http_upgrade; proxy_http_version 1.1; resolver 10.0.0.2;";
    let names = |block: &str| {
        let configuration = http(&format!("{above} server {{ {block} }}"));
        let (_, content) = only_pass(&configuration);
        assert_eq!(content.http_version.as_deref(), Some("1.1"));
        assert!(content.resolver.is_some());
        content.headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names("location / { proxy_pass http://a; }"), ["upgrade"]);
    assert_eq!(names("location / { proxy_set_header Host $host; proxy_pass http://a; }"), ["host"]);
    assert_eq!(names("location / { location /a { proxy_pass http://a; } }"), ["upgrade"]);
}

#[test]
fn listeners_of_all_forms() {
    let shown = |block: &str| {
        let one = |listen: &Listen| {
            let port = listen.port.map_or("-".to_owned(), |port| port.to_string());
            let flags = [
                (listen.tls, "tls"),
                (listen.default_server, "default"),
                (listen.is_ipv6(), "six"),
                (listen.is_loopback(), "loop"),
            ];
            let flags = flags.iter().filter(|(is, _)| *is).map(|(_, flag)| format!(" {flag}"));
            port + &flags.collect::<String>()
        };
        server(block).listens().map(one).collect::<Vec<_>>().join(", ")
    };
    for (block, expected) in [
        ("", "80"),
        ("listen 8080;", "8080"),
        ("listen *:8080 default_server;", "8080 default"),
        ("listen [::]:443 ssl; listen 443 ssl http2;", "443 tls six, 443 tls"),
        ("listen 127.0.0.1; listen localhost:81;", "80 loop, 81 loop"),
        ("listen unix:/run/a.sock; listen ${PORT};", "-, -"),
        ("ssl on; listen 443;", "443 tls"),
    ] {
        assert_eq!(shown(block), expected, "{block}");
    }
}

#[test]
fn upstreams_and_streams_are_read() {
    let configuration = configuration(&[(
        MAIN,
        "http { upstream api { server a.internal:80 resolve; server b; server unix:/x; resolver 10.0.0.2; } }\n\
         stream { server { listen 5432; proxy_pass db:5432; } }",
    )]);
    let upstream = configuration.upstream("API").unwrap();
    let servers: Vec<_> = upstream
        .servers
        .iter()
        .map(|server| (server.host.to_string(), server.port, server.resolve))
        .collect();
    assert_eq!(
        servers,
        [("a.internal".into(), Some(80), true), ("b".into(), Some(80), false), (String::new(), None, false)]
    );
    assert!(upstream.resolver.is_some());
    assert_eq!(configuration.passes()[0].0.host.to_string(), "db");
    assert_eq!(configuration.listens().next().unwrap().port, Some(5432));
}

#[test]
fn includes_take_their_places() {
    let main = "http { include conf.d/*.conf; include /nowhere.conf; }";
    let site = "server { include /etc/nginx/part; location / { include mime.types; } }";
    let part = "location /api { proxy_pass http://api; }";
    let configuration =
        configuration(&[(MAIN, main), ("/etc/nginx/conf.d/a.conf", site), ("/etc/nginx/part", part)]);
    assert_eq!(only_pass(&configuration).0.at.file, FileId(2));
    assert_eq!(configuration.gaps.len(), 1);
    assert_eq!(configuration.servers[0].gap, None);
}

#[test]
fn files_that_include_each_other_end() {
    let twice = "include /etc/nginx/b; include /etc/nginx/b; location /x { include /etc/nginx/b; }";
    let configuration = configuration(&[(MAIN, "http { server { include b; } }"), ("/etc/nginx/b", twice)]);
    assert_eq!(configuration.servers.len(), 1);
}

#[test]
fn what_a_template_leaves_open_is_a_gap() {
    assert!(server("${EXTRA} location / { }").servers[0].gap.is_some());
    assert!(
        server("{{ extra }} location / { return 200; }").gaps.len() + server("include $x;").gaps.len() > 0
    );
    assert_eq!(server("location / { }").servers[0].gap, None);
}

#[track_caller]
fn assert_routed(block: &str, path: &str, expected: &str) {
    let configuration = server(block);
    assert_eq!(shown(&route(&configuration.servers[0], path)), expected, "{block} asked for {path}");
}

fn shown(outcome: &Outcome<'_>) -> String {
    match outcome {
        Outcome::Passed { pass, path, .. } => format!("{} {path}", pass.host),
        Outcome::Answered { status, to, .. } => {
            let to = to.as_ref().map(|to| format!(" {to}")).unwrap_or_default();
            format!("{}{to}", status.unwrap_or_default())
        }
        Outcome::File { folder, path, otherwise, .. } => {
            let folder = folder.map(|folder| folder.path.to_string()).unwrap_or_default();
            let otherwise = otherwise.as_ref().map(|other| format!(" or {}", shown(other)));
            format!("{folder}{path}{}", otherwise.unwrap_or_default())
        }
        Outcome::Unknown => "?".to_owned(),
    }
}

#[test]
fn requests_end_where_nginx_sends_them() {
    let page = "root /www; location / { try_files $uri $uri/ /index.html; } location /api/ { proxy_pass http://a/; }";
    assert_routed(page, "/api/x", "a /x");
    assert_routed(page, "/api", "301 /api/");
    // Where the page itself is missing, the last file is tried again and again.
    assert_routed(page, "/x", "/www/x or /www/index.html or 500");
    let named = "root /www; location / { try_files $uri @app; } location @app { proxy_pass http://a; }";
    assert_routed(named, "/x", "/www/x or a ${…}");
    assert_routed("location / { return 301 https://$host$request_uri; }", "/", "301 https://${…}${…}");
    assert_routed("location / { if ($http_upgrade) { return 400; } proxy_pass http://a; }", "/", "?");
    assert_routed("location ~ (?=x) { } location / { proxy_pass http://a; }", "/", "?");
    assert_routed("location ~ (?=x) { } location ^~ / { proxy_pass http://a; }", "/", "a /");
    assert_routed("rewrite ^/v1(/.*)$ $1; location /x { proxy_pass http://a; }", "/v1/x", "a /x");
    assert_routed("error_page 404 = /x; root /www; location /x { return 204; }", "/y", "/www/y or 204");
    assert_routed("location / { rewrite ^ /b/$arg_x; }", "/", "?");
    assert_routed("location / { rewrite ^(.*)$ /a$1; }", "/", "500");
}

#[test]
fn deep_locations_are_read() {
    let text = format!("{}{}", "location / { ".repeat(30), "}".repeat(30));
    let mut depth = 0;
    let configuration = server(&text);
    let mut inner: Option<&Location> = configuration.servers[0].locations.first();
    while let Some(location) = inner {
        depth += 1;
        inner = location.nested.first();
    }
    assert_eq!(depth, 30);
}
