//! What the README shows is what the program says.

use std::path::Path;

use policy_core::RuleId;

use crate::project::program;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    std::fs::read_to_string(repository().join("README.md")).unwrap()
}

#[test]
fn every_command_with_output_prints_that_output() {
    let readme = readme();
    let mut shown = 0;
    for block in readme.split("```console\n$ portcullis ").skip(1) {
        let (command, rest) = block.split_once('\n').unwrap();
        let (expected, _) = rest.split_once("```").unwrap();
        let output = program()
            .args(command.split(' '))
            .current_dir(repository())
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "portcullis {command}");
        shown += 1;
    }
    assert!(shown > 0, "the README shows no output");
}

#[test]
fn every_rule_is_named() {
    let readme = readme();
    for rule in policy_rules::all() {
        let RuleId { family, problem } = rule.id;
        let row = readme.lines().find(|line| line.starts_with(&format!("| `{family}` ")));
        assert!(row.is_some_and(|row| row.contains(&format!("`{problem}`"))), "{} is missing", rule.id);
    }
}

#[test]
fn the_oldest_rust_that_is_supported_is_the_one_that_is_named_and_used() {
    let oldest = env!("CARGO_PKG_RUST_VERSION");
    assert!(readme().contains(&format!("Both need only Rust {oldest}.")));
    let toolchain = std::fs::read_to_string(repository().join("rust-toolchain.toml")).unwrap();
    assert!(toolchain.contains(&format!("channel = \"{oldest}.")), "{toolchain}");
}

#[test]
fn what_is_installed_is_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    let readme = readme();
    for pinned in ["ghcr.io/portcullis-dev/portcullis:{}\n", "rev: v{}\n", "# v{}\n", "portcullis-cli=={} "] {
        let pinned = pinned.replace("{}", version);
        assert!(readme.contains(&pinned), "{pinned}");
    }
    let extension = std::fs::read_to_string(repository().join("editors/vscode/package.json")).unwrap();
    assert!(extension.contains(&format!("  \"version\": \"{version}\",\n")), "{extension}");
}
