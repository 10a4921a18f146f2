//! Shell: the commands of a script or of a step, from bash's own grammar, with the place of every word.

mod angle_brackets;
mod line_ends;
mod nesting;

use std::borrow::Cow;

use brush_parser::{ParseError, Parser, ParserOptions, ast};
use policy_text::embedded::Embedded;
use policy_text::source::{FileId, Span};
use policy_text::{Problem, fault};

/// How many lines may be left out before a script counts as not understood.
const MAX_RECOVERIES: usize = 6;

/// The most words of a script. What the parser keeps of each takes more than a kilobyte.
const MAX_WORDS: usize = 250_000;

/// A script that was read, wherever it stands.
#[derive(Debug)]
pub struct Script {
    /// Its text and where that is written.
    pub text: Embedded,
    pub(crate) program: ast::Program,
    /// The byte at which each character begins. Empty where every character is one byte.
    characters: Vec<u32>,
}

/// Reads a script file. `None` where it is written in another language.
pub fn parse(file: FileId, text: &str) -> Option<(Script, Vec<Problem>)> {
    if is_other_language(text) {
        return None;
    }
    match read(angle_brackets::taken_off(file, text)) {
        Ok(script) => Some((script, Vec::new())),
        Err(problem) => Some((Script::empty(file), vec![problem])),
    }
}

/// Whether the first line names another program than a shell.
pub fn is_other_language(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first.starts_with("#!") && !first.contains("sh")
}

/// Whether the first line says that a shell of this language runs the text: `#!/bin/sh`, `#!/usr/bin/env bash`.
pub fn names_shell(text: &str) -> bool {
    let Some(line) = text.lines().next().and_then(|line| line.strip_prefix("#!")) else { return false };
    let mut words = line.split_whitespace().filter(|word| !word.starts_with('-'));
    let program = |word: &str| word.rsplit('/').next().map(ToOwned::to_owned);
    let first = words.next().and_then(program);
    let named = if first.as_deref() == Some("env") { words.next().and_then(program) } else { first };
    named.is_some_and(|name| matches!(&*name, "sh" | "bash" | "dash" | "ash" | "ksh" | "zsh"))
}

/// Reads shell text.
pub fn read(text: Embedded) -> Result<Script, Problem> {
    let text = line_ends::of_unix(text);
    let whole = text.span(0..text.as_str().len());
    if let Some(reason) = nesting::too_deep(text.as_str()) {
        return Err(Problem::unreadable(
            Span { end: whole.start, ..whole },
            format!("this script was not read: {reason}"),
        ));
    }
    if words(text.as_str()) > MAX_WORDS {
        let message = format!("this script has more than {MAX_WORDS} words; its commands were not checked");
        return Err(Problem::too_costly(Span { end: whole.start, ..whole }, message));
    }
    let characters = if text.as_str().is_ascii() {
        Vec::new()
    } else {
        text.as_str().char_indices().map(|(at, _)| at as u32).collect()
    };
    match program(text.as_str()) {
        Ok(program) => Ok(Script { text, program, characters }),
        Err(error) => {
            let message = format!("this script could not be parsed ({error}); its commands were not checked");
            Err(Problem::unreadable(Span { end: whole.start, ..whole }, message))
        }
    }
}

/// How many words there are at most: what stands behind blanks, line ends and what joins commands.
fn words(text: &str) -> usize {
    let begins = |pair: &&[u8]| match pair {
        [before, byte] => b" \t\n;|&".contains(before) && !byte.is_ascii_whitespace(),
        _ => false,
    };
    1 + text.as_bytes().windows(2).filter(begins).count()
}

/// Parses a script. The grammar lacks a few forms of bash, such as `exec &> >(tee log)`: a line that stops it is read as
/// a blank one of the same length, so that all places stay true. It lacks `select` too, which is read as `for`.
fn program(text: &str) -> Result<ast::Program, String> {
    let mut lines: Vec<Cow<'_, str>> = text.split('\n').map(Cow::Borrowed).collect();
    for attempt in 0..MAX_RECOVERIES {
        // A missing line end at the end of a here-document is no error in a shell.
        let input = lines.join("\n") + "\n";
        let parse = || Parser::new(input.as_bytes(), &ParserOptions::default()).parse_program();
        let error = match fault::contained(|| "a fault of the parser".to_owned(), parse) {
            Ok(Ok(program)) => return Ok(program),
            Ok(Err(error)) => error,
            Err(fault) => return Err(fault.to_string()),
        };
        if attempt == 0 {
            let mut menus = lines.iter_mut().filter_map(|line| Some((select_as_for(line)?, line))).peekable();
            if menus.peek().is_some() {
                menus.for_each(|(read, line)| *line = Cow::Owned(read));
                continue;
            }
        }
        let line = match &error {
            ParseError::ParsingNear(position) => lines.get_mut(position.line.saturating_sub(1)),
            _ => None,
        };
        match line.filter(|line| !line.trim().is_empty()) {
            Some(line) => *line = Cow::Owned(" ".repeat(line.chars().count())),
            None => return Err(error.to_string()),
        }
    }
    Err(ParseError::ParsingAtEndOfInput.to_string())
}

