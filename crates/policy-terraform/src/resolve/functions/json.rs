//! JSON, written and read with the place of every piece: what `jsonencode` makes of a value, [`decode`] makes that value
//! again, unknown parts and all. The same reader understands a template or a file that holds JSON.

mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::{Hole, Piece, Provenance, Text};

use super::arguments::{Call, MAX_DEPTH, Outcome, Stop, text_value};
use super::limits::MAX_ITEMS;
use crate::resolve::Number;
use crate::resolve::value::{Data, List, More, Object, Value};
pub(super) use write::{encode, escape};

/// `jsonencode`: the places of the value's parts are kept in the text.
pub(super) fn jsonencode(call: &Call<'_>) -> Outcome {
    let value = call.arguments.first().ok_or("an argument is missing")?;
    let text = encode(value, 0).ok_or_else(|| call.unknown("the value is nested too deeply"))?;
    Ok(Value { from: value.from.clone(), ..text_value(text, call.at) })
}

/// `jsondecode`, also of a text of which parts are unknown.
pub(super) fn jsondecode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    if let [Piece::Hole(hole)] = text.pieces() {
        return Err(Stop::Unknown(Value::unknown(hole.origin.clone(), hole.at)));
    }
    decode(&text, call.at).map_err(Stop::Wrong)
}

/// Reads a JSON document of which parts may be unknown. A hole in the place of a value is an unknown value; one where an
/// element or a member could stand is any number of them. `at` is the place of what no known piece holds.
pub fn decode(text: &Text, at: Span) -> Result<Value, String> {
    let mut reader = Reader { pieces: text.pieces(), offset: 0, last: at, at };
    let value = reader.value(0)?;
    match reader.peek()? {
        None => Ok(value),
        Some(_) => Err(String::from("there is something after the end of the JSON document")),
    }
}

struct Reader<'t> {
    pieces: &'t [Piece],
    /// The byte of the first piece that is read next.
    offset: usize,
    /// The place of the last quote or bracket that was read.
    last: Span,
    at: Span,
}

enum Next<'t> {
    Letter(char),
    Hole(&'t Hole),
}

