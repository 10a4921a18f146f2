//! A check that reuses what was parsed before finds what a check that parses everything finds.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "fixtures are read from disk")]

use std::fs;
use std::path::{Path, PathBuf};

use policy_core::Kept;
use policy_core::config::Settings;
use policy_core::report;
use policy_core::source::{Laid, Overlay, RepoPath, SourceTree, Sources};
use policy_disk::{DiskTree, GitIgnored};

/// Small repositories of every kind of file.
fn repositories() -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let incidents = folders(here.join("../fixtures/incidents")).map(|incident| incident.join("before"));
    let cases = folders(here.join("testdata")).filter(|path| path.is_dir()).flat_map(folders);
    let mut all: Vec<PathBuf> = incidents.chain(cases.filter(|case| case.is_dir())).collect();
    all.sort();
    assert!(all.len() > 30, "{all:?}");
    all.into_iter().map(|folder| fs::canonicalize(folder).unwrap()).collect()
}

fn fresh(tree: &dyn SourceTree) -> String {
    let settings = Settings::default();
    report::json(&policy_core::check(&Sources::open(tree), &policy_rules::all(), &settings).unwrap())
}

#[test]
fn a_file_that_is_read_again_changes_what_reading_everything_again_would() {
    let (rules, settings) = (policy_rules::all(), Settings::default());
    for folder in repositories() {
        let mut tree = Overlay::new(DiskTree::new(folder.clone(), GitIgnored::Read, 1));
        let paths: Vec<RepoPath> = tree.list().files;
        let whole = fresh(&tree);
        let mut kept = Kept::read(&Sources::open(&tree), &settings);
        for path in paths {
            for laid in [Some(Laid::File(b"# portcullis: allow(image/latest-tag)\n".to_vec())), None] {
                let is_changed = laid.is_some();
                match laid {
                    Some(laid) => tree.lay(path.clone(), laid),
                    None => assert!(tree.lift(&path)),
                }
                let sources = Sources::open(&tree);
                kept.read_again(&sources, &settings, sources.find(&path).unwrap());
                let report = report::json(&kept.check(&sources, &rules, &settings).unwrap());
                let expected = if is_changed { fresh(&tree) } else { whole.clone() };
                assert!(report == expected, "{}: {path}", folder.display());
            }
        }
    }
}
