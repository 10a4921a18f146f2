//! The expressions of GitHub Actions: `${{ inputs.tag || 'latest' }}`, as far as a file alone decides them.

mod lexer;

use std::ops::Range;

use policy_text::embedded::Embedded;
use policy_text::value::alternatives::{Alternatives, MAX_ALTERNATIVES, append};
use policy_text::value::{Origin, Piece, Provenance, Text};

use super::scope::Scope;
use lexer::{Token, tokens};

/// How deep brackets may stand in brackets.
const MAX_DEPTH: usize = 16;

/// A value with its expressions put in.
pub(super) fn interpolate(value: &Embedded, scope: &Scope) -> Alternatives {
    let mut values = vec![Text::empty()];
    let mut at = 0;
    for expression in expressions(value.as_str()) {
        let place = value.span(expression.clone());
        append(&mut values, &[literal(value, at..expression.start)], place);
        append(&mut values, &evaluate(value, expression.clone(), scope), place);
        at = expression.end;
    }
    append(&mut values, &[literal(value, at..value.as_str().len())], value.span(at..at));
    values
}

/// The `${{ … }}` of a text, each with its brackets.
pub(super) fn expressions(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("${{")).map(|start| at + start) {
        let Some(end) = text.get(start..).and_then(|rest| rest.find("}}")).map(|end| start + end + 2) else {
            break;
        };
        found.push(start..end);
        at = end;
    }
    found
}

/// What the expression at `range`, brackets included, can be.
pub(super) fn evaluate(value: &Embedded, range: Range<usize>, scope: &Scope) -> Alternatives {
    let inner = range.start + 3..range.end.saturating_sub(2).max(range.start + 3);
    let tokens = tokens(value.as_str(), inner);
    let mut parser = Parser { value, tokens: &tokens, next: 0, scope, whole: range };
    let result = parser.or(0);
    if parser.next < parser.tokens.len() { parser.unknown() } else { result.values }
}

fn literal(value: &Embedded, range: Range<usize>) -> Text {
    let text = value.as_str().get(range.clone()).unwrap_or_default();
    let mut result = Text::empty();
    let mut at = range.start;
    // Lines that are indented in the file have places of their own.
    for line in text.split_inclusive('\n') {
        let place = value.span(at..at + line.len());
        result.push(Piece::Literal(line.into(), Provenance::at(place)));
        at += line.len();
    }
    result
}

struct Parser<'a> {
    value: &'a Embedded,
    tokens: &'a [(Token, Range<usize>)],
    next: usize,
    scope: &'a Scope,
    whole: Range<usize>,
}

/// What an operand can be, and whether it is surely set, so that what stands behind `||` never counts.
pub(super) struct Operand {
    pub(super) values: Alternatives,
    pub(super) sure: bool,
}

impl Parser<'_> {
    fn unknown(&self) -> Alternatives {
        vec![Text::hole(Origin::Other("an expression".into()), self.value.span(self.whole.clone()))]
    }

    fn accept(&mut self, operator: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some((Token::Operator(own), _)) if own == operator);
        self.next += usize::from(found);
        found
    }

    fn or(&mut self, depth: usize) -> Operand {
        let mut left = self.and(depth);
        while self.accept("||") {
            let right = self.and(depth);
            if left.sure {
                continue;
            }
            left.values.retain(|value| !value.is_empty());
            left.values.extend(right.values);
            left.values.truncate(MAX_ALTERNATIVES);
            left.sure = right.sure;
        }
        left
    }

    fn and(&mut self, depth: usize) -> Operand {
        let mut left = self.comparison(depth);
        while self.accept("&&") {
            let right = self.comparison(depth);
            left = Operand { values: right.values, sure: false };
        }
        left
    }

    fn comparison(&mut self, depth: usize) -> Operand {
        let left = self.operand(depth);
        if ["==", "!=", "<=", ">=", "<", ">"].iter().any(|operator| self.accept(operator)) {
            self.operand(depth);
            return Operand { values: self.unknown(), sure: false };
        }
        left
    }

    fn operand(&mut self, depth: usize) -> Operand {
        let unknown = Operand { values: self.unknown(), sure: false };
        if depth > MAX_DEPTH {
            self.next = self.tokens.len();
            return unknown;
        }
        if self.accept("!") {
            self.operand(depth + 1);
            return unknown;
        }
        if self.accept("(") {
            let inner = self.or(depth + 1);
            self.accept(")");
            return inner;
        }
        let Some((token, range)) = self.tokens.get(self.next) else { return unknown };
        self.next += 1;
        match token {
            Token::Text(text) => {
                let place = Provenance::at(self.value.span(range.clone()));
                Operand { values: vec![Text::literal_from(text.as_str(), place)], sure: !text.is_empty() }
            }
            Token::Path(path) if self.accept("(") => {
                self.call(path.first().map_or("", String::as_str), depth)
            }
            Token::Path(path) => self.scope.look_up(path, self.value.span(range.clone())),
            Token::Operator(_) => unknown,
        }
    }

    fn call(&mut self, name: &str, depth: usize) -> Operand {
        let mut arguments = Vec::new();
        while self.next < self.tokens.len() && !self.accept(")") {
            arguments.push(self.or(depth + 1));
            if !self.accept(",")
                && !matches!(self.tokens.get(self.next), Some((Token::Operator(own), _)) if own == ")")
            {
                break;
            }
        }
        let at = self.value.span(self.whole.clone());
        let unknown = || Operand { values: vec![Text::hole(Origin::Call(name.into()), at)], sure: false };
        let mut arguments = arguments.into_iter();
        match (name, arguments.next()) {
            ("format", Some(template)) => {
                let Some(template) = template.values.into_iter().next() else { return unknown() };
                let arguments: Vec<Alternatives> = arguments.map(|argument| argument.values).collect();
                format(&template, &arguments, at)
                    .map_or_else(unknown, |values| Operand { values, sure: true })
            }
            _ => unknown(),
        }
    }
}

