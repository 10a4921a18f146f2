//! Where a request goes, by our reading and by nginx itself, which runs on loopback with generated servers. Skipped with a
//! notice where nginx is missing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_types, reason = "nginx is asked over the network of this machine")]
#![expect(clippy::disallowed_methods, reason = "the environment says whether a comparison may be skipped")]
#![expect(clippy::print_stderr, reason = "differences are listed")]

mod support;

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use policy_nginx::files::{Files, MAIN};
use policy_nginx::model::{Location, Matcher};
use policy_nginx::resolve::resolve;
use policy_nginx::route::{Outcome, route};
use policy_text::embedded::Embedded;
use policy_text::source::FileId;
use support::{Random, skip};

const SERVERS: usize = 200;

const PATHS: [&str; 16] = [
    "/",
    "/a",
    "/a/",
    "/a/b",
    "/a/b/",
    "/a/b/c",
    "/ab",
    "/ab/c",
    "/b",
    "/b/a",
    "/b/a.php",
    "/a/x.php",
    "/A/b",
    "/c/d",
    "/a/b/x.php",
    "/c.PHP",
];

const PREFIXES: [&str; 9] = ["/", "/a", "/a/", "/a/b", "/a/b/", "/b", "/b/", "/ab", "/c/"];
const EXPRESSIONS: [&str; 7] =
    ["~ \\.php$", "~* \\.php$", "~ ^/a/(.*)$", "~ /b", "~* ^/a", "~ ^/(a|b)/b", "~ ^/b/a"];

/// A location, with a mark of its own, and those in it.
fn location(random: &mut Random, at: &str, depth: usize, port: u16, next: &mut usize) -> String {
    *next += 1;
    let mark = *next;
    let is_expression = at.starts_with('~');
    let mut body = format!("add_header X-Mark {mark} always; ");
    if random.below(4) == 0 {
        let rewrite = random.pick(&[
            "rewrite ^/a/(.*)$ /b/$1 last;",
            "rewrite ^/a/(.*)$ /b/$1 break;",
            "rewrite ^/a/(.*)$ /c/$1;",
            "rewrite ^/b /$0x redirect;",
            "rewrite ^/(.*)/b$ /$1?x=1 break;",
        ]);
        body.push_str(&rewrite.replace("$0", "c"));
    }
    match random.below(if is_expression { 3 } else { 5 }) {
        0 => body.push_str("return 200 he}re;"),
        1 => {
            let tried = ["", "try_files $uri =404;", "try_files $uri /b/a;", "try_files $uri /a/b/ /c/d;"];
            body.push_str(random.pick(&tried));
        }
        2 => write!(body, "proxy_pass http://127.0.0.1:{port};").unwrap(),
        3 => write!(body, "proxy_pass http://127.0.0.1:{port}/;").unwrap(),
        _ => write!(body, "proxy_pass http://127.0.0.1:{port}/x/y;").unwrap(),
    }
    if depth > 0 && !at.starts_with('=') && random.below(3) == 0 {
        let own = at.rsplit(' ').next().unwrap();
        let mut inner: Vec<String> =
            EXPRESSIONS.iter().filter(|_| random.below(4) == 0).map(|&at| at.to_owned()).collect();
        if !is_expression {
            let below = PREFIXES.iter().filter(|prefix| prefix.starts_with(own) && **prefix != own);
            inner.extend(below.filter(|_| random.below(3) == 0).map(|&at| at.to_owned()));
        }
        for at in inner {
            body.push_str(&location(random, &at, depth - 1, port, next));
        }
    }
    format!("location {at} {{ {body} }}\n")
}

fn server(random: &mut Random, name: usize, port: u16) -> String {
    let mut body = format!("listen 127.0.0.1:{port}; server_name s{name}; ");
    let mut next = 0;
    if random.below(6) == 0 {
        body.push_str(random.pick(&["rewrite ^/c/(.*)$ /a/$1;", "rewrite ^/b$ /a last;"]));
    }
    let mut all: Vec<String> = Vec::new();
    for prefix in PREFIXES {
        match random.below(7) {
            0 => all.push(prefix.to_owned()),
            1 => all.push(format!("^~ {prefix}")),
            2 => all.push(format!("= {prefix}")),
            _ => {}
        }
    }
    for expression in EXPRESSIONS {
        let at = random.below(all.len() + 1);
        if random.below(4) == 0 {
            all.insert(at, expression.to_owned());
        }
    }
    for at in all {
        body.push_str(&location(random, &at, 2, port, &mut next));
    }
    format!("server {{ {body} }}\n")
}

/// nginx, which ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(folder: &std::path::Path, configuration: &str) -> Option<Running> {
    let file = folder.join("nginx.conf");
    std::fs::write(&file, configuration).ok()?;
    let mut command = Command::new("nginx");
    command.arg("-e").arg(folder.join("error.log")).arg("-p").arg(folder).arg("-c").arg(file);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok().map(Running)
}

