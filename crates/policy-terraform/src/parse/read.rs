//! Reads the structures of a body one by one with `hcl-edit`, mending what Terraform accepts and that parser does not.

use std::borrow::Cow;
use std::ops::Range;

use hcl_edit::parser::{self, Error};
use hcl_edit::structure;
use hcl_edit::template::Template;
use policy_text::Problem;
use policy_text::source::{FileId, Span};

use super::convert::{self, Piece};
use super::split::{Structure, Structures};
use super::syntax::{Block, Body, Part};
use super::{deferred, directive, join, template};

/// The most separators in one pair of braces. The parser needs quadratic time for large object literals.
const MAX_ITEMS: usize = 10_000;

/// How often one structure is mended before it counts as broken, and how long it may be to be mended at all.
const MAX_REPAIRS: usize = 32;
const MAX_MENDED: usize = 256 << 10;

/// Stack for the parser's own recursion, which ends at 64 levels of nesting.
const STACK: usize = 8 << 20;

/// Reads a whole file, of declarations the heads alone where they may be deferred. `base` is added to all places.
pub(super) fn body(file: FileId, text: &str, base: usize, may_defer: bool) -> (Body, Vec<Problem>) {
    let mut body = Body::default();
    let mut problems = Vec::new();
    let mut structures = Structures::of(text);
    // The braces that broken blocks left open so far: one that closes nothing is what is left of such a block.
    let mut lost = 0_usize;
    while let Some(found) = structures.next() {
        if lost > 0 && text.get(found.range.clone()).map(str::trim_end) == Some("}") {
            lost -= 1;
            continue;
        }
        if may_defer && let Some(block) = deferred(file, text, base, &found) {
            body.blocks.push(block);
            continue;
        }
        match structure(file, text, base, &found) {
            Ok((read, problem)) => {
                body.attributes.extend(read.attributes);
                body.blocks.extend(read.blocks);
                problems.extend(problem);
            }
            Err(problem) => {
                // The block that lost its brace must not take the following ones with it.
                if let Some(restart) = found.restart {
                    structures.resume_at(restart.at);
                    lost += restart.depth;
                }
                problems.push(problem);
            }
        }
    }
    (body, problems)
}

/// The structure as a block to be read later, where nothing but reading it can show a fault.
fn deferred(file: FileId, text: &str, base: usize, found: &Structure) -> Option<Block> {
    if found.items > MAX_ITEMS || found.restart.is_some() || !found.is_closed {
        return None;
    }
    deferred::block(file, text.get(found.range.clone())?, base + found.range.start)
}

/// Reads what is between the braces of the one block that `text` is.
pub(super) fn block(file: FileId, text: &str, base: usize) -> Result<Read, Problem> {
    let (read, problem) = written(Piece { file, text, base })?;
    Ok((read.blocks.into_iter().next().map(Block::into_body).unwrap_or_default(), problem))
}

/// What was read, and what is wrong with it all the same.
pub(super) type Read = (Body, Option<Problem>);

fn structure(file: FileId, text: &str, base: usize, found: &Structure) -> Result<Read, Problem> {
    let written = text.get(found.range.clone()).unwrap_or_default();
    let piece = Piece { file, text: written, base: base + found.range.start };
    if found.items > MAX_ITEMS {
        let message =
            format!("this has more than {MAX_ITEMS} items and was not read; the rest of the file was");
        return Err(Problem::too_costly(head(piece), message));
    }
    let unclosed = || {
        let message = "this block is not closed before the next one begins; the rest of the file was read";
        Problem::unreadable(head(piece), message)
    };
    if found.restart.is_some() && !found.is_closed {
        return Err(unclosed());
    }
    self::written(piece).map_err(|problem| if found.restart.is_some() { unclosed() } else { problem })
}

