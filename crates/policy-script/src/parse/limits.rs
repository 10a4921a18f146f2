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
    open: Vec<Chain>,
    /// The sum of those chains: what stands in the last bracket is held by all that is chained before each.
    chained: Chain,
    /// `if`, `for`, `while` and `do` whose bodies have not ended.
    heads: usize,
    elses: usize,
    tags: usize,
    casts: usize,
    quote: Option<Quoted>,
    most: Nesting,
}

/// What is chained in a bracket.
#[derive(Clone, Copy, Default)]
struct Chain {
    links: usize,
    /// Those between quotes that may hold what comes next.
    quoted: usize,
}

/// Text between quotes; or between what looks like them, such as those of two regular expressions, with code between.
#[derive(Clone, Copy)]
struct Quoted {
    by: u8,
    operators: usize,
    /// The brackets that were open before.
    depth: usize,
    /// Whether something in it would hold what comes behind it, were it code.
    holds: bool,
}

impl Scan {
    fn link(&mut self) {
        if let Some(chain) = self.open.last_mut() {
            chain.links += 1;
            self.chained.links += 1;
            self.most.chain = self.most.chain.max(self.chained.links);
        }
    }

    fn operator(&mut self, byte: u8, next: u8) {
        let Some(quoted) = &mut self.quote else { return self.link() };
        quoted.operators += 1;
        quoted.holds |= byte == b'?' || byte == b'=' && next == b'>';
        self.most.chain = self.most.chain.max(SHALLOW.chain + 1);
        if quoted.operators > MAX_QUOTED {
            self.hold();
        }
    }

    /// A quote, which ends what the same one has begun.
    fn quote(&mut self, byte: u8) {
        match self.quote {
            Some(quoted) if quoted.by != byte => {}
            Some(quoted) if quoted.holds || quoted.depth != self.open.len() => self.hold(),
            Some(_) => self.quote = None,
            None => {
                self.quote = Some(Quoted { by: byte, operators: 0, depth: self.open.len(), holds: false });
            }
        }
    }

    /// Takes what came behind an open quote for code.
    fn hold(&mut self) {
        if let (Some(quoted), Some(chain)) = (self.quote.take(), self.open.last_mut()) {
            chain.quoted += quoted.operators;
            self.chained.quoted += quoted.operators;
        }
    }

    fn separate(&mut self) {
        if let Some(chain) = self.open.last_mut() {
            self.chained.links -= chain.links;
            self.chained.quoted -= chain.quoted;
            *chain = Chain::default();
        }
    }

    fn open(&mut self) {
        self.link();
        self.open.push(Chain::default());
        self.most.depth = self.most.depth.max(self.open.len());
    }

    fn close(&mut self) {
        if self.open.len() > 1 {
            self.separate();
            self.open.pop();
        }
    }

