//! What a check costs, from the start of the program to its end, beside walking the same tree and reading all of it.
//!
//! `cargo bench -p policy-cli`. The yardstick runs on the same tree in the same run: compare the two, not two machines.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::{fs, hint};

use divan::Bencher;
use tempfile::TempDir;

/// Files in the tree: a commit hook on a small project, and a large repository.
const SIZES: [usize; 3] = [5, 1_000, 10_000];

fn main() {
    divan::main();
}

#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn check(bencher: Bencher<'_, '_>, files: usize) {
    let tree = tree(files);
    bencher.bench_local(|| run(tree.path(), "human"));
}

#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn check_to_sarif(bencher: Bencher<'_, '_>, files: usize) {
    let tree = tree(files);
    bencher.bench_local(|| run(tree.path(), "sarif"));
}

/// The yardstick.
#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn walk_and_read(bencher: Bencher<'_, '_>, files: usize) {
    let tree = tree(files);
    bencher.bench_local(|| {
        for entry in ignore::WalkBuilder::new(tree.path()).hidden(false).build().flatten() {
            if entry.file_type().is_some_and(|kind| kind.is_file()) {
                hint::black_box(fs::read(entry.path()).unwrap());
            }
        }
    });
}

fn run(path: &Path, format: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
    command.args(["check", "--format", format, "--fail-on", "never"]).arg(path);
    assert!(command.stdout(Stdio::null()).status().unwrap().success());
}

/// A full-stack repository of about so many files: a folder in twenty is a service with a fault of its own.
fn tree(files: usize) -> TempDir {
    let tree = TempDir::new().unwrap();
    for at in 0..files {
        let (folder, text) = (format!("service-{}", at / 20), format!("{at}"));
        let (name, text) = match at % 20 {
            0 => ("main.tf".to_owned(), TERRAFORM.replace("NAME", &text)),
            1 => ("Dockerfile".to_owned(), "FROM node:22.1-alpine\nCOPY src src\nUSER node\n".to_owned()),
            2 => ("compose.yaml".to_owned(), format!("services:\n  s{at}:\n    image: redis:7.{at}\n")),
            3 => ("src/socket.ts".to_owned(), SOCKET.replace("NAME", &text)),
            kind if kind < 12 => (format!("src/module{kind}.ts"), MODULE.repeat(20)),
            kind => (format!("docs/page{kind}.md"), "Some words on one line.\n".repeat(100)),
        };
        let path = tree.path().join(folder).join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    tree
}

const TERRAFORM: &str = r#"
variable "tag" {
  default = "1.4.NAME"
}

resource "aws_ecs_task_definition" "service" {
  family                = "service-NAME"
  container_definitions = jsonencode([{ name = "web", image = "registry.example.com/web:${var.tag}" }])
}

resource "aws_lb_listener_rule" "service" {
  listener_arn = aws_lb_listener.http.arn
  priority     = NAME + 1
  condition {
    path_pattern {
      values = concat(["/api/NAME/*"], [for part in ["a", "b"] : "/${part}/*"])
    }
  }
}
"#;

const SOCKET: &str = "
const PORT = 8000;
export const connect = () => new WebSocket(`ws://${window.location.hostname}:${PORT}/stream/NAME`);
";

const MODULE: &str = "
export function area(width: number, height: number): number {
  return Math.max(0, width) * Math.max(0, height);
}
";
