//! Variables in text, with what stands for them put in: `$NAME`, `${NAME}` and `${NAME:-word}`, as compose files, Dockerfiles
//! and `.env` files have them.

mod operator;

use std::collections::HashMap;
use std::ops::Range;

pub use operator::{Action, Operator};

use crate::embedded::Embedded;
use crate::source::Span;
use crate::value::{Origin, Piece, Provenance, Text};

/// How deep a word may stand in a word: `${A:-${B:-c}}` is two deep.
const MAX_DEPTH: usize = 16;

/// How many pieces the variables of one text may bring, unless each brings one: variables that are put into one another
/// grow without end.
const MAX_PIECES: usize = 64;

/// What keeps a dollar sign from beginning a variable. One that begins none stands for itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dialect {
    /// Whether `$$` is a dollar sign.
    pub doubled_dollar: bool,
    /// The character behind which a `$` is a dollar sign, and before which it goes away. Elsewhere it stands for itself.
    pub escape: Option<char>,
    /// Whether quotes group as in a shell and go away: in single ones nothing else has a meaning, in double ones variables have.
    /// The escape then also hides itself and double quotes, and outside of quotes every character.
    pub quotes: bool,
}

/// A variable in a text.
#[derive(Clone, Copy, Debug)]
pub struct Variable<'t> {
    /// Its name: letters, digits and underscores, the first no digit.
    pub name: &'t str,
    /// What `${NAME…}` does with its value. `None` for the value as it is.
    pub operator: Option<Operator>,
    /// The place of all of it, from the dollar sign to the brace.
    pub at: Span,
}

/// What takes the place of a [`Variable`].
#[derive(Clone, Debug)]
pub enum Substitute {
    /// This text.
    Text(Text),
    /// The word behind the operator, expanded itself.
    Word,
}

/// The text with what `substitute` says in the place of each variable, asked in the order of the text; of words only those that
/// are taken. Every line keeps a place of its own. What is nested too deeply or has too many parts is a hole.
pub fn expand(
    text: &Embedded,
    dialect: Dialect,
    substitute: impl FnMut(&Variable<'_>) -> Substitute,
) -> Text {
    let closings = closings(text.as_str());
    let mut expansion =
        Expansion { text, dialect, closings, substitute, expanded: Text::empty(), brought: 0 };
    expansion.range(0..text.as_str().len(), 0);
    expansion.expanded
}

struct Expansion<'t, F> {
    text: &'t Embedded,
    dialect: Dialect,
    /// For each brace that opens and is closed, where the one stands that closes it.
    closings: HashMap<usize, usize>,
    substitute: F,
    expanded: Text,
    /// How many pieces the variables brought so far.
    brought: usize,
}

/// What a character means that does not stand for itself.
enum Meaning<'t> {
    /// It goes away, and the next bytes, so many, stand for themselves.
    Mark { hides: usize },
    /// It begins a variable.
    Variable(Occurrence<'t>),
}

/// A variable, with the bytes of its word and the one behind it.
struct Occurrence<'t> {
    variable: Variable<'t>,
    word: Range<usize>,
    end: usize,
}