    fn excess(&self) -> Option<&'static str> {
        if self.most.depth > MAX_DEPTH {
            Some("brackets nest more than 400 deep")
        } else if self.most.chain > MAX_CHAIN {
            Some("more than 2500 operators or statements are chained")
        } else if self.chained.quoted > MAX_QUOTED {
            Some("more than 50000 operators stand between quotes")
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
    let mut scan = Scan { open: vec![Chain::default()], ..Scan::default() };
    let mut comment = None;
    let (mut begins_line, mut word_start) = (true, None);
    // The last character of code, and whether it ends a word that takes what comes next.
    let (mut last, mut takes_next) = (b' ', false);
    for (offset, &byte) in bytes.iter().enumerate() {
        let next = bytes.get(offset + 1).copied().unwrap_or_default();
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' {
            word_start = word_start.or(Some(offset));
            begins_line = false;
            if comment.is_none() {
                last = byte;
            }
            continue;
        }
        let word = word_start.take().and_then(|start| bytes.get(start..offset)).unwrap_or_default();
        match word {
            b"typeof" | b"void" | b"await" | b"delete" | b"new" | b"yield" | b"async" => scan.link(),
            b"if" | b"for" | b"while" | b"do" | b"with" => scan.heads += 1,
            b"else" => scan.elses += 1,
            _ => {}
        }
        if comment.is_none() && !word.is_empty() {
            takes_next = matches!(word, b"typeof" | b"void" | b"await" | b"delete" | b"new" | b"yield");
        }
        let was_comment = comment.is_some();
        comment = match (byte, next) {
            (b'/', b'/') if begins_line => Some(Comment::Line),
            (b'/', b'*') if begins_line => Some(Comment::Block),
            (b'/', _)
                if comment == Some(Comment::Block) && bytes.get(offset.wrapping_sub(1)) == Some(&b'*') =>
            {
                None
            }
            (b'\n' | b'\r' | b'\xe2', _) => comment.filter(|comment| *comment == Comment::Block),
            _ => comment.filter(|_| !ends_text(byte)),
        };
        match byte {
            b'(' | b'[' | b'{' => {
                if byte == b'(' && last == b'>' {
                    scan.casts += 1;
                }
                scan.open();
            }
            b')' | b']' | b'}' => {
                scan.close();
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
                scan.hold();
                let ends =
                    last.is_ascii_alphanumeric() || matches!(last, b')' | b']' | b'}' | b'"' | b'\'' | b'`');
                if ends && !takes_next && begins_statement(bytes, offset) {
                    scan.casts = 0;
                    scan.separate();
                }
            }
            _ if comment.is_some() => {}
            b'"' | b'\'' => scan.quote(byte),
            b'<' if next == b'/' => scan.tags = scan.tags.saturating_sub(1),
            b'/' if next == b'>' => scan.tags = scan.tags.saturating_sub(1),
            b'<' if next.is_ascii_alphabetic() || next == b'>' => scan.tags += 1,
            b'+' | b'-' | b'*' | b'.' | b'?' | b':' | b'!' | b'~' | b'&' | b'|' | b'^' | b'%' | b'=' => {
                scan.operator(byte, next);
            }
            _ => {}
        }
        scan.most.chain = scan.most.chain.max(scan.heads).max(scan.elses).max(scan.tags);
        if let Some(reason) = scan.excess() {
            return Err(Excess { offset, reason });
        }
        begins_line = byte == b'\n' || begins_line && byte.is_ascii_whitespace();
        if !was_comment && comment.is_none() && !byte.is_ascii_whitespace() {
            (last, takes_next) = (byte, false);
        }
    }
    Ok(scan.most)
}

/// Text that begins a line as a comment does. Whatever else it is, no operators of code stand in it before something of
/// [`ends_text`]: text of a template, of markup, or of a string that goes on from the line before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comment {
    /// `// …`
    Line,
    /// `/* … */`
    Block,
}

/// Whether code may follow in what is no comment.
fn ends_text(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'(' | b'[' | b'{' | b')' | b']' | b'}')
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
        let path = format!("<path d=\"M{}\"/>\n", "1.5-2.5".repeat(2_000));
        assert!(measure(&path.repeat(50)).is_ok());
        let list = format!("[{}]", "a.b.c, ".repeat(5_000));
        assert!(measure(&list).is_ok());
        assert!(measure(&"  readonly title = signal<string>(undefined)\n".repeat(50)).is_ok());
    }

    #[test]
    fn comments_hold_no_operators() {
        let ruler = "=".repeat(77);
        let section =
            format!("// {ruler}\n// PART\n// {ruler}\n\n/**\n * Does it.\n */\nasync function f() {{}}\n");
        assert!(measure(&section.repeat(500)).is_ok());
        let boxed = format!("/*{ruler}\n{ruler}*/\nf()\n");
        assert!(measure(&boxed.repeat(500)).is_ok());
    }

    #[test]
    fn what_only_looks_like_a_comment_hides_nothing() {
        let deep = "!".repeat(3_000);
        for text in [
            format!("`\n// `+{deep}a"),
            format!("`\n// ${{{deep}a}}`"),
            format!("`\n/* `+{deep}a"),
            format!("<a>\n// </a>+{deep}a"),
            format!("// x\u{2028}{deep}a"),
            format!("// x\r{deep}a"),
            format!("/* x */{deep}a"),
            format!("/*/ */{deep}a"),
            "await\n// x\n".repeat(3_000),
        ] {
            assert!(measure(&text).is_err(), "{}", text.get(..20).unwrap_or_default());
        }
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
        let each_bracket_holds_a_chain = format!("{}(", "!".repeat(2_000)).repeat(100);
        assert!(measure(&each_bracket_holds_a_chain).is_err());
        // Quotes that are none: those of regular expressions.
        let chain = "!".repeat(40_000);
        for holding in [format!("/'/+{chain}(\n"), format!("/'/+{chain}(/'/\n"), format!("/'/?{chain}/'/:\n")]
        {
            assert!(measure(&holding.repeat(5)).is_err(), "{}", &holding[..5]);
        }
        assert!(measure(&format!("'\\\n// '+{}a", "!".repeat(60_000))).is_err());
    }
}
