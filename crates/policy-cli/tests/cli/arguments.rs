//! What a command line may ask for: nothing that has an effect elsewhere is taken here and then forgotten.

use crate::project::{Run, project};

const LATEST: (&str, &[u8]) = ("compose.yaml", b"services:\n  web:\n    image: nginx:latest\n");

#[test]
fn what_would_do_nothing_is_refused_with_what_it_collides_with() {
    let folder = project(&[LATEST]);
    let refused: &[(&[&str], &str)] = &[
        (&["--unsafe-fixes"], "add `--diff` to see what would be fixed, or `--fix` to fix it"),
        (&["--fix", "--diff"], "--diff"),
        (&["--diff", "--format", "json"], "--format"),
        (&["--write-baseline", "b.json", "--baseline", "a.json"], "--baseline"),
        (&["--write-baseline", "b.json", "--fix", "--unsafe-fixes"], "--fix"),
        (&["--write-baseline", "b.json", "--unsafe-fixes"], "--unsafe-fixes"),
        (&["--write-baseline", "b.json", "--diff"], "--diff"),
        (&["--write-baseline", "b.json", "--select", "image"], "--select"),
        (&["--write-baseline", "b.json", "--ignore", "image"], "--ignore"),
        (&["--write-baseline", "b.json", "--format", "json"], "--format"),
        (&["--write-baseline", "b.json", "--output", "c.json"], "--output"),
        (&["--write-baseline", "b.json", "--fail-on", "error"], "--fail-on"),
        (&["--quiet", "--verbose"], "--verbose"),
    ];
    for (arguments, words) in refused {
        let run = Run::new(folder.path(), arguments);
        assert_eq!((run.code, run.output.as_str()), (2, ""), "{arguments:?}");
        assert!(run.errors.contains(words), "{arguments:?}: {}", run.errors);
    }
}

#[test]
fn a_matter_of_taste_is_accepted_everywhere() {
    let folder = project(&[LATEST]);
    let baseline = folder.path().join("baseline.json");
    let baseline = ["--write-baseline", baseline.to_str().unwrap()];
    for taste in [&["--color", "always"][..], &["--quiet"], &["--verbose"], &["--threads", "2"]] {
        for (task, code) in
            [(&["--format", "json"][..], 1), (&["--diff"], 1), (&["--fix"], 1), (&baseline, 0)]
        {
            let run = Run::new(folder.path(), &[task, taste].concat());
            assert_eq!((run.code, run.errors.as_str()), (code, ""), "{task:?} {taste:?}");
        }
    }
}

#[test]
fn a_check_that_no_rule_takes_part_in_is_no_check() {
    let off: &[u8] = b"rules = { image = 'off' }\n";
    let configured = project(&[LATEST, ("portcullis.toml", off)]);
    for (folder, arguments) in [
        (project(&[LATEST]), ["--select", "image/latest-tag", "--ignore", "image"].as_slice()),
        (configured, &["--select", "image/latest-tag"]),
    ] {
        let run = Run::new(folder.path(), arguments);
        assert_eq!((run.code, run.output.as_str()), (2, ""), "{arguments:?}");
        assert!(run.errors.contains("no rule is left to run"), "{}", run.errors);
    }
}

#[test]
fn more_threads_than_any_system_starts_are_as_good_as_many() {
    let run = Run::json(project(&[LATEST]).path(), &["--threads", "99999"]);
    assert_eq!(run.rules_at("compose.yaml"), ["image/latest-tag"]);
}