impl<'t, F: FnMut(&Variable<'_>) -> Substitute> Expansion<'t, F> {
    fn range(&mut self, within: Range<usize>, depth: usize) {
        // What stands between `literal` and `at` stands for itself.
        let (mut literal, mut at) = (within.start, within.start);
        let mut quote = None;
        while let Some((start, character)) = self.next_special(at..within.end) {
            at = start + character.len_utf8();
            match self.meaning(character, at..within.end, &mut quote) {
                None => {}
                Some(Meaning::Mark { hides }) => {
                    self.literal(literal..start);
                    literal = at;
                    at += hides;
                }
                Some(Meaning::Variable(found)) => {
                    self.literal(literal..start);
                    self.put(&found, depth);
                    (literal, at) = (found.end, found.end);
                }
            }
        }
        self.literal(literal..within.end);
    }

    /// The next character that may not stand for itself, and where it stands.
    fn next_special(&self, within: Range<usize>) -> Option<(usize, char)> {
        let Dialect { escape, quotes, .. } = self.dialect;
        let special = |c: char| c == '$' || Some(c) == escape || quotes && matches!(c, '\'' | '"');
        self.part(within.clone())
            .char_indices()
            .find(|(_, c)| special(*c))
            .map(|(at, c)| (within.start + at, c))
    }

    /// What `character`, which stands before `behind`, means. `None` where it stands for itself.
    fn meaning(
        &self,
        character: char,
        behind: Range<usize>,
        quote: &mut Option<char>,
    ) -> Option<Meaning<'t>> {
        let next = self.part(behind.clone()).chars().next();
        match character {
            '\'' | '"' if self.dialect.quotes => {
                let within_other = quote.is_some_and(|open| open != character);
                (!within_other).then(|| {
                    *quote = quote.xor(Some(character));
                    Meaning::Mark { hides: 0 }
                })
            }
            _ if *quote == Some('\'') => None,
            '$' if self.dialect.doubled_dollar && next == Some('$') => Some(Meaning::Mark { hides: 1 }),
            '$' => self.variable(behind).map(Meaning::Variable),
            escape => self
                .escapes(escape, next, quote.is_some())
                .then(|| Meaning::Mark { hides: next.map_or(0, char::len_utf8) }),
        }
    }

    /// Whether the escape character before `next` takes its meaning from it.
    fn escapes(&self, escape: char, next: Option<char>, quoted: bool) -> bool {
        match next {
            _ if !self.dialect.quotes => next == Some('$'),
            Some(next) if quoted => ['"', '$', escape].contains(&next),
            _ => true,
        }
    }

    /// The variable of the dollar sign before `behind`.
    fn variable(&self, behind: Range<usize>) -> Option<Occurrence<'t>> {
        let open = behind.start;
        let rest = self.part(behind);
        let (name, operator, word, end) = if rest.starts_with('{') {
            let close = *self.closings.get(&open)?;
            let (name, tail) = split_name(self.part(open + 1..close))?;
            let (operator, length) = Operator::parse(tail).unzip();
            (name, operator, close - tail.len() + length.unwrap_or_default()..close, close + 1)
        } else {
            let (name, _) = split_name(rest)?;
            let end = open + name.len();
            (name, None, end..end, end)
        };
        Some(Occurrence {
            variable: Variable { name, operator, at: self.text.span(open - 1..end) },
            word,
            end,
        })
    }

    fn put(&mut self, found: &Occurrence<'_>, depth: usize) {
        let at = found.variable.at;
        let unknown = |why: &'static str| Text::hole(Origin::Other(why.into()), at);
        let text = match (self.substitute)(&found.variable) {
            Substitute::Word if depth < MAX_DEPTH => return self.range(found.word.clone(), depth + 1),
            Substitute::Word => unknown("defaults nested too deeply"),
            Substitute::Text(text)
                if text.pieces().len() > 1 && self.brought + text.pieces().len() > MAX_PIECES =>
            {
                unknown("the value has too many parts")
            }
            Substitute::Text(text) => text,
        };
        self.brought += text.pieces().len();
        self.expanded.append(&text);
    }

    fn literal(&mut self, range: Range<usize>) {
        let mut start = range.start;
        // Each line of a block stands behind its own indentation.
        for line in self.part(range).split_inclusive('\n') {
            let at = self.text.span(start..start + line.len());
            self.expanded.push(Piece::Literal(line.into(), Provenance::at(at)));
            start += line.len();
        }
    }

    fn part(&self, range: Range<usize>) -> &'t str {
        self.text.as_str().get(range).unwrap_or_default()
    }
}

/// The name of a variable that `text` begins with, and what follows it.
fn split_name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins.then(|| text.split_at_checked(end))?
}

