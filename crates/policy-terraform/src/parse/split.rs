//! Finds where the blocks and attributes of a body begin and end, so that a broken one costs nothing but itself.

use std::ops::Range;

/// One attribute or block at the top of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Structure {
    /// The bytes from its name to its end, without the line end.
    pub(super) range: Range<usize>,
    /// Where inside it a line begins that looks like the head of another top-level block: if this structure turns out to
    /// be broken, it has most likely lost its closing brace before that line.
    pub(super) restart: Option<Restart>,
    /// Whether all that it opens is closed.
    pub(super) is_closed: bool,
    /// How many items the largest pair of braces in it can have at most: an upper bound from the separators.
    pub(super) items: usize,
}

/// Where to go on if a structure turns out to be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Restart {
    pub(super) at: usize,
    /// How many brackets are open there: so many that close them may follow, and close nothing then.
    pub(super) depth: usize,
}

/// The structures of a body, one after another.
pub(super) struct Structures<'t> {
    text: &'t str,
    at: usize,
    /// The here-documents that turned out to have no end.
    unended: usize,
    /// The structures that were read beyond a second head in vain.
    unclosed: usize,
}

impl<'t> Structures<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, at: 0, unended: 0, unclosed: 0 }
    }

    /// Goes on at an earlier or later place than the end of the last structure.
    pub(super) fn resume_at(&mut self, at: usize) {
        self.at = at;
    }
}

impl Iterator for Structures<'_> {
    type Item = Structure;

    fn next(&mut self) -> Option<Structure> {
        let bytes = self.text.as_bytes();
        let start = skip_space(bytes, self.at)?;
        let mut scan = Scan {
            bytes,
            at: start,
            open: Vec::new(),
            restart: None,
            items: 0,
            unended: self.unended,
            stops_at_second_head: self.unclosed >= MAX_UNCLOSED,
        };
        scan.run();
        self.unended = scan.unended;
        let is_closed = scan.open.is_empty();
        self.unclosed += usize::from(!is_closed && scan.restart.is_some());
        self.at = scan.at.max(start + 1);
        let end = scan.at - usize::from(bytes.get(start..scan.at)?.ends_with(b"\r"));
        Some(Structure { range: start..end, restart: scan.restart, is_closed, items: scan.items })
    }
}

/// How many here-documents without an end are looked for in one file: each costs reading it to its end.
const MAX_UNENDED: usize = 8;

/// How many structures of one file are read to its end to see whether they are closed there, for the same reason. Those
/// after them count as broken at the second head of a block.
const MAX_UNCLOSED: usize = 8;

/// What a closing character has to match.
#[derive(Clone, Copy)]
enum Open {
    /// `{`, `[` or `(`, by the character that closes it, and the separators between its items so far.
    Bracket(u8, usize),
    /// `"`.
    Quote,
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    open: Vec<Open>,
    restart: Option<Restart>,
    items: usize,
    /// The here-documents that turned out to have no end.
    unended: usize,
    /// Whether a second head of a block is proof enough that a brace is missing.
    stops_at_second_head: bool,
}

impl Scan<'_> {
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn run(&mut self) {
        while self.at < self.bytes.len() {
            if matches!(self.open.last(), Some(Open::Quote)) {
                self.quoted();
            } else if self.code() {
                return;
            }
        }
    }

    /// One step inside a quoted string.
    fn quoted(&mut self) {
        let step = match self.byte(0) {
            b'\\' if self.byte(1) != b'\n' => 2,
            b'"' => {
                self.open.pop();
                1
            }
            // The doubled marker is an escape: `$${` opens nothing.
            b'$' | b'%' if self.byte(1) == self.byte(0) && self.byte(2) == b'{' => 3,
            b'$' | b'%' if self.byte(1) == b'{' => {
                self.open.push(Open::Bracket(b'}', 0));
                2
            }
            // A quoted string ends with its line; the newline is looked at again as code.
            b'\n' => {
                self.open.pop();
                0
            }
            _ => 1,
        };
        self.at += step;
    }

    /// One step outside of strings. True at the end of the structure.
    fn code(&mut self) -> bool {
        match self.byte(0) {
            b'\n' => {
                if self.open.is_empty() {
                    return true;
                }
                self.separator();
                self.at += 1;
                if !is_top_level_head(self.rest()) {
                    return false;
                }
                if self.restart.is_some() {
                    return self.stops_at_second_head;
                }
                self.restart = Some(Restart { at: self.at, depth: self.open.len() });
                return false;
            }
            b'"' => self.open.push(Open::Quote),
            b'{' => self.open.push(Open::Bracket(b'}', 0)),
            b'[' => self.open.push(Open::Bracket(b']', 0)),
            b'(' => self.open.push(Open::Bracket(b')', 0)),
            closing @ (b'}' | b']' | b')') => self.close(closing),
            b',' => self.separator(),
            b'#' => {
                self.skip_line();
                return false;
            }
            b'/' if self.byte(1) == b'/' => {
                self.skip_line();
                return false;
            }
            b'/' if self.byte(1) == b'*' => {
                self.at += 2;
                let end = memchr::memmem::find(self.rest(), b"*/");
                self.at = end.map_or(self.bytes.len(), |end| self.at + end + 2);
                return false;
            }
            b'<' if self.byte(1) == b'<' => {
                self.here_document();
                return false;
            }
            _ => {}
        }
        self.at += 1;
        false
    }

    /// Counts a separator between the items of the innermost braces. Only in them does the number of items matter.
    fn separator(&mut self) {
        if let Some(Open::Bracket(b'}', items)) = self.open.last_mut() {
            *items += 1;
            self.items = self.items.max(*items);
        }
    }

    /// Closes the innermost bracket of this kind with all that was left open inside it; a stray one is passed over.
    fn close(&mut self, closing: u8) {
        let matches = |open: &Open| matches!(open, Open::Bracket(closes, _) if *closes == closing);
        if let Some(index) = self.open.iter().rposition(matches) {
            self.open.truncate(index);
        }
    }

    fn skip_line(&mut self) {
        self.at = memchr::memchr(b'\n', self.rest()).map_or(self.bytes.len(), |end| self.at + end);
    }

    /// Passes over a here-document, up to and including its delimiter. One without an end is passed over as code.
    fn here_document(&mut self) {
        let begin = self.at + 2 + usize::from(self.byte(2) == b'-');
        self.at += 2;
        let Some(first) = self.bytes.get(begin..) else { return };
        let length = first.iter().take_while(|byte| is_name_byte(**byte)).count();
        let Some((delimiter, mut rest)) = first.split_at_checked(length) else { return };
        if delimiter.is_empty() || self.unended >= MAX_UNENDED {
            return;
        }
        while let Some(end) = memchr::memchr(b'\n', rest) {
            rest = rest.get(end + 1..).unwrap_or_default();
            let line = rest.trim_ascii_start();
            if let Some(after) = line.strip_prefix(delimiter)
                && !after.first().is_some_and(|byte| is_name_byte(*byte))
            {
                self.at = self.bytes.len() - after.len();
                return;
            }
        }
        self.unended += 1;
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' || !byte.is_ascii()
}

