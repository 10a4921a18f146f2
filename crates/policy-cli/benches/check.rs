//! What a check costs, from the start of the program to its end, beside walking the same tree and reading all of it.
//!
//! `cargo bench -p portcullis-cli`. The yardstick runs on the same tree in the same run: compare the two, not two machines.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "what is measured are processes")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::{fs, hint};

use divan::Bencher;
use policy_core::source::{MemoryTree, RepoPath, Sources};
use policy_script as script;
use tempfile::TempDir;

/// Files in a collection of Terraform modules.
const COLLECTIONS: [usize; 2] = [1_000, 5_000];

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

/// A collection of Terraform modules alone.
#[divan::bench(args = COLLECTIONS, sample_count = 10, sample_size = 1)]
fn check_terraform(bencher: Bencher<'_, '_>, files: usize) {
    let tree = collection(files);
    bencher.bench_local(|| run(tree.path(), "human"));
}

/// Terraform's own formatter on the same collection: it reads every file too. Where there is no Terraform, nothing is
/// measured.
#[divan::bench(args = COLLECTIONS, sample_count = 3, sample_size = 1)]
fn terraform_fmt(bencher: Bencher<'_, '_>, files: usize) {
    let tree = collection(files);
    bencher.bench_local(|| {
        let mut command = Command::new("terraform");
        command.args(["fmt", "-check", "-recursive"]).arg(tree.path());
        // Its answer is whether the files are formatted: that does not matter here.
        hint::black_box(command.stdout(Stdio::null()).stderr(Stdio::null()).status().ok());
    });
}

/// A front end alone: hooks that open sockets, components that call them, constants in modules of their own.
#[divan::bench(args = COLLECTIONS, sample_count = 10, sample_size = 1)]
fn check_front_end(bencher: Bencher<'_, '_>, files: usize) {
    let tree = front_end(files);
    bencher.bench_local(|| run_with(tree.path(), &["--select", "websocket", "--threads", "1"]));
}

/// The yardstick of following addresses: every file of the front end read, and those parsed that name a socket.
#[divan::bench(args = COLLECTIONS, sample_count = 10, sample_size = 1)]
fn parse_what_names_a_socket(bencher: Bencher<'_, '_>, files: usize) {
    let tree = front_end(files);
    let path = RepoPath::new("View.tsx").unwrap();
    let one = MemoryTree::new().with(path.clone(), "");
    let file = Sources::open(&one).find(&path).unwrap();
    bencher.bench_local(|| {
        for entry in ignore::WalkBuilder::new(tree.path()).hidden(false).build().flatten() {
            if entry.file_type().is_some_and(|kind| kind.is_file()) {
                let text = fs::read_to_string(entry.path()).unwrap();
                hint::black_box(script::read_candidate(file, &path, &text));
            }
        }
    });
}

/// A search for one word in the front end. Where ripgrep is not installed, nothing is measured.
#[divan::bench(args = COLLECTIONS, sample_count = 10, sample_size = 1)]
fn ripgrep(bencher: Bencher<'_, '_>, files: usize) {
    let tree = front_end(files);
    bencher.bench_local(|| {
        let mut command = Command::new("rg");
        command.args(["--threads", "1", "--count", "--hidden", "WebSocket"]).arg(tree.path());
        hint::black_box(command.stdout(Stdio::null()).stderr(Stdio::null()).status().ok());
    });
}

fn run(path: &Path, format: &str) {
    run_with(path, &["--format", format]);
}

fn run_with(path: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
    command.args(["check", "--fail-on", "never"]).args(arguments).arg(path);
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

/// About so many files of TypeScript: a folder of fifty has a hook, constants, and components of which one in ten calls
/// the hook.
fn front_end(files: usize) -> TempDir {
    let tree = TempDir::new().unwrap();
    for at in 0..files {
        let folder = tree.path().join(format!("feature-{}", at / 50)).join("src");
        let (name, text) = match at % 50 {
            0 => ("useStream.ts".to_owned(), HOOK.to_owned()),
            1 => ("constants.ts".to_owned(), "export const STREAM = { port: 8000 } as const;\n".to_owned()),
            kind if kind % 10 == 2 => (format!("View{kind}.tsx"), format!("{VIEW}{}", MODULE.repeat(20))),
            kind => (format!("Part{kind}.tsx"), format!("{PART}{}", MODULE.repeat(20))),
        };
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), text).unwrap();
    }
    tree
}

/// About so many files of Terraform: a folder of five is a root module that calls a module of its own twice.
fn collection(files: usize) -> TempDir {
    let tree = TempDir::new().unwrap();
    for at in 0..files {
        let folder = tree.path().join(format!("stack-{}", at / 5));
        let (name, text) = match at % 5 {
            0 => ("main.tf", TERRAFORM.replace("NAME", &at.to_string())),
            1 => ("variables.tf", VARIABLES.to_owned()),
            2 => ("prod.tfvars", format!("replicas = {at}\n")),
            3 => ("modules/service/main.tf", SERVICE.to_owned()),
            _ => ("services.tf", CALLS.to_owned()),
        };
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    tree
}

const VARIABLES: &str = r#"
variable "replicas" {
  type    = number
  default = 1
}

variable "services" {
  type = map(object({ port = optional(number, 8000), paths = optional(list(string), []) }))
  default = {
    web = { paths = ["/", "/app/*"] }
    api = { port = 3000, paths = ["/api/*"] }
  }
}
"#;

const CALLS: &str = r#"
module "service" {
  for_each = var.services
  source   = "./modules/service"
  name     = each.key
  port     = each.value.port
  replicas = var.replicas
}
"#;

const SERVICE: &str = r#"
variable "name" {}
variable "port" {}
variable "replicas" {}

resource "aws_ecs_task_definition" "this" {
  family       = var.name
  network_mode = "awsvpc"

  container_definitions = jsonencode([{
    name         = var.name
    image        = "registry.example.com/${var.name}:1.4.2"
    portMappings = [{ containerPort = var.port }]
  }])
}

resource "aws_ecs_service" "this" {
  name            = var.name
  desired_count   = var.replicas
  task_definition = aws_ecs_task_definition.this.arn

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
}
"#;

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

const HOOK: &str = "
import { useEffect } from 'react';
import { STREAM } from './constants';

export function useStream(path: string, port: number = STREAM.port) {
  useEffect(() => {
    const socket = new WebSocket(`wss://${window.location.hostname}:${port}${path}`);
    return () => socket.close();
  }, [path, port]);
}
";

const VIEW: &str = "
import React from 'react';
import { useStream } from './useStream';

export function View() {
  useStream('/live', 443);
  return <main />;
}
";

const PART: &str = "
import React, { useState } from 'react';
import { View } from './View2';

export const Part = () => <View title={useState('')[0]} />;
";

const SOCKET: &str = "
const PORT = 8000;
export const connect = () => new WebSocket(`ws://${window.location.hostname}:${PORT}/stream/NAME`);
";

const MODULE: &str = "
export function area(width: number, height: number): number {
  return Math.max(0, width) * Math.max(0, height);
}
";
