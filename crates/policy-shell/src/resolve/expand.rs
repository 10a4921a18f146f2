//! The values of a shell word: quotes taken off, variables, defaults and substitutions put in.

use std::ops::Range;

use policy_text::embedded::Embedded;
use policy_text::expansion::{Action, Operator};
use policy_text::source::Span;
use policy_text::value::alternatives::{Alternatives, MAX_ALTERNATIVES, append};
use policy_text::value::{Origin, Piece, Provenance, Text, ci_variables};

use super::limits::{Limits, MAX_STEPS, Steps};
use super::state::{State, placeholder_index};
use super::{Command, substitution};

/// A word's values.
pub(super) struct Expanded {
    pub(super) values: Alternatives,
    /// Whether an unquoted variable or placeholder takes part, so that blanks in the values part them into words.
    pub(super) splits: bool,
    /// Whether the word is one array, all of it.
    pub(super) list: bool,
    /// The commands whose output was put in.
    pub(super) substituted: Vec<Command>,
}

/// Expands one word.
pub(super) fn expand(word: &Embedded, state: &mut State, limits: Limits<'_>) -> Expanded {
    let mut cursor = Cursor::new(word, state, limits);
    let values = cursor.values(0..word.as_str().len(), false);
    limits.pay_for_values(&values);
    Expanded { values, splits: cursor.splits, list: cursor.list, substituted: cursor.substituted }
}

/// Expands text in which quotes stand for themselves, as in the variables of a pipeline.
pub fn expand_document(text: &Embedded, state: &mut State) -> Alternatives {
    document(text, state, Limits::outermost(&Steps::new(MAX_STEPS)))
}

/// Expands a here-document.
pub(super) fn document(text: &Embedded, state: &mut State, limits: Limits<'_>) -> Alternatives {
    let values = Cursor::new(text, state, limits).values(0..text.as_str().len(), true);
    limits.pay_for_values(&values);
    values
}

struct Cursor<'a> {
    word: &'a Embedded,
    state: &'a mut State,
    limits: Limits<'a>,
    splits: bool,
    list: bool,
    substituted: Vec<Command>,
}

impl<'a> Cursor<'a> {
    fn new(word: &'a Embedded, state: &'a mut State, limits: Limits<'a>) -> Self {
        Self { word, state, limits, splits: false, list: false, substituted: Vec::new() }
    }

    fn text(&self, range: Range<usize>) -> &str {
        self.word.as_str().get(range).unwrap_or_default()
    }

    fn values(&mut self, within: Range<usize>, quoted: bool) -> Alternatives {
        let mut values = vec![Text::empty()];
        self.range(&mut values, within, quoted);
        values
    }

    /// Puts the values of a part of the word behind `values`.
    fn range(&mut self, values: &mut Alternatives, within: Range<usize>, quoted: bool) {
        let mut at = within.start;
        while at < within.end {
            let rest = self.text(at..within.end);
            let plain = rest
                .find(|c: char| {
                    matches!(c, '$' | '\\' | '`' | '"')
                        || (c == '\'' && !quoted)
                        || placeholder_index(c).is_some()
                })
                .unwrap_or(rest.len());
            self.literal(values, at..at + plain);
            at += plain;
            let rest = self.text(at..within.end);
            let Some(first) = rest.chars().next() else { break };
            let end = match first {
                '\\' => self.escape(values, at, within.end, quoted),
                '\'' => {
                    let end =
                        rest.get(1..).and_then(|rest| rest.find('\'')).map_or(within.end, |end| at + 1 + end);
                    self.literal(values, at + 1..end);
                    end + 1
                }
                '"' if quoted => {
                    self.literal(values, at..at + 1);
                    at + 1
                }
                '"' => {
                    let end = closing(rest).map_or(within.end, |end| at + end);
                    self.range(values, at + 1..end, true);
                    end + 1
                }
                '`' => {
                    let end = closing(rest).map_or(within.end, |end| at + end);
                    self.substitution(values, at + 1..end, at..end + 1, quoted);
                    end + 1
                }
                '$' => self.dollar(values, at, within.end, quoted),
                placeholder => {
                    let end = at + placeholder.len_utf8();
                    // It is text of the script before the shell reads it.
                    self.splits |= !quoted;
                    let index = placeholder_index(placeholder);
                    if let Some(inner) = index.and_then(|index| self.state.placeholders.get(index)) {
                        append(values, inner, self.word.span(at..end));
                    }
                    end
                }
            };
            at = end.max(at + 1);
        }
    }

