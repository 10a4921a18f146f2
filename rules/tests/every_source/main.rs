//! Every kind of place that names an image or builds one: each is read, and each is left alone where nothing is wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::too_many_lines, reason = "tables of places are read from top to bottom")]

mod commands;
mod contexts;
mod deploys;
mod pushes;
#[path = "../support/mod.rs"]
mod support;

use policy_core::config::Settings;
use policy_core::report::Diagnostic;

/// What all rules find: "rule path:line" of each place.
fn all_found(files: &[(&str, impl AsRef<str>)]) -> Vec<String> {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_ref())).collect();
    let report = support::check(&files, &Settings::default());
    let place = |diagnostic: &Diagnostic| {
        let place = report.place(diagnostic.finding.primary.span).unwrap();
        format!("{} {}:{}", diagnostic.rule, place.path, place.start.line)
    };
    report.diagnostics.iter().map(place).collect()
}

/// What a rule finds: "path:line" of each place.
fn found(files: &[(&str, impl AsRef<str>)], rule: &str) -> Vec<String> {
    let of_rule = |found: String| Some(found.strip_prefix(rule)?.strip_prefix(' ')?.to_owned());
    all_found(files).into_iter().filter_map(of_rule).collect()
}

/// Files in which `TAG` stands for a tag, and where the finding lies that `latest` brings.
type Named<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

/// Asserts that `latest` in the place of `TAG` is found, at the place that is given and nowhere else, and a version is not.
#[track_caller]
fn assert_each(places: &[Named<'_>], rule: &str) {
    for (source, files, at) in places {
        let with = |tag: &str| {
            let texts: Vec<(&str, String)> =
                files.iter().map(|(path, text)| (*path, text.replace("TAG", tag))).collect();
            let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
            found(&files, rule)
        };
        assert_eq!(with("latest"), [*at], "{source}");
        assert_eq!(with("1.4.2"), [""; 0], "{source}");
    }
}
