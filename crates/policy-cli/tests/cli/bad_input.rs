//! Whatever lies in a repository: it is said with its path, the rest of the check goes on, and the exit code tells.

use std::fs;
use std::time::Duration;

use crate::project::{Run, project};
use assert_cmd::Command;

/// A compose file with one certain finding, to see that the check went on.
const LATEST: (&str, &[u8]) = ("compose.yaml", b"services:\n  web:\n    image: nginx:latest\n");

#[test]
fn a_file_that_cannot_be_parsed_costs_that_file_alone() {
    let folder = project(&[LATEST, ("b/compose.yaml", b"services:\n  web: [1\n")]);
    let run = Run::json(folder.path(), &[]);
    assert_eq!(run.code, 1);
    assert_eq!(run.rules_at("compose.yaml"), ["image/latest-tag"]);
    assert_eq!(run.rules_at("b/compose.yaml"), ["input/unreadable"]);
}

#[cfg(unix)]
#[test]
fn a_file_and_a_folder_that_may_not_be_read_are_said() {
    use std::os::unix::fs::PermissionsExt;
    let folder = project(&[LATEST, ("secret.tf", b""), ("closed/main.tf", b"")]);
    let lock = |path: &str, mode| {
        fs::set_permissions(folder.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    lock("secret.tf", 0o000);
    lock("closed", 0o000);
    if fs::read(folder.path().join("secret.tf")).is_ok() {
        return; // Nothing is unreadable for a superuser.
    }
    let run = Run::json(folder.path(), &[]);
    lock("closed", 0o755);
    assert_eq!(run.code, 1);
    assert_eq!(run.rules_at("secret.tf"), ["input/unreadable"]);
    assert_eq!(run.document["unlisted"][0]["path"], "closed");
    assert_eq!(run.document["unlisted"][0]["reason"], "permission denied");
    assert_eq!(run.rules_at("compose.yaml"), ["image/latest-tag"]);
}

fn utf16(text: &str) -> Vec<u8> {
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

#[test]
fn yaml_may_be_utf16_and_other_files_are_said_to_be_unchecked() {
    let folder = project(&[
        ("compose.yaml", &utf16("services:\n  web:\n    image: nginx:latest\n")),
        ("Dockerfile", &utf16("FROM nginx:latest\n")),
    ]);
    let run = Run::new(folder.path(), &["--format", "concise"]);
    let lines: Vec<&str> = run.output.lines().collect();
    let [dockerfile, compose] = &*lines else { panic!("{}", run.output) };
    assert_eq!(
        *dockerfile,
        "Dockerfile:1:1: warning: the file is UTF-16, so nothing in it was checked, and few tools read it: save it as UTF-8 [input/unreadable]"
    );
    assert!(
        compose.starts_with("compose.yaml:3:18: ") && compose.ends_with("[image/latest-tag]"),
        "{compose}"
    );
}

#[test]
fn invalid_utf8_is_read_as_far_as_it_goes() {
    let folder = project(&[("compose.yaml", b"# \xff\xfe\nservices:\n  web:\n    image: nginx:latest\n")]);
    let run = Run::json(folder.path(), &[]);
    assert_eq!(run.rules_at("compose.yaml"), ["input/unreadable", "image/latest-tag"]);
}

#[test]
fn a_script_may_carry_an_archive_behind_its_end() {
    for (script, rules) in [
        (&b"#!/bin/sh\ndocker push web:1.2 && unpack \"$0\"\nexit\nPK\x03\x04\xff\xfe\n"[..], &[][..]),
        (b"#!/bin/sh\ndocker push web:1.2 # \xff\nexit\n", &["input/unreadable"]),
        (b"#!/bin/sh\nif no_docker; then\n  exit\nfi\ndocker push web:1.2 # \xff\n", &["input/unreadable"]),
    ] {
        let folder = project(&[("install.sh", script)]);
        let run = Run::json(folder.path(), &["--select", "input"]);
        assert_eq!(run.rules_at("install.sh"), rules, "{}", String::from_utf8_lossy(script));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_unicode_is_said() {
    use std::os::unix::ffi::OsStrExt;
    let folder = project(&[]);
    fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"b\xffd.tf")), "").unwrap();
    let run = Run::json(folder.path(), &[]);
    assert_eq!(run.code, 1);
    assert_eq!(run.document["unlisted"][0]["path"], "b\u{fffd}d.tf");
}

#[test]
fn empty_files_are_nothing_to_complain_about() {
    let names =
        ["main.tf", "index.ts", "Dockerfile", ".dockerignore", "compose.yaml", ".github/workflows/ci.yml"];
    let files: Vec<(&str, &[u8])> = names.iter().map(|&name| (name, b"".as_slice())).collect();
    let run = Run::json(project(&files).path(), &[]);
    assert_eq!(run.rules_at("main.tf"), Vec::<String>::new());
    assert_eq!(run.rules_at("index.ts"), Vec::<String>::new());
}

#[test]
fn a_root_that_does_not_exist_is_said_with_its_path() {
    let run = Run::new(&project(&[]).path().join("nowhere"), &[]);
    assert_eq!(run.code, 2);
    assert!(run.errors.ends_with("nowhere`: it does not exist\n") && run.output.is_empty(), "{}", run.errors);
}

#[test]
fn a_path_outside_of_the_root_is_refused() {
    let (first, second) = (project(&[(".git/HEAD", b"")]), project(&[]));
    let run = Run::new(first.path(), &[second.path().to_str().unwrap()]);
    assert_eq!(run.code, 2);
    assert!(run.errors.contains("are not in one repository"), "{}", run.errors);
}

#[test]
fn a_broken_configuration_stops_the_check_with_its_line() {
    let folder = project(&[LATEST, ("portcullis.toml", b"[rules]\nimge = 'off'\n")]);
    let run = Run::new(folder.path(), &[]);
    assert_eq!(run.code, 2);
    assert!(run.errors.contains("portcullis.toml") && run.errors.contains("line 2"), "{}", run.errors);
    assert!(run.errors.contains("did you mean `image`?"), "{}", run.errors);
    assert!(run.output.is_empty());
}

#[test]
fn a_configuration_that_was_asked_for_has_to_be_there() {
    let run = Run::new(project(&[LATEST]).path(), &["--config", "/nowhere/portcullis.toml"]);
    assert_eq!(run.code, 2);
    let words = "portcullis: cannot read `/nowhere/portcullis.toml`, the configuration: it does not exist\n";
    assert_eq!(run.errors, words);
}

#[test]
fn what_cannot_be_a_configuration_is_said_without_the_systems_numbers() {
    let folder = project(&[LATEST, ("latin.toml", b"# \xe9\n"), ("folder/a", b"")]);
    for (name, words) in [("latin.toml", "it is not valid UTF-8\n"), ("folder", "it is a folder\n")] {
        let run = Run::new(folder.path(), &["--config", folder.path().join(name).to_str().unwrap()]);
        assert_eq!(run.code, 2);
        assert!(run.errors.ends_with(words), "{}", run.errors);
    }
    let run = Run::new(folder.path(), &["--threads", "0"]);
    assert!(run.errors.contains("expected a number from 1 upwards"), "{}", run.errors);
}

#[test]
fn a_report_that_cannot_be_written_says_what_is_missing() {
    let folder = project(&[LATEST]);
    let output = folder.path().join("out/a.sarif");
    let run = Run::new(folder.path(), &["--format", "sarif", "--output", output.to_str().unwrap()]);
    assert_eq!(run.code, 2);
    assert!(run.errors.contains("/out` does not exist"), "{}", run.errors);
}

#[test]
fn a_file_over_the_limit_is_said_and_not_read() {
    let huge = vec![b'#'; (8 << 20) + 1];
    let run = Run::json(project(&[LATEST, ("main.tf", &huge)]).path(), &[]);
    assert_eq!(run.rules_at("main.tf"), ["input/unreadable"]);
    assert_eq!(run.rules_at("compose.yaml"), ["image/latest-tag"]);
}

#[test]
fn a_binary_file_by_a_known_name_ends_well() {
    let noise: Vec<u8> = (0..100_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let names = ["a.tf", "a.ts", "Dockerfile", ".dockerignore", "compose.yaml", "deploy.sh", "package.json"];
    let files: Vec<(&str, &[u8])> = names.iter().map(|&name| (name, noise.as_slice())).collect();
    let run = Run::json(project(&files).path(), &[]);
    assert!(run.code < 2, "{}", run.errors);
    assert_eq!(run.rules_at("a.tf").first().map(String::as_str), Some("input/unreadable"));
}

#[cfg(unix)]
#[test]
fn links_that_go_round_or_away_are_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = project(&[("main.tf", b"x = \n")]);
    let folder = project(&[LATEST, ("a/b/main.tf", b"")]);
    symlink("..", folder.path().join("a/loop")).unwrap();
    symlink("self", folder.path().join("self")).unwrap();
    symlink(outside.path(), folder.path().join("away")).unwrap();
    let run = Run::json(folder.path(), &[]);
    assert_eq!(run.document["summary"]["files"]["terraform"], 1);
    assert_eq!(run.rules_at("compose.yaml"), ["image/latest-tag"]);
}

#[cfg(unix)]
#[test]
fn nothing_that_lies_behind_a_link_out_of_the_root_is_told() {
    let key = b"-----BEGIN RSA PRIVATE KEY-----\n".as_slice();
    let outside = project(&[("home/id_rsa", key), ("home/node_modules/a/b", b"")]);
    let compose =
        b"services:\n  web:\n    build:\n      context: ctx/home\n      dockerfile: ../../Dockerfile\n";
    let dockerfile = b"FROM node:22.1-alpine\nCOPY . .\nUSER node\n".as_slice();
    let here: [(&str, &[u8]); 2] = [("Dockerfile", dockerfile), ("compose.yaml", compose)];
    let told = |folder: &std::path::Path| {
        let run = Run::json(folder, &[]);
        ["id_rsa", "node_modules"].iter().any(|name| run.output.contains(name))
    };

    let folder = project(&here);
    std::os::unix::fs::symlink(outside.path(), folder.path().join("ctx")).unwrap();
    assert!(!told(folder.path()));

    // The same files are told of where they are the repository's own.
    let own = project(&[here[0], here[1], ("ctx/home/id_rsa", key)]);
    assert!(told(own.path()));
}

#[test]
fn deep_nesting_ends_soon_and_without_overflow() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
    let files = [
        ("lists.tf", format!("x = {}", deep("[", "]"))),
        ("blocks.tf", "a {\n".repeat(100_000)),
        ("calls.ts", format!("new WebSocket({})", deep("(", ")"))),
        ("sum.ts", format!("new WebSocket({}'ws://x:8000')", "'a' + ".repeat(100_000))),
        ("chain.ts", format!("new WebSocket(a{})", ".b()".repeat(100_000))),
        ("casts.ts", format!("new WebSocket({})", "<T>(".repeat(60))),
        ("else.ts", format!("new WebSocket('ws://x');{}", "if (a) b; else ".repeat(50_000))),
        ("compose.yaml", format!("services: {}", deep("[", "]"))),
        ("docker-compose.yml", (0..3_000).fold(String::new(), |text, at| text + &" ".repeat(at) + "a:\n")),
        ("package.json", deep("[", "]")),
        ("deploy.sh", "if true; then ".repeat(20_000)),
        ("build.sh", format!("docker build {}", deep("$(", ")"))),
    ];
    assert_ends_soon(&files.each_ref().map(|(name, text)| (*name, text.as_str())));
}

#[test]
fn what_goes_round_ends_soon() {
    assert_ends_soon(&[
        (
            "calls.ts",
            "const a = (x) => b(x) + 'a';\nconst b = (x) => a(x + 1);\nnew WebSocket(a('ws://x'));\n",
        ),
        ("names.ts", "const a = b + 'a', b = a + 'b';\nnew WebSocket('ws://x:8000' + a);\n"),
        ("one.ts", "import { two } from './two';\nexport const one = two + 1;\nnew WebSocket(one);\n"),
        ("two.ts", "import { one } from './one';\nexport const two = one + 2;\nnew WebSocket(two);\n"),
        ("grows.ts", "let a = 'ws://x';\nfor (;;) { a = a + a; }\nnew WebSocket(a);\n"),
        ("main.tf", "locals {\n  a = local.b\n  b = \"${local.a}x\"\n}\n"),
        ("modules/a/main.tf", "module \"b\" {\n  source = \"../b\"\n}\n"),
        ("modules/b/main.tf", "module \"a\" {\n  source = \"../a\"\n}\n"),
        ("compose.yaml", "services:\n  a: {extends: b}\n  b: {extends: a}\nx-c: &c\n  <<: *c\n"),
        (
            "deploy.sh",
            "again() { docker push \"$1\"; again \"$1$1\"; }\nagain x/y:latest\nwhile true; do again a; done\n",
        ),
        ("Makefile", "A = $(B)\nB = $(A)\nall: all\n\tdocker push $(A)\n"),
        ("Dockerfile", "FROM a AS b\nARG A=$B\nARG B=$A\nFROM b AS a\nCOPY --from=b $A$B /\n"),
        (".env", "VITE_A=${VITE_B}x\nVITE_B=${VITE_A}x\n"),
        ("tsconfig.json", "{ \"extends\": \"./tsconfig.json\" }\n"),
    ]);
}

/// Checks a project of these files: it comes to an end that is neither a crash nor a failure.
#[track_caller]
fn assert_ends_soon(files: &[(&str, &str)]) {
    let files: Vec<(&str, &[u8])> = files.iter().map(|&(name, text)| (name, text.as_bytes())).collect();
    let folder = project(&files);
    let mut command = Command::cargo_bin("portcullis").unwrap();
    command.arg("check").arg(folder.path()).timeout(Duration::from_mins(2));
    let output = command.output().unwrap();
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{:?} {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}
