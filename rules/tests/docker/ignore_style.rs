//! Lines that are added to an ignore file look like its own, and stand where its author would have put them.

use policy_core::finding::{Applicability, Edit};

use super::{CACHE, NODE, PACKAGE, check};

/// The ignore file of a Node project after the fix.
fn mended(ignore: &str, more: &[(&str, &str)]) -> String {
    let files = [("Dockerfile", NODE), ("package.json", PACKAGE), (".dockerignore", ignore)];
    let report = check(&[&files, more].concat());
    let found = report.diagnostics.iter().find(|found| found.rule == CACHE).unwrap();
    let fix = found.finding.fix.as_ref().unwrap();
    assert_eq!(fix.applicability, Applicability::Safe);
    let mut text = ignore.to_owned();
    for edit in fix.edits.iter().rev() {
        if let Edit::Replace { span, text: new } = edit {
            text.replace_range(span.range(), new);
        }
    }
    let mended: Vec<_> = files
        .iter()
        .map(|(path, old)| (*path, if *path == ".dockerignore" { text.as_str() } else { old }))
        .collect();
    let again = check(&[mended.as_slice(), more].concat());
    assert!(again.diagnostics.iter().all(|found| found.rule != CACHE), "{text}");
    text
}

#[test]
fn a_pattern_reaches_down_where_others_do_or_where_it_must() {
    assert_eq!(mended("dist\n.git\n", &[]), "dist\n.git\nnode_modules\n");
    assert_eq!(mended("dist\n.git\n**/*.log\n", &[]), "dist\n.git\n**/*.log\n**/node_modules\n");
    assert_eq!(mended("dist\n.git\n", &[("web/package.json", PACKAGE)]), "dist\n.git\n**/node_modules\n");
    // One line is no habit.
    assert_eq!(mended(".git\n", &[]), ".git\n**/node_modules\n");
}

#[test]
fn slashes_stand_where_most_patterns_have_them() {
    assert_eq!(mended("dist/\n.git/\nREADME.md\n", &[]), "dist/\n.git/\nREADME.md\nnode_modules/\n");
    assert_eq!(mended("dist/\n.git\nbuild\n", &[]), "dist/\n.git\nbuild\nnode_modules\n");
    assert_eq!(mended("/dist\n/.git\n*.log\n", &[]), "/dist\n/.git\n*.log\n/node_modules\n");
    assert_eq!(mended("/dist/\n/.git/\n", &[]), "/dist/\n/.git/\n/node_modules/\n");
}

#[test]
fn a_line_stands_with_its_group() {
    let grouped = "# Version control\n.git\n\n# Dependencies\n.pnpm-store\n\n# Editors\n.idea\n";
    let expected =
        "# Version control\n.git\n\n# Dependencies\n.pnpm-store\nnode_modules\n\n# Editors\n.idea\n";
    assert_eq!(mended(grouped, &[]), expected);
    let strange = grouped.replace("Dependencies", "Stores");
    assert_eq!(mended(&strange, &[]), format!("{strange}node_modules\n"));
    // One comment divides nothing, and an exception below would let the directory in again.
    assert_eq!(mended("# npm\n.npmrc\n\ndist\n", &[]), "# npm\n.npmrc\n\ndist\nnode_modules\n");
    let reopened = format!("{grouped}!README.md\n");
    assert_eq!(mended(&reopened, &[]), format!("{reopened}node_modules\n"));
}

#[test]
fn line_ends_and_blank_lines_are_kept() {
    assert_eq!(mended("dist\r\n.git", &[]), "dist\r\n.git\r\nnode_modules\r\n");
    assert_eq!(mended("dist\n.git\n\n\n", &[]), "dist\n.git\nnode_modules\n\n\n");
}
