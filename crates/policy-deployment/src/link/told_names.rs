//! Names of what people are told to make by hand, or what code that is not followed makes: in documentation, and in programs
//! that speak to AWS.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use policy_text::source::{FileId, RepoPath, Sources};
use rayon::prelude::*;

use crate::files::FileKind;
use crate::model::ecs_call::{EcsCall, NamedKind};
use crate::model::image::{ImageRole, ImageUse, Reference};
use crate::model::made_name::MadeNames;

/// How what makes something begins, as people write it: the operations, and the word for it.
const MAKING: [&str; 7] =
    ["creat", "Creat", "CREAT", "register-task", "register_task", "Register-Task", "REGISTER_TASK"];

/// What makes something whose name is not followed, in small letters and without what stands between its words.
const OPERATIONS: [(&str, NamedKind); 4] = [
    ("createcluster", NamedKind::Cluster),
    ("createservice", NamedKind::Service),
    ("registertaskdefinition", NamedKind::Family),
    ("createrepository", NamedKind::Repository),
];

/// The flags by which commands are told the names.
const NAME_FLAGS: [&str; 4] = ["--cluster-name", "--service-name", "--repository-name", "--family"];

/// How programs name the services of AWS that make such things.
const CLIENTS: [&str; 8] =
    ["\"ecs\"", "'ecs'", "\"ecr\"", "'ecr'", "client-ecs", "client-ecr", "service/ecs", "service/ecr"];

/// How far from the operation the name of what is made stands at most, in bytes, in one paragraph: behind a flag, or in a
/// loop over names.
const NEAR: usize = 600;

/// The longest operation as it is written.
const OPERATION: usize = 32;

/// Adds what people are told to make among all that `calls` and pushes name, and what may be made in other ways. It is looked
/// for where it matters: where anything is known to be made.
pub(super) fn add(made: &mut MadeNames, calls: &[EcsCall], images: &[ImageUse], sources: &Sources<'_>) {
    let judged = |kind: &NamedKind| made.names.contains_key(kind) && !made.may_be_more.contains(kind);
    let of_calls = calls.iter().filter(|call| call.must_find()).flat_map(|call| &call.names);
    let of_calls = of_calls.filter(|named| judged(&named.kind)).filter_map(|named| {
        let name = named.name.known()?;
        Some((named.kind, name.split(':').next()?.to_owned()))
    });
    let pushed = images
        .iter()
        .filter(|image| judged(&NamedKind::Repository) && image.role == ImageRole::Pushed)
        .filter_map(|image| Some((NamedKind::Repository, repository(image)?)));
    let names: Names = of_calls.chain(pushed).collect();
    if names.is_empty() {
        return;
    }
    let Some(wanted) = Wanted::of(&names) else { return };
    let own: BTreeSet<FileId> = calls.iter().map(|call| call.at.file).collect();
    let files: Vec<FileId> = sources
        .files()
        .filter(|(file, path)| !own.contains(file) && is_not_followed(path))
        .map(|(file, _)| file)
        .collect();
    let told: Vec<Told> = files.par_iter().filter_map(|&file| told_in(file, &wanted, sources)).collect();
    for Told { names, unnamed } in told {
        made.told.extend(names);
        made.may_be_more.extend(unnamed);
    }
}

/// Names, by what they are of.
type Names = BTreeSet<(NamedKind, String)>;

/// The names that are asked about, looked for all at once.
struct Wanted<'n> {
    names: Vec<&'n (NamedKind, String)>,
    searcher: AhoCorasick,
}

impl<'n> Wanted<'n> {
    fn of(names: &'n Names) -> Option<Self> {
        let searcher = AhoCorasick::new(names.iter().map(|(_, name)| name)).ok()?;
        Some(Self { names: names.iter().collect(), searcher })
    }

    /// Those that a text has as a whole.
    fn within<'w>(&'w self, text: &'w str) -> impl Iterator<Item = &'n (NamedKind, String)> + 'w {
        let found = self.searcher.find_overlapping_iter(text);
        let found = found.filter(move |found| is_word(text, found.range()));
        found.filter_map(move |found| self.names.get(found.pattern().as_usize()).copied())
    }
}

