//! Limits on the nesting of a module, measured before the parser runs: the tree that it makes is as deep as the text nests.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

/// Brackets, blocks, operators and prefixes inside one another, each of which may hold the next. No module that a person
/// writes has a tenth of it.
const DEEPEST: usize = 4_000;
/// Up to here the ordinary stack of a thread is enough.
const SHALLOW: usize = 100;
/// Enough for everything within the limit.
const STACK: usize = 64 << 20;

/// How deep a text nests at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nesting(usize);

/// A text nests too deep to be parsed.
#[derive(Clone, Copy, Debug)]
pub(super) struct TooDeep;

impl Nesting {
    /// Runs `work` on a stack that is large enough.
    pub(super) fn with_stack<T>(self, work: impl FnOnce() -> T) -> T {
        if self.0 <= SHALLOW { work() } else { stacker::grow(STACK, work) }
    }
}

/// Measures a module, on the deep side.
pub(super) fn measure(text: &str) -> Result<Nesting, TooDeep> {
    let mut lexer = lexer::lex(text, Mode::Module);
    // What nests in each open bracket, the outermost first, and what nests in all of them.
    let mut open = vec![0];
    let (mut nested, mut blocks, mut deepest) = (0_usize, 0_usize, 0);
    loop {
        match lexer.next_token() {
            TokenKind::EndOfFile => return Ok(Nesting(deepest)),
            TokenKind::Newline => {
                open = vec![0];
                nested = 0;
            }
            TokenKind::Indent => blocks += 1,
            TokenKind::Dedent => blocks = blocks.saturating_sub(1),
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                nested += 1;
                open.push(1);
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                if open.len() > 1 {
                    nested = nested.saturating_sub(open.pop().unwrap_or_default());
                }
                // What was closed may be called or indexed again.
                link(&mut open, &mut nested);
            }
            // Commas stand between the parameters of a lambda too, which holds all that follows.
            TokenKind::Lambda => nested += 1,
            TokenKind::Comma => {
                if let Some(chain) = open.last_mut() {
                    nested = nested.saturating_sub(*chain);
                    *chain = 0;
                }
            }
            kind if kind.is_operator() || kind.is_keyword() => link(&mut open, &mut nested),
            _ => {}
        }
        deepest = deepest.max(nested + blocks);
        if deepest > DEEPEST {
            return Err(TooDeep);
        }
    }
}

/// Counts what may hold the rest of its bracket.
fn link(open: &mut [usize], nested: &mut usize) {
    if let Some(chain) = open.last_mut() {
        *chain += 1;
        *nested += 1;
    }
}
