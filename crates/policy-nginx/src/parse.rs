//! Directives and blocks of one file. Parsing never fails: what cannot be parsed is skipped and reported.

mod tokens;

use policy_text::Problem;
use policy_text::embedded::Embedded;
use policy_text::source::Span;

use tokens::{Token, Tokens};

/// Blocks in blocks beyond this are not read. nginx has a use for some six.
const MAX_DEPTH: usize = 32;

/// A word of a directive: without its quotes, its escapes replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The characters.
    pub text: String,
    /// The place, with the quotes.
    pub at: Span,
}

/// A directive: `name arguments;`, or `name arguments { … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// What it sets.
    pub name: Word,
    /// What follows.
    pub arguments: Vec<Word>,
    /// What stands in its braces, where it has some.
    pub block: Option<Vec<Directive>>,
    /// Name and arguments.
    pub at: Span,
}

impl Directive {
    /// The argument numbered `index` from 0.
    pub fn argument(&self, index: usize) -> Option<&Word> {
        self.arguments.get(index)
    }

    /// The directives in its braces.
    pub fn body(&self) -> &[Directive] {
        self.block.as_deref().unwrap_or_default()
    }

    /// Whether it is called `name`.
    pub fn is(&self, name: &str) -> bool {
        self.name.text == name
    }
}

/// Reads one file.
pub fn parse(source: &Embedded) -> (Vec<Directive>, Vec<Problem>) {
    let mut tokens = Tokens::new(source);
    let mut problems = Vec::new();
    // The blocks that are open, from the file itself in; the heads of all but the first.
    let mut open: Vec<Vec<Directive>> = vec![Vec::new()];
    let mut heads: Vec<Directive> = Vec::new();
    let mut words: Vec<Word> = Vec::new();
    // Blocks that are too deep: open, and not kept.
    let mut skipped = 0_usize;
    let problem = |at, message: &str| Problem::unreadable(at, message);
    while let Some(token) = tokens.next_token() {
        match token {
            Token::Word(word) => words.push(word),
            Token::Semicolon(at) => match directive(&mut words, None) {
                Some(directive) if skipped == 0 => keep(&mut open, directive),
                Some(_) => {}
                None => problems.push(problem(at, "this `;` ends no directive; it was skipped")),
            },
            Token::Open(at) => {
                let Some(head) = directive(&mut words, Some(Vec::new())) else {
                    problems.push(problem(at, "this block has no name; it was skipped"));
                    tokens.skip_block();
                    continue;
                };
                if head.name.text.ends_with("_by_lua_block") {
                    tokens.skip_block();
                    if skipped == 0 {
                        keep(&mut open, head);
                    }
                } else if skipped > 0 || open.len() > MAX_DEPTH {
                    if skipped == 0 {
                        problems.push(problem(head.at, "this block is nested too deeply and was not read"));
                    }
                    skipped += 1;
                } else {
                    heads.push(head);
                    open.push(Vec::new());
                }
            }
            Token::Close(at) => {
                if let Some(unfinished) = directive(&mut words, None) {
                    let message = format!("`{}` has no `;` at its end; it was skipped", unfinished.name.text);
                    problems.push(Problem::unreadable(unfinished.at, message));
                }
                if skipped > 0 {
                    skipped -= 1;
                } else if !close(&mut open, &mut heads) {
                    problems.push(problem(at, "this `}` closes no block; it was skipped"));
                }
            }
            Token::Unterminated(at) => {
                problems.push(problem(at, "this quote is never closed; the rest of the file was not read"));
            }
        }
    }
    if let Some(unfinished) = directive(&mut words, None) {
        let message = format!("`{}` has no `;` at its end; it was skipped", unfinished.name.text);
        problems.push(Problem::unreadable(unfinished.at, message));
    }
    if let Some(head) = heads.last() {
        let message =
            format!("the block of `{}` is never closed; it was read to the end of the file", head.name.text);
        problems.push(Problem::unreadable(head.at, message));
    }
    while close(&mut open, &mut heads) {}
    (open.pop().unwrap_or_default(), problems)
}