/// The pairs of braces. All are looked for at once: a text can hold very many that nothing closes.
fn closings(text: &str) -> HashMap<usize, usize> {
    let mut closings = HashMap::new();
    if !text.contains("${") {
        return closings;
    }
    let mut open = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open.push(at),
            b'}' => closings.extend(open.pop().map(|start| (start, at))),
            _ => {}
        }
    }
    closings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    const PLAIN: Dialect = Dialect { doubled_dollar: false, escape: None, quotes: false };
    const DOUBLED: Dialect = Dialect { doubled_dollar: true, ..PLAIN };
    const ESCAPED: Dialect = Dialect { escape: Some('\\'), ..PLAIN };
    const QUOTED: Dialect = Dialect { quotes: true, ..ESCAPED };

    /// `A` is `1`, `B` is unknown, and a default takes the place of all others.
    fn substitute(variable: &Variable<'_>) -> Substitute {
        let has_default = variable.operator.is_some_and(|operator| operator.action == Action::Default);
        match variable.name {
            "A" => Substitute::Text(Text::literal("1", variable.at)),
            "B" => Substitute::Text(Text::hole(Origin::Environment("B".into()), variable.at)),
            _ if has_default => Substitute::Word,
            name => Substitute::Text(Text::literal(format!("<{name}>"), variable.at)),
        }
    }

    fn expanded(written: &str, dialect: Dialect) -> Text {
        expand(&Embedded::slice(FileId(0), written, 100), dialect, substitute)
    }

    #[track_caller]
    fn assert_expands(dialect: Dialect, written: &str, expected: &str) {
        assert_eq!(expanded(written, dialect).to_string(), expected, "{written} in {dialect:?}");
    }

    #[test]
    fn variables_give_way_wherever_they_stand() {
        assert_expands(PLAIN, "$A-${A}x", "1-1x");
        assert_expands(PLAIN, "a$A.b$_b1/$B", "a1.b<_b1>/${B}");
        assert_expands(PLAIN, "${A:-x}${C:-x}${C-y}${C?z}", "1xy<C>");
        assert_expands(PLAIN, "é${C:-é}é", "ééé");
        assert_expands(PLAIN, "", "");
    }

    #[test]
    fn words_are_expanded_and_their_braces_counted() {
        assert_expands(PLAIN, "${C:-${D:-a$A}b}c", "a1bc");
        assert_expands(PLAIN, "${C:-{}}}", "{}}");
        assert_expands(PLAIN, "${C:-}", "");
    }

    #[test]
    fn a_dollar_sign_that_begins_no_variable_stays() {
        for written in ["$", "a$", "$5", "$ A", "${}", "${1}", "${A", "${", "$-${{ A }}"] {
            assert_expands(PLAIN, written, written);
        }
        assert_expands(PLAIN, "${C $A", "${C 1");
        assert_expands(PLAIN, "$$A", "$1");
    }

    #[test]
    fn a_dialect_hides_dollar_signs_in_its_own_way() {
        assert_expands(DOUBLED, "$$A$$$A$$", "$A$1$");
        assert_expands(DOUBLED, "\\$A'$A'", "\\1'1'");
        assert_expands(ESCAPED, "\\$A\\\\$A\\n\\", "$A\\$A\\n\\");
        assert_expands(ESCAPED, "'$A'\"$A\"", "'1'\"1\"");
        assert_expands(PLAIN, "\\$A", "\\1");
    }

    #[test]
    fn quotes_hide_as_in_a_shell() {
        assert_expands(QUOTED, "'$A\\'$A", "$A\\1");
        assert_expands(QUOTED, "\"'$A'\"'\"'", "'1'\"");
        assert_expands(QUOTED, "\"\\$A\\\"\\\\\\n\\'\"", "$A\"\\\\n\\'");
        assert_expands(QUOTED, "\\n\\'\\\\\\é\\", "n'\\é");
        assert_expands(QUOTED, "${C:-'a b'}\"", "a b");
    }

    #[test]
    fn everything_knows_its_place() {
        let places = |written: &str| {
            let text = expanded(written, DOUBLED);
            let place = |piece: &Piece| match piece {
                Piece::Literal(_, provenance) => provenance.at.range(),
                Piece::Hole(hole) => hole.at.range(),
            };
            text.pieces().iter().map(place).collect::<Vec<_>>()
        };
        assert_eq!(places("ab${B}c"), [100..102, 102..106, 106..107]);
        assert_eq!(places("${C:-d$B}"), [105..106, 106..108]);
        assert_eq!(places("a$$b"), [100..101, 102..104]);
        assert_eq!(places("a\nb"), [100..102, 102..103]);
    }

    #[test]
    fn what_is_too_deep_or_grows_without_end_is_unknown() {
        let nested = |depth: usize| format!("{}x{}", "${C:-".repeat(depth), "}".repeat(depth));
        assert_expands(PLAIN, &nested(MAX_DEPTH), "x");
        assert_expands(PLAIN, &nested(MAX_DEPTH + 1), "${…}");
        let mut large = Text::empty();
        for _ in 0..MAX_PIECES {
            large.append(&Text::literal("a", Span::start_of(FileId(0))));
        }
        let doubled = |_: &Variable<'_>| Substitute::Text(large.clone());
        let text = expand(&Embedded::whole(FileId(0), "$A$A"), PLAIN, doubled);
        assert_eq!(text.to_string(), format!("{}${{…}}", "a".repeat(MAX_PIECES)));
        assert_expands(PLAIN, &"$A".repeat(2 * MAX_PIECES), &"1".repeat(2 * MAX_PIECES));
    }

    #[test]
    fn braces_that_nothing_closes_are_looked_for_once() {
        // To look for each of them anew would take longer than anybody waits.
        let text = "${A:-".repeat(400_000);
        assert_eq!(expanded(&text, PLAIN).known().as_deref(), Some(text.as_str()));
    }
}
