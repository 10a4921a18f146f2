//! Checks of small trees in memory.

use policy_core::config::Settings;
use policy_core::report::{Diagnostic, Report};
use policy_core::source::{MemoryTree, RepoPath, SourceText, Sources};

/// Paths and contents.
pub(crate) type Files<'a> = &'a [(&'a str, &'a str)];

/// What `read` makes of the report on `files`.
pub(crate) fn with_report<T>(
    files: Files<'_>,
    settings: &Settings,
    read: impl FnOnce(&Sources<'_>, Report) -> T,
) -> T {
    let tree = files.iter().fold(MemoryTree::new(), |tree, (path, text)| {
        tree.with(RepoPath::new(path).unwrap(), text.as_bytes())
    });
    let sources = Sources::open(&tree);
    let report = policy_core::check(&sources, &policy_rules::all(), settings).unwrap();
    read(&sources, report)
}

/// The findings about sockets.
pub(crate) fn of_sockets(files: Files<'_>) -> Vec<Diagnostic> {
    with_report(files, &Settings::default(), |_, report| {
        report.diagnostics.into_iter().filter(|found| found.rule.starts_with("websocket/")).collect()
    })
}

/// `rule path:line` of every finding about sockets, without their family, and about what could not be read.
pub(crate) fn found(files: Files<'_>) -> Vec<String> {
    with_report(files, &Settings::default(), |sources, report| {
        let wanted = |rule: &str| rule.starts_with("websocket/") || rule.starts_with("input/");
        let found = report.diagnostics.into_iter().filter(|found| wanted(&found.rule)).map(|found| {
            let span = found.finding.primary.span;
            let text = SourceText::new(sources.read(span.file).unwrap().text);
            let rule = found.rule.trim_start_matches("websocket/");
            format!("{rule} {}:{}", sources.path(span.file), text.line_of(span.range().start))
        });
        found.collect()
    })
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
