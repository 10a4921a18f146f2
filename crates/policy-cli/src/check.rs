//! `portcullis check`: the gate.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::Path;

use policy_core::config::Settings;
use policy_core::finding::Severity;
use policy_core::report;
use policy_core::source::Sources;

use crate::arguments::{CheckArguments, Format};
use crate::disk::DiskTree;
use crate::exit::{Failure, Outcome};
use crate::root::Root;
use crate::terminal::{self, Style};

/// Parsers recurse over their input: with stacks of this size their own limits on nesting come first. Only what is used
/// of a stack takes memory.
const STACK: usize = 64 << 20;

/// Checks what `arguments` ask for and writes the report.
pub(crate) fn check(arguments: &CheckArguments) -> Result<Outcome, Failure> {
    let root = Root::of(&arguments.paths)?;
    let threads =
        arguments.threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build()?;
    let tree = DiskTree::new(root.folder.clone(), arguments.no_ignore, threads);
    let sources = Sources::open(&tree);
    let mut report =
        pool.install(|| policy_core::check(&sources, &policy_rules::all(), &Settings::default()))?;
    root.narrow(&mut report);

    let text = match arguments.format {
        Format::Human => terminal::render(&report, Style::of(arguments)),
        Format::Json => report::json(&report),
        Format::Sarif => report::sarif(&report),
    };
    write(&text, arguments.output.as_deref())?;

    // A place that could not be entered may hide anything: it counts as a warning, as an unreadable file does.
    let unlisted = (!report.unlisted.is_empty()).then_some(Severity::Warning);
    let worst = report.worst().max(unlisted);
    let fails = arguments.fail_on.threshold().is_some_and(|threshold| worst >= Some(threshold));
    Ok(if fails { Outcome::Findings } else { Outcome::Clean })
}

fn write(text: &str, output: Option<&Path>) -> Result<(), Failure> {
    match output {
        Some(path) => {
            std::fs::write(path, text).map_err(|error| Failure::Output { path: path.to_path_buf(), error })
        }
        None => match io::stdout().lock().write_all(text.as_bytes()) {
            // The reader has seen enough: `portcullis check | head`.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(Failure::StandardOutput),
        },
    }
}