/// Reads structures that belong together, mended where needed.
fn written(piece: Piece<'_>) -> Result<Read, Problem> {
    let (parsed, directive) = parse_mended(piece.text, parser::parse_body).map_err(|error| {
        let offset = piece.text.floor_char_boundary(error.location().offset());
        let at = piece.span(Some(offset..piece.text.ceil_char_boundary(offset + 1)));
        let message =
            format!("this is not valid Terraform ({}); the rest of the file was read", error.message());
        Problem::unreadable(at, message)
    })?;
    let problem = directive.map(|range| {
        let written = piece.text.get(range.clone()).unwrap_or_default();
        let message = format!(
            "this is not valid Terraform: `{written}` is not a directive of a template; a text with `%{{` in it is written \
             with `%%{{`"
        );
        Problem::unreadable(piece.span(Some(range)), message)
    });
    Ok((convert::body(piece, &parsed), problem))
}

/// The first line of a structure.
fn head(piece: Piece<'_>) -> Span {
    let length = piece.text.lines().next().unwrap_or_default().trim_end().len();
    piece.span(Some(0..length))
}

/// Reads a whole file as a template.
pub(super) fn template(file: FileId, text: &str, base: usize) -> Result<Vec<Part>, Problem> {
    let piece = Piece { file, text, base };
    let parsed: Template =
        on_big_stack(|| parser::parse_template(text)).map_err(|error| problem(piece, &error))?;
    Ok(template::file(piece, &parsed))
}

fn problem(piece: Piece<'_>, error: &Error) -> Problem {
    let offset = error.location().offset().min(piece.text.len());
    let at = piece.span(Some(offset..offset));
    Problem::unreadable(at, format!("this is not a valid expression or template ({})", error.message()))
}

/// Parses `written`, and where that fails a copy of the same length without what the parser wrongly rejects. Where it rejects
/// a directive that is none, the copy has a text in its place; the range is that of the first.
fn parse_mended(
    written: &str,
    parse: fn(&str) -> Result<structure::Body, Error>,
) -> Result<(structure::Body, Option<Range<usize>>), Error> {
    let mut text = Cow::Borrowed(written);
    let mut directive = None;
    let mut last = None;
    for attempt in 0..MAX_REPAIRS {
        match on_big_stack(|| parse(&text)) {
            Ok(parsed) => return Ok((parsed, directive)),
            Err(error) => {
                let mended = (text.len() <= MAX_MENDED).then(|| {
                    mend(&text, &error, attempt).or_else(|| without_directives(&text, &mut directive))
                });
                last.get_or_insert(error);
                match mended.flatten() {
                    Some(mended) => text = Cow::Owned(mended),
                    None => break,
                }
            }
        }
    }
    match last {
        Some(error) => Err(error),
        None => Ok((on_big_stack(|| parse(&text))?, directive)),
    }
}

/// A copy of `text` without directives that are none. The first is noted.
fn without_directives(text: &str, first: &mut Option<Range<usize>>) -> Option<String> {
    let ranges = directive::unknown(text);
    *first = Some(ranges.first()?.clone());
    directive::as_text(text, &ranges)
}

fn on_big_stack<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(STACK / 2, STACK, work)
}

/// A copy of `text` with the fault at `error` mended, if it is one that Terraform accepts.
fn mend(text: &str, error: &Error, attempt: usize) -> Option<String> {
    let offset = error.location().offset();
    if error.message().contains("redefined object key") {
        return rename_key(text, offset, attempt);
    }
    join::lines(text)
}

/// Gives the object key at `offset` a name that no other has: the last of several wins, and names are read from the file.
fn rename_key(text: &str, offset: usize, attempt: usize) -> Option<String> {
    let quoted = usize::from(text.as_bytes().get(offset) == Some(&b'"'));
    let (start, mut bytes) = (offset + quoted, text.as_bytes().to_vec());
    let length =
        bytes.get(start..)?.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    let mut number = attempt;
    for byte in bytes.get_mut(start..start + length)?.iter_mut().take(4) {
        *byte = b'a' + u8::try_from(number % 26).ok()?;
        number /= 26;
    }
    (length > 0).then(|| String::from_utf8(bytes).ok()).flatten()
}
