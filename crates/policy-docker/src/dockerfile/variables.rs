//! Variables in a Dockerfile's words: `$NAME`, `${NAME:-default}` and their kin, with quotes removed.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::{Origin, Piece, Text};

use super::{Assignment, Word};

/// Defaults within defaults go no deeper.
const MAX_DEPTH: usize = 16;
/// A value of more pieces is not expanded further.
const MAX_PIECES: usize = 64;

/// The variables that a word can use, with their values.
#[derive(Debug, Default)]
pub struct Scope {
    values: BTreeMap<String, Text>,
    /// The variables of the stage below, where this one does not set them anew.
    below: Option<Arc<Scope>>,
}

impl Scope {
    /// The variables of a stage that is built on the one with the variables `below`.
    pub fn above(below: Arc<Scope>) -> Self {
        Self { values: BTreeMap::new(), below: Some(below) }
    }

    /// The value of a variable. `None` where nothing sets it here; the base image still may.
    pub fn get(&self, name: &str) -> Option<&Text> {
        let mut scopes = std::iter::successors(Some(self), |scope| scope.below.as_deref());
        scopes.find_map(|scope| scope.values.get(name))
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: Text) {
        self.values.insert(name.to_owned(), value);
    }

    /// Declares an `ARG`: a value given to the build wins over the default, `global` (the same `ARG` before the first
    /// `FROM`) stands in for a missing default, and what has no value at all is a hole.
    pub fn declare(
        &mut self,
        arg: &Assignment,
        given: &BTreeMap<String, Text>,
        global: Option<&Scope>,
        escape: char,
    ) {
        let name = &arg.name.text;
        let value = match (given.get(name), &arg.value) {
            (Some(given), _) => given.clone(),
            (None, Some(default)) => expand(default, self, escape),
            (None, None) => global
                .and_then(|global| global.get(name).cloned())
                .unwrap_or_else(|| Text::hole(Origin::Parameter(name.as_str().into()), arg.name.at)),
        };
        self.set(name, value);
    }
}

/// The value of `word`: variables replaced, quotes and escapes removed. A variable that `scope` lacks is a hole, since
/// the base image can set it.
pub fn expand(word: &Word, scope: &Scope, escape: char) -> Text {
    let mut text = Text::empty();
    expand_into(&mut text, &word.text, word.at, scope, escape, 0);
    text
}

fn expand_into(out: &mut Text, written: &str, at: Span, scope: &Scope, escape: char, depth: usize) {
    let closings = closings(written);
    let mut literal = String::new();
    let mut rest = written;
    let mut quote = None;
    while let Some(character) = rest.chars().next() {
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        match (character, quote) {
            ('\'' | '"', None) => quote = Some(character),
            (_, Some(open)) if character == open => quote = None,
            (_, Some('\'')) => literal.push(character),
            (_, _) if character == escape => {
                if let Some(escaped) = rest.chars().next() {
                    // Inside double quotes an escape before an ordinary character stays.
                    if quote == Some('"') && !['"', '$', escape].contains(&escaped) {
                        literal.push(escape);
                    }
                    literal.push(escaped);
                    rest = rest.get(escaped.len_utf8()..).unwrap_or_default();
                }
            }
            ('$', _) => match reference(rest, closings.get(&(written.len() - rest.len())).copied()) {
                Some((reference, after)) if depth < MAX_DEPTH && out.pieces().len() < MAX_PIECES => {
                    out.push(Piece::Literal(
                        std::mem::take(&mut literal).into(),
                        policy_text::value::Provenance::at(at),
                    ));
                    value_of(out, &reference, at, scope, escape, depth);
                    rest = after;
                }
                _ => literal.push('$'),
            },
            _ => literal.push(character),
        }
    }
    out.push(Piece::Literal(literal.into(), policy_text::value::Provenance::at(at)));
}

/// `$NAME`, or `${NAME}` with an operator and its word.
struct Reference<'t> {
    name: &'t str,
    operator: &'t str,
    word: &'t str,
}

/// Reads what follows a `$`, which is `length` bytes up to the brace that closes it. `None` where it is a plain dollar sign.
fn reference(rest: &str, length: Option<usize>) -> Option<(Reference<'_>, &str)> {
    if rest.starts_with('{') {
        let end = length?;
        let (inside, after) = (rest.get(1..end)?, rest.get(end + 1..)?);
        let (name, tail) = inside.split_at(name_length(inside));
        let operators = [":-", ":+", ":?", "-", "+", "?", "##", "#", "%%", "%", "//", "/"];
        let operator = operators.into_iter().find(|operator| tail.starts_with(operator)).unwrap_or_default();
        let word = tail.get(operator.len()..)?;
        return (!name.is_empty()).then_some((Reference { name, operator, word }, after));
    }
    let (name, after) = rest.split_at(name_length(rest));
    (!name.is_empty()).then_some((Reference { name, operator: "", word: "" }, after))
}

fn name_length(text: &str) -> usize {
    let plain = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    if text.starts_with(|first: char| first.is_ascii_digit()) { 0 } else { plain }
}

/// For each brace that opens and is closed, how far away the one is that closes it.
fn closings(text: &str) -> HashMap<usize, usize> {
    let mut open = Vec::new();
    let mut closings = HashMap::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open.push(at),
            b'}' => closings.extend(open.pop().map(|start| (start, at - start))),
            _ => {}
        }
    }
    closings
}

fn value_of(out: &mut Text, reference: &Reference<'_>, at: Span, scope: &Scope, escape: char, depth: usize) {
    let hole = || Text::hole(Origin::Environment(reference.name.into()), at);
    let value = scope.get(reference.name);
    let note = || format!("`{}` is used here", reference.name);
    match (reference.operator, value) {
        ("" | ":?" | "?" | "-" | ":-", Some(value))
            if reference.operator != ":-" || !value.pieces().is_empty() =>
        {
            // The value of an argument that nobody gives is unknown, and a default stands in for it.
            if reference.operator.ends_with('-')
                && value.pieces().len() == 1
                && value.holes().next().is_some()
            {
                expand_into(out, reference.word, at, scope, escape, depth + 1);
            } else {
                out.append(&value.through(at, note()));
            }
        }
        ("-" | ":-", _) => expand_into(out, reference.word, at, scope, escape, depth + 1),
        ("+" | ":+", Some(value)) if value.known().is_some() => {
            if reference.operator == "+" || !value.pieces().is_empty() {
                expand_into(out, reference.word, at, scope, escape, depth + 1);
            }
        }
        _ => out.append(&hole()),
    }
}
