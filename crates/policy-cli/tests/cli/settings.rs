//! What `portcullis.toml` and directives in the source change.

use crate::project::{Run, project};

const DOCKERFILE: (&str, &[u8]) = (
    "web/Dockerfile",
    b"FROM node:22.1.0\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\nCMD [\"node\", \"x.js\"]\n",
);
const PACKAGE: (&str, &[u8]) = ("web/package.json", b"{\"dependencies\": {\"left-pad\": \"1.3.0\"}}\n");
const COMPOSE: &str = "services:\n  cache:\n    image: registry.example.org/sandbox/cache:latest\n";

#[test]
fn a_directory_that_is_wanted_is_no_fault() {
    let ignore: (&str, &[u8]) = ("web/.dockerignore", b".git\n");
    let rules = |settings: &[u8]| {
        let folder = project(&[DOCKERFILE, PACKAGE, ignore, ("portcullis.toml", settings)]);
        Run::json(folder.path(), &[]).rules_at("web/.dockerignore")
    };
    assert_eq!(rules(b""), ["docker/context-includes-cache"]);
    assert_eq!(rules(b"[options.docker]\nwanted = ['node_modules']\n"), Vec::<String>::new());
}

#[test]
fn an_image_that_may_move_is_no_fault() {
    let rules = |settings: &[u8]| {
        let folder = project(&[("compose.yaml", COMPOSE.as_bytes()), ("portcullis.toml", settings)]);
        Run::json(folder.path(), &[]).rules_at("compose.yaml")
    };
    assert_eq!(rules(b""), ["image/latest-tag"]);
    assert!(rules(b"[options.image]\nmoving = ['registry.example.org/sandbox/*']\n").is_empty());
    assert!(rules(b"rules = { image = 'off' }\n").is_empty());
    assert!(rules(b"exclude = ['compose.yaml']\n").is_empty());
    assert!(rules(b"[[overrides]]\npaths = ['*.yaml']\nrules = { image = 'off' }\n").is_empty());
}

#[test]
fn a_directive_allows_a_finding_and_the_exit_code_follows() {
    let allowed = COMPOSE.replace(":latest", ":latest # portcullis: allow(image/latest-tag) a sandbox");
    let folder = project(&[("compose.yaml", allowed.as_bytes())]);
    assert_eq!(Run::new(folder.path(), &[]).code, 0);

    let without_reason = allowed.replace(" a sandbox", "");
    let folder = project(&[("compose.yaml", without_reason.as_bytes())]);
    let run = Run::json(folder.path(), &[]);
    assert_eq!(run.code, 1);
    assert_eq!(run.rules_at("compose.yaml"), ["image/latest-tag", "suppression/missing-reason"]);
}

#[test]
fn a_severity_below_the_threshold_does_not_fail() {
    let settings = b"fail-on = 'error'\nrules = { 'image/latest-tag' = 'warning' }\n";
    let folder = project(&[("compose.yaml", COMPOSE.as_bytes()), ("portcullis.toml", settings)]);
    let run = Run::json(folder.path(), &[]);
    assert_eq!((run.code, run.rules_at("compose.yaml")), (0, vec!["image/latest-tag".to_owned()]));
    assert_eq!(Run::new(folder.path(), &["--fail-on", "warning"]).code, 1);
}
