//! A rewrite that is meant for one path of an Ingress, and that leaves nothing of the others.

use policy_core::finding::{Finding, Label};
use policy_core::model::ingress::{Controller, Ingress, IngressPath, PathType, Rewrite};
use policy_core::purpose;
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let ingresses = context.deployment.ingresses.iter();
    let meant = ingresses.filter(|ingress| !purpose::is_made_up(context.sources.path(ingress.at.file)));
    meant.flat_map(in_ingress).collect()
}

fn in_ingress(ingress: &Ingress) -> Vec<Finding> {
    let Rewrite::To(target, at) = &ingress.rewrite else { return Vec::new() };
    let wanted = highest_group(target);
    let gives = |path: &&IngressPath| path.groups() >= wanted;
    let Some(meant) = ingress.paths.iter().find(gives) else { return Vec::new() };
    if ingress.controller != Controller::Nginx || wanted == 0 {
        return Vec::new();
    }
    let dropped = ingress.paths.iter().filter(|path| !gives(path) && path.kind != PathType::Exact);
    let found = dropped.map(|path| {
        let becomes = without_groups(target, path.groups());
        let message = format!(
            "every request below `{}` reaches `{}` as `{becomes}`: the path has {}, and `rewrite-target: {target}` uses group {wanted}",
            path.written,
            path.service,
            match path.groups() {
                0 => "no group".to_owned(),
                1 => "one group".to_owned(),
                groups => format!("{groups} groups"),
            },
        );
        Finding::new(message, Label::new(path.at, format!("this path has no group {wanted}")))
            .related(Label::new(*at, "the rewrite holds for every path of the Ingress"))
            .related(Label::new(meant.at, "this is the path that the rewrite is written for"))
            .help(format!(
                "move `{}` to an Ingress of its own, without the annotation",
                path.written
            ))
    });
    found.collect()
}

/// The highest group that a target uses: 2 for `/$2`.
fn highest_group(target: &str) -> usize {
    let digits = target.match_indices('$').filter_map(|(at, _)| target.get(at + 1..at + 2)?.parse().ok());
    digits.max().unwrap_or(0)
}

/// What a target comes to where the groups above `groups` are empty. Those below stay as they are written.
fn without_groups(target: &str, groups: usize) -> String {
    (groups + 1..=9).fold(target.to_owned(), |target, group| target.replace(&format!("${group}"), ""))
}
