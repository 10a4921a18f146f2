//! `portcullis routes`: where each endpoint lands.

#![expect(clippy::disallowed_methods, reason = "the script is run, against a server that is started for it")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use assert_cmd::Command;
use serde_json::Value;

use crate::project::project;

const LISTENER: &str = r#"
resource "aws_lb" "shop" {
  load_balancer_type = "application"
}

resource "aws_lb_target_group" "api" {
  port        = 8000
  protocol    = "HTTP"
  target_type = "ip"
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener_rule" "orders" {
  listener_arn = aws_lb_listener.http.arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }

  condition {
    path_pattern {
      values = ["/orders/*"]
    }
  }
}

resource "aws_ecr_repository" "api" {
  name = "api"
}

resource "aws_ecs_task_definition" "api" {
  family       = "api"
  network_mode = "awsvpc"
  container_definitions = jsonencode([
    {
      name         = "api"
      image        = "${aws_ecr_repository.api.repository_url}:1.4.0"
      portMappings = [{ containerPort = 8000 }]
    },
  ])
}

resource "aws_ecs_service" "api" {
  name            = "api"
  task_definition = aws_ecs_task_definition.api.arn

  load_balancer {
    target_group_arn = aws_lb_target_group.api.arn
    container_name   = "api"
    container_port   = 8000
  }
}
"#;

const API: &str = r#"
from fastapi import FastAPI

app = FastAPI()


@app.get("/orders/open")
def open_orders():
    return []


@app.post("/orders/{number}")
def change(number: int):
    return number


@app.get("/orders")
def orders():
    return []
"#;

const DOCKERFILE: &str = r#"FROM python:3.12-slim
WORKDIR /srv
COPY . .
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
"#;

