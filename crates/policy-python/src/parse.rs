//! Python's syntax, as far as it matters for what a module builds while it is loaded. The one place that knows the parser.

mod convert;
mod limits;
pub(crate) mod syntax;

use policy_text::source::{FileId, Span};
use policy_text::{Problem, fault};
use ruff_python_parser::{Mode, ParseOptions};

use syntax::Module;

/// Reads a module. What is broken costs no more than the statement that it stands in.
pub(crate) fn read(file: FileId, text: &str) -> (Module, Option<Problem>) {
    let start = Span::start_of(file);
    let Ok(nesting) = limits::measure(text) else {
        let message = "brackets, blocks or operators nest too deep: this module was not read";
        return (Module::default(), Some(Problem::too_costly(start, message)));
    };
    let parse = || {
        nesting.with_stack(|| {
            let parsed = ruff_python_parser::parse_unchecked(text, ParseOptions::from(Mode::Module));
            let problem = parsed.errors().first().map(|error| {
                let at = Span::new(file, error.location.start().to_usize()..error.location.end().to_usize());
                let why = error.error.to_string();
                Problem::unreadable(
                    at,
                    format!("this could not be parsed ({why}); the rest of the module was read"),
                )
            });
            (convert::module(text, parsed.syntax()), problem)
        })
    };
    fault::contained(|| "a fault of the parser".to_owned(), parse).unwrap_or_else(|fault| {
        (
            Module::default(),
            Some(Problem::unreadable(start, format!("this module could not be read: {fault}"))),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<Problem> {
        read(FileId(0), text).1
    }

    #[test]
    fn nothing_that_nests_brings_the_reader_down() {
        for (open, middle, close) in [
            ("(", "1", ")"),
            ("[", "", "]"),
            ("{", "", "}"),
            ("f(", "", ")"),
            ("f'{", "1", "}'"),
            ("lambda: ", "1", ""),
            ("lambda a, b: ", "1", ""),
            ("not ", "1", ""),
            ("-", "1", ""),
            ("a if b else ", "c", ""),
            ("1 + ", "1", ""),
            ("2 ** ", "1", ""),
            ("a", "", ".b()"),
            ("a", "", "()"),
            ("a", "", "[0]"),
            ("await ", "b", ""),
            ("'a' ", "'b'", ""),
            ("a = ", "b", ""),
            ("(yield ", "b", ")"),
            ("x: ", "int", ""),
            ("*", "a", ""),
        ] {
            for depth in [20, 1_500, 100_000] {
                problem(&format!("{}{middle}{}", open.repeat(depth), close.repeat(depth)));
                problem(&format!("a = [{}{middle}{}]\n", open.repeat(depth), close.repeat(depth)));
                problem(&format!("a = f\"{{{}{middle}{}}}\"\n", open.repeat(depth), close.repeat(depth)));
            }
        }
        let blocks: Vec<_> = (0..2_000).map(|depth| format!("{}if a:", " ".repeat(depth))).collect();
        problem(&blocks.join("\n"));
        problem(&format!("match a:\n case {}1{}: pass", "[".repeat(9_000), "]".repeat(9_000)));
        problem(&format!("if a: pass\n{}", "elif a: pass\n".repeat(100_000)));
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        let (module, problem) = read(FileId(0), "a = \nb = 1\ndef c(:\n    pass\nd = 2\n");
        assert!(problem.is_some());
        assert!(module.body.len() >= 3, "{module:?}");
        assert_eq!(read(FileId(0), "\u{feff}a = 1\r\nb = 2\r\n").1, None);
        assert_eq!(read(FileId(0), "").1, None);
    }
}
