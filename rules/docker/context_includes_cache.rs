//! An ignore file does not exclude a cache, dependency or build directory.

use policy_core::finding::{Applicability, Finding, Fix, Label};
use policy_core::model::context::{BuildContext, SentCache};
use policy_core::rule::Context;
use policy_core::source::{Sources, Span};

use super::ignore_style::{self, IgnoreStyle};
use super::{build_source, sent_directories};
use crate::wording::listed;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.deployment.contexts.iter().filter_map(|built| lets_caches_in(built, context.sources)).collect()
}

fn lets_caches_in(context: &BuildContext, sources: &Sources<'_>) -> Option<Finding> {
    let ignore = context.ignore.as_ref()?;
    // A pattern that misses its directory belongs to `docker/ineffective-ignore-pattern`.
    let sent: Vec<SentCache<'_>> = context
        .sent_caches()
        .into_iter()
        .filter(|sent| sent.missed_by.is_none() && sent.cache.is_harmful())
        .collect();
    let first = sent_directories::most_telling(&sent, sources)?;
    let directories = sent_directories::names(&sent);
    let named = listed(&directories);
    let style = IgnoreStyle::of(ignore);
    let lines: Vec<(&str, String)> = sent_directories::lines(&sent, style.reaches_down, context, sources)
        .into_iter()
        .map(|(cache, line)| (cache.tool, style.written(&line)))
        .collect();
    let wanted: Vec<&String> = lines.iter().map(|(_, line)| line).collect();
    let message = format!(
        "the ignore file of build context `{}` does not exclude {named}, so {} can end up in {}",
        context.folder,
        if directories.len() == 1 { "it" } else { "they" },
        sent_directories::destination(sent.iter().any(|sent| sent.taken.in_final_image)),
    );
    let mut finding = Finding::new(
        message,
        Label::new(Span::start_of(ignore.file), format!("no pattern in this file matches {named}")),
    )
    .related(Label::new(first.taken.instruction, format!("this also copies `{}`", first.cache.path)))
    .help(format!("add {} to the ignore file", listed(&wanted)))
    .fix(Fix {
        title: format!("exclude {named}"),
        applicability: Applicability::Safe,
        edits: ignore_style::add(ignore, &lines),
    })
    .build_context(context.folder.clone())
    .evidence(build_source::known_by(context, first.build));
    for there in sent_directories::on_disk(&sent) {
        finding = finding.evidence(there);
    }
    for label in
        sent_directories::evidence(&sent).into_iter().chain(build_source::requested_at(context, first.build))
    {
        finding = finding.related(label);
    }
    Some(finding)
}