fn routes(arguments: &[&str]) -> String {
    let folder = project(&[
        ("infra/main.tf", LISTENER.as_bytes()),
        ("api/main.py", API.as_bytes()),
        ("api/Dockerfile", DOCKERFILE.as_bytes()),
    ]);
    let output = Command::cargo_bin("portcullis")
        .unwrap()
        .arg("routes")
        .arg(folder.path())
        .args(arguments)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn people_see_each_entrance_and_what_is_not_reached() {
    let text = routes(&[]);
    for line in [
        "aws_lb_listener.http, port 80  infra/main.tf:12",
        "     10  /orders/*  ->  aws_lb_target_group.api (`api` of api/Dockerfile, 7 endpoints)",
        "      *  ->  fixed response",
        "    GET     /orders/open  `api`  api/main.py:7",
        "    POST    /orders/{}  `api`  api/main.py:12",
        "    GET     /orders  `api`  api/main.py:17\n            not reached: the default action returns a fixed response",
    ] {
        assert!(text.contains(line), "{line}\n\n{text}");
    }
}

#[test]
fn root_modules_are_told_apart_and_what_is_not_known_is_not_nothing() {
    let folder = project(&[
        ("stage/main.tf", LISTENER.as_bytes()),
        ("live/main.tf", LISTENER.as_bytes()),
        ("api/main.py", b"import elsewhere\napp = elsewhere.make()\n"),
        ("api/Dockerfile", DOCKERFILE.as_bytes()),
    ]);
    let output = Command::cargo_bin("portcullis").unwrap().arg("routes").arg(folder.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for line in [
        "aws_lb_listener.http, port 80 in live  live/main.tf:12",
        "aws_lb_listener.http, port 80 in stage  stage/main.tf:12",
        "(`api` of api/Dockerfile, unknown: ",
    ] {
        assert!(text.contains(line), "{line}\n\n{text}");
    }
    assert!(!text.contains("0 endpoints"), "{text}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for format in ["text", "json", "curl"] {
        let by = |threads: &str| routes(&["--format", format, "--threads", threads]);
        let expected = by("1");
        assert!(["2", "64"].into_iter().all(|threads| by(threads) == expected), "{format}");
    }
}

#[test]
fn programs_get_the_same_as_json() {
    let json = routes(&["--json"]);
    assert_eq!(json, routes(&["--format", "json"]));
    let json: Value = serde_json::from_str(&json).unwrap();
    let [entrance] = json.as_array().unwrap().as_slice() else { panic!("one listener: {json}") };
    assert_eq!(entrance["routes"][0]["paths"], serde_json::json!(["/orders/*"]));
    let endpoints = entrance["endpoints"].as_array().unwrap();
    let endpoint = |path: &str| endpoints.iter().find(|endpoint| endpoint["path"] == path).unwrap();
    assert_eq!(endpoint("/orders")["reached"], false);
    assert_eq!(endpoint("/orders/open")["reached"], true);
    assert_eq!(endpoint("/orders/{}")["methods"], serde_json::json!(["POST"]));
}

#[test]
fn the_script_asks_what_can_be_asked_without_harm() {
    let script = routes(&["--format", "curl"]);
    assert!(script.contains("\nask '/orders/open' 'api'\n"), "{script}");
    assert!(script.contains("\nask '/orders' 'api'\n"), "{script}");
    assert!(!script.contains("{}"), "a parameter has no value, and nothing is changed: {script}");
}

/// The script against servers that answer as a load balancer would: one that serves all, and one that gives its page for
/// what it does not know.
#[cfg(unix)]
#[test]
fn the_script_tells_the_program_from_the_page() {
    let has = |program: &str| std::process::Command::new(program).arg("--version").output().is_ok();
    if !has("curl") || !has("python3") {
        eprintln!("SKIPPED: there is no curl, or no Python to serve what it asks for");
        return;
    }
    let script = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(script.path(), routes(&["--format", "curl"])).unwrap();
    let asked = |known: &str| {
        let serve = format!(
            "import http.server\n\
             class Answer(http.server.BaseHTTPRequestHandler):\n    \
                 def do_GET(self):\n        \
                     self.send_response(200); self.end_headers()\n        \
                     self.wfile.write(b'[]' if self.path in {known} else b'<html>')\n    \
                 def log_message(self, *_): pass\n\
             server = http.server.HTTPServer(('127.0.0.1', 0), Answer)\n\
             print(server.server_port, flush=True)\nserver.serve_forever()\n"
        );
        let mut server = std::process::Command::new("python3")
            .args(["-c", &serve])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(server.stdout.take().unwrap()), &mut port)
            .unwrap();
        let output = std::process::Command::new("sh")
            .arg(script.path())
            .env("BASE", format!("http://127.0.0.1:{}", port.trim()))
            .output()
            .unwrap();
        server.kill().unwrap();
        server.wait().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, said) = asked("('/orders', '/orders/open')");
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = asked("('/orders/open',)");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("FAILED /orders: same response as for a path that does not exist"), "{said}");
}

#[test]
fn without_an_entrance_there_is_nothing_to_show() {
    let folder = project(&[("README.md", b"nothing")]);
    let output = Command::cargo_bin("portcullis").unwrap().arg("routes").arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("No entry point was found"));
}

#[test]
fn the_nginx_of_a_compose_file_is_an_entrance_and_every_run_says_the_same() {
    let folder = project(&[
        ("api/Dockerfile", b"FROM python:3.12-slim\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n"),
        (
            "api/main.py",
            b"from fastapi import FastAPI\napp = FastAPI()\n@app.get(\"/orders\")\ndef orders():\n    return []\n",
        ),
        ("edge.conf", b"server {\n  location /api/ { proxy_pass http://api:8000/; }\n}\n"),
        (
            "compose.yaml",
            b"services:\n  edge:\n    image: nginx:1.27\n    ports: [\"80:80\"]\n    volumes:\n      - ./edge.conf:/etc/nginx/conf.d/default.conf\n  api:\n    build: api\n",
        ),
    ]);
    let run = || {
        let mut command = Command::cargo_bin("portcullis").unwrap();
        String::from_utf8(command.arg("routes").arg(folder.path()).output().unwrap().stdout).unwrap()
    };
    let first = run();
    assert!(first.contains("nginx in `edge`, port 80"), "{first}");
    // The program serves `/orders`, and nginx is asked for it below its prefix.
    assert!(first.contains("/api/orders as /orders") && !first.contains("not reached: /api"), "{first}");
    assert!((0..5).all(|_| run() == first));
}
