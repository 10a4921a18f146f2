//! What the program writes is what its schemas, and those of others, say.

use std::path::{Path, PathBuf};
use std::process::Command;

use indoc::indoc;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::project::{Run, program, project};

fn incidents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/incidents");
    let incidents = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    incidents.flat_map(|incident| [incident.join("before"), incident.join("after")]).collect()
}

/// Reports of every shape: the incidents, with what is allowed, hidden by a baseline, unreadable and fixable.
fn reports(format: &str) -> Vec<Value> {
    let mut reports: Vec<Value> = incidents()
        .iter()
        .flat_map(|folder| {
            [&["--format", format][..], &["--format", format, "--select", "ALL", "--verbose"]]
                .map(|it| Run::new(folder, it))
        })
        .map(|run| run.document)
        .collect();
    let compose = indoc! {b"
        services:
          a:
            image: nginx:latest # portcullis: allow(image/latest-tag) a sandbox
          b:
            image: redis:latest
          c:
            image: nats:${TAG}
    "};
    let definition = indoc! {br#"
        variable "tag" {
          default = "latest"
        }
        resource "aws_ecs_task_definition" "web" {
          family                = "web"
          container_definitions = jsonencode([{ name = "web", image = "acme/web:${var.tag}" }])
        }
    "#};
    let folder = project(&[
        ("a b/compose.yaml", compose),
        ("ecs.tf", definition),
        ("Dockerfile", b"FROM python:3.13.1-slim\n# \xff\nCOPY . .\nUSER 1000\n"),
        ("pyproject.toml", b"[tool.ruff]\n"),
        ("ecr.tf", b"resource \"aws_ecr_repository\" \"a\" {\n  name = \"a\"\n}\n"),
    ]);
    let known = folder.path().join("known.json");
    let known = known.to_str().unwrap();
    reports.push(Run::new(folder.path(), &["--format", format]).document);
    assert_eq!(Run::new(folder.path(), &["--write-baseline", known]).code, 0);
    reports.push(Run::new(folder.path(), &["--format", format, "--baseline", known]).document);
    std::fs::remove_file(folder.path().join("ecr.tf")).unwrap();
    reports.push(Run::new(folder.path(), &["--format", format, "--baseline", known]).document);
    reports
}

#[track_caller]
fn assert_valid(schema: &Validator, document: &Value) {
    let errors: Vec<String> =
        schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn schema(of: &str) -> Validator {
    let output = program().args(["schema", of]).output().unwrap();
    jsonschema::validator_for(&serde_json::from_slice(&output.stdout).unwrap()).unwrap()
}

/// The schema of SARIF, which lies in the source of a package that is built from it.
#[expect(clippy::disallowed_methods, reason = "cargo knows where the sources of packages lie")]
fn sarif() -> Validator {
    let cargo = |arguments: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap().stdout
    };
    let version = String::from_utf8(cargo(&["-vV"])).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // The packages of other platforms may not be on this machine.
    let own = ["--filter-platform", host, "--offline", "--locked"];
    let arguments = [&["metadata", "--format-version", "1"][..], &own[..]].concat();
    let metadata: Value = serde_json::from_slice(&cargo(&arguments)).unwrap();
    let package =
        metadata["packages"].as_array().unwrap().iter().find(|it| it["name"] == "serde-sarif").unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let text = std::fs::read_to_string(manifest.with_file_name("src/schema.json")).unwrap();
    // One pattern closes a bracket that it did not open.
    let text = text.replace("{2}]?$", "{2}\\\\]?$");
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[test]
fn every_log_is_sarif_2_1_0() {
    let schema = sarif();
    let logs = reports("sarif");
    for log in &logs {
        assert_valid(&schema, log);
        serde_json::from_value::<serde_sarif::sarif::Sarif>(log.clone()).unwrap();
    }
    // All that a log can hold was there to be seen.
    let text = serde_json::to_string(&logs).unwrap();
    for part in
        ["codeFlows", "relatedLocations", "fixes", "inSource", "external", "toolExecutionNotifications"]
    {
        assert!(text.contains(&format!("\"{part}\"")), "{part}");
    }
    let broken = json!({ "version": "2.1.0", "runs": [{ "tool": {} }] });
    assert!(!schema.is_valid(&broken));
}

#[test]
fn every_json_report_is_what_its_schema_says() {
    let schema = schema("report");
    for report in reports("json") {
        assert_valid(&schema, &report);
        let mut broken = report;
        broken["summary"]["errors"] = json!("many");
        assert!(!schema.is_valid(&broken));
    }
}

#[test]
fn the_list_of_rules_and_a_baseline_are_what_their_schemas_say() {
    let rules = program().args(["rules", "--format", "json"]).output().unwrap();
    assert_valid(&schema("rules"), &serde_json::from_slice(&rules.stdout).unwrap());
    let folder = project(&[("compose.yaml", b"services:\n  a:\n    image: nginx:latest\n")]);
    let known = folder.path().join("known.json");
    assert_eq!(Run::new(folder.path(), &["--write-baseline", known.to_str().unwrap()]).code, 0);
    let baseline: Value = serde_json::from_slice(&std::fs::read(known).unwrap()).unwrap();
    assert_valid(&schema("baseline"), &baseline);
}

#[test]
fn the_schema_of_the_configuration_takes_what_the_program_takes() {
    let schema = schema("config");
    let takes = |text: &str| {
        let folder = project(&[
            ("portcullis.toml", text.as_bytes()),
            ("a.tfvars", b""),
            ("known.json", b"{\"version\": 1, \"findings\": []}"),
        ]);
        Run::new(folder.path(), &[]).code == 0
    };
    let cases = [
        ("", json!({})),
        ("root = true", json!({ "root": true })),
        ("fail-on = 'error'", json!({ "fail-on": "error" })),
        ("fail-on = 'fatal'", json!({ "fail-on": "fatal" })),
        ("baseline = 'known.json'", json!({ "baseline": "known.json" })),
        ("exclude = ['a']", json!({ "exclude": ["a"] })),
        ("exclude = 'a'", json!({ "exclude": "a" })),
        ("exlude = []", json!({ "exlude": [] })),
        (
            "rules = { docker = 'off', 'image/latest-tag' = 'note' }",
            json!({ "rules": { "docker": "off", "image/latest-tag": "note" } }),
        ),
        ("rules = { dokcer = 'off' }", json!({ "rules": { "dokcer": "off" } })),
        ("rules = { docker = 'of' }", json!({ "rules": { "docker": "of" } })),
        (
            "overrides = [{ paths = ['a'], rules = { ALL = 'off' } }]",
            json!({ "overrides": [{ "paths": ["a"], "rules": { "ALL": "off" } }] }),
        ),
        ("overrides = [{ rules = {} }]", json!({ "overrides": [{ "rules": {} }] })),
        (
            "options.websocket.open-ports = [8443]",
            json!({ "options": { "websocket": { "open-ports": [8443] } } }),
        ),
        (
            "options.websocket.open-ports = [70000]",
            json!({ "options": { "websocket": { "open-ports": [70000] } } }),
        ),
        (
            "options.terraform.var-files = ['a.tfvars']",
            json!({ "options": { "terraform": { "var-files": ["a.tfvars"] } } }),
        ),
        ("options.docker.wanted = ['dist']", json!({ "options": { "docker": { "wanted": ["dist"] } } })),
        ("options.docker.wanted = 3", json!({ "options": { "docker": { "wanted": 3 } } })),
    ];
    for (text, value) in cases {
        assert_eq!(schema.is_valid(&value), takes(text), "{text}");
    }
}
