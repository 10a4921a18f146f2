//! What shows that a tool is used, row by row: with the evidence and without it.

use policy_text::source::{MemoryTree, RepoPath, Sources};

use super::*;
use crate::link::link_plainly;

/// Files of a project, by their paths in it.
type Files = Vec<(String, String)>;

/// Files that are just this evidence, and files that nearly are.
fn shown(evidence: &Evidence) -> (Files, Files) {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    match evidence {
        Named(name) | Within(name) => (vec![file(name, "")], vec![file(&format!("x{name}"), "")]),
        Asks(package) => (
            vec![file("requirements/dev.txt", &format!("{package}==1\n"))],
            vec![file("requirements/dev.txt", &format!("x{package}==1\n"))],
        ),
        Runs(program) => {
            let job = |run: &str| {
                let step = format!("{{run: '{run}', working-directory: app}}");
                vec![file(".github/workflows/ci.yml", &format!("jobs: {{a: {{steps: [{step}]}}}}\n"))]
            };
            (job(&format!("poetry run {program} .")), job(&format!("echo {program}")))
        }
        Begins(start) => (vec![file(&format!("{start}x"), "")], vec![file(&format!("{start}example.x"), "")]),
        Extension(extension) => (
            vec![file(&format!("__init__.{extension}"), "")],
            vec![file(&format!("__init__.{extension}x"), "")],
        ),
        Mentions(name, words) => (
            vec![file(name, &format!("#\n{words}"))],
            vec![file(name, &format!("# {words}\n[something.else]"))],
        ),
        Packages(name) => {
            (vec![file(name, r#"{"dependencies": {"a": "1"}}"#)], vec![file(name, r#"{"name": "a"}"#)])
        }
        Since(name, package, version) => {
            let of = |version: u32| {
                let manifest = format!("{{\"dependencies\": {{{package}: \"^{version}.1.0\"}}}}");
                vec![file(name, "{}"), file("package.json", &manifest)]
            };
            (of(*version), of(version - 1))
        }
    }
}

/// The directories that tools are expected to leave in an image's context with these files, each with its tool.
fn expected(files: &Files) -> Vec<(String, &'static str)> {
    let at = |name: &str| RepoPath::new(&format!("app/{name}")).unwrap();
    let dockerfile = MemoryTree::new().with(at("Dockerfile"), "FROM scratch\nCOPY . /app\n");
    let tree = files.iter().fold(dockerfile, |tree, (name, text)| tree.with(at(name), text.as_str()));
    let deployment = link_plainly(&Sources::open(&tree));
    let [context] = deployment.contexts.as_slice() else { panic!("one context: {files:?}") };
    context.caches.iter().map(|cache| (cache.path.to_string(), cache.tool)).collect()
}

#[test]
fn each_evidence_of_each_tool_shows_what_it_leaves_and_nothing_like_it_does() {
    for tool in TOOLS {
        for (with, without) in tool.evidence.iter().map(shown) {
            let (by, not) = (expected(&with), expected(&without));
            for directory in tool.leaves {
                let left = (format!("app/{}", directory.name), tool.name);
                assert!(by.contains(&left), "{left:?} by {with:?}: {by:?}");
                assert!(not.iter().all(|(path, _)| *path != left.0), "{left:?} by {without:?}: {not:?}");
            }
        }
    }
}

#[test]
fn a_tool_that_leaves_nothing_is_seen() {
    for tool in TOOLS.iter().filter(|tool| tool.leaves.is_empty()) {
        for (with, without) in tool.evidence.iter().map(shown) {
            let used = |files: &Files| {
                let files: Vec<(&str, &str)> =
                    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
                let tree = MemoryTree::of(&files)
                    .with(RepoPath::new("Dockerfile").unwrap(), "FROM scratch\nCOPY . /app\n");
                link_plainly(&Sources::open(&tree)).contexts[0].tool.map(|(name, _)| name)
            };
            assert_eq!((used(&with), used(&without)), (Some(tool.name), None), "{with:?}");
        }
    }
}

#[test]
fn each_evidence_of_a_python_project_makes_its_folders_packages() {
    let package = ("pkg/a.py".to_owned(), String::new());
    for (mut with, mut without) in PYTHON_PROJECT.iter().map(shown) {
        let left = ("app/pkg/__pycache__".to_owned(), "Python");
        with.push(package.clone());
        without.push(package.clone());
        assert!(expected(&with).contains(&left), "{with:?}");
        assert!(!expected(&without).contains(&left), "{without:?}");
    }
}

#[test]
fn what_others_wrote_shows_nothing() {
    for folder in ["node_modules/a", "vendor/a", "third_party/a", ".venv/lib", "target/a"] {
        let files = vec![(format!("{folder}/ruff.toml"), String::new())];
        assert!(expected(&files).iter().all(|(_, tool)| *tool != "ruff"), "{folder}");
    }
    for folder in ["build", "templates/web", "vendor-portal"] {
        let files = vec![(format!("{folder}/ruff.toml"), String::new())];
        assert_eq!(expected(&files), [(format!("app/{folder}/.ruff_cache"), "ruff")]);
    }
}