/// The status, the mark and the body that nginx answers with.
fn ask(port: u16, server: usize, path: &str) -> Option<(u16, String, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: s{server}\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let mark = head.lines().find_map(|line| line.strip_prefix("X-Mark: ")).unwrap_or("-");
    Some((status, mark.to_owned(), body.to_owned()))
}

/// The mark of a location, which its text holds.
fn mark(location: Option<&Location>, text: &str) -> String {
    let Some(location) = location else { return "-".to_owned() };
    let after = &text[location.at.range().end..];
    after.split("X-Mark ").nth(1).unwrap().split(' ').next().unwrap().to_owned()
}

/// How a request ends that is sent round and round, in whichever location that is noticed.
const CYCLE: &str = "cycle";

/// What we say, in the form of what nginx answers where there are no files.
fn said(outcome: &Outcome<'_>, text: &str) -> String {
    match outcome {
        Outcome::Passed { location, path, .. } => {
            format!("{} passed {}", mark(Some(location), text), path.known().unwrap())
        }
        Outcome::File { otherwise: Some(otherwise), .. } => said(otherwise, text),
        Outcome::File { location, .. } | Outcome::Answered { status: Some(404), location, .. } => {
            format!("{} file", mark(*location, text))
        }
        Outcome::Answered { status: Some(500), .. } => CYCLE.to_owned(),
        Outcome::Answered { status, location, .. } => {
            format!("{} answered {}", mark(*location, text), status.unwrap())
        }
        Outcome::Unknown => "unknown".to_owned(),
    }
}

fn answered(port: u16, server: usize, path: &str) -> String {
    let Some((status, mark, body)) = ask(port, server, path) else { return "no answer".to_owned() };
    match (status, body.strip_prefix("passed ")) {
        (200, Some(path)) => format!("{mark} passed {}", path.split('?').next().unwrap()),
        (500, _) => CYCLE.to_owned(),
        (403 | 404, _) => format!("{mark} file"),
        _ => format!("{mark} answered {status}"),
    }
}

#[test]
fn nginx_sends_requests_where_we_say() {
    let available = Command::new("nginx").arg("-v").output().is_ok_and(|output| output.status.success());
    if !available {
        return skip("nginx is not installed");
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut random = Random::default();
    let servers: String = (0..SERVERS).map(|name| server(&mut random, name, port)).collect();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};\n", folder.path().display()))
        .concat();
    let text = format!(
        "daemon off;\nmaster_process off;\nworker_processes 1;\npid {0}/nginx.pid;\n\
         events {{ worker_connections 256; }}\nhttp {{\naccess_log off;\nserver_names_hash_max_size 4096;\n{temporary}\
         root {0}/empty;\n{servers}\
         server {{ listen 127.0.0.1:{port} default_server; location / {{ return 200 \"passed $request_uri\"; }} }}\n}}\n",
        folder.path().display(),
    );
    let _nginx = start(folder.path(), &text).unwrap();
    let is_up = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        ask(port, SERVERS, "/").is_some()
    });
    let log = || std::fs::read_to_string(folder.path().join("error.log")).unwrap_or_default();
    assert!(is_up, "nginx does not start: {}", log());

    let mut files = Files::default();
    files.add(MAIN, Embedded::whole(FileId(0), &text));
    let configuration = resolve(&files);
    assert!(configuration.gaps.is_empty());
    let matchers = configuration.servers.iter().flat_map(|server| &server.locations).map(|own| &own.matcher);
    assert!(matchers.filter(|matcher| matches!(matcher, Matcher::Expression(None))).count() == 0);
    let mut differences = 0;
    let mut passed = 0;
    let mut unknown = 0;
    for server in 0..SERVERS {
        for path in PATHS {
            let (ours, theirs) =
                (said(&route(&configuration.servers[server], path), &text), answered(port, server, path));
            passed += usize::from(theirs.contains("passed"));
            // To say nothing is no fault, as long as it is rare.
            if ours == "unknown" {
                unknown += 1;
            } else if ours != theirs {
                differences += 1;
                if differences < 10 {
                    let shown =
                        text.split("server {").find(|part| part.contains(&format!("server_name s{server};")));
                    eprintln!("{path}: ours `{ours}`, theirs `{theirs}`\n{}", shown.unwrap_or_default());
                }
            }
        }
    }
    assert_eq!(differences, 0, "of {}", SERVERS * PATHS.len());
    assert!(unknown * 20 < SERVERS * PATHS.len(), "too much is not known: {unknown}");
    assert!(passed > SERVERS, "too few requests were passed on: {passed}");
}
