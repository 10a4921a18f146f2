//! A project in a temporary folder, and what `portcullis check` says about it.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A folder with these files.
pub(crate) fn project(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, contents) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, contents).unwrap();
    }
    folder
}

/// The program, in an environment that says nothing of terminals.
pub(crate) fn program() -> Command {
    let mut command = Command::cargo_bin("portcullis").unwrap();
    for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "FORCE_HYPERLINK"] {
        command.env_remove(name);
    }
    command
}

/// How a run of the program ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) output: String,
    pub(crate) errors: String,
    /// The JSON on standard output, where that is what it is.
    pub(crate) document: Value,
}

impl Run {
    /// Checks `path` with these further arguments.
    pub(crate) fn new(path: &Path, arguments: &[&str]) -> Self {
        let mut command = program();
        // Paths are shown from where the program is started.
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        if folder.is_dir() {
            command.current_dir(folder);
        }
        let output = command.arg("check").arg(path).args(arguments).output().unwrap();
        Self {
            code: output.status.code().unwrap(),
            document: serde_json::from_slice(&output.stdout).unwrap_or_default(),
            output: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The same in JSON.
    pub(crate) fn json(path: &Path, arguments: &[&str]) -> Self {
        let run = Self::new(path, &[&["--format", "json"], arguments].concat());
        assert!(run.document.is_object(), "{}{}", run.errors, run.output);
        run
    }

    /// The rules that have a finding in the file at `path`, in the order of places.
    pub(crate) fn rules_at(&self, path: &str) -> Vec<String> {
        let findings = self.document["findings"].as_array().unwrap();
        findings
            .iter()
            .filter(|finding| finding["location"]["path"] == path)
            .map(|finding| finding["rule"].as_str().unwrap().to_owned())
            .collect()
    }
}