/// `format('{0}:{1}', a, b)`.
fn format(
    template: &Text,
    arguments: &[Alternatives],
    at: policy_text::source::Span,
) -> Option<Alternatives> {
    let mut parts = template.split(|character| character == '{').into_iter();
    let mut values = vec![parts.next()?];
    for part in parts {
        let (index, behind) = part.split_once('}')?;
        append(&mut values, arguments.get(index.known()?.parse::<usize>().ok()?)?, at);
        append(&mut values, &[behind], at);
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use policy_text::source::{FileId, Span};

    use super::*;

    #[test]
    fn a_format_of_many_parts_costs_little() {
        let at = Span::start_of(FileId(0));
        let of = |template: &str| format(&Text::literal(template, at), &[vec![Text::literal("x", at)]], at);
        assert_eq!(of("a{0}b{0}").unwrap()[0].to_string(), "axbx");
        assert_eq!(of(&"{0}".repeat(300_000)).unwrap()[0].to_string().len(), 300_000);
        assert!(of("{1}").is_none() && of("{").is_none());
    }

    #[track_caller]
    fn assert_value(written: &str, expected: &[&str]) {
        let at = Span::start_of(FileId(0));
        let mut scope = Scope::default();
        scope.inputs.insert("tag".into(), vec![Text::literal("latest", at)]);
        scope.env.insert("REG".into(), vec![Text::literal("r.io", at)]);
        let values = interpolate(&Embedded::whole(FileId(0), written), &scope);
        assert_eq!(values.iter().map(ToString::to_string).collect::<Vec<_>>(), expected, "{written}");
    }

    #[test]
    fn contexts_and_literals_are_put_in() {
        assert_value("${{ env.REG }}/web:${{ github.sha }}", &["r.io/web:${github.sha}"]);
        assert_value("${{ format('{0}/web:{1}', env.REG, 'x') }}", &["r.io/web:x"]);
        assert_value("${{ secrets['TOKEN'] }}", &["${TOKEN}"]);
        assert_value("plain ${{ open", &["plain ${{ open"]);
    }

    #[test]
    fn a_fallback_counts_unless_what_stands_before_it_is_sure() {
        assert_value("${{ inputs.tag || 'main' }}", &["latest", "main"]);
        assert_value("${{ env.REG || 'other' }}", &["r.io"]);
        assert_value("${{ github.ref == 'x' && 'prod' || 'dev' }}", &["prod", "dev"]);
        assert_value("${{ steps.x.outputs.tag || 'it''s' }}", &["${steps.x.outputs.tag}", "it's"]);
    }

    #[test]
    fn what_cannot_be_read_is_a_hole() {
        assert_value("${{ fromJSON(env.X)[0] }}", &["${…}"]);
        assert_value(&format!("${{{{ {} }}}}", "(".repeat(1_000)), &["${…}"]);
    }
}
