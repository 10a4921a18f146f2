//! Dockerfiles: stages and instructions with their places.

mod instruction;
mod json;
mod lines;
mod variables;
mod words;

pub use instruction::{Assignment, Command, HealthCheck, Instruction, Kind, Mount, Transfer};
pub use variables::{Scope, expand};
pub use words::{Flag, Word};

use policy_text::Problem;
use policy_text::embedded::Embedded;
use policy_text::source::{FileId, Span};

use lines::Reader;

/// More stages than this are not read. The longest Dockerfile seen in public has some dozens.
const MAX_STAGES: usize = 128;

/// What it costs to put in a variable, beside a line without one: its value may be of many pieces.
const STEPS_PER_VARIABLE: usize = 64;

/// One Dockerfile.
#[derive(Debug)]
pub struct Dockerfile {
    /// The file that it stands in.
    pub file: FileId,
    /// The `ARG`s before the first `FROM`: all that a `FROM` can use.
    pub global_args: Vec<Assignment>,
    /// The stages, in order. Empty for a file that only looks like a Dockerfile.
    pub stages: Vec<Stage>,
    /// The character that continues lines and escapes: `\`, or a backtick where a directive says so.
    pub escape: char,
    /// What it costs to work out one build of it, in steps: one for each line, and some for each variable that is put in.
    pub cost: usize,
}

/// A `FROM` and what follows it up to the next.
#[derive(Debug)]
pub struct Stage {
    /// The whole `FROM` instruction.
    pub at: Span,
    /// The image or stage that it starts from, as written.
    pub base: Word,
    /// The name after `AS`.
    pub name: Option<Word>,
    /// The instructions after the `FROM`.
    pub instructions: Vec<Instruction>,
}

impl Dockerfile {
    /// The stage that `reference` means to an instruction in the stage numbered `before`: an earlier stage, by name or
    /// by number. Docker compares names without regard to case.
    pub fn stage_named(&self, reference: &str, before: usize) -> Option<(usize, &Stage)> {
        let earlier = self.stages.iter().enumerate().take(before);
        let by_name = earlier.rev().find(|(_, stage)| stage.is_named(reference));
        by_name.or_else(|| {
            let number: usize = reference.parse().ok()?;
            Some((number, self.stages.get(number).filter(|_| number < before)?))
        })
    }
}

impl Stage {
    /// Whether the stage is called `name`.
    pub fn is_named(&self, name: &str) -> bool {
        self.name.as_ref().is_some_and(|own| own.text.eq_ignore_ascii_case(name))
    }
}

/// Reads a Dockerfile that is a file of its own.
pub fn parse(file: FileId, text: &str) -> (Dockerfile, Vec<Problem>) {
    parse_text(&Embedded::whole(file, text))
}

/// Reads a Dockerfile wherever its text stands.
pub fn parse_text(source: &Embedded) -> (Dockerfile, Vec<Problem>) {
    let mut reader = Reader::new(source);
    let mut dockerfile = Dockerfile {
        file: source.file(),
        global_args: Vec::new(),
        stages: Vec::new(),
        escape: reader.escape,
        cost: cost(source.as_str()),
    };
    let mut problems = Vec::new();
    let mut unknown = Vec::new();
    let mut known = 0_usize;
    while let Some(line) = reader.next_line() {
        if let Some(at) = line.unterminated {
            let message =
                "this here-document is never closed; the rest of the file was read as its text".to_owned();
            problems.push(Problem::unreadable(at, message));
        }
        if let Some(at) = line.no_marker {
            let message = "Docker knows no here-document with a space after `<<`: it takes the next lines for instructions, and the build fails".to_owned();
            problems.push(Problem::unreadable(at, message));
        }
        let (keyword, rest) = line.keyword();
        if keyword.text.eq_ignore_ascii_case("FROM") {
            if dockerfile.stages.len() == MAX_STAGES {
                let message = format!("only the first {MAX_STAGES} stages of this Dockerfile were read");
                problems.push(Problem::too_costly(line.at(), message));
                break;
            }
            match stage(&line, rest) {
                Some(stage) => dockerfile.stages.push(stage),
                None => unknown.push((line.at(), "this `FROM` names no image".to_owned())),
            }
            known += 1;
            continue;
        }
        match instruction::read(&line, &keyword, rest) {
            Some(read) => {
                known += 1;
                match (dockerfile.stages.last_mut(), read.kind) {
                    (Some(stage), kind) => stage.instructions.push(Instruction { kind, ..read }),
                    (None, Kind::Arg(args)) => dockerfile.global_args.extend(args),
                    (None, _) => {}
                }
            }
            None if is_template(&keyword.text) => {}
            None => unknown.push((keyword.at, format!("`{}` is not a Dockerfile instruction", keyword.text))),
        }
    }
    // Where most lines make no sense, the file is no Dockerfile, and its lines are no faults.
    if !dockerfile.stages.is_empty() && known > unknown.len() {
        let passed_over = unknown
            .into_iter()
            .map(|(at, fault)| Problem::unreadable(at, format!("{fault}; it was skipped")));
        problems.extend(passed_over);
    } else {
        dockerfile.stages.clear();
        problems.clear();
    }
    (dockerfile, problems)
}

/// What it costs to work out one build of a Dockerfile.
fn cost(text: &str) -> usize {
    let count = |wanted: u8| text.bytes().filter(|byte| *byte == wanted).count();
    1 + count(b'\n') + STEPS_PER_VARIABLE * count(b'$')
}

/// Whether a line belongs to a template language that a program turns into a Dockerfile.
fn is_template(keyword: &str) -> bool {
    keyword.starts_with(['{', '%', '<', '@', '$', '[']) || keyword.contains("{{") || keyword.contains('(')
}

fn stage(line: &lines::Line<'_>, rest: usize) -> Option<Stage> {
    let (_, rest) = words::flags(line, rest);
    let words = words::split(line, rest);
    let (base, after) = words.split_first()?;
    let name = match after {
        [keyword, name, ..] if keyword.text.eq_ignore_ascii_case("AS") => Some(name.clone()),
        _ => None,
    };
    Some(Stage { at: line.at(), base: base.clone(), name, instructions: Vec::new() })
}

#[cfg(test)]
mod tests;
