//! Locations: which paths they take, and what they do.

use policy_text::source::Span;

use super::expressions::Expressions;
use super::scope::{Scope, is_gap};
use super::{address, steps};
use crate::model::{Content, Location, Matcher};
use crate::parse::{Directive, Word};

/// The block of a server, a location or a condition.
pub(super) struct Body {
    pub(super) content: Content,
    pub(super) locations: Vec<Location>,
    /// Where something unknown stands in it.
    pub(super) gap: Option<Span>,
}

/// Reads a block that stands in one with the settings `scope`.
pub(super) fn body(block: &[Directive], scope: &Scope, expressions: &mut Expressions) -> Body {
    let own = scope.within(block);
    let mut content = Content {
        files: own.files.clone(),
        when_missing: own.when_missing.clone(),
        headers: own.headers.clone(),
        http_version: own.http_version.clone(),
        resolver: own.resolver,
        ..Content::default()
    };
    let mut locations = Vec::new();
    let mut gap = None;
    for directive in block {
        match directive.name.text.as_str() {
            "location" => locations.push(location(directive, &own, expressions)),
            "if" | "limit_except" => {
                let Body { content: inner, locations: nested, gap } =
                    body(directive.body(), &own, expressions);
                let matcher = Matcher::Condition;
                content.conditions.push(Location { at: directive.at, matcher, content: inner, nested, gap });
            }
            "try_files" => {
                content.try_files = directive.arguments.iter().map(|word| own.value(word).0).collect();
            }
            _ if is_gap(directive) => {
                gap.get_or_insert(directive.at);
            }
            _ => {
                content.pass = address::pass(directive, &own).or(content.pass);
                content.steps.extend(steps::step(directive, &own, expressions));
            }
        }
    }
    Body { content, locations, gap }
}

fn location(directive: &Directive, scope: &Scope, expressions: &mut Expressions) -> Location {
    let matcher = matcher(&directive.arguments, expressions);
    let Body { content, locations, gap } = body(directive.body(), scope, expressions);
    Location { at: directive.at, matcher, content, nested: locations, gap }
}

fn matcher(words: &[Word], expressions: &mut Expressions) -> Matcher {
    let (modifier, path) = match words {
        [modifier, path] => (modifier.text.as_str(), path.text.as_str()),
        // nginx takes the modifier without a space, too.
        [only] => {
            let start = ["=", "^~", "~*", "~"].into_iter().find(|start| only.text.starts_with(start));
            let start = start.unwrap_or_default();
            (start, only.text.get(start.len()..).unwrap_or_default())
        }
        _ => return Matcher::Unknown,
    };
    if modifier.is_empty() && path.starts_with('@') {
        return Matcher::Named(path.to_owned());
    }
    // Only a regular expression may have the sign of a variable.
    let is_expression = modifier.starts_with('~');
    if !is_expression && path.contains('$') {
        return Matcher::Unknown;
    }
    match modifier {
        "" => Matcher::Prefix { path: path.to_owned(), last: false },
        "^~" => Matcher::Prefix { path: path.to_owned(), last: true },
        "=" => Matcher::Exact(path.to_owned()),
        "~" => Matcher::Expression(expressions.compile(path, false)),
        "~*" => Matcher::Expression(expressions.compile(path, true)),
        _ => Matcher::Unknown,
    }
}
