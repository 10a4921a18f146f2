//! Checks a folder as a program of your own would: `cargo run --example check_folder -- FOLDER`.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program meets the world")]

use std::error::Error;
use std::{env, fs};

use policy_core::check;
use policy_core::config::Settings;
use policy_core::source::Sources;
use policy_disk::{DiskTree, GitIgnored};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).unwrap_or_else(|| ".".into());
    let tree = DiskTree::new(fs::canonicalize(folder)?, GitIgnored::Skip, 2);
    let sources = Sources::open(&tree);
    let report = check(&sources, &policy_rules::all(), &Settings::default())?;
    for found in report.active() {
        let path = sources.path(found.finding.primary.span.file);
        println!("{path}: {} ({})", found.finding.message, found.rule);
    }
    Ok(())
}
