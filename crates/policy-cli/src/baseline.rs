//! `--baseline` and `--write-baseline`: the findings that are known already, in a file.

use std::path::Path;

use policy_core::config::Settings;
use policy_core::report::{Baseline, Report};
use policy_disk::read_regular_text;

use crate::exit::{Failure, Outcome};
use crate::output::{self, Coloured};
use crate::root::from_root;

/// The largest baseline that is read, in bytes: some hundred thousand findings.
const MAX_SIZE: usize = 64 << 20;

/// The baseline in the file `asked_for`, or else the one that the configuration names.
pub(crate) fn of(
    asked_for: Option<&Path>,
    settings: &Settings,
    root: &Path,
) -> Result<Option<Baseline>, Failure> {
    match (asked_for, &settings.baseline) {
        (Some(path), _) => read(path).map(Some),
        (None, Some(path)) => {
            let path =
                from_root(&root.join(path.as_str()), root, "named by `baseline` in the configuration")?;
            read(&root.join(path.as_str())).map(Some)
        }
        (None, None) => Ok(None),
    }
}

fn read(path: &Path) -> Result<Baseline, Failure> {
    let text = read_regular_text(path, MAX_SIZE).map_err(|error| Failure::Read {
        what: "the baseline",
        path: path.to_path_buf(),
        error,
    })?;
    Baseline::parse(&text).map_err(|error| Failure::BadBaseline { path: path.to_path_buf(), error })
}

/// Writes what `report` finds to the file at `path`, and says how much that is.
pub(crate) fn write(report: &Report, path: &Path) -> Result<Outcome, Failure> {
    let baseline = Baseline::of(report);
    output::write(&baseline.to_json(), Coloured::No, Some(path))?;
    let noun = if baseline.count() == 1 { "finding" } else { "findings" };
    let said = format!("Wrote {} {noun} to `{}`.\n", baseline.count(), path.display());
    output::write(&said, Coloured::No, None)?;
    Ok(Outcome::Clean)
}