    fn literal(&self, values: &mut Alternatives, range: Range<usize>) {
        // Each line has a place of its own, which indentation may keep apart from the one before.
        let mut start = range.start;
        for line in self.text(range).split_inclusive('\n') {
            let at = self.word.span(start..start + line.len());
            start += line.len();
            let piece = Piece::Literal(line.into(), Provenance::at(at));
            for value in values.iter_mut() {
                value.push(piece.clone());
            }
        }
    }

    fn escape(&self, values: &mut Alternatives, at: usize, end: usize, quoted: bool) -> usize {
        let next = self.text(at + 1..end).chars().next();
        let length = next.map_or(0, char::len_utf8);
        match next {
            Some('\n') => {}
            Some(c) if quoted && !matches!(c, '$' | '`' | '"' | '\\') => {
                self.literal(values, at..at + 1 + length);
            }
            _ => self.literal(values, at + 1..at + 1 + length),
        }
        at + 1 + length
    }

    fn dollar(&mut self, values: &mut Alternatives, at: usize, end: usize, quoted: bool) -> usize {
        let rest = self.text(at + 1..end);
        let Some(next) = rest.chars().next() else {
            self.literal(values, at..at + 1);
            return at + 1;
        };
        match next {
            '(' | '{' => {
                let Some(close) = closing(rest).map(|close| at + 1 + close) else {
                    return self.unknown(values, at..end, "an expansion that does not end");
                };
                if rest.starts_with("((") {
                    return self.unknown(values, at..close + 1, "arithmetic");
                }
                if next == '(' {
                    self.substitution(values, at + 2..close, at..close + 1, quoted);
                } else {
                    let inner = self.parameter(at + 2..close, at..close + 1);
                    self.put(values, &inner, at..close + 1, quoted);
                }
                close + 1
            }
            '\'' | '"' if !quoted => at + 1,
            _ => {
                let length = name_length(rest);
                if length == 0 {
                    self.literal(values, at..at + 1);
                    return at + 1;
                }
                let name = rest.get(..length).unwrap_or_default().to_owned();
                let inner = self.variable(&name, at..at + 1 + length);
                self.put(values, &inner, at..at + 1 + length, quoted);
                at + 1 + length
            }
        }
    }

    fn put(&mut self, values: &mut Alternatives, inner: &[Text], range: Range<usize>, quoted: bool) {
        self.splits |= !quoted;
        // An array without elements is no word by itself, and nothing inside of one.
        let nothing = [Text::empty()];
        let inner = if inner.is_empty() && !self.list { &nothing } else { inner };
        append(values, inner, self.word.span(range));
    }

    fn unknown(&mut self, values: &mut Alternatives, range: Range<usize>, why: &'static str) -> usize {
        let end = range.end;
        let at = self.word.span(range);
        append(values, &[Text::hole(Origin::Other(why.into()), at)], at);
        end
    }

    fn substitution(
        &mut self,
        values: &mut Alternatives,
        inner: Range<usize>,
        whole: Range<usize>,
        quoted: bool,
    ) {
        let mut script = Embedded::new(self.word.file());
        script.push_from(self.word, inner);
        let at = self.word.span(whole.clone());
        let (output, commands) = substitution::run(script, at, self.state, self.limits);
        self.substituted.extend(commands);
        self.put(values, &output, whole, quoted);
    }

