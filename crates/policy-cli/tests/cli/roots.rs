//! One root for a check, whatever is asked for and from where, and settings of folders in it.

use crate::project::{Run, program, project};

const LATEST: &[u8] = b"services:\n  web:\n    image: nginx:latest\n";

fn paths_found(folder: &std::path::Path, arguments: &[&str]) -> Vec<String> {
    let mut command = program();
    command.current_dir(folder).args(["check", "--format", "json"]).args(arguments);
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = document["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["location"]["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_order_of_paths_does_not_matter_with_git_and_without() {
    let files = [("a/compose.yaml", LATEST), ("b/c/compose.yaml", LATEST), ("d/compose.yaml", LATEST)];
    let expected = ["a/compose.yaml", "b/c/compose.yaml"];
    let without = project(&files);
    let with = project(&[&files[..], &[(".git/HEAD", b"")]].concat());
    for folder in [without, with] {
        for order in [["a", "b"], ["b", "a"], ["a/compose.yaml", "b/c"], ["./b/../a", "b/c/compose.yaml"]] {
            assert_eq!(paths_found(folder.path(), &order), expected, "{order:?}");
        }
    }
}

#[test]
fn a_configuration_in_a_folder_configures_it_and_moves_no_root() {
    let nested: &[u8] = b"exclude = ['other']\n[rules]\nimage = 'note'\n";
    let folder = project(&[
        (".git/HEAD", b""),
        ("compose.yaml", LATEST),
        ("app/compose.yaml", LATEST),
        ("app/other/compose.yaml", LATEST),
        ("app/portcullis.toml", nested),
    ]);
    for (from, arguments) in [("", vec![]), ("app", vec![".."]), ("app", vec![".", "../compose.yaml"])] {
        let found = paths_found(&folder.path().join(from), &arguments);
        assert_eq!(found, ["app/compose.yaml", "compose.yaml"], "{from} {arguments:?}");
    }
    let run = Run::json(&folder.path().join("app"), &[]);
    assert_eq!((run.code, run.rules_at("app/compose.yaml").len()), (0, 1));
    // A configuration that is asked for is the only one.
    let asked = folder.path().join("app/portcullis.toml");
    let run = Run::json(folder.path(), &["--config", asked.to_str().unwrap()]);
    assert_eq!((run.code, run.rules_at("app/other/compose.yaml").len()), (0, 1));
}

#[test]
fn a_folder_that_says_it_is_a_root_is_one_from_inside_and_none_from_outside() {
    let nested: &[u8] = b"root = true\nfail-on = 'never'\n";
    let folder =
        project(&[(".git/HEAD", b""), ("app/compose.yaml", LATEST), ("app/portcullis.toml", nested)]);
    assert_eq!(paths_found(&folder.path().join("app"), &[]), ["compose.yaml"]);
    assert_eq!(Run::new(&folder.path().join("app"), &[]).code, 0);
    assert_eq!(paths_found(folder.path(), &[]), ["app/compose.yaml"]);
    assert_eq!(Run::new(folder.path(), &[]).code, 1);
}

#[test]
fn what_is_wrong_with_the_configuration_of_a_folder_is_said_with_its_path() {
    let of = |text: &[u8]| {
        let folder = project(&[(".git/HEAD", b""), ("app/portcullis.toml", text)]);
        let run = Run::new(folder.path(), &[]);
        assert_eq!((run.code, run.output.as_str()), (2, ""));
        run.errors
    };
    let errors = of(b"fail-on = 'never'\n");
    assert!(errors.contains("app/portcullis.toml`, `fail-on` is set for whole checks"), "{errors}");
    let errors = of(b"[rules]\nimge = 'off'\n");
    assert!(errors.contains("app/portcullis.toml`, line 2: there is no rule or family `imge`"), "{errors}");
    // What is left out is not read.
    let folder =
        project(&[("portcullis.toml", b"exclude = ['app']\n"), ("app/portcullis.toml", b"fail-on = 1\n")]);
    assert_eq!(Run::new(folder.path(), &[]).code, 0);
}

#[test]
fn without_git_the_topmost_configuration_marks_the_root() {
    let folder =
        project(&[("portcullis.toml", b""), ("app/portcullis.toml", b""), ("app/compose.yaml", LATEST)]);
    assert_eq!(paths_found(&folder.path().join("app"), &[]), ["app/compose.yaml"]);
}

#[test]
fn the_configuration_names_a_baseline() {
    let settings: &[u8] = b"baseline = 'ci/known.json'\n";
    let folder = project(&[("a/compose.yaml", LATEST), ("portcullis.toml", settings), ("ci/README", b"")]);
    let run = Run::new(folder.path(), &[]);
    assert_eq!(run.code, 2);
    assert!(
        run.errors.contains("ci/known.json`, named by `baseline` in the configuration"),
        "{}",
        run.errors
    );
    let file = folder.path().join("ci/known.json");
    assert_eq!(Run::new(folder.path(), &["--write-baseline", file.to_str().unwrap()]).code, 0);
    let run = Run::new(folder.path(), &[]);
    assert!(run.code == 0 && run.output.contains("1 in the baseline"), "{}", run.output);
    assert_eq!(Run::new(&folder.path().join("a"), &[]).code, 0);
}
