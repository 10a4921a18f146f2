//! Terraform configuration: blocks, attributes and expressions with their places.

mod convert;
mod deferred;
mod directive;
mod file;
mod join;
mod json;
pub mod number;
mod read;
mod split;
pub mod syntax;
mod template;

use policy_text::Problem;
use policy_text::source::{FileId, RepoPath, Sources, Span};

pub use file::{File, Role};
use syntax::{Block, Part};

/// The most problems of one file that are told one by one.
const MAX_TOLD: usize = 3;

/// Reads one file: native syntax, or JSON where the name ends so. Of what it declares for Terraform the heads alone are
/// read, and the rest once it is asked for.
pub fn parse(file: FileId, path: &RepoPath, role: Role, text: &str) -> (File, Vec<Problem>) {
    let (text, base) = without_mark(text);
    let (body, problems) = if path.extension() == Some("json") {
        json::body(file, text, base, role)
    } else {
        read::body(file, text, base, is_configuration(path))
    };
    let problems = if is_skeleton(path) || is_rendered(text, base, &problems) {
        Vec::new()
    } else {
        told_once(problems)
    };
    (File { role, body }, problems)
}

/// Whether the file at `path` is configuration, or holds values of variables, by its name.
pub fn is_read(path: &RepoPath) -> bool {
    matches!(path.extension(), Some("tf" | "tofu" | "tfvars"))
        || [".tf.json", ".tofu.json", ".tfvars.json"].iter().any(|end| path.file_name().ends_with(end))
}

/// Whether the file holds what Terraform declares, and no other tool's blocks in the same language.
fn is_configuration(path: &RepoPath) -> bool {
    matches!(path.extension(), Some("tf" | "tofu"))
}

/// Reads every file of a tree that is read by its name, in the order of paths, for a program that asks Terraform alone.
/// A file that cannot be read is left out.
pub fn parse_all(sources: &Sources<'_>) -> (Vec<(FileId, File)>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    for (file, path) in sources.files().filter(|(_, path)| is_read(path)) {
        let Ok(decoded) = sources.read(file) else { continue };
        let (parsed, found) = parse(file, path, Role::of(path), &decoded.text);
        files.push((file, parsed));
        problems.extend(found);
    }
    (files, problems)
}

/// What is wrong with blocks that were read only after their file was parsed, when somebody asked for them.
pub(crate) fn deferred_problems(files: &[(FileId, File)], sources: &Sources<'_>) -> Vec<Problem> {
    let of_file = |(file, parsed): &(FileId, File)| {
        let problems = if is_skeleton(sources.path(*file)) {
            Vec::new()
        } else {
            parsed.body.blocks.iter().filter_map(Block::problem).cloned().collect()
        };
        told_once(problems)
    };
    files.iter().flat_map(of_file).collect()
}

/// Whether the path is one that a generator fills in, as it does the file: what is no Terraform yet may become it.
fn is_skeleton(path: &RepoPath) -> bool {
    path.as_str().contains("{{")
}

/// Whether a program renders the file: a tag of its templates stands where something is not understood.
fn is_rendered(text: &str, base: usize, problems: &[Problem]) -> bool {
    problems.iter().any(|problem| {
        let at = (problem.at.start as usize).saturating_sub(base).min(text.len());
        let Some((before, after)) = text.split_at_checked(at) else { return false };
        let begin = before.rfind('\n').map_or(0, |end| end + 1);
        let end = after.find('\n').map_or(text.len(), |length| at + length);
        text.get(begin..end).is_some_and(policy_text::template::has_tag)
    })
}

/// Where most of a file is something else, one place says it as well as a hundred.
fn told_once(mut problems: Vec<Problem>) -> Vec<Problem> {
    let others = problems.len().saturating_sub(1);
    if others >= MAX_TOLD {
        problems.truncate(1);
        for problem in &mut problems {
            problem.message = format!("{}; {others} more such errors in this file", problem.message);
        }
    }
    problems
}

/// Reads a text that begins at `place` as a template.
pub fn parse_template(place: Span, text: &str) -> Result<Vec<Part>, Problem> {
    let (text, base) = without_mark(text);
    read::template(place.file, text, place.start as usize + base)
}

/// The text without a byte-order mark, and the offset of its first byte.
fn without_mark(text: &str) -> (&str, usize) {
    text.strip_prefix('\u{feff}').map_or((text, 0), |rest| (rest, '\u{feff}'.len_utf8()))
}