fn keep(open: &mut [Vec<Directive>], directive: Directive) {
    if let Some(block) = open.last_mut() {
        block.push(directive);
    }
}

/// Ends the innermost block. `false` where none is open.
fn close(open: &mut Vec<Vec<Directive>>, heads: &mut Vec<Directive>) -> bool {
    let Some(mut head) = heads.pop() else { return false };
    head.block = open.pop();
    keep(open, head);
    true
}

/// The directive that `words` make, which are taken.
fn directive(words: &mut Vec<Word>, block: Option<Vec<Directive>>) -> Option<Directive> {
    let mut words = std::mem::take(words).into_iter();
    let name = words.next()?;
    let arguments: Vec<Word> = words.collect();
    let at = arguments.last().map_or(name.at, |last| name.at.to(last.at));
    Some(Directive { name, arguments, block, at })
}

#[cfg(test)]
mod tests {
    use policy_text::source::FileId;

    use super::*;

    fn read(text: &str) -> (Vec<Directive>, Vec<Problem>) {
        parse(&Embedded::whole(FileId(0), text))
    }

    /// The tree in one line, each word in brackets.
    fn shown(block: &[Directive]) -> String {
        let one = |directive: &Directive| {
            let words: Vec<&str> = [&directive.name]
                .into_iter()
                .chain(&directive.arguments)
                .map(|word| word.text.as_str())
                .collect();
            let words = words.join("][");
            match &directive.block {
                Some(block) => format!("[{words}]{{{}}}", shown(block)),
                None => format!("[{words}];"),
            }
        };
        block.iter().map(one).collect::<Vec<_>>().concat()
    }

    #[track_caller]
    fn assert_read(text: &str, expected: &str) {
        let (block, problems) = read(text);
        assert_eq!(shown(&block), expected, "{text}");
        assert!(problems.is_empty(), "{text}: {problems:?}");
    }

    #[test]
    fn words_end_where_nginx_ends_them() {
        for (text, expected) in [
            ("a b;c{d;}", "[a][b];[c]{[d];}"),
            ("a 'b c' \"d;{\" e\\ f;", "[a][b c][d;{][e\\ f];"),
            ("a 'it\\'s' \"\\n\\x\";", "[a][it's][\n\\x];"),
            ("# a;\nb #c;\n;", "[b];"),
            ("b c#d;", "[b][c#d];"),
            ("location ~ ^/(a|b)$ { }", "[location][~][^/(a|b)$]{}"),
            ("proxy_pass http://${HOST}:$port/;", "[proxy_pass][http://${HOST}:$port/];"),
            ("if ($a = \"b\") { return 404; }", "[if][($a][=][b][)]{[return][404];}"),
            ("a b};", "[a][b}];"),
        ] {
            assert_read(text, expected);
        }
    }

    #[test]
    fn lua_is_passed_over() {
        assert_read(
            "content_by_lua_block { if a then b = { c = \"}\" } end } d;",
            "[content_by_lua_block]{}[d];",
        );
    }

    #[test]
    fn places_are_those_of_the_file() {
        let (block, _) = read("http {\n  proxy_pass 'http://a' ;\n}");
        let pass = &block[0].body()[0];
        assert_eq!((pass.at.range(), pass.arguments[0].at.range()), (9..30, 20..30));
    }

    #[test]
    fn what_is_broken_costs_no_more_than_itself() {
        for (text, expected, problems) in [
            ("a { b c } d;", "[a]{}[d];", 1),
            ("a; } b;", "[a];[b];", 1),
            ("a { b;", "[a]{[b];}", 1),
            ("; { c; } a;", "[a];", 2),
            ("a 'b;\nc;", "", 2),
            ("a", "", 1),
        ] {
            let (block, found) = read(text);
            assert_eq!((shown(&block).as_str(), found.len()), (expected, problems), "{text}: {found:?}");
        }
    }

    #[test]
    fn nesting_has_an_end() {
        let text = format!("{}b;{}c;", "a {".repeat(100_000), "}".repeat(100_000));
        let (block, problems) = read(&text);
        assert_eq!((block.len(), problems.len()), (2, 1));
    }
}
