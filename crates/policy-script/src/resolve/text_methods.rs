//! Methods of texts: what is searched in them, cut off and put in their place.

use policy_text::source::Span;
use policy_text::value::{Address, Origin, PagePart, Piece, Text};

use super::evaluation::Evaluation;
use super::flags::is_public_host;
use super::search::{self, Needle};
use super::value::{Case, Cases, MAX_PIECES, Site, TOO_LONG, Value, extend, one};
use crate::parse::syntax::ExprId;

/// Stands for a hole while a text is searched: one byte, and part of no pattern.
const HOLE: char = '\u{1}';

impl Evaluation<'_> {
    pub(super) fn text_method(
        &mut self,
        site: &Site,
        text: &Text,
        name: &str,
        arguments: &[ExprId],
    ) -> Cases {
        let at = self.span(site);
        match name {
            "concat" => {
                let mut joined = text.clone();
                for index in 0..arguments.len() {
                    if let Some(value) = self.argument(site, arguments, index).into_iter().next() {
                        joined.append(&value.value.to_text(at));
                    }
                    if joined.pieces().len() > MAX_PIECES {
                        return self.unknown(site, TOO_LONG);
                    }
                }
                one(Value::Text(joined))
            }
            "replace" | "replaceAll" => self.replace(site, text, name, arguments),
            "includes" | "startsWith" | "endsWith" | "match" | "indexOf" | "search" => {
                let needle = arguments.first().and_then(|&argument| self.needle(&site.beside(argument)));
                let contained = needle.as_ref().and_then(|needle| search::contains(text, needle));
                let leads = match &needle {
                    Some(Needle::Text(needle)) => search::starts_with(text, needle),
                    _ => None,
                };
                // Whether the page's own host is that of the deployment.
                let of_page =
                    matches!(text.pieces(), [Piece::Hole(hole)] if matches!(hole.origin, Origin::Page(_)));
                match needle {
                    Some(Needle::Text(name)) if of_page && contained.is_none() && is_public_host(&name) => {
                        one(Value::Likely(true))
                    }
                    _ => self.found(site, name, contained, leads),
                }
            }
            "split" => match arguments.first().and_then(|&separator| self.needle(&site.beside(separator))) {
                Some(Needle::Text(separator)) => one(Value::Parts(split(text, &separator, at))),
                _ => self.unknown_call(site),
            },
            "slice" | "substring" | "substr" => self.cut(site, text, arguments),
            _ => self.unknown_call(site),
        }
    }

    /// What a method that searches a text returns. `contained`: whether the text holds what is searched; `leads`: whether
    /// it begins with that.
    pub(super) fn found(
        &self,
        site: &Site,
        method: &str,
        contained: Option<bool>,
        leads: Option<bool>,
    ) -> Cases {
        let number = |number: &str| one(Value::Number(Text::literal(number, self.span(site))));
        match (method, contained, leads) {
            ("indexOf" | "search", Some(false), _) => number("-1"),
            ("indexOf" | "search", _, Some(true)) => number("0"),
            ("startsWith", _, Some(leads)) => one(Value::Bool(leads)),
            ("includes" | "match", Some(contained), _) => one(Value::Bool(contained)),
            (_, Some(false), _) => one(Value::Bool(false)),
            // What it takes out of the text may be asked for.
            ("match", ..) => self.unknown_call(site),
            _ => self.unknown(site, "it depends on an unknown condition"),
        }
    }

    fn needle(&mut self, site: &Site) -> Option<Needle> {
        match self.expr(site).as_slice() {
            [Case { value: Value::Text(text), .. }] => Some(Needle::Text(text.known()?.into_owned())),
            [Case { value: Value::Pattern(pattern), .. }] => {
                let needle = Needle::Pattern(pattern.to_string());
                self.spend(search::STEPS_OF_PATTERN);
                Some(needle)
            }
            _ => None,
        }
    }

    fn replace(&mut self, site: &Site, text: &Text, method: &str, arguments: &[ExprId]) -> Cases {
        let at = self.span(site);
        let Some(&needle) = arguments.first() else { return one(Value::Text(text.clone())) };
        let Some(needle) = self.needle(&site.beside(needle)) else { return self.unknown_call(site) };
        let every = method == "replaceAll";
        let mut all = Vec::new();
        for replacement in self.argument(site, arguments, 1) {
            let Some(replaced) = replace_in(text, &needle, &replacement.value.to_text(at), every) else {
                return self.unknown_call(site);
            };
            extend(&mut all, [Case { value: Value::Text(replaced), when: replacement.when }], at);
        }
        all
    }

    /// A text from the byte that the first argument says, to the one that the second does. Wherever the end of an address
    /// is cut off, its host stays.
    fn cut(&mut self, site: &Site, text: &Text, arguments: &[ExprId]) -> Cases {
        let mut offset = |index: usize| match self.argument(site, arguments, index).as_slice() {
            [Case { value: Value::Number(number), .. }] => number.known()?.parse::<usize>().ok(),
            _ => None,
        };
        let (start, end) = (offset(0), offset(1));
        let beginning = text.pieces().first().and_then(Piece::as_literal).map_or(0, str::len);
        match (start, arguments.len(), end) {
            (Some(start), 1, _) if start <= beginning => one(Value::Text(text.split_at(start).1)),
            (Some(0), 2, Some(end)) if end <= beginning => one(Value::Text(text.split_at(end).0)),
            (Some(0), 2, None) => {
                let address = Address::parse(text);
                if address.absolute {
                    one(Value::Text(Address { rest: Text::empty(), ..address }.to_text()))
                } else {
                    self.unknown_call(site)
                }
            }
            _ => self.unknown_call(site),
        }
    }
}

