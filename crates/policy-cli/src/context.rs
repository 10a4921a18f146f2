//! `portcullis context`: what `docker build` would send from a folder.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use policy_core::harmless::{harmless, harmless_json};
use policy_core::source::{MAX_FILE_SIZE, RepoPath};
use policy_core::walk::{Sent, what_is_sent};
use policy_disk::{DiskTree, GitIgnored, read_regular};

use crate::arguments::ContextArguments;
use crate::exit::Failure;
use crate::root::leads_out;
use crate::terminal::counted;

/// How many excluded paths the table names; `--json` names all.
const EXCLUDED_SHOWN: usize = 40;

/// The files and bytes below one folder of the context.
#[derive(Default)]
struct Share {
    files: u64,
    bytes: u64,
}

/// Runs the command and gives what it prints.
pub(crate) fn context(arguments: &ContextArguments) -> Result<String, Failure> {
    let failure = |error| {
        let what = "the build context";
        Failure::Read { what, path: arguments.folder.clone(), error }
    };
    let folder = fs::canonicalize(&arguments.folder).map_err(failure)?;
    fs::read_dir(&folder).map_err(failure)?;
    let ignore = ignore_file(arguments, &folder)?;
    let tree = DiskTree::new(folder, GitIgnored::Read, 1);
    let sent = what_is_sent(&tree, &RepoPath::root(), ignore.as_ref().map(|(_, text)| text.as_str()));
    let ignore = ignore.map(|(path, _)| path);
    if arguments.list {
        let paths = sent.files.iter().map(|file| harmless(file.path.as_str()));
        return Ok(paths.flat_map(|path| [path, "\n".into()]).collect());
    }
    Ok(if arguments.json { json(&sent, ignore.as_deref()) } else { table(&sent, ignore.as_deref()) })
}

/// The ignore file that counts and its text: the Dockerfile's own before the folder's. `real` is the folder without links.
fn ignore_file(arguments: &ContextArguments, real: &Path) -> Result<Option<(PathBuf, String)>, Failure> {
    let folder = &arguments.folder;
    let dockerfile = arguments.file.clone().unwrap_or_else(|| folder.join("Dockerfile"));
    if arguments.file.is_some() {
        fs::metadata(&dockerfile).map_err(|error| {
            let what = "the Dockerfile given by `--file`";
            Failure::Read { what, path: dockerfile.clone(), error }
        })?;
    }
    let mut own = dockerfile.into_os_string();
    own.push(".dockerignore");
    for path in [PathBuf::from(own), folder.join(".dockerignore")] {
        let what = "the ignore file";
        if leads_out(&path, real) {
            return Err(Failure::LinkOut { what, path });
        }
        match read_regular(&path, MAX_FILE_SIZE) {
            Ok(bytes) => return Ok(Some((path, String::from_utf8_lossy(&bytes).into_owned()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::Read { what, path, error }),
        }
    }
    Ok(None)
}

/// What is sent from each folder at the top of the context, the largest first; files at the top count for `.`.
fn shares(sent: &Sent) -> Vec<(&str, Share)> {
    let mut shares: BTreeMap<&str, Share> = BTreeMap::new();
    for file in &sent.files {
        let share = shares.entry(file.path.as_str().split_once('/').map_or(".", |(top, _)| top)).or_default();
        share.files += 1;
        share.bytes += file.bytes;
    }
    let mut shares: Vec<_> = shares.into_iter().collect();
    shares.sort_by_key(|(_, share)| std::cmp::Reverse((share.bytes, share.files)));
    shares
}

fn total(sent: &Sent) -> Share {
    Share { files: sent.files.len() as u64, bytes: sent.files.iter().map(|file| file.bytes).sum() }
}

fn table(sent: &Sent, ignore: Option<&Path>) -> String {
    let (files, Share { bytes, .. }) = (sent.files.len(), total(sent));
    let ignore = ignore.map_or("no ignore file".to_owned(), |path| format!("filtered by {}", path.display()));
    let verb = |count: usize| if count == 1 { "is" } else { "are" };
    let mut out = format!("{} of {} {} sent, {ignore}\n\n", counted(files, "file"), size(bytes), verb(files));
    // Writing to a string cannot fail, here and below.
    for (folder, share) in shares(sent) {
        let _ = writeln!(out, "{:>10} {:>8} {}", size(share.bytes), share.files, folder);
    }
    if !sent.excluded.is_empty() {
        let count = sent.excluded.len();
        let _ = writeln!(out, "\n{} {} excluded:", counted(count, "path"), verb(count));
    }
    for excluded in sent.excluded.iter().take(EXCLUDED_SHOWN) {
        let slash = if excluded.is_folder { "/" } else { "" };
        let _ = writeln!(out, "  {}{slash}  by line {}: {}", excluded.path, excluded.line, excluded.pattern);
    }
    if sent.excluded.len() > EXCLUDED_SHOWN {
        let _ =
            writeln!(out, "  and {} more; `--json` lists all of them", sent.excluded.len() - EXCLUDED_SHOWN);
    }
    for (path, reason) in &sent.unreadable {
        let _ = writeln!(out, "\n`{path}` cannot be read, so a build fails: {reason}");
    }
    for (line, problem) in &sent.problems {
        let _ = writeln!(out, "\nline {line} of the ignore file: {problem}");
    }
    if sent.cut_off {
        out.push_str("\nThis is not all: the context has too many files to list.\n");
    }
    out.lines().map(|line| harmless(line).into_owned() + "\n").collect()
}

fn json(sent: &Sent, ignore: Option<&Path>) -> String {
    let Share { files, bytes } = total(sent);
    let folders: Vec<_> = shares(sent)
        .into_iter()
        .map(|(path, share)| serde_json::json!({ "path": path, "files": share.files, "bytes": share.bytes }))
        .collect();
    let excluded: Vec<_> = sent
        .excluded
        .iter()
        .map(|excluded| {
            serde_json::json!({
                "path": excluded.path.as_str(),
                "folder": excluded.is_folder,
                "line": excluded.line,
                "pattern": excluded.pattern,
            })
        })
        .collect();
    let unreadable: Vec<_> = sent
        .unreadable
        .iter()
        .map(|(path, reason)| serde_json::json!({ "path": path.as_str(), "reason": reason }))
        .collect();
    let problems: Vec<_> = sent
        .problems
        .iter()
        .map(|(line, message)| serde_json::json!({ "line": line, "message": message }))
        .collect();
    let value = serde_json::json!({
        "version": 1,
        "ignoreFile": ignore.map(|path| path.display().to_string()),
        "files": files,
        "bytes": bytes,
        "folders": folders,
        "excluded": excluded,
        "unreadable": unreadable,
        "problems": problems,
        "complete": !sent.cut_off,
    });
    harmless_json(format!("{value:#}\n"))
}

/// Bytes in decimal units, with one digit after the point.
fn size(bytes: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let (mut tenths, mut unit) = (bytes / 100, 0);
    while tenths >= 10_000 && unit + 1 < units.len() {
        tenths /= 1000;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, units.get(unit).unwrap_or(&"TB"))
}
