//! TypeScript and JavaScript: what a module imports, exports, binds and connects to.

mod class;
mod convert;
pub mod embedded;
mod expression;
pub(crate) mod imports;
mod limits;
mod markup;
mod object;
mod pattern;
mod prefilter;
mod statement;
pub(crate) mod syntax;

use embedded::{Dialect, PageKind, ScriptBlock};
use swc_common::{BytePos, Spanned as _};
use swc_ecma_parser::{EsSyntax, Parser, StringInput, Syntax, TsSyntax};
pub use syntax::Module;

use super::Problem;
use crate::source::{FileId, RepoPath, Span};

/// Reads one module, or the scripts of one page, that may open a socket. `None` where nothing in it can, which is
/// decided without parsing.
pub fn parse(file: FileId, path: &RepoPath, text: &str) -> Option<(Module, Vec<Problem>)> {
    (prefilter::may_open_socket(text) && !prefilter::is_generated(path, text)).then(|| read(file, path, text))
}

/// Whether a module can export something that opens sockets, decided without parsing.
pub(crate) fn may_export_opener(text: &str) -> bool {
    prefilter::may_export_opener(text)
}

/// Reads one module, or the scripts of one page, whatever is in it.
pub(crate) fn read(file: FileId, path: &RepoPath, text: &str) -> (Module, Vec<Problem>) {
    let blocks = match PageKind::of(path) {
        Some(kind) => embedded::scripts(text, kind).into_iter().filter(|block| !block.on_server).collect(),
        None => vec![ScriptBlock { range: 0..text.len(), dialect: dialect_of(path), on_server: false }],
    };
    let mut converter = convert::Converter::new(text);
    let problems = blocks.iter().filter_map(|block| read_block(&mut converter, file, text, block)).collect();
    (converter.finish(), problems)
}

fn dialect_of(path: &RepoPath) -> Dialect {
    match path.extension() {
        Some("ts" | "mts" | "cts") => Dialect::Ts,
        Some("tsx") => Dialect::Tsx,
        _ => Dialect::Jsx,
    }
}

/// Reads one block of a file. The problem, where it could not be read.
fn read_block(
    converter: &mut convert::Converter<'_>,
    file: FileId,
    text: &str,
    block: &ScriptBlock,
) -> Option<Problem> {
    let code = text.get(block.range.clone())?;
    let start = block.range.start;
    let nesting = match limits::measure(code) {
        Ok(nesting) => nesting,
        Err(excess) => {
            let at = Span::new(file, start + excess.offset..start + excess.offset);
            return Some(Problem { at, message: format!("{}: this script was not read", excess.reason) });
        }
    };
    let mut problem = None;
    nesting.with_stack(|| {
        let first = BytePos(1 + start as u32);
        let last = BytePos(1 + block.range.end as u32);
        let mut failure = None;
        for syntax in syntaxes(block.dialect) {
            match Parser::new(syntax, StringInput::new(code, first, last), None).parse_program() {
                Ok(program) => return converter.program(&program),
                Err(error) => failure = failure.take().or(Some(error)),
            }
        }
        problem = failure.map(|error| {
            let span = error.span();
            let at = Span::new(file, convert::offset(span.lo)..convert::offset(span.hi));
            Problem { at, message: format!("not valid script ({}): it was not read", error.kind().msg()) }
        });
    });
    problem
}

/// The grammars to try, the likeliest first: much JavaScript in the wild carries types.
fn syntaxes(dialect: Dialect) -> Vec<Syntax> {
    let typescript = |tsx| Syntax::Typescript(TsSyntax { tsx, decorators: true, ..TsSyntax::default() });
    let javascript = Syntax::Es(EsSyntax {
        jsx: true,
        decorators: true,
        export_default_from: true,
        import_attributes: true,
        allow_super_outside_method: true,
        allow_return_outside_function: true,
        ..EsSyntax::default()
    });
    match dialect {
        Dialect::Ts => vec![typescript(false)],
        Dialect::Tsx => vec![typescript(true)],
        Dialect::Js | Dialect::Jsx => vec![javascript, typescript(true)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn problems(name: &str, text: &str) -> usize {
        read(FileId(0), &RepoPath::new(name).unwrap(), text).1.len()
    }

    #[test]
    fn nothing_that_nests_brings_the_reader_down() {
        for (open, middle, close) in [
            ("(", "1", ")"),
            ("[", "", "]"),
            ("{", "", "}"),
            ("(() => ", "1", ")"),
            ("`${", "1", "}`"),
            ("<a>", "", "</a>"),
            ("f(", "", ")"),
            ("x => ", "1", ""),
            ("!", "1", ""),
            ("a ? b : ", "c", ""),
            ("1 + ", "1", ""),
            ("a", "", ".b()"),
            ("if (a) ", "b", ""),
            ("if (a) b; else ", "b", ""),
            ("typeof ", "b", ""),
            ("a = ", "b", ""),
            ("class A { b = ", "1", "}"),
        ] {
            for depth in [20, 390, 2_400, 100_000] {
                let text = format!("{}{middle}{}", open.repeat(depth), close.repeat(depth));
                problems("a.tsx", &text);
                problems("a.js", &text);
            }
        }
        assert_eq!(problems("a.ts", &format!("{}1{}", "<T>(".repeat(30), ")".repeat(30))), 1);
    }

    #[test]
    fn what_is_broken_is_said() {
        assert_eq!(problems("a.ts", "const a = ;"), 1);
        assert_eq!(problems("a.ts", "export const a = { b: 'ws://"), 1);
        assert_eq!(problems("a.vue", "<script>const a = ;</script>"), 1);
        assert_eq!(problems("a.ts", ""), 0);
    }

    #[test]
    fn unusual_encodings_and_dialects_are_read() {
        assert_eq!(problems("a.ts", "\u{feff}const a = 1;\r\nconst b = 2;\r\n"), 0);
        assert_eq!(problems("a.js", "const a = '\\ud800';"), 0);
        assert_eq!(problems("a.js", "#!/usr/bin/env node\nawait import('./b')"), 0);
        assert_eq!(problems("a.js", "const a: string = <b/>;"), 0);
        assert_eq!(problems("a.ts", "@Component({}) class A { @Input() b!: string }"), 0);
    }
}
