//! `action.yml`: its steps, run as a runner runs them, against a tree that wants to be obeyed.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use tempfile::TempDir;

use crate::project::project;

const ACTION: &str = env!("CARGO_MANIFEST_DIR");

/// What the tree would have run in place of what it stands for: it leaves a trace.
const EVIL: &str = "#!/bin/sh\ntouch \"$GITHUB_WORKSPACE/executed\"\n";

/// A `cargo` that obeys as rustup and cargo do, notes where and how it was called, and installs the program under test.
const CARGO: &str = r#"#!/bin/sh
{ pwd; echo "$@"; echo "$RUSTUP_TOOLCHAIN"; echo "$CARGO_HOME"; echo "$CARGO_TARGET_DIR"; } > "$RUNNER_TEMP/called"
case "$RUSTUP_TOOLCHAIN" in */*) exec "$RUSTUP_TOOLCHAIN/bin/cargo" ;; esac
folder=$PWD
while [ -n "$folder" ]; do
  if [ -z "$RUSTUP_TOOLCHAIN" ] && [ -e "$folder/rust-toolchain.toml" ]; then
    exec "$(sed -n 's/^path = "\(.*\)"$/\1/p' "$folder/rust-toolchain.toml")/bin/cargo"
  fi
  if [ -e "$folder/.cargo/config.toml" ] && [ -e "$folder/wrapper" ]; then exec "$folder/wrapper"; fi
  folder=${folder%/*}
done
if [ -e "$CARGO_HOME/config.toml" ]; then exec "${CARGO_HOME%/*}/wrapper"; fi
while [ "$1" != --root ]; do shift; done
mkdir -p "$2/bin" && cp "$PORTCULLIS" "$2/bin/portcullis"
"#;

/// The script of the step called `name`.
fn script(name: &str) -> String {
    let action = fs::read_to_string(format!("{ACTION}/action.yml")).unwrap();
    let (_, step) = action.split_once(&format!("    - name: {name}\n")).unwrap();
    let step = step.split("\n    - ").next().unwrap();
    assert!(step.contains("      shell: bash\n"), "{step}");
    let (_, lines) = step.split_once("      run: |\n").unwrap();
    lines.lines().map(|line| line.trim_start().to_owned() + "\n").collect()
}

fn executable(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A job on a runner, with a tree checked out.
struct Job {
    workspace: TempDir,
    temp: TempDir,
    tools: TempDir,
}

impl Job {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let (temp, tools) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        executable(&tools.path().join("cargo"), CARGO);
        Self { workspace: project(files), temp, tools }
    }

    /// Runs the step called `name` in the workspace.
    fn run(&self, name: &str, environment: &[(&str, &Path)]) -> Assert {
        let file = self.temp.path().join("step.sh");
        fs::write(&file, script(name)).unwrap();
        let mut path = OsString::from(self.tools.path());
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap());
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-e", "-o", "pipefail"]).arg(file);
        bash.current_dir(self.workspace.path())
            .env("PATH", path)
            .env("GITHUB_ACTION_PATH", ACTION)
            .env("GITHUB_WORKSPACE", self.workspace.path())
            .env("RUNNER_TEMP", self.temp.path())
            .env("PORTCULLIS", assert_cmd::cargo::cargo_bin!("portcullis"))
            .envs([("CHECKED", "."), ("FORMAT", "json"), ("OUTPUT", ""), ("BASELINE", ""), ("FAIL_ON", "")])
            .env_remove("RUSTUP_TOOLCHAIN")
            .envs(environment.iter().copied());
        bash.assert()
    }

    fn called(&self) -> Vec<String> {
        let called = fs::read_to_string(self.temp.path().join("called")).unwrap();
        called.lines().map(str::to_owned).collect()
    }

    fn has_obeyed_the_tree(&self) -> bool {
        self.workspace.path().join("executed").exists()
    }
}

/// A job with a tree that offers itself wherever a tool may look.
fn hostile() -> Job {
    let job = Job::new(&[
        (".cargo/config.toml", b"[build]\nrustc-wrapper = \"wrapper\"\n"),
        ("compose.yaml", b"services:\n  web:\n    image: nginx:latest\n"),
    ]);
    let tree = job.workspace.path();
    for path in ["toolchain/bin/cargo", "wrapper", "cargo", "portcullis", "bin/portcullis"] {
        executable(&tree.join(path), EVIL);
    }
    let toolchain = format!("[toolchain]\npath = \"{}\"\n", tree.join("toolchain").display());
    fs::write(tree.join("rust-toolchain.toml"), toolchain).unwrap();
    job
}

#[test]
fn nothing_of_the_checked_tree_is_executed() {
    let job = hostile();
    let tree = job.workspace.path();
    // A job may keep its caches in the checked tree, and its toolchain.
    let kept = [
        ("CARGO_HOME", tree.join(".cargo")),
        ("CARGO_TARGET_DIR", tree.join("target")),
        ("RUSTUP_TOOLCHAIN", tree.join("toolchain")),
    ];
    let kept = kept.each_ref().map(|(name, path)| (*name, path.as_path()));
    for environment in [&[][..], &kept] {
        job.run("Install portcullis", environment).success();
        let called = job.called();
        let [folder, arguments, toolchain, settings, target] = called.as_slice() else {
            panic!("{called:?}")
        };
        assert_eq!(fs::canonicalize(folder).unwrap(), fs::canonicalize(ACTION).unwrap());
        assert!(arguments.starts_with("install --locked "), "{arguments}");
        assert_eq!(toolchain, "stable");
        for path in [settings, target] {
            assert!(Path::new(path).starts_with(job.temp.path()), "{path}");
        }

        let checked = job.run("Check", environment).code(1);
        let report: serde_json::Value = serde_json::from_slice(&checked.get_output().stdout).unwrap();
        assert_eq!(report["findings"][0]["rule"], "image/latest-tag");
    }
    assert!(!job.has_obeyed_the_tree());
}

#[test]
fn the_tree_of_this_test_is_obeyed_where_cargo_is_started_in_it() {
    let job = hostile();
    let cargo = job.tools.path().join("cargo");
    let status = Command::new(cargo)
        .args(["install", "--root", "x"])
        .current_dir(job.workspace.path())
        .env("GITHUB_WORKSPACE", job.workspace.path())
        .env("RUNNER_TEMP", job.temp.path())
        .env_remove("RUSTUP_TOOLCHAIN")
        .assert();
    status.success();
    assert!(job.has_obeyed_the_tree());
}

#[test]
fn the_inputs_of_the_action_reach_the_program() {
    let job = Job::new(&[
        ("a b/compose.yaml", b"services:\n  web:\n    image: nginx:latest\n"),
        ("baseline.json", b"{\"version\": 1, \"findings\": []}"),
    ]);
    job.run("Install portcullis", &[]).success();
    let inputs = [
        ("CHECKED", "a b"),
        ("FORMAT", "sarif"),
        ("OUTPUT", "the report.sarif"),
        ("BASELINE", "baseline.json"),
        ("FAIL_ON", "never"),
    ];
    job.run("Check", &inputs.map(|(name, value)| (name, Path::new(value)))).success().stdout("");
    let report = fs::read_to_string(job.workspace.path().join("the report.sarif")).unwrap();
    assert!(report.contains("image/latest-tag"), "{report}");
}
