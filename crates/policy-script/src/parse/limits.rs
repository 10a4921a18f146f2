//! Limits on the nesting of a script, checked before the recursive parser runs, whose stack a deep script would exhaust.
//!
//! The measure goes by characters and errs on the deep side: it does not know a string from a regular expression, so
//! brackets count everywhere, and operators count in strings too, up to a higher bound.

/// Brackets inside brackets. Of 24,000 real files two go past 200.
const MAX_DEPTH: usize = 400;
/// Operators, prefixes and heads of statements in a row, each of which may hold the next.
const MAX_CHAIN: usize = 2_500;
/// The same between quotes, where real files hold the outlines of icons.
const MAX_QUOTED: usize = 50_000;
/// `<T>(` inside itself: the parser's time doubles with each.
const MAX_CASTS: usize = 8;
/// Up to here the ordinary stack of a thread is enough.
const SHALLOW: Nesting = Nesting { depth: 30, chain: 150 };
/// Enough for everything within the limits.
const STACK: usize = 256 << 20;

/// Why a script is not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excess {
    pub(super) offset: usize,
    pub(super) reason: &'static str,
}

/// How deep a text nests at most.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Nesting {
    depth: usize,
    chain: usize,
}

impl Nesting {
    /// Runs `work` on a stack that is large enough.
    pub(super) fn with_stack(self, work: impl FnOnce()) {
        if self.depth <= SHALLOW.depth && self.chain <= SHALLOW.chain {
            work();
        } else {
            stacker::grow(STACK, work);
        }
    }
}

/// What is counted while the text goes by.
#[derive(Default)]
struct Scan {
    /// The chain of each open bracket, the outermost first.
    open: Vec<usize>,
    /// `if`, `for`, `while` and `do` whose bodies have not ended.
    heads: usize,
    elses: usize,
    tags: usize,
    casts: usize,
    quoted: usize,
    most: Nesting,
}

impl Scan {
    fn link(&mut self) {
        if let Some(chain) = self.open.last_mut() {
            *chain += 1;
            self.most.chain = self.most.chain.max(*chain);
        }
    }

    fn separate(&mut self) {
        if let Some(chain) = self.open.last_mut() {
            *chain = 0;
        }
    }

    fn excess(&self) -> Option<&'static str> {
        if self.most.depth > MAX_DEPTH {
            Some("brackets nest more than 400 deep")
        } else if self.most.chain > MAX_CHAIN {
            Some("more than 2500 operators or statements are chained")
        } else if self.quoted > MAX_QUOTED {
            Some("a line of text holds more than 50000 operators")
        } else if self.casts > MAX_CASTS {
            Some("casts nest more than 8 deep")
        } else {
            None
        }
    }
}

/// Measures a script. An error where the parser could not survive it.
pub(super) fn measure(text: &str) -> Result<Nesting, Excess> {
    let bytes = text.as_bytes();
    let mut scan = Scan { open: vec![0], ..Scan::default() };
    let mut quote = None;
    let (mut last, mut word_start) = (b' ', None);
    for (offset, &byte) in bytes.iter().enumerate() {
        let next = bytes.get(offset + 1).copied().unwrap_or_default();
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' {
            word_start = word_start.or(Some(offset));
            last = byte;
            continue;
        }
        let word = word_start.take().and_then(|start| bytes.get(start..offset)).unwrap_or_default();
        match word {
            b"typeof" | b"void" | b"await" | b"delete" | b"new" | b"yield" | b"async" => scan.link(),
            b"if" | b"for" | b"while" | b"do" | b"with" => scan.heads += 1,
            b"else" => scan.elses += 1,
            _ => {}
        }
        match byte {
            b'(' | b'[' | b'{' => {
                if byte == b'(' && last == b'>' {
                    scan.casts += 1;
                }
                scan.link();
                scan.open.push(0);
                scan.most.depth = scan.most.depth.max(scan.open.len());
            }
            b')' | b']' | b'}' => {
                if scan.open.len() > 1 {
                    scan.open.pop();
                }
                if byte == b'}' {
                    scan.heads = 0;
                }
            }
            b';' | b',' => {
                scan.casts = 0;
                scan.separate();
                if byte == b';' {
                    scan.heads = 0;
                }
            }
            b'\n' => {
                quote = None;
                scan.quoted = 0;
                let ends =
                    last.is_ascii_alphanumeric() || matches!(last, b')' | b']' | b'}' | b'"' | b'\'' | b'`');
                let prefix = matches!(word, b"typeof" | b"void" | b"await" | b"delete" | b"new" | b"yield");
                if ends && !prefix && begins_statement(bytes, offset) {
                    scan.casts = 0;
                    scan.separate();
                }
            }
            b'"' | b'\'' if quote == Some(byte) => quote = None,
            b'"' | b'\'' if quote.is_none() => quote = Some(byte),
            b'<' if next == b'/' => scan.tags = scan.tags.saturating_sub(1),
            b'/' if next == b'>' => scan.tags = scan.tags.saturating_sub(1),
            b'<' if next.is_ascii_alphabetic() || next == b'>' => scan.tags += 1,
            b'+' | b'-' | b'*' | b'.' | b'?' | b':' | b'!' | b'~' | b'&' | b'|' | b'^' | b'%' | b'=' => {
                if quote.is_some() {
                    scan.quoted += 1;
                    scan.most.chain = scan.most.chain.max(SHALLOW.chain + 1);
                } else {
                    scan.link();
                }
            }
            _ => {}
        }
        scan.most.chain = scan.most.chain.max(scan.heads).max(scan.elses).max(scan.tags);
        if let Some(reason) = scan.excess() {
            return Err(Excess { offset, reason });
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
    }
    Ok(scan.most)
}

/// Whether what follows a line end is not more of the same expression.
fn begins_statement(bytes: &[u8], line_end: usize) -> bool {
    let rest = bytes.get(line_end..).unwrap_or_default();
    let first = rest.iter().find(|byte| !byte.is_ascii_whitespace()).copied().unwrap_or_default();
    first.is_ascii_alphabetic() || matches!(first, b'}' | b')' | b']' | b'@' | b'_' | b'$' | b'"' | b'\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_that_people_write_is_within_the_limits() {
        let code = "const a = b.c(d) + e ? f : g\nif (a.b) c.d()\nelse e = f\n";
        assert!(measure(&code.repeat(500)).is_ok());
        let icon = format!("const icon = 'M{}'\n", "1.5-2.5".repeat(2_000));
        assert!(measure(&icon).is_ok());
        let list = format!("[{}]", "a.b.c, ".repeat(5_000));
        assert!(measure(&list).is_ok());
        assert!(measure(&"  readonly title = signal<string>(undefined)\n".repeat(50)).is_ok());
    }

    #[test]
    fn what_would_overflow_a_stack_is_refused() {
        for deep in [
            "(",
            "a+",
            "a.b()",
            "!",
            "typeof ",
            "new ",
            "a?b:",
            "()=>",
            "if(a)",
            "if(a)b;else ",
            "<a>",
            "a=>",
            "a +\n",
            "await\n",
        ] {
            assert!(measure(&deep.repeat(100_000)).is_err(), "{deep}");
        }
        assert!(measure(&"<T>(".repeat(20)).is_err());
    }
}