    /// `name`, `name:-default`, `name[@]`, `name##*/`: what stands between `${` and `}`.
    fn parameter(&mut self, inner: Range<usize>, whole: Range<usize>) -> Alternatives {
        let written = self.text(inner.clone()).to_owned();
        let at = self.word.span(whole.clone());
        let length = name_length(&written);
        let (name, mut operator) = written.split_at(length);
        if name.is_empty() {
            return vec![Text::hole(Origin::Other("a length or an indirect variable".into()), at)];
        }
        let mut start = inner.start + length;
        if let Some((index, rest)) = operator.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            self.list = rest.is_empty() && matches!(index, "@" | "*") && whole.len() == self.bare_length();
            start += index.len() + 2;
            operator = rest;
        }
        let known = self.variable(name, whole);
        let Some((Operator { action, .. }, length)) = Operator::parse(operator) else { return known };
        let word = start + length..inner.end;
        match action {
            Action::Require => known,
            Action::Change => known.iter().map(|value| changed(value, at)).collect(),
            Action::Alternative => {
                vec![Text::hole(Origin::Other("a value that depends on another being set".into()), at)]
            }
            Action::Default | Action::Assign => {
                let (unset, mut values): (Alternatives, Alternatives) =
                    known.into_iter().partition(may_be_unset);
                if !unset.is_empty() {
                    values.extend(self.default(word, at));
                }
                if action == Action::Assign {
                    self.state.set(name, values.clone());
                }
                values
            }
        }
    }

    /// The length of the word without the quotes around it.
    fn bare_length(&self) -> usize {
        self.word.as_str().trim_matches('"').len()
    }

    fn default(&mut self, word: Range<usize>, at: Span) -> Alternatives {
        let Some(deeper) = self.limits.deeper() else {
            return vec![Text::hole(Origin::Other("defaults nested too deeply".into()), at)];
        };
        let before = std::mem::replace(&mut self.limits, deeper);
        let values = self.values(word, false);
        self.limits = before;
        values
    }

    fn variable(&self, name: &str, range: Range<usize>) -> Alternatives {
        let at = self.word.span(range);
        if let Some(value) = self.state.variable(name) {
            let note = format!("`{name}` is used here");
            return value
                .all()
                .iter()
                .take(4 * MAX_ALTERNATIVES)
                .map(|value| value.through(at, note.clone()))
                .collect();
        }
        if ci_variables::is_checkout(name) {
            return vec![State::path_text(Some(&policy_text::source::RepoPath::root()), at)];
        }
        if matches!(name, "PWD") {
            return vec![State::path_text(self.state.folder.as_ref(), at)];
        }
        if matches!(name, "0" | "BASH_SOURCE") {
            let mut path = State::path_text(self.state.script.as_ref(), at);
            path.append(&Text::literal("/script", at));
            return vec![path];
        }
        if let Ok(number) = name.parse::<usize>() {
            let arguments = self.state.arguments.as_ref();
            return match arguments.map(|arguments| arguments.get(number.wrapping_sub(1))) {
                Some(Some(word)) => word.values.clone(),
                Some(None) => vec![Text::empty()],
                None => vec![Text::hole(Origin::Parameter(name.into()), at)],
            };
        }
        if let ("@" | "*", Some(joined)) = (name, self.state.joined_arguments(at)) {
            return vec![joined];
        }
        let origin = match name {
            "@" | "*" | "#" | "?" | "!" | "$" | "-" => Origin::Parameter(name.into()),
            _ => ci_variables::origin_of(name),
        };
        vec![Text::hole(origin, at)]
    }
}

/// Whether a default would take the place of the value: it is empty, or nothing says that it is set.
fn may_be_unset(value: &Text) -> bool {
    match value.pieces() {
        [] => true,
        [Piece::Hole(hole)] => matches!(hole.origin, Origin::Environment(_) | Origin::Parameter(_)),
        _ => false,
    }
}

/// A value after a part of it was cut or replaced: unknown, but as unique as before.
fn changed(value: &Text, at: Span) -> Text {
    let unique = value.holes().find(|hole| matches!(hole.origin, Origin::Unique(_)));
    let origin = match (unique, value.holes().next()) {
        (Some(hole), _) | (None, Some(hole)) => hole.origin.clone(),
        (None, None) => Origin::Other("a part of it is cut out".into()),
    };
    Text::hole(origin, at)
}

/// The length of the name that `text` begins with: letters and digits, a number, or one special character.
fn name_length(text: &str) -> usize {
    let Some(first) = text.chars().next() else { return 0 };
    if first.is_ascii_digit() {
        return text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    }
    if matches!(first, '@' | '*' | '#' | '?' | '!' | '-') {
        return 1;
    }
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The offset of what closes the quote or bracket that `text` begins with.
pub(super) fn closing(text: &str) -> Option<usize> {
    let mut open: Vec<char> = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        let top = open.last().copied();
        match (top, character) {
            (Some('\''), '\'')
            | (Some('"'), '"')
            | (Some('`'), '`')
            | (Some(')'), ')')
            | (Some('}'), '}') => {
                open.pop();
                if open.is_empty() {
                    return Some(offset);
                }
            }
            (Some('\''), _) => {}
            (_, '\\') => {
                characters.next();
            }
            (Some('"'), '\'' | '(' | '{')
                if !text.get(..offset).is_some_and(|before| before.ends_with('$')) => {}
            (_, '\'' | '"' | '`') => open.push(character),
            (_, '(') => open.push(')'),
            (_, '{') => open.push('}'),
            _ => {}
        }
    }
    None
}
