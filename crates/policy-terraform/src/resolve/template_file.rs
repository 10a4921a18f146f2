//! Files that configuration reads, as they are or as templates.

use std::sync::Arc;

use policy_text::source::{Decoded, FileId, Sources, Span};
use policy_text::value::{Piece, Provenance, Text};

use super::evaluation::{Evaluation, unknown_like};
use super::limits::{BYTES_PER_STEP, Limit};
use super::scope::{Binding, Scope};
use super::value::{Data, Object, Value};
use crate::parse::parse_template;

impl Evaluation<'_> {
    /// The file of the repository that a path in configuration names.
    fn find_file(&self, path: &Value, at: Span) -> Result<(&Sources<'_>, FileId), Value> {
        let Some(text) = path.as_string() else { return Err(unknown_like(path, at)) };
        let Some(files) = self.files else {
            return Err(Value::unknown_because("the folder that its path counts from is not known", at));
        };
        let found = files.folder.join(&text).and_then(|path| files.sources.find(&path));
        let missing = || Value::unknown_because(format!("the file `{text}` is not in the repository"), at);
        Ok((files.sources, found.ok_or_else(missing)?))
    }

    fn read_file(&self, path: &Value, at: Span) -> Result<(FileId, Decoded), Value> {
        let (sources, file) = self.find_file(path, at)?;
        let failed = |error| Value::unknown_because(format!("the file could not be read: {error}"), at);
        Ok((file, sources.read(file).map_err(failed)?))
    }

    /// Whether a file is there. One that is not in the repository may be made before Terraform runs.
    pub(super) fn file_exists(&self, path: &Value, at: Span) -> Value {
        match self.find_file(path, at) {
            Ok(_) => Value::bool(true, at),
            Err(unknown) => unknown,
        }
    }

    /// The text of a file, each line at its own place.
    pub(super) fn file(&self, path: &Value, at: Span) -> Value {
        match self.read_file(path, at) {
            Ok((_, decoded)) if self.spend(decoded.text.len() / BYTES_PER_STEP, at).is_err() => {
                Limit::Steps.value(at)
            }
            Ok((file, decoded)) => Value::new(Data::String(lines(file, &decoded.text)), Span::start_of(file)),
            Err(unknown) => unknown,
        }
    }

    /// The text of a file as a template that sees `names` alone.
    pub(super) fn template_file(&self, path: &Value, names: &Value, at: Span) -> Value {
        match self.read_file(path, at) {
            Ok((file, decoded)) => self.template_text(Span::start_of(file), &decoded.text, names, at),
            Err(unknown) => unknown,
        }
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
        // To parse a template takes longer than to copy it.
        if self.spend(text.len(), at).is_err() {
            return Limit::Steps.value(at);
        }
        let Ok(parts) = parse_template(place, text) else {
            return Value::unknown_because("the template is not valid", at);
        };
        let none = Object::default();
        let bound = names.as_object().unwrap_or(&none);
        with_all(&mut bound.entries.iter(), Scope::EMPTY, &mut |scope| self.template(&parts, place, scope))
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
            let binding = Binding { name, value, outer: scope.bound };
            with_all(entries, scope.with(&binding), work)
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
