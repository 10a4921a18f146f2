//! Every command of the table in a script on disk, as the program reads it.

use policy_core::commands::{Example, Shows, examples};

use super::project::{Run, project};

/// The examples of commands that push or deploy, each with a folder of its own, and with `tag` in the place of `TAG`.
fn files(tag: &str) -> Vec<(String, Vec<u8>)> {
    let of_example = |(index, example): (usize, Example)| {
        let file = |path: &str, text: &str| {
            (format!("{index}/{path}"), (text.replace("TAG", tag) + "\n").into_bytes())
        };
        let beside = example.beside.iter().map(move |(path, text)| file(path, text));
        std::iter::once(file("deploy.sh", &example.script)).chain(beside).collect::<Vec<_>>()
    };
    let named = examples().filter(|example| matches!(example.shows, Shows::Deploys | Shows::Pushes));
    named.enumerate().flat_map(of_example).collect()
}

/// What is found in them: "path:line" of each place.
fn found(tag: &str) -> Vec<String> {
    let files = files(tag);
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_slice())).collect();
    let run = Run::json(project(&files).path(), &[]);
    let findings = run.document["findings"].as_array().unwrap();
    let place = |finding: &serde_json::Value| {
        let location = &finding["location"];
        format!("{}:{}", location["path"].as_str().unwrap(), location["start"]["line"])
    };
    let mut places: Vec<String> = findings.iter().map(place).collect();
    places.sort();
    places
}

#[test]
fn every_command_is_found_where_it_names_latest_and_nothing_else_is() {
    let line = |text: &[u8]| {
        let text = String::from_utf8_lossy(text).into_owned();
        text.split_once("TAG").map(|(before, _)| before.matches('\n').count() + 1)
    };
    let mut expected: Vec<String> =
        files("TAG").iter().filter_map(|(path, text)| Some(format!("{path}:{}", line(text)?))).collect();
    expected.sort();
    assert_eq!(found("latest"), expected);
    assert_eq!(found("1.4.2"), [""; 0]);
}
