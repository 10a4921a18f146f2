//! A line of a Docker ignore file has no effect, or misses what it names.

use policy_core::dockerignore::{self, Flaw, Pattern};
use policy_core::finding::{Applicability, Edit, Finding, Fix, Label};
use policy_core::model::context::{BuildContext, SentCache};
use policy_core::rule::Context;
use policy_core::source::Sources;

use super::{build_source, sent_directories};
use crate::wording::listed;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let contexts = &context.deployment.contexts;
    let mut findings: Vec<Finding> =
        contexts.iter().filter_map(|built| misses_nested(built, context.sources)).collect();
    for built in contexts {
        let Some(ignore) = &built.ignore else { continue };
        findings.extend(
            ignore
                .patterns
                .iter()
                .filter_map(|pattern| Some(flawed(pattern, pattern.flaw?, built, context.sources))),
        );
        findings.extend(
            built.undone_exceptions(context.sources).map(|(exception, by)| undone(exception, by, built)),
        );
    }
    findings
}

/// Patterns that match only at the root of the context, although the directories that they name lie deeper.
fn misses_nested(context: &BuildContext, sources: &Sources<'_>) -> Option<Finding> {
    let sent = context.sent_caches().into_iter().filter(|sent| sent.cache.always_exists());
    let missed: Vec<(SentCache<'_>, &Pattern)> =
        sent.filter_map(|sent| Some((sent, sent.missed_by?))).collect();
    // Directories that are certainly caches come first.
    let sure = || missed.iter().map(|(sent, _)| sent).filter(|sent| !sent.cache.may_be_meant);
    let first = sent_directories::most_telling(sure(), sources)
        .or_else(|| sent_directories::most_telling(missed.iter().map(|(sent, _)| sent), sources))?;
    let pattern = first.missed_by?;
    let message = format!(
        "the pattern `{}` matches only at the root of build context `{}`, so `{}` is still sent to Docker",
        pattern.path, context.folder, first.cache.path
    );
    let mut patterns: Vec<&Pattern> = missed.iter().map(|(_, pattern)| *pattern).collect();
    patterns.sort_by_key(|pattern| pattern.span);
    patterns.dedup_by_key(|pattern| pattern.span);
    let wanted: Vec<String> = patterns.iter().map(|pattern| at_any_depth(&pattern.written)).collect();
    let mut finding =
        Finding::new(message, Label::new(pattern.span, "this matches only at the root of the context"))
            .related(Label::new(first.taken.instruction, format!("this also copies `{}`", first.cache.path)))
            .help(format!("write {} to match at any depth", listed(&wanted)))
            .fix(deepen(&patterns, &missed, context, sources))
            .build_context(context.folder.clone())
            .evidence(build_source::known_by(context, first.build));
    for (sent, other) in missed.iter().filter(|(_, other)| other.span != pattern.span) {
        let label = Label::new(other.span, format!("this does not exclude `{}` either", sent.cache.path));
        if !finding.related.iter().any(|related| related.span == label.span) {
            finding = finding.related(label);
        }
    }
    Some(finding)
}

/// Lets the patterns match at any depth: those that exclude no committed file, or all of them if each does.
fn deepen(
    patterns: &[&Pattern],
    missed: &[(SentCache<'_>, &Pattern)],
    context: &BuildContext,
    sources: &Sources<'_>,
) -> Fix {
    let loses_files = |pattern: &Pattern| {
        missed.iter().filter(|(_, by)| by.span == pattern.span).any(|(sent, _)| {
            sent.cache.may_be_meant
                && sent_directories::holds_committed(sent.cache.path.file_name(), context, sources)
        })
    };
    let safe: Vec<&Pattern> = patterns.iter().copied().filter(|pattern| !loses_files(pattern)).collect();
    let (applicability, changed) = match safe.as_slice() {
        [] => (Applicability::Unsafe, patterns),
        safe => (Applicability::Safe, safe),
    };
    let edit =
        |pattern: &&Pattern| Edit::Replace { span: pattern.span, text: at_any_depth(&pattern.written) };
    Fix { title: "match at any depth".to_owned(), applicability, edits: changed.iter().map(edit).collect() }
}

/// The written pattern, changed to match at any depth: `/dist/` and `*/dist/` become `**/dist/`.
fn at_any_depth(written: &str) -> String {
    let mut rest = written;
    while let Some(shorter) = ["./", "/", "*/"].iter().find_map(|start| rest.strip_prefix(start)) {
        rest = shorter;
    }
    format!("**/{rest}")
}

fn flawed(pattern: &Pattern, flaw: Flaw, context: &BuildContext, sources: &Sources<'_>) -> Finding {
    let (message, label, help) = match flaw {
        Flaw::TrailingComment => (
            "Docker reads a comment after a pattern as part of the pattern, so this line matches nothing",
            "`#` starts a comment only at the beginning of a line",
            "move the comment to its own line",
        ),
        Flaw::Braces => (
            "Docker does not expand braces in patterns, so this line matches nothing",
            "Docker matches the braces literally",
            "write one line for each alternative",
        ),
        Flaw::Outside => (
            "this pattern points outside the build context, so it matches nothing",
            "nothing outside the context is ever sent",
            "write the path relative to the context, or remove the line",
        ),
    };
    let finding = Finding::new(message, Label::new(pattern.span, label))
        .help(help)
        .build_context(context.folder.clone());
    let lines = match flaw {
        Flaw::TrailingComment => without_comment(&pattern.written),
        Flaw::Braces => without_braces(&pattern.written),
        Flaw::Outside => None,
    };
    match lines {
        Some(lines) => finding.fix(rewritten(pattern, &lines, context, sources)),
        None => finding,
    }
}

/// The comment behind a pattern, then the pattern.
fn without_comment(written: &str) -> Option<Vec<String>> {
    let at = written.find(" #")?;
    let (pattern, comment) = written.split_at(at);
    Some(vec![comment.trim_start().to_owned(), pattern.trim_end().to_owned()])
}

/// A line for each alternative, if the pattern has one pair of braces.
fn without_braces(written: &str) -> Option<Vec<String>> {
    let (before, rest) = written.split_once('{')?;
    let (inside, after) = rest.split_once('}')?;
    let is_plain = |text: &str| !text.contains(['{', '}']);
    let plain = is_plain(inside) && is_plain(after);
    plain.then(|| inside.split(',').map(|name| format!("{before}{}{after}", name.trim())).collect())
}

/// The line rewritten. The fix is unsafe if the new line excludes committed files.
fn rewritten(pattern: &Pattern, lines: &[String], context: &BuildContext, sources: &Sources<'_>) -> Fix {
    let crlf = context.ignore.as_ref().is_some_and(|ignore| ignore.layout.crlf);
    let text = lines.join(if crlf { "\r\n" } else { "\n" });
    let (alone, _) = dockerignore::parse(pattern.span.file, &text);
    let mut files = sources.files_within(&context.folder).filter_map(|(_, path)| context.relative(path));
    let loses_files = pattern.exception || files.any(|path| alone.decide(path).excluded);
    Fix {
        title: "rewrite the line in Docker's syntax".to_owned(),
        applicability: if loses_files { Applicability::Unsafe } else { Applicability::Safe },
        edits: vec![Edit::Replace { span: pattern.span, text }],
    }
}

fn undone(exception: &Pattern, by: &Pattern, context: &BuildContext) -> Finding {
    let message = format!(
        "the exception `!{}` has no effect: a later pattern excludes the path again, and the last match wins",
        exception.path
    );
    Finding::new(message, Label::new(exception.span, "this exception has no effect"))
        .related(Label::new(by.span, format!("this excludes `{}` again", exception.path)))
        .help("move the exception after that pattern")
        .build_context(context.folder.clone())
}
