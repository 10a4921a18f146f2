//! What each instruction says.

use policy_text::source::Span;

use super::json;
use super::lines::Line;
use super::words::{self, Flag, Word};

/// One instruction of a stage.
#[derive(Debug)]
pub struct Instruction {
    /// The whole instruction, without its here-documents.
    pub at: Span,
    /// Whether it is to run in the images that are built from this one (`ONBUILD`), and not here.
    pub deferred: bool,
    /// What it says.
    pub kind: Kind,
}

/// What an instruction says, for those that matter to a deployment.
#[derive(Debug)]
pub enum Kind {
    /// `COPY`
    Copy(Transfer),
    /// `ADD`
    Add(Transfer),
    /// `RUN`, with its mounts and its command.
    Run(Vec<Mount>, Command),
    /// `CMD`
    Cmd(Command),
    /// `ENTRYPOINT`
    Entrypoint(Command),
    /// `ARG`; a name without a value has `None`.
    Arg(Vec<Assignment>),
    /// `ENV`
    Env(Vec<Assignment>),
    /// `USER`
    User(Word),
    /// `WORKDIR`
    Workdir(Word),
    /// `EXPOSE`
    Expose(Vec<Word>),
    /// `HEALTHCHECK`
    HealthCheck(HealthCheck),
    /// `LABEL`, `VOLUME`, `SHELL`, `STOPSIGNAL`, `MAINTAINER`
    Other,
}

/// What `HEALTHCHECK` asks for.
#[derive(Debug)]
pub enum HealthCheck {
    /// `NONE`: no check, nor that of the image below.
    None,
    /// The command that tells by its exit code how the container is.
    Command(Command),
}

/// What `COPY` or `ADD` takes, and where it puts it.
#[derive(Debug)]
pub struct Transfer {
    /// Another stage, image or context to take from, in the place of the build context.
    pub from: Option<Word>,
    /// `--exclude`: patterns that are left out.
    pub excludes: Vec<Word>,
    /// `--parents`: the folders above the sources are made at the destination, too.
    pub parents: bool,
    /// The sources, as written; here-documents are left out.
    pub sources: Vec<Word>,
    /// The destination, as written.
    pub destination: Option<Word>,
}

/// `RUN --mount`
#[derive(Debug)]
pub struct Mount {
    /// `bind`, `cache`, `secret`, …; `bind` where none is written.
    pub kind: String,
    /// Another stage, image or context to mount from.
    pub from: Option<Word>,
    /// What is mounted.
    pub source: Option<Word>,
}

/// A command, in either form.
#[derive(Debug)]
pub enum Command {
    /// For a shell: one word of shell text, then the texts of its here-documents.
    Shell(Word, Vec<Word>),
    /// The JSON form: started without a shell.
    Exec(Vec<Word>),
}

impl Command {
    /// The words of the JSON form, or the shell text and the texts of its here-documents.
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        let (first, rest) = match self {
            Self::Shell(text, documents) => (Some(text), documents),
            Self::Exec(words) => (None, words),
        };
        first.into_iter().chain(rest)
    }
}

/// `NAME=value`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The name.
    pub name: Word,
    /// The value as written; `None` for an `ARG` without a default.
    pub value: Option<Word>,
}

/// Reads the instruction `keyword`. `None` where there is no such instruction.
pub(super) fn read(line: &Line<'_>, keyword: &Word, rest: usize) -> Option<Instruction> {
    if !keyword.text.eq_ignore_ascii_case("ONBUILD") {
        return Some(Instruction { at: line.at(), deferred: false, kind: kind(line, &keyword.text, rest)? });
    }
    let inner = words::split(line, rest).into_iter().next()?;
    let kind = kind(line, &inner.text, line.skip_white_space(rest + inner.text.len()))?;
    Some(Instruction { at: line.at(), deferred: true, kind })
}

