//! Directives in the source that allow a finding: `# portcullis: allow(image/latest-tag) nightly sandbox`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::report::{Diagnostic, ReportFile, Suppression};
use crate::source::{FileId, SourceText, Span};

/// A comment that allows findings on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The directive, from its keyword to the end of its reason.
    pub at: Span,
    /// The rule ids it names, each with its place.
    pub rules: Vec<(String, Span)>,
    /// Why the finding is right to stay. Empty where the author gave none; such a directive allows nothing.
    pub reason: String,
    /// The line it speaks about, from 1.
    pub line: usize,
}

/// A directive, and what it was good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedDirective {
    /// The directive.
    pub directive: Directive,
    /// The rules of which it allowed a finding, of those it names.
    pub used: BTreeSet<String>,
}

/// Marks the diagnostics that a directive allows. `files` holds the files of all diagnostics.
pub(crate) fn apply(
    diagnostics: &mut [Diagnostic],
    directives: Vec<Directive>,
    files: &BTreeMap<FileId, ReportFile>,
) -> Vec<JudgedDirective> {
    let mut judged: Vec<JudgedDirective> = directives
        .into_iter()
        .map(|directive| JudgedDirective { directive, used: BTreeSet::new() })
        .collect();
    for diagnostic in diagnostics {
        let span = diagnostic.finding.primary.span;
        let Some(line) = files.get(&span.file).map(|file| file.text.line_of(span.start as usize)) else {
            continue;
        };
        let allows = |directive: &Directive| {
            directive.at.file == span.file
                && directive.line == line
                && !directive.reason.is_empty()
                && directive.rules.iter().any(|(rule, _)| *rule == diagnostic.rule)
        };
        if let Some(JudgedDirective { directive, used }) =
            judged.iter_mut().find(|judged| allows(&judged.directive))
        {
            used.insert(diagnostic.rule.clone());
            diagnostic.suppression = Some(Suppression { at: directive.at, reason: directive.reason.clone() });
        }
    }
    judged
}

const KEYWORD: &str = "portcullis:";

/// A comment that begins with the keyword; a bracket that is never closed takes the rest of the line.
static DIRECTIVE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?<code> .*?) (?: \# | // | /\* | \* | <!-- ) \s*
          (?<directive> portcullis: \s* allow \s* \( (?<rules> [^)]* ) \)? (?<reason> .*? ) ) \s*
          (?: (?: \*/ | --> ) (?<rest> .*) )? $",
    )
    .ok()
});

/// Finds the directives of a file, without a parser: a directive is a comment on a line of its own, for the next line
/// that is no directive, or a comment beside code, for that line.
pub fn directives(file: FileId, text: &str) -> Vec<Directive> {
    if memchr::memmem::find(text.as_bytes(), KEYWORD.as_bytes()).is_none() {
        return Vec::new();
    }
    let text = SourceText::new(text);
    let mut found = Vec::new();
    let mut waiting = Vec::new();
    for line in 1..=text.line_count() {
        let range = text.line_range(line);
        match read_line(file, text.slice(range.clone()), range.start) {
            Some((directive, Place::OwnLine)) => waiting.push(directive),
            read => {
                found.extend(waiting.drain(..).map(|directive| Directive { line, ..directive }));
                found.extend(read.map(|(directive, _)| Directive { line, ..directive }));
            }
        }
    }
    found.append(&mut waiting);
    found
}

enum Place {
    OwnLine,
    BesideCode,
}

fn read_line(file: FileId, line: &str, line_start: usize) -> Option<(Directive, Place)> {
    line.contains(KEYWORD).then_some(())?;
    let parts = DIRECTIVE.as_ref()?.captures(line)?;
    let text = |group: &str| parts.name(group).map_or("", |part| part.as_str().trim());
    let span = |start: usize, end: usize| Span::new(file, line_start + start..line_start + end);

    let directive = parts.name("directive")?;
    let names = parts.name("rules")?;
    let mut rules = Vec::new();
    let mut start = names.start();
    for name in names.as_str().split(',') {
        let from = start + (name.len() - name.trim_start().len());
        if !name.trim().is_empty() {
            rules.push((name.trim().to_owned(), span(from, from + name.trim().len())));
        }
        start += name.len() + 1;
    }
    let alone = text("code").is_empty() && text("rest").is_empty();
    let found = Directive {
        at: span(directive.start(), directive.end()),
        rules,
        reason: text("reason").to_owned(),
        line: 0,
    };
    Some((found, if alone { Place::OwnLine } else { Place::BesideCode }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, Vec<String>, String)> {
        directives(FileId(0), text)
            .into_iter()
            .map(|found| (found.line, found.rules.into_iter().map(|(rule, _)| rule).collect(), found.reason))
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
    fn a_reason_can_be_missing_and_a_bracket_too() {
        assert_eq!(read("x # portcullis: allow(a/b)")[0].2, "");
        assert_eq!(read("x # portcullis: allow(a/b")[0].1, ["a/b"]);
    }
}
