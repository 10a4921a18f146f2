//! Checks of small trees in memory.

use policy_core::Family;
use policy_core::config::Settings;
use policy_core::report::Diagnostic;

pub(crate) use crate::support::{Files, check};

/// The findings about sockets.
pub(crate) fn of_sockets(files: Files<'_>) -> Vec<Diagnostic> {
    let found = check(files, &Settings::default()).diagnostics.into_iter();
    found.filter(|found| found.rule.family == Family::Websocket).collect()
}

/// `rule path:line` of every finding about sockets, without their family, and about what could not be read.
pub(crate) fn found(files: Files<'_>) -> Vec<String> {
    let report = check(files, &Settings::default());
    let found = report.diagnostics.iter().filter_map(|found| {
        let rule = match found.rule.family {
            Family::Websocket => found.rule.problem.to_owned(),
            Family::Input => found.rule.to_string(),
            _ => return None,
        };
        let place = report.place(found.finding.primary.span).unwrap();
        Some(format!("{rule} {}:{}", place.path, place.start.line))
    });
    found.collect()
}

#[track_caller]
pub(crate) fn assert_found(files: Files<'_>, expected: &[&str]) {
    assert_eq!(found(files), expected, "{files:#?}");
}

/// One module that ships to a browser. `expected` are `rule:line`.
#[track_caller]
pub(crate) fn assert_in_module(code: &str, expected: &[&str]) {
    let found = found(&[("src/app.ts", &format!("{code}\ndocument.title = 'x';"))]);
    let found: Vec<String> = found.iter().map(|found| found.replace(" src/app.ts", "")).collect();
    assert_eq!(found, expected, "{code}");
}

#[track_caller]
pub(crate) fn assert_port(code: &str) {
    assert_in_module(code, &["hardcoded-port:1"]);
}

#[track_caller]
pub(crate) fn assert_quiet(code: &str) {
    assert_in_module(code, &[]);
}
