//! Every format, read back by what reads it elsewhere.

use indoc::indoc;
use serde_json::Value;

use crate::project::{Run, project};

const COMPOSE: (&str, &[u8]) =
    ("deploy me/compose.prod.yaml", "services:\n  wéb:\n    image: nginx:latest\n".as_bytes());

pub(crate) const FORMATS: [&str; 8] =
    ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson"];

/// Formats whose paths are those of the current folder.
const FROM_HERE: [&str; 3] = ["human", "concise", "rdjson"];

fn written(format: &str) -> Run {
    let run = Run::new(project(&[COMPOSE]).path(), &["--format", format]);
    assert_eq!(run.code, 1, "{}", run.errors);
    run
}

#[test]
fn sarif_names_rule_place_and_card() {
    let log = written("sarif").document;
    let run = &log["runs"][0];
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "image/latest-tag");
    assert_eq!(result["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "deploy%20me/compose.prod.yaml");
    let base = place["artifactLocation"]["uriBaseId"].as_str().unwrap();
    assert!(run["originalUriBaseIds"][base].is_object());
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let region = &place["region"];
    assert_eq!(
        (&region["startLine"], &region["endLine"], &region["endColumn"]),
        (&3.into(), &3.into(), &24.into())
    );
    assert_eq!(result["partialFingerprints"].as_object().unwrap().len(), 1);

    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(rule["id"], "image/latest-tag");
    assert_eq!(rule["defaultConfiguration"]["level"], "error");
    assert!(rule["help"]["markdown"].as_str().unwrap().contains("## How to fix"));
    assert!(rule["shortDescription"]["text"].as_str().unwrap().ends_with('.'));
}

#[test]
fn sarif_names_the_version_and_the_address_of_the_program() {
    let log = written("sarif").document;
    let driver = &log["runs"][0]["tool"]["driver"];
    assert_eq!(driver["name"], "portcullis");
    assert_eq!(driver["semanticVersion"], env!("CARGO_PKG_VERSION"));
    // The schema wants an absolute URI; an empty one is a reference to the log itself.
    let address = driver["informationUri"].as_str().unwrap();
    assert!(address.strip_prefix("https://").is_some_and(|rest| rest.contains('/')), "{address:?}");
}

#[test]
fn sarif_tells_of_unreadable_files_as_notifications_too() {
    let folder = project(&[("Dockerfile", b"FROM scratch\n# \xff\n")]);
    let run = Run::new(folder.path(), &["--format", "sarif"]).document["runs"][0].take();
    assert_eq!(run["results"][0]["ruleId"], "input/unreadable");
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
    let place = &notification["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "Dockerfile");
    assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&2.into(), &3.into()));
}

#[test]
fn sarif_names_the_build_context_of_docker_findings() {
    let dockerfile = b"FROM node:22.1-alpine\nCOPY . .\nUSER node\n".as_slice();
    let folder = project(&[
        ("app/Dockerfile", dockerfile),
        ("app/package.json", b"{\"dependencies\": {\"a\": \"1\"}}"),
    ]);
    let run =
        Run::new(folder.path(), &["--format", "sarif", "--select", "docker"]).document["runs"][0].take();
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    assert!(results.iter().all(|result| result["properties"]["buildContext"] == "app"), "{results:#?}");
}