/// The name of a repository in a registry.
fn repository(image: &ImageUse) -> Option<String> {
    let (_, name) = Reference::parse(&image.reference)?.name.split_once('/')?;
    Some(name.known()?.into_owned())
}

/// Documentation, and programs: what readers understand has said by itself what it makes.
fn is_not_followed(path: &RepoPath) -> bool {
    matches!(FileKind::of(path), None | Some(FileKind::Script))
}

/// What one file says.
struct Told {
    names: Names,
    /// What else is made, whatever its names are.
    unnamed: BTreeSet<NamedKind>,
}

fn told_in(file: FileId, wanted: &Wanted<'_>, sources: &Sources<'_>) -> Option<Told> {
    static SEARCHER: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(MAKING).ok());
    let text = &*sources.read_handwritten(file).ok()??;
    let is_program = OnceCell::new();
    let is_program = || *is_program.get_or_init(|| CLIENTS.iter().any(|client| text.contains(client)));
    let mut told = Told { names: BTreeSet::new(), unnamed: BTreeSet::new() };
    // A permission to make something makes nothing: `ecs:CreateCluster`.
    let is_permission = |at: usize| text.as_bytes().get(at.wrapping_sub(1)) == Some(&b':');
    for found in SEARCHER.as_ref()?.find_iter(text).filter(|found| !is_permission(found.start())) {
        told.names.extend(wanted.within(around(text, found.range(), "\n")).cloned());
        let Some(kind) = operation(text, found.start()) else { continue };
        let paragraph = around(text, found.range(), "\n\n");
        told.names.extend(wanted.within(paragraph).filter(|(of, _)| *of == kind).cloned());
        if is_program() || is_filled_in(command(text, found.start())) {
            told.unnamed.insert(kind);
        }
    }
    (!told.names.is_empty() || !told.unnamed.is_empty()).then_some(told)
}

/// What the operation that is written at a place makes.
fn operation(text: &str, start: usize) -> Option<NamedKind> {
    let written = window(text, start, start + OPERATION).bytes().filter(|byte| !matches!(byte, b'-' | b'_'));
    let is_written = |operation: &str| {
        let mut written = written.clone().map(|byte| byte.to_ascii_lowercase());
        operation.bytes().all(|byte| written.next() == Some(byte))
    };
    OPERATIONS.iter().find(|(operation, _)| is_written(operation)).map(|(_, kind)| *kind)
}

/// What stands around a place, up to the nearest `end` on both sides.
fn around<'t>(text: &'t str, place: Range<usize>, end: &str) -> &'t str {
    let before = window(text, place.start.saturating_sub(NEAR), place.start);
    let after = window(text, place.end, place.end + NEAR);
    let before = before.rsplit(end).next().unwrap_or_default().len();
    let after = after.split(end).next().unwrap_or_default().len();
    window(text, place.start - before, place.end + after)
}

/// The command that begins at a place: its line, with the lines that continue it.
fn command(text: &str, start: usize) -> &str {
    let rest = window(text, start, start + NEAR);
    let mut lines = rest.split_inclusive('\n');
    let mut end = 0;
    for line in &mut lines {
        end += line.len();
        if !line.trim_end().ends_with(['\\', '`']) {
            break;
        }
    }
    rest.get(..end).unwrap_or(rest)
}

/// Whether whoever runs a command puts the name in: `$NAME`, `<name>`, `{name}`.
fn is_filled_in(command: &str) -> bool {
    let named = NAME_FLAGS.iter().find_map(|flag| command.split_once(flag));
    let name = named.map_or(command, |(_, behind)| {
        behind.trim_start_matches(['=', ' ']).split_whitespace().next().unwrap_or_default()
    });
    name.contains(['$', '<', '{', '%'])
}

/// A part of a text, cut where characters begin.
fn window(text: &str, start: usize, end: usize) -> &str {
    let at = |wanted: usize| (0..=wanted.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    text.get(at(start).unwrap_or(0)..at(end).unwrap_or(text.len())).unwrap_or_default()
}

/// Whether what stands at a place is a word of its own.
fn is_word(text: &str, place: Range<usize>) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let before = text.get(..place.start).and_then(|before| before.chars().next_back());
    let after = text.get(place.end..).and_then(|after| after.chars().next());
    !before.is_some_and(is_part) && !after.is_some_and(is_part)
}