/// `select` and `for` have the same form, and both run what is between `do` and `done` for the words that they are given.
fn select_as_for(line: &str) -> Option<String> {
    let rest = line.trim_start().strip_prefix("select ")?;
    let indent = line.get(..line.len() - line.trim_start().len())?;
    let is_loop = rest.split_whitespace().nth(1).is_none_or(|word| word == "in" || word == "do");
    is_loop.then(|| format!("{indent}for    {rest}"))
}

impl Script {
    fn empty(file: FileId) -> Self {
        let program = ast::Program { complete_commands: Vec::new() };
        Self { text: Embedded::new(file), program, characters: Vec::new() }
    }

    /// Where the script begins.
    pub fn start(&self) -> Span {
        let whole = self.text.span(0..self.text.as_str().len());
        Span { end: whole.start, ..whole }
    }

    /// The text of a word with its places. Where the word does not stand in the script as it is, as for one that a
    /// line break was taken out of, all of it stands for the whole word.
    pub fn word(&self, word: &ast::Word) -> Embedded {
        let range =
            word.loc.as_ref().map_or(0..0, |loc| self.byte(loc.start.index)..self.byte(loc.end.index));
        self.part(&word.value, range)
    }

    /// `value`, which is part of the bytes `within`.
    pub fn part(&self, value: &str, within: std::ops::Range<usize>) -> Embedded {
        let written = self.text.as_str().get(within.clone()).unwrap_or_default();
        let mut part = Embedded::new(self.text.file());
        // Most words stand there as they are.
        let offset = if written.starts_with(value) { Some(0) } else { written.find(value) };
        match offset {
            Some(offset) if !value.is_empty() => {
                part.push_from(&self.text, within.start + offset..within.start + offset + value.len());
            }
            _ => part.push_for(value, self.text.span(within)),
        }
        part
    }

    /// The bytes that a word covers.
    pub fn range(&self, word: &ast::Word) -> std::ops::Range<usize> {
        word.loc.as_ref().map_or(0..0, |loc| self.byte(loc.start.index)..self.byte(loc.end.index))
    }

    fn byte(&self, character: usize) -> usize {
        if self.characters.is_empty() {
            return character.min(self.text.as_str().len());
        }
        self.characters.get(character).map_or(self.text.as_str().len(), |&byte| byte as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_another_language_are_left_alone() {
        assert!(parse(FileId(0), "#!/usr/bin/env python3\nimport docker\n").is_none());
        assert!(parse(FileId(0), "#!/bin/bash\ndocker push x\n").is_some());
    }

    #[test]
    fn menus_are_read_as_loops() {
        let menu = "select one in \"$@\"; do\n  if [ -n \"$one\" ]; then docker push \"$one\"; fi\ndone\n";
        let (script, problems) = parse(FileId(0), &menu.repeat(5)).unwrap();
        assert_eq!((script.program.complete_commands.len(), problems.len()), (5, 0));
        let (_, problems) = parse(FileId(0), "select one in a b; do\n  if true; then\ndone\n").unwrap();
        assert_eq!(problems.len(), 1, "an error is still told");
    }

    #[test]
    fn a_line_that_the_grammar_lacks_costs_only_itself() {
        let (script, problems) = parse(FileId(0), "é=1\nexec &> >(tee -a log)\ndocker push x\n").unwrap();
        assert_eq!((script.program.complete_commands.len(), problems.len()), (2, 0));
    }

    #[test]
    fn line_ends_of_windows_are_line_ends() {
        let text = "if true; then\r\n  docker push \\\r\n    x:latest\r\nfi\r\n";
        let (script, problems) = parse(FileId(0), text).unwrap();
        assert!(problems.is_empty());
        assert_eq!(script.text.as_str(), text.replace("\r\n", "\n"));
        let at = script.text.as_str().find("x:").unwrap();
        assert_eq!(&text[script.text.span(at..at + 8).range()], "x:latest");
    }

    #[test]
    fn a_broken_script_is_a_problem() {
        let (script, problems) = parse(FileId(0), "if docker build .; then\n").unwrap();
        assert!(script.program.complete_commands.is_empty());
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn a_script_of_too_many_words_is_said_to_be_too_costly() {
        for text in ["a ", ":\n", "a;"] {
            let (script, problems) = parse(FileId(0), &text.repeat(MAX_WORDS + 1)).unwrap();
            assert!(script.program.complete_commands.is_empty());
            assert_eq!(problems[0].kind, policy_text::ProblemKind::TooCostly, "{text}");
        }
        let (_, problems) = parse(FileId(0), &"echo a # b\n".repeat(1_000)).unwrap();
        assert!(problems.is_empty());
    }

    #[test]
    fn deep_nesting_is_refused_in_time() {
        for text in ["if a; then\n".repeat(5_000), "$((".repeat(50), "${A[".repeat(50), "(".repeat(5_000)] {
            let (script, problems) = parse(FileId(0), &format!("docker {text}")).unwrap();
            assert!(script.program.complete_commands.is_empty());
            assert_eq!(problems.len(), 1);
        }
    }
}
