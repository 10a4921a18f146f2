//! The statements of a script that does not parse as a whole: where one is broken, the others are still read.

use std::ops::Range;

/// More statements than this are not told apart; the last takes the rest.
const MAX_STATEMENTS: usize = 2_000;

/// Words that begin a statement wherever brackets seem to be open: one that is never closed costs its own statement.
const STATEMENT_WORDS: [&str; 12] = [
    "import ",
    "export ",
    "const ",
    "let ",
    "var ",
    "function ",
    "class ",
    "async function ",
    "interface ",
    "type ",
    "enum ",
    "declare ",
];

/// The outermost statements, as far as lines tell: one begins at the indentation of the first line, outside brackets,
/// comments and templates.
pub(super) fn statements(code: &str) -> Vec<Range<usize>> {
    let indentation = code.lines().find(|line| !line.trim().is_empty()).map_or(0, indentation_of);
    let mut scan = Scan::default();
    let mut statements: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        let first = line.trim_start();
        let begins = indentation_of(line) == indentation
            && !matches!(scan.inside, Inside::Comment | Inside::Quotes(b'`'))
            && first.starts_with(|first: char| {
                first.is_alphanumeric() || matches!(first, '_' | '$' | '@' | '/' | '(')
            });
        let resumes = STATEMENT_WORDS.iter().any(|word| first.starts_with(word));
        if begins && (scan.depth == 0 || resumes) && at > start && statements.len() < MAX_STATEMENTS {
            statements.push(start..at);
            start = at;
            scan.depth = 0;
        }
        scan.line(line);
        at += line.len();
    }
    statements.push(start..code.len());
    statements
}

fn indentation_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t', '\u{feff}']).len()
}

/// What the text is inside of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Code,
    Quotes(u8),
    Comment,
}

#[derive(Default)]
struct Scan {
    inside: Inside,
    depth: usize,
}

impl Scan {
    fn line(&mut self, line: &str) {
        let mut bytes = line.bytes().peekable();
        while let Some(byte) = bytes.next() {
            match (self.inside, byte) {
                (Inside::Comment, b'*') if bytes.peek() == Some(&b'/') => self.inside = Inside::Code,
                (Inside::Quotes(_), b'\\') => {
                    bytes.next();
                }
                (Inside::Quotes(quote), byte) if byte == quote => self.inside = Inside::Code,
                (Inside::Code, b'"' | b'\'' | b'`') => self.inside = Inside::Quotes(byte),
                (Inside::Code, b'/') if bytes.peek() == Some(&b'*') => self.inside = Inside::Comment,
                (Inside::Code, b'/') if bytes.peek() == Some(&b'/') => break,
                (Inside::Code, b'(' | b'[' | b'{') => self.depth += 1,
                (Inside::Code, b')' | b']' | b'}') => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        // Only templates go on in the next line.
        if matches!(self.inside, Inside::Quotes(quote) if quote != b'`') {
            self.inside = Inside::Code;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_statements(code: &str, expected: &[&str]) {
        let found: Vec<&str> = statements(code).into_iter().map(|range| &code[range]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_statement_begins_where_the_last_one_ended() {
        assert_statements("a(\n1,\n)\nb()\n", &["a(\n1,\n)\n", "b()\n"]);
        assert_statements(
            "  const a = {\n    b: 1,\n  }\n  c()",
            &["  const a = {\n    b: 1,\n  }\n", "  c()"],
        );
        assert_statements("if (a) {\n}\nelse {\n}", &["if (a) {\n}\n", "else {\n}"]);
        assert_statements("", &[""]);
    }

    #[test]
    fn a_bracket_that_is_never_closed_costs_one_statement() {
        assert_statements("const a = (;\nconst b = 1\n", &["const a = (;\n", "const b = 1\n"]);
    }

    #[test]
    fn comments_and_templates_hold_no_statements() {
        assert_statements("/*\nopen()\n*/\na()", &["/*\nopen()\n*/\n", "a()"]);
        assert_statements("a(`\nopen()\n`)\n", &["a(`\nopen()\n`)\n"]);
    }
}
