//! What git holds of a repository, asked of `git` itself: the program may run it, the engine may not.
//!
//! Nothing is checked out. What git holds is told as what differs from the work tree, so that most files are read from
//! there.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use policy_core::source::{Laid, MAX_FILE_SIZE, RepoPath};

use crate::exit::Failure;

/// What lies over the work tree to make it another tree.
pub(crate) type Differences = Vec<(RepoPath, Laid)>;

/// The longest answer of git that is read, in bytes.
const MAX_ANSWER: u64 = 256 << 20;

/// What differs between the work tree below `root` and the index.
pub(crate) fn index(root: &Path) -> Result<Differences, Failure> {
    differences(root, &["diff-files"])
}

/// What differs between the work tree below `root` and `commit`.
pub(crate) fn tree(root: &Path, commit: &str) -> Result<Differences, Failure> {
    differences(root, &["diff-index", commit])
}

/// The commit that `HEAD` names. `None` before the first commit.
pub(crate) fn head(root: &Path) -> Result<Option<String>, Failure> {
    // It answers where there is a repository, also without a commit.
    ask(root, &["rev-parse", "--git-dir"])?;
    Ok(ask(root, &["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).ok().map(|answer| line(&answer)))
}

/// The commit at which the histories of `revision` and `HEAD` meet; `revision` itself where they do not.
pub(crate) fn base(root: &Path, revision: &str) -> Result<String, Failure> {
    head(root)?;
    let name = format!("{revision}^{{commit}}");
    let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", &name];
    let commit = line(&ask(root, &arguments).map_err(|failure| match failure {
        Failure::Git(_) => Failure::UnknownRevision(revision.to_owned()),
        other => other,
    })?);
    let meeting = ask(root, &["merge-base", &commit, "HEAD"]).map(|answer| line(&answer));
    Ok(meeting.ok().filter(|commit| !commit.is_empty()).unwrap_or(commit))
}

/// Every file that was not added to git, and every file that `comparison` finds different, as it is on the other side.
fn differences(root: &Path, comparison: &[&str]) -> Result<Differences, Failure> {
    let untracked = ask(root, &["ls-files", "-z", "--others", "--exclude-standard"])?;
    let mut differences: Differences =
        records(&untracked).filter_map(path).map(|path| (path, Laid::Absent)).collect();
    let (command, rest) = comparison.split_first().unwrap_or((&"", &[]));
    let options = ["-z", "--raw", "--no-abbrev", "--no-renames", "--relative", "--ignore-submodules=all"];
    let raw = ask(root, &[&[*command], &options[..], rest].concat())?;
    let mut objects = Objects::open(root)?;
    let mut records = records(&raw);
    while let (Some(facts), Some(name)) = (records.next(), records.next()) {
        let (Some(other), Some(path)) = (Other::read(facts), path(name)) else { continue };
        let laid = match other {
            Other::File(object) => objects.read(&object)?,
            Other::Nothing => Laid::Absent,
            Other::Unsettled => continue,
        };
        differences.push((path, laid));
    }
    Ok(differences)
}

/// What the other side of a comparison has in the place of a file of the work tree.
enum Other {
    /// The object with a regular file's bytes.
    File(String),
    /// Nothing, or what is no regular file: a link, a repository.
    Nothing,
    /// Several versions, which are yet to be merged.
    Unsettled,
}

impl Other {
    /// Reads `:100644 100644 <object> <object> M`.
    fn read(facts: &[u8]) -> Option<Self> {
        let facts = std::str::from_utf8(facts).ok()?;
        let mut words = facts.strip_prefix(':')?.split(' ');
        let (mode, _, object, _, status) =
            (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
        Some(match mode {
            _ if status.starts_with('U') => Self::Unsettled,
            "100644" | "100755" => Self::File(object.to_owned()),
            _ => Self::Nothing,
        })
    }
}

fn records(answer: &[u8]) -> impl Iterator<Item = &[u8]> {
    answer.split(|&byte| byte == 0).filter(|record| !record.is_empty())
}

fn path(record: &[u8]) -> Option<RepoPath> {
    RepoPath::new(std::str::from_utf8(record).ok()?)
}

fn line(answer: &[u8]) -> String {
    String::from_utf8_lossy(answer).trim().to_owned()
}

/// `git` in `root`: it writes no index, asks nobody, fetches nothing, and starts no monitor of the file system.
#[expect(clippy::disallowed_methods, reason = "only the program starts a process, where it is told to")]
fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(root)
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotepath=false"])
        .envs([("GIT_OPTIONAL_LOCKS", "0"), ("GIT_NO_LAZY_FETCH", "1"), ("GIT_TERMINAL_PROMPT", "0")])
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Files that git opens whatever it is asked.
const OPENED: [&str; 5] = ["HEAD", "config", "index", "packed-refs", "commondir"];

/// Refuses a repository in which something else stands where git opens a file: git would wait for whoever writes a pipe.
fn refuse_pipes(root: &Path) -> Result<(), Failure> {
    let folder = root.ancestors().map(|folder| folder.join(".git")).find(|folder| folder.exists());
    let opened = folder.iter().flat_map(|folder| OPENED.map(|name| folder.join(name)));
    let is_special = |path: &PathBuf| path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir());
    match opened.into_iter().find(is_special) {
        Some(path) => Err(Failure::Git(format!("`{}` is no regular file", path.display()))),
        None => Ok(()),
    }
}

fn ask<A: AsRef<OsStr>>(root: &Path, arguments: &[A]) -> Result<Vec<u8>, Failure> {
    refuse_pipes(root)?;
    let output = git(root).args(arguments).output().map_err(Failure::NoGit)?;
    if output.stdout.len() as u64 > MAX_ANSWER {
        return Err(Failure::Git("the answer is too long".to_owned()));
    }
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or("it failed without a word").trim_start_matches("fatal: ");
    Err(Failure::Git(said.to_owned()))
}

/// A running `git cat-file`, which gives objects by name. It ends when its input does.
struct Objects {
    process: Child,
    names: ChildStdin,
    contents: BufReader<ChildStdout>,
}

impl Objects {
    fn open(root: &Path) -> Result<Self, Failure> {
        let mut command = git(root);
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().map_err(Failure::NoGit)?;
        let (names, contents) = (process.stdin.take(), process.stdout.take());
        match (names, contents) {
            (Some(names), Some(contents)) => Ok(Self { process, names, contents: BufReader::new(contents) }),
            _ => Err(Failure::Git("it has no input or output".to_owned())),
        }
    }

    fn read(&mut self, name: &str) -> Result<Laid, Failure> {
        self.answer(name).map_err(|error| Failure::Git(format!("the object {name}: {error}")))
    }

    fn answer(&mut self, name: &str) -> io::Result<Laid> {
        writeln!(self.names, "{name}")?;
        self.names.flush()?;
        let mut header = String::new();
        self.contents.read_line(&mut header)?;
        // "<object> blob <size>", or "<object> missing".
        let size: Option<u64> = header.trim().rsplit_once(' ').and_then(|(_, size)| size.parse().ok());
        let Some(size) = size else { return Err(io::Error::other("it is not there")) };
        let mut content = self.contents.by_ref().take(size + 1);
        if size > MAX_FILE_SIZE as u64 {
            io::copy(&mut content, &mut io::sink())?;
            return Ok(Laid::TooLarge(size));
        }
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes)?;
        bytes.pop();
        Ok(Laid::File(bytes))
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // It has nothing to finish.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
