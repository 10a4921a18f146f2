//! TypeScript and JavaScript: what a module imports, exports, binds and connects to.

mod class;
mod convert;
pub(crate) mod embedded;
mod expression;
pub(crate) mod imports;
pub(crate) mod invocation;
mod json;
mod limits;
mod markup;
mod module_declaration;
mod object;
mod pattern;
mod places;
mod prefilter;
mod recovery;
mod statement;
pub(crate) mod syntax;
mod tag;
mod template_tags;

use std::ops::Range;

use swc_common::{BytePos, Spanned as _};
use swc_ecma_parser::{EsSyntax, Parser, StringInput, Syntax, TsSyntax};

use embedded::{Dialect, PageKind, ScriptBlock};
pub(crate) use syntax::Module;

use policy_text::source::{FileId, RepoPath, Span};
use policy_text::{Problem, fault};

/// Reads one module, or the scripts of one page, that may open a socket. `None` where nothing in it can, which is
/// decided without parsing.
pub fn read_candidate(file: FileId, path: &RepoPath, text: &str) -> Option<(Module, Vec<Problem>)> {
    (prefilter::may_open_socket(text) && !prefilter::is_generated(path, text)).then(|| read(file, path, text))
}

/// Whether the file at `path` is a module: TypeScript or JavaScript by itself.
pub fn is_module(path: &RepoPath) -> bool {
    path.extension().is_some_and(|extension| embedded::MODULE_EXTENSIONS.contains(&extension))
}

/// Whether the file at `path` is a module, or a page that may hold scripts.
pub fn is_read(path: &RepoPath) -> bool {
    is_module(path) || PageKind::of(path).is_some()
}

/// Whether a module can export something that opens sockets, decided without parsing.
pub(crate) fn may_export_opener(text: &str) -> bool {
    prefilter::may_export_opener(text)
}

/// Whether a module can send a request, decided without parsing.
pub(crate) fn may_send_request(path: &RepoPath, text: &str) -> bool {
    prefilter::may_send_request(text) && !prefilter::is_generated(path, text)
}

/// Reads one module, or the scripts of one page, whatever is in it.
pub fn read(file: FileId, path: &RepoPath, text: &str) -> (Module, Vec<Problem>) {
    let mut converter = convert::Converter::new(text);
    converter.module.is_command = text.starts_with("#!");
    let Some(kind) = PageKind::of(path) else {
        let whole = ScriptBlock {
            range: 0..text.len(),
            dialect: dialect_of(path),
            on_server: false,
            variables: None,
        };
        let problems = read_block(&mut converter, file, text, &whole, false);
        return (converter.finish(), problems.into_iter().collect());
    };
    let blocks = embedded::scripts(text, kind);
    // What runs on a server matters only for what it hands to the page.
    let hands_over = blocks.iter().any(|block| block.variables.is_some());
    let mut problems = Vec::new();
    for block in blocks.iter().filter(|block| hands_over || !block.on_server) {
        problems.extend(if block.on_server {
            converter.on_server(|converter| read_block(converter, file, text, block, true))
        } else {
            if let Some(variables) = &block.variables {
                hand_over(&mut converter, text, variables);
            }
            read_block(&mut converter, file, text, block, true)
        });
    }
    (converter.finish(), problems)
}

/// Gives the next block the properties of the object at `variables`. One that cannot be read gives nothing.
fn hand_over(converter: &mut convert::Converter<'_>, text: &str, variables: &Range<usize>) {
    let Some(code) = text.get(variables.clone()) else { return };
    let Ok(nesting) = limits::measure(code) else { return };
    nesting.with_stack(|| {
        let (first, last) = (BytePos(1 + variables.start as u32), BytePos(1 + variables.end as u32));
        for syntax in syntaxes(Dialect::Ts) {
            let parse = || Parser::new(syntax, StringInput::new(code, first, last), None).parse_expr();
            if let Ok(Ok(object)) = fault::contained(String::new, parse) {
                converter.hand_over(&object);
            }
        }
    });
}

/// Reads a JSON file that a module imports. `None` where it is not JSON.
pub(crate) fn read_json(text: &str) -> Option<Module> {
    json::module(text)
}

fn dialect_of(path: &RepoPath) -> Dialect {
    match path.extension() {
        Some("ts" | "mts" | "cts") => Dialect::Ts,
        Some("tsx") => Dialect::Tsx,
        _ => Dialect::Jsx,
    }
}

/// Reads one block of a file. The problem, where it could not be read as a whole.
fn read_block(
    converter: &mut convert::Converter<'_>,
    file: FileId,
    text: &str,
    block: &ScriptBlock,
    is_page: bool,
) -> Option<Problem> {
    let written = text.get(block.range.clone())?;
    let whole = Piece { code: written, start: block.range.start, dialect: block.dialect };
    let problem = read_piece(converter, file, &whole).err()?;
    let without_tags = if is_page { template_tags::without(written) } else { None };
    let whole = Piece { code: without_tags.as_deref().unwrap_or(written), ..whole };
    if without_tags.is_some() && read_piece(converter, file, &whole).is_ok() {
        return None;
    }
    let mut broken = Vec::new();
    for range in recovery::statements(whole.code) {
        let (start, end) = (whole.start + range.start, whole.start + range.end);
        let code = whole.code.get(range).unwrap_or_default();
        if read_piece(converter, file, &Piece { code, start, ..whole }).is_err() {
            broken.push((start as u32, end as u32));
        }
    }
    // What a template or Flow makes of it is valid, only not understood here.
    if without_tags.is_some()
        || text.get(..text.floor_char_boundary(400)).is_some_and(|head| head.contains("@flow"))
    {
        converter.module.passed_over.extend(broken);
        return None;
    }
    Some(problem)
}

/// Code that is parsed at once.
#[derive(Clone, Copy)]
struct Piece<'c> {
    code: &'c str,
    /// Its offset in the file.
    start: usize,
    dialect: Dialect,
}

fn read_piece(
    converter: &mut convert::Converter<'_>,
    file: FileId,
    piece: &Piece<'_>,
) -> Result<(), Problem> {
    let Piece { code, start, dialect } = *piece;
    let nesting = limits::measure(code).map_err(|excess| {
        let at = Span::new(file, start + excess.offset..start + excess.offset);
        Problem::unreadable(at, format!("{}: this script was not read", excess.reason))
    })?;
    let mut outcome = Ok(());
    nesting.with_stack(|| {
        let first = BytePos(1 + start as u32);
        let last = BytePos(1 + (start + code.len()) as u32);
        for syntax in syntaxes(dialect) {
            let parse = || Parser::new(syntax, StringInput::new(code, first, last), None).parse_program();
            match fault::contained(|| "a fault of the parser".to_owned(), parse) {
                Ok(Ok(program)) => {
                    outcome = Ok(());
                    return converter.program(&program);
                }
                Err(fault) => {
                    let at = Span::new(file, start..start);
                    outcome = Err(Problem::unreadable(at, format!("this script could not be read: {fault}")));
                }
                Ok(Err(error)) if outcome.is_ok() => {
                    let span = error.span();
                    let at = Span::new(file, convert::offset(span.lo)..convert::offset(span.hi));
                    let why = error.kind().msg();
                    let message =
                        format!("this statement could not be parsed ({why}); the other statements were read");
                    outcome = Err(Problem::unreadable(at, message));
                }
                Ok(Err(_)) => {}
            }
        }
    });
    outcome
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
        assert_eq!(problems("a.ts", "const a = ;\nconst b = ;"), 1);
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
