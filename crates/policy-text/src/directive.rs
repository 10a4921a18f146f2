//! Directives in the source that allow a finding: `# portcullis: allow(image/latest-tag) nightly sandbox`.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::Regex;

use crate::Family;
use crate::source::{FileId, SourceText, Span};

/// A comment that allows findings on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The directive, from its keyword to the end of its reason.
    pub at: Span,
    /// The rule ids it names, each once and with its place.
    pub rules: Vec<(String, Span)>,
    /// The names beyond the first [`MAX_NAMES`], which are not read.
    pub unread: Option<Span>,
    /// Why the finding is right to stay; never empty. A directive without a reason allows nothing.
    pub reason: Option<String>,
    /// The line it speaks about, from 1.
    pub line: usize,
}

/// A comment that speaks to the program in words that it does not understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The comment, from its keyword.
    pub at: Span,
    /// The word after the keyword.
    pub word: String,
}

/// All comments of a file that speak to the program, by place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directives {
    /// Those that allow findings.
    pub allowing: Vec<Directive>,
    /// Those that are not understood.
    pub malformed: Vec<Malformed>,
}

const KEYWORD: &str = "portcullis:";

/// What is written where a reason has yet to be filled in. It is none.
pub const PLACEHOLDER: &str = "TODO: say why";

/// How many names of one directive are read: more than there are rules.
pub const MAX_NAMES: usize = 128;

/// A comment that begins with the keyword; a bracket that is never closed takes the rest of the line.
static DIRECTIVE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?<code> .*?) (?: \# | // | /\* | \* | <!-- ) \s*
          (?<directive> portcullis: \s* allow \s* \( (?<rules> [^)]* ) \)? (?<reason> .*? ) ) \s*
          (?: (?: \*/ | --> ) (?<rest> .*) )? $",
    )
    .ok()
});

/// A comment that begins with the keyword and a word. What follows the word tells it from prose and from a setting that was
/// commented out.
static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?: \# | // | /\* | \* | <!-- ) \s*
          (?<comment> portcullis: \s* (?<word> [A-Za-z][A-Za-z_-]* ) (?<rest> .*? ) ) \s* (?: \*/ | --> | $ )",
    )
    .ok()
});

/// Looks for the keyword: each file is asked for it.
static KEYWORDS: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(KEYWORD));

/// Finds the directives of a file, without a parser: a directive is a comment on a line of its own, for the next line
/// that is no directive, or a comment beside code, for that line.
pub fn directives(file: FileId, text: &str) -> Directives {
    if KEYWORDS.find(text.as_bytes()).is_none() {
        return Directives::default();
    }
    let text = SourceText::new(text);
    let mut found = Vec::new();
    let mut malformed = Vec::new();
    let mut waiting = Vec::new();
    for line in 1..=text.line_count() {
        let range = text.line_range(line);
        match read_line(file, line, text.slice(range.clone()), range.start) {
            Some((directive, true)) => waiting.push(directive),
            beside => {
                if beside.is_none() {
                    malformed.extend(read_other(file, text.slice(range.clone()), range.start));
                }
                let above = waiting.drain(..).map(|directive| Directive { line, ..directive });
                found.extend(above.chain(beside.map(|(directive, _)| directive)));
            }
        }
    }
    let line = text.line_count();
    found.extend(waiting.into_iter().map(|directive| Directive { line, ..directive }));
    Directives { allowing: found, malformed }
}

/// The comment on a line that is not understood and was meant to be: it calls for something, or names a rule.
fn read_other(file: FileId, text: &str, start_of_line: usize) -> Option<Malformed> {
    text.contains(KEYWORD).then_some(())?;
    let parts = OTHER.as_ref()?.captures(text)?;
    let (comment, word) = (parts.name("comment")?, parts.name("word")?.as_str());
    let rest = parts.name("rest").map_or("", |rest| rest.as_str());
    let names_rule = || {
        let names = rest.trim_start().split_once('/').map(|(family, _)| family);
        names.is_some_and(|name| Family::ALL.iter().any(|family| family.name() == name))
    };
    let is_meant = rest.trim_start().starts_with('(') || word.eq_ignore_ascii_case("allow") || names_rule();
    is_meant.then(|| Malformed {
        at: Span::new(file, start_of_line + comment.start()..start_of_line + comment.end()),
        word: word.to_owned(),
    })
}

