//! Secrets: those that a build context sends, and that no format shows what a rule has called a secret.

use policy_core::secret::{STILL_SECRETS, WORDS};

use crate::formats::FORMATS;
use crate::project::{Run, project};

const KEY: &[u8] = b"-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";

#[test]
fn a_key_is_made_up_where_a_whole_word_says_so() {
    for (path, is_found) in [
        ("special.pem", true),
        ("specops.key", true),
        ("docsigning.pem", true),
        ("testify.pem", true),
        ("fixtures/special.pem", false),
        ("test/server.key", false),
        ("test-key.pem", false),
        ("testkey.pem", false),
        ("certs/TestServer.key", false),
    ] {
        let folder = project(&[
            ("Dockerfile", b"FROM node:22@sha256:aa\nCOPY . /app\nUSER node\n"),
            (".dockerignore", b".git\n"),
            (path, KEY),
        ]);
        let run = Run::json(folder.path(), &["--select", "docker/secret-in-context"]);
        let findings = run.document["findings"].as_array().unwrap();
        assert_eq!(findings.len(), usize::from(is_found), "{path}: {}", run.output);
    }
}

/// Every kind of name that the rules call that of a secret.
fn names() -> Vec<String> {
    let words = WORDS.iter().map(|word| format!("APP_{word}"));
    let further = STILL_SECRETS.iter().chain(&["PROD", "STAGING", "1"]);
    words.chain(further.map(|rest| format!("APP_SECRET_{rest}"))).collect()
}

/// A task definition that gives each of the variables a secret, with what else may stand between name and value.
fn task(names: &[String], environment: impl Fn(&str) -> String) -> String {
    let variables: String = names.iter().map(|name| environment(name)).collect();
    format!(
        "provider \"aws\" {{}}\nresource \"aws_ecs_task_definition\" \"shop\" {{\n  family = \"shop\"\n  container_definitions = jsonencode([{{\n    \
         name = \"shop\"\n    image = \"r.example.org/shop:1.4.2\"\n    environment = [\n{variables}    ]\n  }}])\n}}\n"
    )
}

#[test]
fn no_format_shows_what_a_rule_calls_a_secret() {
    let names = names();
    let beside = task(&names, |name| format!("      {{ name = \"{name}\", value = \"hunter-q8Zr71\" }},\n"));
    let before = task(&names, |name| format!("      {{ value = \"hunter-q8Zr71\", name = \"{name}\" }},\n"));
    let by_default = task(&names, |name| format!("      {{ name = \"{name}\", value = var.chosen }},\n"))
        + "variable \"chosen\" {\n  default = \"hunter-q8Zr71\"\n}\n";
    let in_address = task(&["DATABASE".to_owned()], |name| {
        format!(
            "      {{ name = \"{name}\", value = format(\"postgres://app:%s@db.internal/x\", var.chosen) }},\n"
        )
    }) + "variable \"chosen\" {\n  default = \"hunter-q8Zr71\"\n}\n";
    for (text, count) in
        [(beside, names.len()), (before, names.len()), (by_default, names.len()), (in_address, 1)]
    {
        let folder = project(&[("main.tf", text.as_bytes())]);
        let rule = "ecs/plaintext-secret";
        let run = Run::json(folder.path(), &["--select", rule]);
        assert_eq!(run.rules_at("main.tf").len(), count, "{}", run.output);
        for format in FORMATS {
            for more in [&[][..], &["-v"], &["--select", rule]] {
                let run = Run::new(folder.path(), &[&["--format", format], more].concat());
                assert!(run.output.contains(rule), "{format}: {}", run.output);
                let shown = run.output + &run.errors;
                assert!(!shown.contains("hunter"), "{format}: {shown}");
            }
        }
        let statistics = Run::new(folder.path(), &["--statistics"]);
        assert!(!statistics.output.contains("hunter"), "{}", statistics.output);
    }
}

#[test]
fn what_only_belongs_to_a_secret_is_no_secret_and_is_shown() {
    let names = ["DB_PASSWORD_ARN", "TOKEN_TTL", "APP_SECRETS_PREFIX"].map(str::to_owned);
    let text = task(&names, |name| format!("      {{ name = \"{name}\", value = \"plain-value\" }},\n"))
        .replace("shop:1.4.2", "shop:latest");
    let folder = project(&[("main.tf", text.as_bytes())]);
    assert!(!Run::json(folder.path(), &[]).output.contains("ecs/plaintext-secret"));
    let other = task(&["DB_PASSWORD".to_owned()], |name| {
        format!(
            "      {{ name = \"{name}\", value = \"hunter\" }},\n      {{ name = \"TOKEN_TTL\", value = \"plain-value\" }},\n"
        )
    });
    let folder = project(&[("main.tf", other.as_bytes())]);
    let run = Run::new(folder.path(), &[]);
    assert!(run.output.contains("plain-value") && !run.output.contains("hunter"), "{}", run.output);
}

#[test]
fn an_environment_file_holds_a_secret_where_its_values_are_none_of_those_to_fill_in() {
    for (path, line, is_found) in [
        (".env", "DB_PASSWD=4f1c0d7a9b3e5f60718293a4b5c6d7e8", true),
        (".env", "MAPS_APIKEY=4f1c0d7a9b3e5f60718293a4b5c6d7e8", true),
        (".env.production", "ENCRYPTION_KEY=4f1c0d7a9b3e5f60718293a4b5c6d7e8", true),
        (".env.example", "ENCRYPTION_KEY=4f1c0d7a9b3e5f60718293a4b5c6d7e8", false),
        (".env.template", "DB_PASSWD=4f1c0d7a9b3e5f60718293a4b5c6d7e8", false),
        (".env", "ENCRYPTION_KEY=change-this-to-32-characters-1", false),
        (".env", "DB_PASSWD=put-your-own-password-here-1", false),
        (".env", "SORT_KEY=4f1c0d7a9b3e5f60718293a4b5c6d7e8", false),
    ] {
        let folder = project(&[
            ("Dockerfile", b"FROM node:22@sha256:aa\nCOPY . /app\nUSER node\n"),
            (".dockerignore", b".git\n"),
            (path, line.as_bytes()),
        ]);
        let run = Run::json(folder.path(), &["--select", "docker/secret-in-context"]);
        let findings = run.document["findings"].as_array().unwrap();
        assert_eq!(findings.len(), usize::from(is_found), "{path}: {line}: {}", run.output);
    }
}
