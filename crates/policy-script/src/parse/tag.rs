//! Opening tags of markup, with their attributes.

use std::ops::Range;

use memchr::memchr;

/// An opening tag.
pub(super) struct Tag<'t> {
    pub(super) name: &'t str,
    attributes: Vec<Attribute<'t>>,
    pub(super) self_closing: bool,
    /// The offset after `>`.
    pub(super) end: usize,
}

pub(super) struct Attribute<'t> {
    name: &'t str,
    pub(super) value: &'t str,
    /// The bytes of the value, without quotes.
    pub(super) range: Range<usize>,
}

impl<'t> Tag<'t> {
    /// Reads the opening tag whose `<` is at `open`. `None` where there is none. A tag that never ends takes the rest
    /// of the text, so that no byte is looked at twice.
    pub(super) fn read(text: &'t str, open: usize) -> Option<Self> {
        let mut at = open + 1;
        let name = word(text, &mut at, |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>'));
        if !name.as_bytes().first()?.is_ascii_alphabetic() {
            return None;
        }
        let mut tag = Self { name, attributes: Vec::new(), self_closing: false, end: text.len() };
        loop {
            word(text, &mut at, |byte| byte.is_ascii_whitespace());
            match text.as_bytes().get(at) {
                Some(b'>') => {
                    tag.end = at + 1;
                    return Some(tag);
                }
                Some(b'/') => {
                    at += 1;
                    tag.self_closing = text.as_bytes().get(at) == Some(&b'>');
                }
                Some(_) => match Attribute::read(text, &mut at) {
                    Some(attribute) => tag.attributes.push(attribute),
                    None => return Some(tag),
                },
                None => return Some(tag),
            }
        }
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute<'t>> {
        self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }
}

impl<'t> Attribute<'t> {
    /// Reads one attribute at `at`, which is neither white space nor the end of the tag.
    fn read(text: &'t str, at: &mut usize) -> Option<Self> {
        let start = *at;
        // An attribute may begin with `=`, so the first byte is taken in any case.
        *at += text.get(start..)?.chars().next()?.len_utf8();
        word(text, at, |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'='));
        let name = text.get(start..*at)?;
        let mut ahead = *at;
        word(text, &mut ahead, |byte| byte.is_ascii_whitespace());
        if text.as_bytes().get(ahead) != Some(&b'=') {
            return Some(Self { name, value: "", range: *at..*at });
        }
        ahead += 1;
        word(text, &mut ahead, |byte| byte.is_ascii_whitespace());
        let range = if let quote @ (b'"' | b'\'') = text.as_bytes().get(ahead)? {
            let close = find(text, ahead + 1, *quote)?;
            *at = close + 1;
            ahead + 1..close
        } else {
            let from = ahead;
            // The expression of a component's attribute may hold blanks and `>`.
            match balanced(tail(text, from)) {
                Some(length) => ahead += length,
                None => {
                    word(text, &mut ahead, |byte| !byte.is_ascii_whitespace() && byte != b'>');
                }
            }
            *at = ahead;
            from..ahead
        };
        Some(Self { name, value: text.get(range.clone())?, range })
    }
}

/// An attribute's expression is not longer than this.
const MAX_EXPRESSION: usize = 500;

/// The length of the braces that the text begins with, up to the one that closes the first.
fn balanced(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().take(MAX_EXPRESSION) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (at > 0).then_some(at + 1);
        }
    }
    None
}

/// Moves `at` over the bytes that `take` accepts and returns them.
fn word<'t>(text: &'t str, at: &mut usize, take: impl Fn(u8) -> bool) -> &'t str {
    let start = *at;
    let rest = tail(text, start);
    *at = start + rest.bytes().position(|byte| !take(byte)).unwrap_or(rest.len());
    text.get(start..*at).unwrap_or_default()
}

pub(super) fn tail(text: &str, from: usize) -> &str {
    text.get(from..).unwrap_or_default()
}

pub(super) fn find(text: &str, from: usize, byte: u8) -> Option<usize> {
    memchr(byte, text.as_bytes().get(from..)?).map(|at| from + at)
}
