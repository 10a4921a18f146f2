//! Evaluates templates into text that may be partly unknown.

use policy_text::source::Span;
use policy_text::value::{Piece, Provenance, Text};

use super::evaluation::{Evaluation, unknown_like};
use super::expression::{elements, unknown_origin};
use super::scope::{Binding, Scope};
use super::value::{Data, Value};
use crate::parse::syntax::{Part, TemplateFor, TemplateIf};

/// The most pieces of one text, and the most bytes.
const MAX_PIECES: usize = 20_000;
const MAX_BYTES: usize = 1 << 20;

/// Pieces of text that are put in for a step.
const PIECES_PER_STEP: usize = 2;

/// The texts that a template may turn out to be.
type Texts = Vec<Text>;

impl<'p> Evaluation<'p> {
    /// The value of a template: a string, or the value itself where the template is one interpolation and nothing else.
    pub(super) fn template(&self, parts: &[Part], at: Span, scope: Scope<'_, 'p>) -> Value {
        if let [Part::Interpolation(inner)] = parts {
            return self.expression(inner, scope);
        }
        let texts = self.parts(parts, vec![Text::empty()], scope);
        if texts.iter().any(is_too_long) {
            return Value::unknown_because("the text is too long", at);
        }
        Value::one_of(texts.into_iter().map(|text| Value::new(Data::String(text), at)), at)
    }

    /// Appends the parts to each of `texts`.
    fn parts(&self, parts: &[Part], mut texts: Texts, scope: Scope<'_, 'p>) -> Texts {
        for part in parts {
            texts = match part {
                Part::Literal(text, at) => {
                    let piece = Piece::Literal(text.clone(), Provenance::at(*at));
                    for text in &mut texts {
                        text.push(piece.clone());
                    }
                    texts
                }
                Part::Interpolation(inner) => {
                    let value = self.expression(inner, scope);
                    let alternatives: Texts = value
                        .alternatives()
                        .iter()
                        .map(|value| {
                            value.to_text().unwrap_or_else(|| {
                                let failed = self.fail("it cannot be part of a string", inner.at);
                                Text::hole(unknown_origin(&failed), inner.at)
                            })
                        })
                        .collect();
                    // What is put in can be long itself; literals are bounded by the file.
                    if alternatives.iter().any(|text| text.pieces().len() > 100)
                        && texts.iter().any(is_too_long)
                    {
                        return texts;
                    }
                    let pieces: usize = alternatives.iter().map(|text| text.pieces().len()).sum();
                    if self.spend(texts.len() * pieces / PIECES_PER_STEP, inner.at).is_err() {
                        return texts;
                    }
                    append(texts, &alternatives, inner.at)
                }
                Part::If(it) => self.directive_if(it, texts, scope),
                Part::For(it) => self.directive_for(it, texts, scope),
            };
        }
        texts
    }

    fn directive_if(&self, it: &TemplateIf, texts: Texts, scope: Scope<'_, 'p>) -> Texts {
        match self.expression(&it.condition, scope.of_condition()).as_bool() {
            Some(true) => self.parts(&it.then, texts, scope),
            Some(false) => self.parts(&it.otherwise, texts, scope),
            None => {
                let mut branches = self.parts(&it.then, vec![Text::empty()], scope);
                branches.extend(self.parts(&it.otherwise, vec![Text::empty()], scope));
                append(texts, &branches, it.at)
            }
        }
    }

    fn directive_for(&self, it: &TemplateFor, mut texts: Texts, scope: Scope<'_, 'p>) -> Texts {
        let collection = self.expression(&it.collection, scope);
        let elements = match elements(&collection, it.at) {
            Ok(elements) => elements,
            Err(unknown) => return append(texts, &[hole(&unknown, it.at)], it.at),
        };
        // To measure a text takes as long as to write it: that is done each time that it has grown by a quarter.
        let longest = |texts: &Texts| texts.iter().map(|text| text.pieces().len()).max().unwrap_or_default();
        let mut measured = longest(&texts);
        for (key, value) in &elements.entries {
            let length = longest(&texts);
            if length > measured + measured / 4 {
                measured = length;
                if texts.iter().any(is_too_long) {
                    return texts;
                }
            }
            let of_value = Binding { name: &it.value_name, value, outer: scope.bound };
            texts = match &it.key_name {
                Some(name) => {
                    let of_key = Binding { name, value: key, outer: Some(&of_value) };
                    self.parts(&it.body, texts, scope.with(&of_key))
                }
                None => self.parts(&it.body, texts, scope.with(&of_value)),
            };
        }
        match elements.more {
            Some(more) => append(texts, &[Text::hole(more.origin, more.at)], it.at),
            None => texts,
        }
    }
}

fn hole(value: &Value, at: Span) -> Text {
    Text::hole(unknown_origin(&unknown_like(value, at)), at)
}

/// Every text followed by every one of `tails`; a hole instead where that would be too many.
fn append(mut texts: Texts, tails: &[Text], at: Span) -> Texts {
    let too_many = texts.len() * tails.len() > Value::MAX_ALTERNATIVES;
    let hole;
    let tails = if too_many {
        hole = [Text::hole(policy_text::value::Origin::Other("more than 8 alternatives".into()), at)];
        &hole
    } else {
        tails
    };
    if let [tail] = tails {
        for text in &mut texts {
            text.append(tail);
        }
        return texts;
    }
    texts
        .iter()
        .flat_map(|text| {
            tails.iter().map(|tail| {
                let mut text = text.clone();
                text.append(tail);
                text
            })
        })
        .collect()
}

fn is_too_long(text: &Text) -> bool {
    text.pieces().len() > MAX_PIECES
        || text.pieces().iter().filter_map(Piece::as_literal).map(str::len).sum::<usize>() > MAX_BYTES
}
