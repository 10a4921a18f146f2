//! Templates: strip markers and the indentation of here-documents applied line by line, as Terraform does.

use std::ops::Range;
use std::sync::Arc;
use std::vec::IntoIter;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::template::{Directive, Element, ForTemplateExpr, Strip, Template};

use super::convert::{self, Piece};
use super::syntax::{ExprKind, Part, TemplateFor, TemplateIf};

/// A quoted string with interpolation.
pub(super) fn quoted(piece: Piece<'_>, template: &Template) -> ExprKind {
    let tokens = trim(flatten(template, &|text, range| vec![(text.to_owned(), range)]));
    ExprKind::Template(nest(piece, &mut tokens.into_iter()).into())
}

/// A here-document, flush (`<<-`) or not.
pub(super) fn here_document(piece: Piece<'_>, template: &Template, flush: bool) -> ExprKind {
    let mut tokens = trim(flatten(template, &|_, range| lines(piece, range)));
    if flush {
        outdent(&mut tokens);
    }
    ExprKind::Template(nest(piece, &mut tokens.into_iter()).into())
}

/// A whole file as a template.
pub(super) fn file(piece: Piece<'_>, template: &Template) -> Vec<Part> {
    let tokens = trim(flatten(template, &|_, range| lines(piece, range)));
    nest(piece, &mut tokens.into_iter())
}

/// The pieces of a literal, each with its place.
type Literals = Vec<(String, Range<usize>)>;

/// A literal line by line, from the file's own text, so that each line has its own place.
fn lines(piece: Piece<'_>, range: Range<usize>) -> Literals {
    let mut start = range.start;
    let written = piece.text.get(range).unwrap_or_default();
    written
        .split_inclusive('\n')
        .map(|line| {
            let at = start..start + line.len();
            start = at.end;
            (line.replace("$${", "${").replace("%%{", "%{"), at)
        })
        .collect()
}

/// The template as one flat sequence: strip markers and indentation do not care how directives nest.
struct Token<'e> {
    kind: TokenKind<'e>,
    range: Range<usize>,
    strip: Strip,
}

enum TokenKind<'e> {
    Literal(String),
    Interpolation(&'e Expression),
    If(&'e Expression),
    Else,
    EndIf,
    For(&'e ForTemplateExpr),
    EndFor,
}

fn flatten<'e>(template: &'e Template, split: &dyn Fn(&str, Range<usize>) -> Literals) -> Vec<Token<'e>> {
    let mut tokens = Vec::new();
    flatten_into(&mut tokens, template, split);
    tokens
}

fn flatten_into<'e>(
    tokens: &mut Vec<Token<'e>>,
    template: &'e Template,
    split: &dyn Fn(&str, Range<usize>) -> Literals,
) {
    for element in template {
        let range = element.span().unwrap_or_default();
        let mut push = |kind, strip| tokens.push(Token { kind, range: range.clone(), strip });
        match element {
            Element::Literal(text) => {
                for (line, range) in split(text, range) {
                    tokens.push(Token { kind: TokenKind::Literal(line), range, strip: Strip::None });
                }
            }
            Element::Interpolation(it) => push(TokenKind::Interpolation(&it.expr), it.strip),
            Element::Directive(directive) => match directive.as_ref() {
                Directive::If(it) => {
                    push(TokenKind::If(&it.if_expr.cond_expr), it.if_expr.strip);
                    flatten_into(tokens, &it.if_expr.template, split);
                    if let Some(otherwise) = &it.else_expr {
                        let kind = TokenKind::Else;
                        tokens.push(Token { kind, range: range.clone(), strip: otherwise.strip });
                        flatten_into(tokens, &otherwise.template, split);
                    }
                    tokens.push(Token { kind: TokenKind::EndIf, range, strip: it.endif_expr.strip });
                }
                Directive::For(it) => {
                    push(TokenKind::For(&it.for_expr), it.for_expr.strip);
                    flatten_into(tokens, &it.for_expr.template, split);
                    tokens.push(Token { kind: TokenKind::EndFor, range, strip: it.endfor_expr.strip });
                }
            },
        }
    }
}

/// A strip marker takes the space of the next literal on its side, but never more than that one's line.
fn trim(mut tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    for index in 0..tokens.len() {
        let strip = tokens.get(index).map_or(Strip::None, |token| token.strip);
        if strip.strip_start()
            && let Some(TokenKind::Literal(before)) =
                index.checked_sub(1).and_then(|before| tokens.get_mut(before)).map(|token| &mut token.kind)
        {
            before.truncate(before.trim_end().len());
        }
        if strip.strip_end()
            && let Some(TokenKind::Literal(after)) = tokens.get_mut(index + 1).map(|token| &mut token.kind)
        {
            after.drain(..after.len() - after.trim_start().len());
        }
    }
    tokens
}

/// Takes from each line the space that all lines begin with. Blank lines neither count nor change.
fn outdent(tokens: &mut [Token<'_>]) {
    let mut least = usize::MAX;
    let mut at_line_start = true;
    let mut starts = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let TokenKind::Literal(text) = &token.kind else {
            if at_line_start {
                least = 0;
            }
            at_line_start = false;
            continue;
        };
        let blank = text.trim().is_empty() && text.ends_with('\n');
        if at_line_start && !blank {
            least = least.min(text.chars().take_while(|c| c.is_whitespace()).count());
            starts.push(index);
        }
        at_line_start = text.ends_with('\n');
    }
    for index in starts {
        if let Some(Token { kind: TokenKind::Literal(text), range, .. }) = tokens.get_mut(index) {
            let taken: usize = text.chars().take(least).map(char::len_utf8).sum();
            // A line that has lost more than its indentation keeps the place of the whole.
            if range.len() == text.len() {
                range.start += taken;
            }
            text.drain(..taken);
        }
    }
}

/// Reads tokens up to the end of the directive they are in.
fn nest(piece: Piece<'_>, tokens: &mut IntoIter<Token<'_>>) -> Vec<Part> {
    nest_until(piece, tokens).0
}

/// The parts, and whether an `else` ended them.
fn nest_until(piece: Piece<'_>, tokens: &mut IntoIter<Token<'_>>) -> (Vec<Part>, bool) {
    let mut parts = Vec::new();
    while let Some(token) = tokens.next() {
        let at = piece.span(Some(token.range));
        match token.kind {
            TokenKind::Literal(text) if text.is_empty() => {}
            TokenKind::Literal(text) => parts.push(Part::Literal(Arc::from(text), at)),
            TokenKind::Interpolation(inner) => {
                parts.push(Part::Interpolation(convert::expression(piece, inner)));
            }
            TokenKind::If(condition) => {
                let condition = convert::expression(piece, condition);
                let (then, has_else) = nest_until(piece, tokens);
                let otherwise = if has_else { nest(piece, tokens) } else { Vec::new() };
                let (then, otherwise) = (then.into(), otherwise.into());
                parts.push(Part::If(Box::new(TemplateIf { condition, then, otherwise, at })));
            }
            TokenKind::For(it) => {
                let collection = convert::expression(piece, &it.collection_expr);
                let body = nest(piece, tokens).into();
                parts.push(Part::For(Box::new(TemplateFor {
                    key_name: it.key_var.as_ref().map(|name| Arc::from(name.as_str())),
                    value_name: Arc::from(it.value_var.as_str()),
                    collection,
                    body,
                    at,
                })));
            }
            TokenKind::Else => return (parts, true),
            TokenKind::EndIf | TokenKind::EndFor => break,
        }
    }
    (parts, false)
}