/// The directive on a line as if it spoke about that line, and whether nothing else stands there.
fn read_line(file: FileId, line: usize, text: &str, start_of_line: usize) -> Option<(Directive, bool)> {
    text.contains(KEYWORD).then_some(())?;
    let parts = DIRECTIVE.as_ref()?.captures(text)?;
    let text = |group: &str| parts.name(group).map_or("", |part| part.as_str().trim());
    let span = |start: usize, end: usize| Span::new(file, start_of_line + start..start_of_line + end);

    let directive = parts.name("directive")?;
    let names = parts.name("rules")?;
    let mut rules: Vec<(String, Span)> = Vec::new();
    let mut unread = None;
    let mut start = names.start();
    for part in names.as_str().split(',') {
        let name = part.trim();
        let from = start + (part.len() - part.trim_start().len());
        start += part.len() + 1;
        if name.is_empty() || rules.iter().any(|(known, _)| known == name) {
            continue;
        }
        if rules.len() == MAX_NAMES {
            unread = Some(span(from, names.end()));
            break;
        }
        rules.push((name.to_owned(), span(from, from + name.len())));
    }
    let at = span(directive.start(), directive.end());
    let reason = Some(text("reason").to_owned()).filter(|reason| !reason.is_empty() && reason != PLACEHOLDER);
    let is_alone = text("code").is_empty() && text("rest").is_empty();
    Some((Directive { at, rules, unread, reason, line }, is_alone))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, Vec<String>, String)> {
        let names = |found: &Directive| found.rules.iter().map(|(rule, _)| rule.clone()).collect();
        directives(FileId(0), text)
            .allowing
            .into_iter()
            .map(|found| (found.line, names(&found), found.reason.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn a_directive_speaks_about_its_own_line_or_the_next() {
        let text =
            "# portcullis: allow(a/b) first\nimage: x\nimage: y # portcullis: allow(a/b, c/d) second\n";
        assert_eq!(
            read(text),
            [(2, vec!["a/b".into()], "first".into()), (3, vec!["a/b".into(), "c/d".into()], "second".into())]
        );
    }

    #[test]
    fn directives_on_lines_of_their_own_add_up() {
        let text = "// portcullis: allow(a/b) one\n// portcullis: allow(c/d) two\ncode();";
        assert_eq!(read(text).iter().map(|found| found.0).collect::<Vec<_>>(), [3, 3]);
    }

    #[test]
    fn comments_end_where_their_language_says() {
        assert_eq!(read("<!-- portcullis: allow(a/b) static page -->\n<p>")[0].2, "static page");
        let beside = read("\n/* portcullis: allow(a/b) why */ x\ny");
        assert_eq!(beside, [(2, vec!["a/b".to_owned()], "why".to_owned())]);
    }

    #[test]
    fn text_that_is_no_comment_is_no_directive() {
        assert!(read("see portcullis: allow(a/b) in the manual").is_empty());
        assert!(read("# portcullis: deny(a/b)").is_empty());
    }

    #[test]
    fn what_was_meant_and_is_not_understood_is_found() {
        let words = |text: &str| -> Vec<String> {
            directives(FileId(0), text).malformed.into_iter().map(|found| found.word).collect()
        };
        for (text, word) in [
            ("x # portcullis: ignore(image/latest-tag) why", "ignore"),
            ("// portcullis: allow image/latest-tag", "allow"),
            ("// portcullis: Allow", "Allow"),
            ("/* portcullis: allow-file(image/latest-tag) why */", "allow-file"),
            ("<!-- portcullis: disable-next-line image/latest-tag -->", "disable-next-line"),
        ] {
            assert_eq!(words(text), [word], "{text}");
        }
        for text in [
            "# portcullis: allow(image/latest-tag) why",
            "# portcullis:\n#   image: portcullis:1.2",
            "# portcullis: true",
            "# portcullis: see docs/portcullis.md",
            "see portcullis: ignore(x)",
        ] {
            assert_eq!(words(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_reason_to_fill_in_is_none() {
        assert_eq!(read(&format!("x # portcullis: allow(a/b) {PLACEHOLDER}"))[0].2, "");
        assert_eq!(
            read("x # portcullis: allow(a/b) TODO: replace by a digest")[0].2,
            "TODO: replace by a digest"
        );
    }

    #[test]
    fn a_reason_can_be_missing_and_a_bracket_too() {
        assert_eq!(read("x # portcullis: allow(a/b)")[0].2, "");
        assert_eq!(read("x # portcullis: allow(a/b")[0].1, ["a/b"]);
    }

    #[test]
    fn a_directive_at_the_end_of_a_file_speaks_about_its_last_line() {
        assert_eq!(read("x\n# portcullis: allow(a/b) why"), [(2, vec!["a/b".into()], "why".into())]);
    }

    #[test]
    fn a_name_counts_once_and_a_list_without_end_is_cut_off() {
        assert_eq!(read("x # portcullis: allow(a/b, c/d, a/b) why")[0].1, ["a/b", "c/d"]);
        let text = format!("# portcullis: allow({}) why", "a/b,".repeat(100_000));
        assert_eq!(directives(FileId(0), &text).allowing[0].unread, None);
        let names: Vec<String> = (0..100_000).map(|at| format!("a/{at}")).collect();
        let found = directives(FileId(0), &format!("# portcullis: allow({}) why", names.join(","))).allowing;
        assert_eq!(found[0].rules.len(), MAX_NAMES);
        assert!(found[0].unread.is_some());
    }
}