impl<'t> Reader<'t> {
    /// The next thing that is not white space.
    fn peek(&mut self) -> Result<Option<Next<'t>>, String> {
        loop {
            match self.next() {
                Some(Next::Letter(' ' | '\t' | '\n' | '\r')) => self.advance(1),
                other => return Ok(other),
            }
        }
    }

    fn next(&mut self) -> Option<Next<'t>> {
        loop {
            match self.pieces.first()? {
                Piece::Hole(hole) => return Some(Next::Hole(hole)),
                Piece::Literal(literal, _) => {
                    match literal.get(self.offset..).and_then(|rest| rest.chars().next()) {
                        Some(letter) => return Some(Next::Letter(letter)),
                        None => self.skip_piece(),
                    }
                }
            }
        }
    }

    fn advance(&mut self, bytes: usize) {
        self.offset += bytes;
    }

    fn close(&mut self) {
        self.last = self.from().at;
        self.advance(1);
    }

    fn skip_piece(&mut self) {
        self.pieces = self.pieces.get(1..).unwrap_or_default();
        self.offset = 0;
    }

    /// Where the piece that is read next was written.
    fn from(&self) -> Provenance {
        match self.pieces.first() {
            Some(Piece::Literal(literal, from)) => {
                from.part(literal, self.offset..literal.len().min(self.offset + 1))
            }
            Some(Piece::Hole(hole)) => Provenance::at(hole.at),
            None => Provenance::at(self.at),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > MAX_DEPTH {
            return Err("the JSON is nested too deeply".to_owned());
        }
        let next = self.peek()?;
        let mut from = self.from();
        let data = match next {
            None => return Err("the JSON document ends too early".to_owned()),
            Some(Next::Hole(_)) => return Ok(self.bare()),
            Some(Next::Letter('"')) => Data::String(self.string()?),
            Some(Next::Letter('[')) => self.array(depth)?,
            Some(Next::Letter('{')) => self.object(depth)?,
            Some(Next::Letter(_)) => return self.word(),
        };
        from.at = from.at.to(self.last);
        Ok(Value { data, from })
    }

    /// A value outside quotes that begins with a hole: unknown, together with the characters that touch it.
    fn bare(&mut self) -> Value {
        let mut hole = None;
        loop {
            match self.next() {
                Some(Next::Hole(found)) => {
                    hole.get_or_insert(found);
                    self.skip_piece();
                }
                Some(Next::Letter(letter)) if letter.is_ascii_alphanumeric() || "+-.".contains(letter) => {
                    self.advance(1);
                }
                _ => break,
            }
        }
        match hole {
            Some(hole) => Value::unknown(hole.origin.clone(), hole.at),
            None => Value::unknown_because("the JSON is not known", self.at),
        }
    }

    /// A number, `true`, `false` or `null`; unknown where a hole touches it.
    fn word(&mut self) -> Result<Value, String> {
        let from = self.from();
        let mut word = String::new();
        loop {
            match self.next() {
                Some(Next::Letter(letter)) if letter.is_ascii_alphanumeric() || "+-.".contains(letter) => {
                    word.push(letter);
                    self.advance(1);
                }
                Some(Next::Hole(_)) => return Ok(self.bare()),
                _ => break,
            }
        }
        let data = match word.as_str() {
            "null" => Data::Null,
            "true" => Data::Bool(true),
            "false" => Data::Bool(false),
            _ => Data::Number(json_number(&word).ok_or_else(|| format!("`{word}` is no JSON value"))?),
        };
        Ok(Value { data, from })
    }

    fn string(&mut self) -> Result<Text, String> {
        self.advance(1);
        let mut text = Text::empty();
        loop {
            match self.next() {
                None => return Err("a JSON string is not closed".to_owned()),
                Some(Next::Hole(hole)) => {
                    text.push(Piece::Hole(hole.clone()));
                    self.skip_piece();
                }
                Some(Next::Letter('"')) => {
                    self.close();
                    return Ok(text);
                }
                Some(Next::Letter('\\')) => {
                    let from = self.from();
                    let letter = self.escaped()?;
                    text.push(Piece::Literal(letter.to_string().into(), from));
                }
                Some(Next::Letter(_)) => self.plain(&mut text),
            }
        }
    }

    /// The characters up to the next quote, escape or end of the piece.
    fn plain(&mut self, text: &mut Text) {
        if let Some(Piece::Literal(literal, from)) = self.pieces.first() {
            let rest = literal.get(self.offset..).unwrap_or_default();
            let end = rest.find(['"', '\\']).unwrap_or(rest.len());
            let range = self.offset..self.offset + end;
            let from = from.part(literal, range);
            text.push(Piece::Literal(rest.get(..end).unwrap_or_default().into(), from));
            self.offset += end;
        }
    }

    fn escaped(&mut self) -> Result<char, String> {
        self.advance(1);
        let Some(Next::Letter(letter)) = self.next() else {
            return Err("a JSON escape is not complete".to_owned());
        };
        self.advance(letter.len_utf8());
        Ok(match letter {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\u{8}',
            'f' => '\u{c}',
            '"' | '\\' | '/' => letter,
            'u' => {
                let unit = self.four_digits()?;
                let low = if (0xD800..0xDC00).contains(&unit) { self.low_surrogate()? } else { None };
                let code = low.map_or(unit, |low| 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return Err("a JSON escape is not valid".to_owned()),
        })
    }

    fn low_surrogate(&mut self) -> Result<Option<u32>, String> {
        let Some(Piece::Literal(literal, _)) = self.pieces.first() else { return Ok(None) };
        if !literal.get(self.offset..).is_some_and(|rest| rest.starts_with("\\u")) {
            return Ok(None);
        }
        let before = self.offset;
        self.advance(2);
        let unit = self.four_digits()?;
        if (0xDC00..0xE000).contains(&unit) {
            return Ok(Some(unit));
        }
        self.offset = before;
        Ok(None)
    }

    fn four_digits(&mut self) -> Result<u32, String> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = match self.next() {
                Some(Next::Letter(letter)) => letter.to_digit(16),
                _ => None,
            };
            code = code * 16 + digit.ok_or("a JSON escape is not complete")?;
            self.advance(1);
        }
        Ok(code)
    }

    fn array(&mut self, depth: usize) -> Result<Data, String> {
        self.advance(1);
        let mut list = List::default();
        let mut separated = true;
        loop {
            match self.peek()? {
                None => return Err("a JSON array is not closed".to_owned()),
                Some(Next::Letter(']')) if !separated || list.items.is_empty() || list.more.is_some() => {
                    self.close();
                    return Ok(Data::List(Arc::new(list)));
                }
                Some(Next::Letter(',')) if !separated || list.more.is_some() => {
                    self.advance(1);
                    separated = true;
                }
                Some(Next::Hole(hole)) => {
                    list.more.get_or_insert(More {
                        after: list.items.len(),
                        origin: hole.origin.clone(),
                        at: hole.at,
                    });
                    self.skip_piece();
                    separated = true;
                }
                Some(Next::Letter(letter)) if separated && letter != ']' => {
                    list.items.push(self.value(depth + 1)?);
                    separated = false;
                }
                Some(Next::Letter(letter)) => {
                    return Err(format!("`{letter}` where a `,` is needed in the JSON"));
                }
            }
            if list.items.len() > MAX_ITEMS {
                return Err("the value is too large".to_owned());
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Data, String> {
        self.advance(1);
        let mut object = Object { entries: BTreeMap::new(), more: None };
        let mut separated = true;
        loop {
            match self.peek()? {
                None => return Err("a JSON object is not closed".to_owned()),
                Some(Next::Letter('}'))
                    if !separated || object.entries.is_empty() || object.more.is_some() =>
                {
                    self.close();
                    return Ok(Data::Object(Arc::new(object)));
                }
                Some(Next::Letter(',')) if !separated || object.more.is_some() => {
                    self.advance(1);
                    separated = true;
                }
                Some(Next::Hole(hole)) => {
                    object.more.get_or_insert_with(|| (hole.origin.clone(), hole.at));
                    self.skip_piece();
                    separated = true;
                }
                Some(Next::Letter('"')) if separated => {
                    self.member(&mut object, depth)?;
                    separated = false;
                }
                Some(Next::Letter(letter)) => {
                    return Err(format!("`{letter}` where a member or `}}` is needed in the JSON"));
                }
            }
        }
    }

    fn member(&mut self, object: &mut Object, depth: usize) -> Result<(), String> {
        let name = self.string()?;
        match self.peek()? {
            Some(Next::Letter(':')) => self.advance(1),
            _ => return Err("a JSON member has no `:`".to_owned()),
        }
        let value = self.value(depth + 1)?;
        match name.holes().next() {
            None => {
                object.entries.insert(name.known().unwrap_or_default().into(), value);
            }
            Some(hole) => {
                object.more.get_or_insert((hole.origin.clone(), hole.at));
            }
        }
        Ok(())
    }
}

fn json_number(word: &str) -> Option<Number> {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let leading_zero = digits.len() > 1
        && digits.starts_with('0')
        && digits.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    if leading_zero || word.starts_with('+') { None } else { Number::parse(word) }
}
