//! `docker/ineffective-ignore-pattern`

use policy_core::finding::{Applicability, Edit, Finding, Fix, Label};
use policy_core::model::context::{BuildContext, SentCache};
use policy_core::parse::dockerignore::{Flaw, Pattern};
use policy_core::rule::Context;
use policy_core::source::Sources;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let contexts = &context.deployment.contexts;
    let mut findings: Vec<Finding> =
        contexts.iter().filter_map(|built| misses_nested(built, context.sources)).collect();
    for built in contexts {
        let Some(ignore) = &built.ignore else { continue };
        findings
            .extend(ignore.patterns.iter().filter_map(|pattern| Some(flawed(pattern, pattern.flaw?, built))));
        findings.extend(
            built.undone_exceptions(context.sources).map(|(exception, by)| undone(exception, by, built)),
        );
    }
    findings
}

/// Patterns that hold for the root of the context alone, while what they name lies deeper.
fn misses_nested(context: &BuildContext, sources: &Sources<'_>) -> Option<Finding> {
    let missed: Vec<(SentCache<'_>, &Pattern)> =
        context.sent_caches().into_iter().filter_map(|sent| Some((sent, sent.missed_by?))).collect();
    let (first, pattern) = missed.first()?;
    let text = sources.read(pattern.span.file).ok()?.text;
    let deeper = |pattern: &Pattern| at_any_depth(text.get(pattern.span.range()).unwrap_or_default());
    let message = format!(
        "`{}` matches only at the root of build context `{}`, so `{}` is sent to Docker",
        pattern.path, context.folder, first.cache.path
    );
    let mut patterns: Vec<&Pattern> = missed.iter().map(|(_, pattern)| *pattern).collect();
    patterns.sort_by_key(|pattern| pattern.span);
    patterns.dedup_by_key(|pattern| pattern.span);
    let loses_files =
        missed.iter().any(|(sent, _)| super::holds_committed(sent.cache.path.file_name(), context, sources));
    let mut finding =
        Finding::new(message, Label::new(pattern.span, "this holds for the root of the context alone"))
            .related(Label::new(first.taken.instruction, format!("this takes `{}` along", first.cache.path)))
            .help(format!("write `{}`", deeper(pattern)))
            .fix(Fix {
                title: "let the pattern match at any depth".to_owned(),
                applicability: if loses_files { Applicability::Unsafe } else { Applicability::Safe },
                edits: patterns
                    .iter()
                    .map(|pattern| Edit::Replace { span: pattern.span, text: deeper(pattern) })
                    .collect(),
            })
            .build_context(context.folder.clone())
            .evidence(super::known_by(context, first.build));
    for (sent, other) in missed.iter().filter(|(_, other)| other.span != pattern.span) {
        let label = Label::new(other.span, format!("this misses `{}` in the same way", sent.cache.path));
        if !finding.related.iter().any(|related| related.span == label.span) {
            finding = finding.related(label);
        }
    }
    Some(finding)
}

/// The pattern as it is written, to match at any depth: `/dist/` and `*/dist/` become `**/dist/`.
fn at_any_depth(written: &str) -> String {
    let mut rest = written;
    while let Some(shorter) = ["./", "/", "*/"].iter().find_map(|start| rest.strip_prefix(start)) {
        rest = shorter;
    }
    format!("**/{rest}")
}

fn flawed(pattern: &Pattern, flaw: Flaw, context: &BuildContext) -> Finding {
    let (message, label, help) = match flaw {
        Flaw::TrailingComment => (
            "a comment after a pattern is part of the pattern, so this line matches nothing",
            "`#` begins a comment only at the start of a line",
            "put the comment on a line of its own",
        ),
        Flaw::Braces => (
            "Docker knows no alternatives in braces, so this line matches nothing",
            "the braces stand for themselves",
            "write one line for each alternative",
        ),
        Flaw::Outside => (
            "this pattern points outside the build context, so it matches nothing",
            "a build context holds nothing above itself",
            "write the path as it is inside the context, or remove the line",
        ),
    };
    Finding::new(message, Label::new(pattern.span, label)).help(help).build_context(context.folder.clone())
}

fn undone(exception: &Pattern, by: &Pattern, context: &BuildContext) -> Finding {
    let message = format!(
        "the exception for `{}` is undone by a later pattern: the last line that matches wins",
        exception.path
    );
    Finding::new(message, Label::new(exception.span, "this has no effect"))
        .related(Label::new(by.span, format!("this excludes `{}` again", exception.path)))
        .help("move the exception below the pattern that excludes")
        .build_context(context.folder.clone())
}
