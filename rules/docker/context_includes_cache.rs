//! `docker/context-includes-cache`

use policy_core::finding::{Applicability, Edit, Finding, Fix, Label};
use policy_core::model::context::{BuildContext, SentCache};
use policy_core::parse::dockerignore::{Ending, IgnoreFile};
use policy_core::rule::Context;
use policy_core::source::{Sources, Span};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.deployment.contexts.iter().filter_map(|built| lets_caches_in(built, context.sources)).collect()
}

fn lets_caches_in(context: &BuildContext, sources: &Sources<'_>) -> Option<Finding> {
    let ignore = context.ignore.as_ref()?;
    // A pattern that is there and misses is the fault of another rule.
    let sent: Vec<SentCache<'_>> = context
        .sent_caches()
        .into_iter()
        .filter(|sent| sent.missed_by.is_none() && sent.cache.is_fault())
        .collect();
    let first = super::shown(&sent, sources)?;
    let names = super::names(&sent);
    let listed = super::listed(&names);
    let wanted = super::lines(&sent, context, sources);
    let message = format!("the ignore file of build context `{}` does not keep out {listed}", context.folder);
    let mut finding = Finding::new(
        message,
        Label::new(Span::start_of(ignore.file), format!("no line here matches {listed}")),
    )
    .related(Label::new(first.taken.instruction, format!("this takes `{}` along", first.cache.path)))
    .help(format!("add {}", super::listed(&wanted)))
    .fix(add_lines(ignore, &names, &wanted))
    .build_context(context.folder.clone())
    .evidence(super::known_by(context, first.build));
    for label in super::evidence(&sent).into_iter().chain(super::requested_at(context, first.build)) {
        finding = finding.related(label);
    }
    Some(finding)
}

fn add_lines(ignore: &IgnoreFile, names: &[&str], lines: &[String]) -> Fix {
    let Ending { at, closed, crlf } = ignore.ending;
    let line_end = if crlf { "\r\n" } else { "\n" };
    let text: String = lines.iter().flat_map(|line| [line, line_end]).collect();
    let text = if closed { text } else { format!("{line_end}{text}") };
    Fix {
        title: format!("keep {} out", super::listed(names)),
        applicability: Applicability::Safe,
        edits: vec![Edit::Replace { span: at, text }],
    }
}