/// The first byte at or after `from` that is neither space nor comment.
fn skip_space(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        match bytes.get(at)? {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'#' => at += memchr::memchr(b'\n', bytes.get(at..)?)?,
            b'/' if bytes.get(at + 1) == Some(&b'/') => at += memchr::memchr(b'\n', bytes.get(at..)?)?,
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                // One without an end is left to be found broken.
                let Some(length) = memchr::memmem::find(bytes.get(at + 2..)?, b"*/") else { return Some(at) };
                at += 2 + length + 2;
            }
            _ => return Some(at),
        }
    }
}

/// Whether a line that begins here can hardly be anything but the head of a top-level block.
fn is_top_level_head(line: &[u8]) -> bool {
    const HEADS: [(&[u8], usize); 8] = [
        (b"resource", 2),
        (b"data", 2),
        (b"module", 1),
        (b"variable", 1),
        (b"output", 1),
        (b"provider", 1),
        (b"locals", 0),
        (b"terraform", 0),
    ];
    HEADS.iter().any(|&(keyword, labels)| {
        line.strip_prefix(keyword).is_some_and(|mut rest| {
            for _ in 0..labels {
                let Some(label) = rest.trim_ascii_start().strip_prefix(b"\"") else { return false };
                let Some(end) = memchr::memchr2(b'"', b'\n', label) else { return false };
                rest = label.get(end + 1..).unwrap_or_default();
            }
            rest.trim_ascii_start().starts_with(b"{")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        Structures::of(text).map(|structure| &text[structure.range]).collect()
    }

    fn first(text: &str) -> Structure {
        Structures::of(text).next().unwrap()
    }

    #[test]
    fn blocks_end_with_their_own_brace() {
        let first = "resource \"a\" \"b\" {\n  x = \"}${\"}\"}{\" # }\n  /* } */\n  y = \"$${\"\n}";
        let text = format!("# head\n\n{first}\r\nlocals {{ a = 1 }} // end\nz = [\n1,\n]");
        let found = pieces(&text);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0], first);
        assert_eq!(found[1], "locals { a = 1 } // end");
        assert_eq!(found[2], "z = [\n1,\n]");
    }

    #[test]
    fn a_here_document_holds_anything_up_to_its_delimiter() {
        let text = "a {\n  b = <<-EOT\n  }\n  EOTX\n  \"\n  EOT\n}\nc = 1\n";
        assert_eq!(pieces(text), ["a {\n  b = <<-EOT\n  }\n  EOTX\n  \"\n  EOT\n}", "c = 1"]);
    }

    #[test]
    fn an_unclosed_block_says_where_the_next_one_begins() {
        let text = "resource \"a\" \"b\" {\n  x = 1\n\nresource \"c\" \"d\" {\n}\n";
        let structure = first(text);
        assert_eq!(structure.range.end, text.len());
        let at = text.find("resource \"c\"").unwrap();
        assert_eq!((structure.restart, structure.is_closed), (Some(Restart { at, depth: 1 }), false));
        assert_eq!(first("a {\n b = 1\n}\n").restart, None);
    }

    #[test]
    fn items_are_counted_by_pair_of_braces() {
        let items = |text: &str| first(text).items;
        assert_eq!(items("a = [1, 2, 3, 4]"), 0);
        assert_eq!(items("a = [{ b = 1, c = 2, d = [1, 2] }, { b = 1 }]"), 2);
    }

    #[test]
    fn an_unclosed_string_ends_with_its_line() {
        assert_eq!(pieces("a = \"x\nb = 2\n"), ["a = \"x", "b = 2"]);
    }
}
