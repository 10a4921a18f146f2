//! Functions that need more than the values of their arguments: laziness, or files.

use std::sync::Arc;

use policy_text::source::{FileId, Span};
use policy_text::value::{Origin, Piece, Provenance, Text};

use super::evaluator::{Evaluator, for_alternatives, unknown_like};
use super::instance::Each;
use super::scope::{Names, Scope};
use super::value::{Data, Object, Value};
use crate::parse::parse_template;
use crate::parse::syntax::{Call, Expr};

/// The value of a call that is evaluated here. `None` for an ordinary function.
pub(super) fn call<'p>(
    evaluator: &Evaluator<'p>,
    call: &Call,
    at: Span,
    scope: Scope<'_, 'p>,
) -> Option<Value> {
    match (&*call.name, call.arguments.as_slice()) {
        ("try", attempts) => Some(try_each(evaluator, attempts, at, scope)),
        ("can", [expression]) => {
            let (value, failed) = evaluator.attempt(|| evaluator.expression(expression, scope));
            Some(match (failed, value.is_unknown()) {
                (true, _) => Value::bool(false, at),
                (false, true) => unknown_like(&value, at),
                (false, false) => Value::bool(true, at),
            })
        }
        ("templatefile", [path, names]) => {
            let path = evaluator.expression(path, scope);
            let names = evaluator.expression(names, scope);
            Some(for_alternatives(&[path, names], at, |values| match values {
                [path, names] => evaluator.template_file(path, names, at),
                _ => Value::unknown_because("there is no template", at),
            }))
        }
        ("templatestring", [template, names]) => {
            let template = evaluator.expression(template, scope);
            let names = evaluator.expression(names, scope);
            Some(for_alternatives(&[template, names], at, |values| match values {
                [template, names] => evaluator.rendered(template, names, at),
                _ => Value::unknown_because("there is no template", at),
            }))
        }
        ("file", [path]) => {
            let path = evaluator.expression(path, scope);
            Some(for_alternatives(&[path], at, |paths| match paths {
                [path] => evaluator.file(path, at),
                _ => Value::unknown_because("there is no path", at),
            }))
        }
        ("fileexists", [path]) => {
            let path = evaluator.expression(path, scope);
            Some(match evaluator.find_file(&path, at) {
                Ok(_) => Value::bool(true, at),
                Err(unknown) => unknown,
            })
        }
        ("filebase64" | "fileset" | "pathexpand", _) => {
            Some(Value::unknown(Origin::Call(call.name.clone()), at))
        }
        _ => None,
    }
}

/// The first argument that does not fail. One that is unknown may fail: then either it or a later one is the value.
fn try_each<'p>(evaluator: &Evaluator<'p>, attempts: &[Expr], at: Span, scope: Scope<'_, 'p>) -> Value {
    for attempt in attempts {
        let (value, failed) = evaluator.attempt(|| evaluator.expression(attempt, scope));
        if !failed {
            return value;
        }
    }
    evaluator.fail("no argument of `try` can be evaluated", at)
}

impl Evaluator<'_> {
    /// The file of the repository that a path in configuration names.
    fn find_file(&self, path: &Value, at: Span) -> Result<FileId, Value> {
        let Some(text) = path.as_string() else { return Err(unknown_like(path, at)) };
        let found = self.folder.join(&text).and_then(|path| self.sources.find(&path));
        found.ok_or_else(|| Value::unknown_because(format!("the file `{text}` is not in the repository"), at))
    }

    /// The text of a file, each line at its own place.
    pub(super) fn file(&self, path: &Value, at: Span) -> Value {
        match self.find_file(path, at) {
            Ok(file) => match self.sources.read(file) {
                Ok(decoded) => Value::new(Data::String(lines(file, &decoded.text)), Span::start_of(file)),
                Err(error) => Value::unknown_because(format!("the file could not be read: {error}"), at),
            },
            Err(unknown) => unknown,
        }
    }

    /// The text of a file as a template that sees `names` alone.
    pub(super) fn template_file(&self, path: &Value, names: &Value, at: Span) -> Value {
        let file = match self.find_file(path, at) {
            Ok(file) => file,
            Err(unknown) => return unknown,
        };
        let decoded = match self.sources.read(file) {
            Ok(decoded) => decoded,
            Err(error) => return Value::unknown_because(format!("the file could not be read: {error}"), at),
        };
        self.template_text(Span::start_of(file), &decoded.text, names, at)
    }

    /// A string as a template that sees `names` alone.
    pub(super) fn rendered(&self, template: &Value, names: &Value, at: Span) -> Value {
        let Data::String(text) = &template.data else { return unknown_like(template, at) };
        let Some(known) = text.known() else { return unknown_like(template, at) };
        if let Some(place) = whole(text) {
            return self.template_text(place, &known, names, at);
        }
        // Escapes and indentation are gone from it: only the place of the whole is right.
        let rendered = self.template_text(template.at(), &known, names, at);
        match rendered.to_text() {
            Some(text) => Value::new(Data::String(moved(&text, template.at())), template.at()),
            None => rendered,
        }
    }

    fn template_text(&self, place: Span, text: &str, names: &Value, at: Span) -> Value {
        let Ok(parts) = parse_template(place, text) else {
            return Value::unknown_because("the template is not valid", at);
        };
        let none = Object::default();
        let bound = names.as_object().unwrap_or(&none);
        let scope = Scope { instance: None, each: &Each::None, names: None };
        with_all(&mut bound.entries.iter(), scope, &mut |scope| self.template(&parts, place, scope))
    }
}

/// Binds the names one inside another.
fn with_all<'p>(
    entries: &mut std::collections::btree_map::Iter<'_, Arc<str>, Value>,
    scope: Scope<'_, 'p>,
    work: &mut dyn FnMut(Scope<'_, 'p>) -> Value,
) -> Value {
    match entries.next() {
        Some((name, value)) => {
            let bound = Names { name, value, outer: scope.names };
            with_all(entries, scope.with(&bound), work)
        }
        None => work(scope),
    }
}

/// The place of a text that stands in a file exactly as it is.
fn whole(text: &Text) -> Option<Span> {
    let mut whole: Option<Span> = None;
    for piece in text.pieces() {
        let Piece::Literal(literal, provenance) = piece else { return None };
        let at = provenance.at;
        let follows = whole.is_none_or(|whole| whole.file == at.file && whole.end == at.start);
        if !follows || at.range().len() != literal.len() {
            return None;
        }
        whole = Some(whole.map_or(at, |whole| whole.to(at)));
    }
    whole
}

/// The text with every literal of the file of `at` placed there.
fn moved(text: &Text, at: Span) -> Text {
    let mut moved = Text::empty();
    for piece in text.pieces() {
        moved.push(match piece {
            Piece::Literal(literal, provenance) if provenance.at.file == at.file => {
                Piece::Literal(literal.clone(), Provenance::at(at))
            }
            piece => piece.clone(),
        });
    }
    moved
}

fn lines(file: FileId, text: &str) -> Text {
    let mut value = Text::empty();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = Span::new(file, start..start + line.len());
        value.push(Piece::Literal(Arc::from(line), Provenance::at(at)));
        start = at.end as usize;
    }
    value
}