#[test]
fn json_counts_and_places_what_it_found() {
    let document = written("json").document;
    assert_eq!(document["version"], 1);
    assert_eq!(document["summary"]["errors"], 1);
    let finding = &document["findings"][0];
    assert_eq!(finding["location"]["path"], "deploy me/compose.prod.yaml");
    assert_eq!(finding["location"]["end"], serde_json::json!({ "line": 3, "column": 24 }));
    let bytes: Vec<usize> = finding["location"]["bytes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|at| at.as_u64().unwrap() as usize)
        .collect();
    assert!(b"nginx:latest".ends_with(&COMPOSE.1[bytes[0]..bytes[1]]));
}

#[test]
fn github_annotates_one_line_for_each_finding() {
    let output = written("github").output;
    assert!(output.starts_with("::error file=deploy me/compose.prod.yaml,line=3,endLine=3,col="), "{output}");
    assert!(output.contains(",endColumn=24,title=image/latest-tag::Service `wéb` runs"), "{output}");
    assert_eq!(output.lines().count(), 1);
}

#[test]
fn gitlab_takes_an_array_of_issues() {
    let issues = written("gitlab").document;
    assert_eq!(issues[0]["check_name"], "image/latest-tag");
    assert_eq!(issues[0]["severity"], "critical");
    assert_eq!(issues[0]["location"]["path"], "deploy me/compose.prod.yaml");
    assert_eq!(issues[0]["location"]["lines"]["begin"], 3);
}

#[test]
fn junit_has_a_failed_case_for_each_finding() {
    let output = written("junit").output;
    assert!(output.contains("<testcase name=\"deploy me/compose.prod.yaml: service `wéb` runs"), "{output}");
    assert!(output.contains("<failure type=\"error\" message=\"service `wéb` runs"), "{output}");
    assert!(
        output.contains("<testcase name=\"input/unreadable\" classname=\"input/unreadable\"/>"),
        "{output}"
    );
}

#[test]
fn people_see_the_place_in_its_source() {
    let output = written("human").output;
    for part in [
        "image/latest-tag",
        "[deploy me/compose.prod.yaml:3:",
        "image: nginx:latest",
        "1 error.",
        "Read 1 file",
    ] {
        assert!(output.contains(part), "{part}\n{output}");
    }
    assert!(!output.contains('\x1b'));
    let coloured = Run::new(project(&[COMPOSE]).path(), &["--color", "always"]);
    assert!(coloured.output.contains("\x1b["));
}

#[test]
fn no_format_tells_a_secret_that_stands_beside_a_fault() {
    let folder = project(&[
        (".env", b"API=hunter-one\nVITE_WS=ws://me:hunter-two@localhost:8000/stream\nDB=hunter-three\n"),
        (
            "index.html",
            b"<script type=module src=/app.ts></script><script type=module src=/socket.ts></script>",
        ),
        ("app.ts", b"const token = 'hunter-four';\nnew WebSocket(import.meta.env.VITE_WS);\n"),
        ("socket.ts", b"new WebSocket('ws://localhost:8000/stream?token=hunter-six');\n"),
        ("package.json", b"{\"devDependencies\": {\"vite\": \"5\"}}"),
        ("Dockerfile", b"FROM node:22.1\nARG NPM_TOKEN=hunter-five\nCOPY . .\nRUN npm ci\nUSER node\n"),
    ]);
    for format in FORMATS {
        let run = Run::new(folder.path(), &["--format", format]);
        for told in
            ["websocket/localhost-url", ".env", "socket.ts", "docker/missing-dockerignore", "Dockerfile"]
        {
            assert!(run.output.contains(told), "{format}: {told}: {}", run.output);
        }
        assert!(!run.output.contains("hunter"), "{format}: {}", run.output);
    }
}

#[cfg(unix)]
#[test]
fn no_format_tells_what_lies_outside_of_the_root() {
    // The same files, once beside the root and once in it, each with a tag that is told of where it may be read.
    let outside: [(&str, &[u8]); 7] = [
        ("away/values.json", b"{\"tag\": \"latest\", \"name\": \"told-by-file\"}"),
        ("away/part.tftpl", b"[{\"name\": \"a\", \"image\": \"r.example.org/told-by-template:latest\"}]"),
        ("away/base.yml", b"services:\n  base:\n    image: told-by-extends:latest\n"),
        ("away/more.yml", b"services:\n  more:\n    image: told-by-include:latest\n"),
        ("away/service.env", b"NAME=told-by-env\n"),
        (
            "away/module/main.tf",
            indoc! {br#"
                resource "aws_ecs_task_definition" "m" {
                  family = "m"
                  container_definitions = jsonencode([{ name = "m", image = "r.example.org/told-by-module:latest" }])
                }
            "#},
        ),
        ("away/tsconfig.json", b"{\"compilerOptions\": {\"baseUrl\": \"told-by-tsconfig\"}}"),
    ];
    let inside = |to: &str| {
        let terraform = indoc! {r#"
            locals {
              values = jsondecode(file("TO/values.json"))
            }
            resource "aws_ecs_task_definition" "a" {
              family = "a"
              container_definitions = jsonencode([{ name = "a", image = "r.example.org/${local.values.name}:${local.values.tag}" }])
            }
            resource "aws_ecs_task_definition" "b" {
              family = "b"
              container_definitions = templatefile("TO/part.tftpl", {})
            }
            module "m" {
              source = "TO/module"
            }
        "#};
        let compose = indoc! {"
            include: [TO/more.yml]
            services:
              a:
                extends: {file: TO/base.yml, service: base}
              b:
                image: ${NAME}:latest
                env_file: TO/service.env
        "};
        [
            ("root/main.tf".to_owned(), terraform.replace("TO", to)),
            ("root/compose.yaml".to_owned(), compose.replace("TO", to)),
            ("root/push.sh".to_owned(), "docker compose -f TO/more.yml push\n".replace("TO", to)),
            ("root/tsconfig.json".to_owned(), "{\"extends\": \"TO/tsconfig.json\"}".replace("TO", to)),
            ("root/.git/HEAD".to_owned(), String::new()),
        ]
    };
    let told = |to: &str, beside: bool| {
        let place = |path: &str| if beside { path.to_owned() } else { format!("root/{path}") };
        let written = inside(to);
        let away = outside.map(|(path, bytes)| (place(path), bytes));
        let files: Vec<(&str, &[u8])> = written
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_bytes()))
            .chain(away.iter().map(|(path, bytes)| (path.as_str(), *bytes)))
            .collect();
        let folder = project(&files);
        if to == "./link" {
            std::os::unix::fs::symlink("../away", folder.path().join("root/link")).unwrap();
        }
        let root = folder.path().join("root");
        FORMATS.map(|format| Run::new(&root, &["--verbose", "--format", format]).output).concat()
    };
    for (to, beside) in [("../away", true), ("./link", true)] {
        let output = told(to, beside);
        assert!(!output.contains("told-by"), "{to}: {output}");
    }
    let output = told("./away", false);
    for word in ["told-by-file", "told-by-template", "told-by-module"] {
        assert!(output.contains(word), "{word}: {output}");
    }
}

#[test]
fn a_file_takes_the_report_instead_of_standard_output() {
    let folder = project(&[COMPOSE]);
    let file = folder.path().join("report.json");
    let run = Run::new(folder.path(), &["--format", "json", "--output", file.to_str().unwrap()]);
    assert_eq!((run.code, run.output.as_str()), (1, ""));
    let document: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(document["summary"]["errors"], 1);
}

#[test]
fn the_same_tree_gives_the_same_bytes_whatever_the_threads_and_wherever_the_program_is_started() {
    let files: Vec<(String, String)> = (0..60)
        .map(|at| (format!("d{at}/compose.yaml"), format!("services:\n  s{at}:\n    image: nginx:latest\n")))
        .collect();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())).collect();
    let folder = project(&files);
    let folder = folder.path();
    let run = |format: &str, threads: &str, from: &std::path::Path, path: &str| {
        let mut command = assert_cmd::Command::cargo_bin("portcullis").unwrap();
        command.current_dir(from).args([
            "check",
            path,
            "--verbose",
            "--format",
            format,
            "--threads",
            threads,
        ]);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    for format in FORMATS {
        let expected = run(format, "1", folder, ".");
        assert!(expected.contains("d59"), "{format}");
        for threads in ["2", "64"] {
            assert!(run(format, threads, folder, ".") == expected, "{format}: {threads} threads");
        }
        if FROM_HERE.contains(&format) {
            continue;
        }
        let whole = folder.to_str().unwrap();
        for (from, path) in [("d1", ".."), ("d2", whole), (".", "./d3/..")] {
            assert!(run(format, "2", &folder.join(from), path) == expected, "{format}: {path} from {from}");
        }
    }
}