fn kind(line: &Line<'_>, keyword: &str, rest: usize) -> Option<Kind> {
    Some(match keyword.to_ascii_uppercase().as_str() {
        "COPY" => Kind::Copy(transfer(line, rest)),
        "ADD" => Kind::Add(transfer(line, rest)),
        "RUN" => {
            let (flags, rest) = words::flags(line, rest);
            let mounts = flags.iter().filter(|flag| flag.name == "mount").map(mount).collect();
            Kind::Run(mounts, command(line, rest))
        }
        "CMD" => Kind::Cmd(command(line, rest)),
        "ENTRYPOINT" => Kind::Entrypoint(command(line, rest)),
        "ARG" => Kind::Arg(assignments(line, rest)),
        "ENV" => Kind::Env(environment(line, rest)),
        "USER" => Kind::User(whole(line, rest)),
        "WORKDIR" => Kind::Workdir(whole(line, rest)),
        "EXPOSE" => Kind::Expose(words::split(line, rest)),
        "HEALTHCHECK" => health_check(line, rest).map_or(Kind::Other, Kind::HealthCheck),
        "LABEL" | "VOLUME" | "SHELL" | "STOPSIGNAL" | "MAINTAINER" => Kind::Other,
        _ => return None,
    })
}

fn transfer(line: &Line<'_>, rest: usize) -> Transfer {
    let (flags, rest) = words::flags(line, rest);
    let mut sources = json::strings(line, rest).unwrap_or_else(|| words::split(line, rest));
    let destination = sources.pop();
    sources.retain(|word| line.documents.is_empty() || !word.text.contains("<<"));
    let named = |name: &'static str| flags.iter().filter(move |flag| flag.name == name);
    Transfer {
        from: named("from").map(|flag| flag.value.clone()).next_back(),
        excludes: named("exclude").map(|flag| flag.value.clone()).collect(),
        parents: named("parents").next_back().is_some_and(|flag| flag.value.text != "false"),
        sources,
        destination,
    }
}

fn mount(flag: &Flag) -> Mount {
    let mut mount = Mount { kind: "bind".to_owned(), from: None, source: None };
    let mut start = flag.value.at.start as usize;
    for field in flag.value.text.split(',') {
        if let Some((key, value)) = field.split_once('=') {
            let begin = start + key.len() + 1;
            // A mount that runs over several lines has its fields placed only roughly.
            let end = (begin + value.len()).min(flag.value.at.end as usize);
            let word = Word { text: value.to_owned(), at: Span::new(flag.value.at.file, begin..end) };
            match key {
                "type" => value.clone_into(&mut mount.kind),
                "from" => mount.from = Some(word),
                "source" | "src" => mount.source = Some(word),
                _ => {}
            }
        }
        start += field.len() + 1;
    }
    mount
}

fn command(line: &Line<'_>, rest: usize) -> Command {
    if let Some(words) = json::strings(line, rest) {
        return Command::Exec(words);
    }
    let documents =
        line.documents.iter().map(|document| Word { text: document.text.to_owned(), at: document.at });
    Command::Shell(whole(line, rest), documents.collect())
}

/// `HEALTHCHECK --interval=5s CMD command`, or `HEALTHCHECK NONE`. `None` for anything else, which Docker refuses.
fn health_check(line: &Line<'_>, rest: usize) -> Option<HealthCheck> {
    let (_, rest) = words::flags(line, rest);
    let keyword = words::split(line, rest).into_iter().next()?;
    match keyword.text.to_ascii_uppercase().as_str() {
        "NONE" => Some(HealthCheck::None),
        "CMD" => {
            let rest = line.skip_white_space(rest + keyword.text.len());
            Some(HealthCheck::Command(command(line, rest)))
        }
        _ => None,
    }
}

/// All that is left of the line as one word.
fn whole(line: &Line<'_>, rest: usize) -> Word {
    let end = line.text.trim_end().len().max(rest);
    line.word(rest..end)
}

fn assignments(line: &Line<'_>, rest: usize) -> Vec<Assignment> {
    words::shell_words(line, rest)
        .into_iter()
        .map(|range| {
            let word = line.text.get(range.clone()).unwrap_or_default();
            match word.find('=') {
                Some(at) => Assignment {
                    name: line.word(range.start..range.start + at),
                    value: Some(line.word(range.start + at + 1..range.end)),
                },
                None => Assignment { name: line.word(range), value: None },
            }
        })
        .collect()
}

/// `ENV A=1 B=2`, or the old form `ENV A the rest of the line`.
fn environment(line: &Line<'_>, rest: usize) -> Vec<Assignment> {
    let words = words::split(line, rest);
    match words.first() {
        Some(name) if !name.text.contains('=') => {
            let value = whole(line, line.skip_white_space(rest + name.text.len()));
            vec![Assignment { name: name.clone(), value: Some(value) }]
        }
        _ => assignments(line, rest),
    }
}
