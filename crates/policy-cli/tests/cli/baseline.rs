//! `--baseline` and `--write-baseline`.

use std::fs;

use crate::project::{Run, project};

const COMPOSE: &str = "services:\n  web:\n    image: nginx:latest\n  cache:\n    image: redis:latest\n";

#[test]
fn only_what_is_new_is_shown_and_fails() {
    let folder = project(&[("compose.yaml", COMPOSE.as_bytes())]);
    let compose = folder.path().join("compose.yaml");
    let file = folder.path().join("known.json");
    let with = ["--baseline", file.to_str().unwrap()];
    let written = Run::new(folder.path(), &["--write-baseline", file.to_str().unwrap()]);
    assert_eq!(written.code, 0, "{}", written.errors);
    assert!(written.output.starts_with("Wrote 2 findings to `"), "{}", written.output);

    let run = Run::new(folder.path(), &with);
    assert_eq!(run.code, 0);
    assert!(run.output.starts_with("No findings, 2 in the baseline.\n"), "{}", run.output);

    fs::write(&compose, format!("# moved down\n{COMPOSE}  queue:\n    image: nats:latest\n")).unwrap();
    let run = Run::new(folder.path(), &with);
    assert_eq!(run.code, 1);
    assert!(run.output.contains("nats:latest") && !run.output.contains("redis:latest"), "{}", run.output);

    fs::write(&compose, COMPOSE.replace("redis:latest", "redis:8.0.1")).unwrap();
    let run = Run::new(folder.path(), &with);
    assert_eq!(run.code, 0);
    assert!(run.output.contains("1 finding of the baseline is gone;"), "{}", run.output);
    let listed = Run::new(folder.path(), &[&with[..], &["-v"]].concat()).output;
    assert!(listed.contains("  compose.yaml: image/latest-tag: service `cache` runs"), "{listed}");
    // What was not looked for is not gone.
    let other = Run::new(folder.path(), &[&with[..], &["--select", "docker"]].concat()).output;
    assert!(!other.contains("gone"), "{other}");
}

#[test]
fn a_baseline_is_of_the_whole_repository_wherever_it_is_written_and_used() {
    let service: &[u8] = b"services:\n  web:\n    image: nginx:latest\n";
    let files = [(".git/HEAD", b"".as_slice()), ("a/compose.yaml", service), ("b/compose.yaml", service)];
    let folder = project(&files);
    let file = folder.path().join("known.json");
    let below = folder.path().join("a");
    assert_eq!(Run::new(&below, &["--write-baseline", file.to_str().unwrap()]).code, 0);
    assert_eq!(Run::new(folder.path(), &["--baseline", file.to_str().unwrap()]).code, 0);
    fs::remove_file(folder.path().join("b/compose.yaml")).unwrap();
    let shown = |path| Run::new(path, &["--baseline", file.to_str().unwrap()]).output;
    assert!(shown(folder.path()).contains("gone"));
    assert!(!shown(&below).contains("gone"));
}

#[test]
fn a_file_that_is_no_baseline_is_refused() {
    let folder = project(&[("compose.yaml", COMPOSE.as_bytes()), ("b.json", b"[]")]);
    for (name, words) in
        [("b.json", "` is not a baseline: "), ("c.json", "`, the baseline: it does not exist")]
    {
        let file = folder.path().join(name);
        let run = Run::new(folder.path(), &["--baseline", file.to_str().unwrap()]);
        assert_eq!((run.code, run.output.as_str()), (2, ""));
        assert!(run.errors.contains(words), "{}", run.errors);
    }
}
