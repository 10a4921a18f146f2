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

/// Answers as the releases do, and notes what it was asked for and where it was started.
const CURL: &str = r#"#!/bin/sh
while [ $# -gt 1 ]; do
  if [ "$1" = --output ]; then out=$2; fi
  shift
done
echo "$1 in $PWD" >> "$RUNNER_TEMP/asked"
cp "$RUNNER_TEMP/release/${1##*/}" "$out"
"#;

/// Finds an attestation where the release has one.
const GH: &str = r#"#!/bin/sh
echo "$@" > "$RUNNER_TEMP/verified"
test -e "$RUNNER_TEMP/release/attestation"
"#;

const ARCHIVE: &str = "portcullis-x86_64-unknown-linux-musl.tar.gz";

/// The script of the step called `name`.
fn script(name: &str) -> String {
    let action = fs::read_to_string(format!("{ACTION}/action.yml")).unwrap();
    let (_, step) = action.split_once(&format!("    - name: {name}\n")).unwrap();
    let step = step.split("\n    - ").next().unwrap();
    assert!(step.contains("      shell: bash\n"), "{step}");
    let (_, lines) = step.split_once("      run: |\n").unwrap();
    let (lines, _) = lines.split_once("      env:\n").unwrap();
    lines.lines().map(|line| line.trim_start().to_owned() + "\n").collect()
}

fn executable(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A job on a runner, with a tree checked out, and a release with the program under test.
struct Job {
    workspace: TempDir,
    temp: TempDir,
    tools: TempDir,
}

impl Job {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let job =
            Self { workspace: project(files), temp: TempDir::new().unwrap(), tools: TempDir::new().unwrap() };
        executable(&job.tools.path().join("curl"), CURL);
        executable(&job.tools.path().join("gh"), GH);
        let release = job.temp.path().join("release");
        let folder = release.join(ARCHIVE.strip_suffix(".tar.gz").unwrap());
        let program = assert_cmd::cargo::cargo_bin!("portcullis").display();
        executable(&folder.join("portcullis"), &format!("#!/bin/sh\nexec '{program}' \"$@\"\n"));
        fs::write(release.join("attestation"), "").unwrap();
        Command::new("sh")
            .args(["-c", "tar -c portcullis-* | gzip -1 > \"$0\" && (sha256sum \"$0\" || shasum -a 256 \"$0\") > \"$0.sha256\""])
            .arg(ARCHIVE)
            .current_dir(&release)
            .assert().success();
        job
    }

    /// Runs the step called `name` in the workspace.
    fn run(&self, name: &str, environment: &[(&str, &str)]) -> Assert {
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
            .env("GITHUB_OUTPUT", self.temp.path().join("outputs"))
            .env("GITHUB_STEP_SUMMARY", self.temp.path().join("summary"))
            .env("RUNNER_TEMP", self.temp.path())
            .envs([
                ("GITHUB_SERVER_URL", "https://github.com"),
                ("RUNNER_OS", "Linux"),
                ("RUNNER_ARCH", "X64"),
            ])
            .envs([("RELEASE", ""), ("REPOSITORY", "portcullis-dev/portcullis"), ("GH_TOKEN", "token")])
            .envs([("CHECKED", "."), ("CONFIG", ""), ("SELECT", ""), ("FORMAT", "json"), ("OUTPUT", "")])
            .envs([("SINCE", ""), ("BASELINE", ""), ("FAIL_ON", "")])
            .envs(environment.iter().copied());
        bash.assert()
    }

    /// What was written to a file of the runner.
    fn written(&self, name: &str) -> String {
        fs::read_to_string(self.temp.path().join(name)).unwrap_or_default()
    }

    fn is_installed(&self) -> bool {
        self.temp.path().join("portcullis/portcullis").exists()
    }
}

const MOVING: &[u8] = b"services:\n  web:\n    image: nginx:latest\n";

#[test]
fn nothing_of_the_checked_tree_is_executed() {
    let job = Job::new(&[("compose.yaml", MOVING)]);
    let tree = job.workspace.path();
    for tool in ["curl", "gh", "tar", "sha256sum", "sed", "head", "portcullis", "portcullis.exe", "cargo"] {
        executable(&tree.join(tool), EVIL);
        executable(&tree.join("bin").join(tool), EVIL);
        executable(&tree.join("packaging/action").join(format!("{tool}.sh")), EVIL);
    }
    for step in ["install", "check"] {
        executable(&tree.join("packaging/action").join(format!("{step}.sh")), EVIL);
    }
    job.run("Install portcullis", &[]).success();
    let checked = job.run("Check", &[]).code(1);
    let report: serde_json::Value = serde_json::from_slice(&checked.get_output().stdout).unwrap();
    assert_eq!(report["findings"][0]["rule"], "image/latest-tag");
    assert!(!tree.join("executed").exists());

    let folder = fs::canonicalize(job.temp.path()).unwrap();
    for line in job.written("asked").lines() {
        let (_, asked_in) = line.split_once(" in ").unwrap();
        assert!(fs::canonicalize(asked_in).unwrap().starts_with(&folder), "{line}");
    }
}

#[test]
fn the_release_of_the_action_is_installed_unless_another_is_named() {
    let job = Job::new(&[]);
    for (named, version) in
        [("", env!("CARGO_PKG_VERSION")), ("1.2.3", "1.2.3"), ("v1.2.3-rc.1", "1.2.3-rc.1")]
    {
        fs::remove_file(job.temp.path().join("asked")).ok();
        job.run("Install portcullis", &[("RELEASE", named)]).success();
        let asked = job.written("asked");
        let address =
            format!("https://github.com/portcullis-dev/portcullis/releases/download/v{version}/{ARCHIVE}");
        assert!(
            asked.starts_with(&format!("{address} ")) && asked.contains(&format!("{address}.sha256 ")),
            "{asked}"
        );
    }
    fs::remove_file(job.temp.path().join("asked")).unwrap();
    for named in ["latest", "../../elsewhere", "1.2.3/..", "1.2.3 --output x"] {
        job.run("Install portcullis", &[("RELEASE", named)]).code(2);
    }
    assert_eq!(job.written("asked"), "");
}

#[test]
fn what_is_not_the_release_is_not_installed() {
    let changed = Job::new(&[]);
    fs::write(changed.temp.path().join("release").join(ARCHIVE), "another").unwrap();
    let refused = changed.run("Install portcullis", &[]).code(2);
    let error = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    assert!(error.contains("checksum"), "{error}");
    assert!(!changed.is_installed());

    let unsigned = Job::new(&[]);
    fs::remove_file(unsigned.temp.path().join("release/attestation")).unwrap();
    unsigned.run("Install portcullis", &[]).failure();
    assert!(!unsigned.is_installed());
    let verified = unsigned.written("verified");
    assert!(
        verified.starts_with(&format!("attestation verify {ARCHIVE} --repo portcullis-dev/portcullis ")),
        "{verified}"
    );
}

#[test]
fn where_an_attestation_cannot_be_verified_the_log_says_so() {
    for environment in [("GH_TOKEN", ""), ("GITHUB_SERVER_URL", "https://github.example.com")] {
        let job = Job::new(&[]);
        let installed = job.run("Install portcullis", &[environment]).success();
        let log = String::from_utf8(installed.get_output().stdout.clone()).unwrap();
        assert!(log.contains("was not verified"), "{log}");
        assert_eq!(job.written("verified"), "");
    }
}

#[test]
fn the_inputs_of_the_action_reach_the_program() {
    let job = Job::new(&[
        ("portcullis.toml", b""),
        ("a b/compose.yaml", MOVING),
        ("c/compose.yaml", MOVING),
        ("d/compose.yaml", MOVING),
        ("baseline.json", b"{\"version\": 1, \"findings\": []}"),
        ("other.toml", b"[rules]\n\"image/latest-tag\" = \"error\"\n"),
    ]);
    job.run("Install portcullis", &[]).success();
    let inputs = [
        ("CHECKED", "a b\nc\n"),
        ("CONFIG", "other.toml"),
        ("SELECT", "image,docker/runs-as-root"),
        ("FORMAT", "sarif"),
        ("OUTPUT", "the report.sarif"),
        ("BASELINE", "baseline.json"),
        ("FAIL_ON", "never"),
    ];
    job.run("Check", &inputs).success().stdout("");
    let report = fs::read_to_string(job.workspace.path().join("the report.sarif")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let results = report["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 2, "{results:?}");
    assert_eq!(job.written("outputs"), "errors=2\nwarnings=0\nnotes=0\n");
}

#[test]
fn the_job_gets_counts_and_a_summary_that_is_text() {
    let job = Job::new(&[("compose.yaml", b"services:\n  web:\n    image: nginx:latest # <b>&amp;\n")]);
    job.run("Install portcullis", &[]).success();
    let log = job.run("Check", &[("FORMAT", "github")]).code(1);
    let log = String::from_utf8(log.get_output().stdout.clone()).unwrap();
    assert!(log.starts_with("::warning file=compose.yaml"), "{log}");
    assert_eq!(job.written("outputs"), "errors=0\nwarnings=1\nnotes=0\n");
    let summary = job.written("summary");
    assert!(summary.contains("nginx:latest # &lt;b&gt;&amp;amp;"), "{summary}");
    assert!(summary.trim_end().ends_with("</pre>"), "{summary}");
}

#[test]
fn what_the_program_cannot_do_fails_the_step() {
    let job = Job::new(&[("compose.yaml", MOVING)]);
    job.run("Install portcullis", &[]).success();
    job.run("Check", &[("SELECT", "imge")]).code(2);
    job.run("Check", &[("SINCE", "0123456789")]).code(2);
    job.run("Check", &[("FAIL_ON", "error")]).success();
}