/// The parts of a text between separators. A page's own host is split from its port, which behind a load balancer is none.
fn split(text: &Text, separator: &str, at: Span) -> Vec<Text> {
    let page = |part| Text::hole(Origin::Page(part), at);
    match text.pieces() {
        [] => return vec![text.clone()],
        [Piece::Hole(hole)] if separator == ":" => match hole.origin {
            Origin::Page(PagePart::Host) => return vec![page(PagePart::Hostname), page(PagePart::Port)],
            Origin::Page(PagePart::Origin) => {
                let mut host = Text::literal("//", at);
                host.append(&page(PagePart::Hostname));
                return vec![page(PagePart::Protocol), host, page(PagePart::Port)];
            }
            _ => {}
        },
        _ => {}
    }
    let mut parts = Vec::new();
    let mut rest = text.clone();
    while let Some((part, after)) = rest.split_once(separator).filter(|_| !separator.is_empty()) {
        parts.push(part);
        rest = after;
        if parts.len() >= MAX_PARTS {
            break;
        }
    }
    parts.push(rest);
    parts
}

/// Parts of one text that are told apart.
const MAX_PARTS: usize = 16;

/// Places of one text in which something is replaced.
const MAX_REPLACED: usize = 64;

/// What is found replaced, once or everywhere. In holes nothing is found: a page's own port is not a developer's. `None`
/// where the pattern is not understood, or takes in a hole, and where it is
/// found too often.
fn replace_in(text: &Text, needle: &Needle, replacement: &Text, every: bool) -> Option<Text> {
    let mut replaced = Text::empty();
    let mut rest = text.clone();
    let mut times = 0;
    while let Some(found) = search::find(&rest.render(HOLE), needle).ok()? {
        let (before, after) = rest.split_at(found.range.start);
        let (taken, after) = after.split_at(found.range.len());
        if taken.holes().next().is_some() {
            return None;
        }
        replaced.append(&before);
        replaced.append(&with_groups(replacement, &found.groups)?);
        rest = after;
        times += 1;
        if times > MAX_REPLACED {
            return None;
        }
        if !every || found.range.is_empty() {
            break;
        }
    }
    replaced.append(&rest);
    Some(replaced)
}

/// A replacement with what the groups of the pattern took in the place of `$1`. `None` where that is a hole.
fn with_groups(replacement: &Text, groups: &[String]) -> Option<Text> {
    let mut filled = Text::empty();
    for piece in replacement.pieces() {
        let Piece::Literal(text, provenance) = piece else {
            filled.push(piece.clone());
            continue;
        };
        let mut literal = text.to_string();
        for (index, group) in groups.iter().enumerate() {
            literal = literal.replace(&format!("${}", index + 1), group);
        }
        if literal.contains(HOLE) {
            return None;
        }
        filled.push(Piece::Literal(literal.into(), provenance.clone()));
    }
    Some(filled)
}
