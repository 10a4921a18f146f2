//! A rewrite that leaves nothing of the paths of an Ingress: it is meant for another one of them, or keeps no part of any.

use policy_core::finding::{Finding, Label, Severity};
use policy_core::model::Deployment;
use policy_core::model::ingress::{Controller, Ingress, IngressPath, PathType, Rewrite};
use policy_core::model::program::{Answers, Registration, Serves};
use policy_core::model::routing::is_for_operations;
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::Span;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let ingresses = context.deployment.ingresses.iter();
    let meant = ingresses.filter(|ingress| !purpose::is_made_up(context.sources.path(ingress.at.file)));
    meant.flat_map(|ingress| in_ingress(context.deployment, ingress)).collect()
}

fn in_ingress(deployment: &Deployment, ingress: &Ingress) -> Vec<Finding> {
    let Rewrite::To(target, at) = &ingress.rewrite else { return Vec::new() };
    if ingress.controller == Controller::Nginx && !target.contains('$') {
        let paths = ingress.paths.iter();
        return paths.filter_map(|path| without_any_group(deployment, target, *at, path)).collect();
    }
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
            "every request under `{}` reaches `{}` as `{becomes}`: the path has {}, and `rewrite-target: {target}` uses group {wanted}",
            path.written,
            path.service,
            match path.groups() {
                0 => "no group".to_owned(),
                1 => "one group".to_owned(),
                groups => format!("{groups} groups"),
            },
        );
        let finding = Finding::new(message, Label::new(path.at, format!("this path has no group {wanted}")));
        // Some of what the service has keeps its path: that of a page whose code draws every other one.
        let keeps_some = ingress.paths.iter().any(|other| gives(&other) && other.service == path.service);
        let finding = if keeps_some && path.written == "/" && becomes == "/" {
            finding.severity(Severity::Warning)
        } else {
            finding
        };
        finding
            .related(Label::new(*at, "this rewrite applies to every path of the Ingress"))
            .related(Label::new(meant.at, "the rewrite fits this path"))
            .help(format!(
                "move `{}` to an Ingress of its own, without the annotation",
                path.written
            ))
    });
    found.collect()
}

/// A path of which the target keeps nothing, where its program serves more than what is asked for in the end. A path that is
/// the target itself is not rewritten, and one that is compared as a whole loses nothing.
fn without_any_group(deployment: &Deployment, target: &str, at: Span, path: &IngressPath) -> Option<Finding> {
    if path.kind == PathType::Exact || path.written == target {
        return None;
    }
    let program = deployment.program(path.program?)?;
    let base = path.written.trim_end_matches('/');
    let strips = format!(
        "`rewrite-target: /$2` with the path `{base}(/|$)(.*)` and `pathType: ImplementationSpecific`"
    );
    let either = format!(
        "remove the annotation if the program expects the paths as they are, or strip only the prefix: {strips}"
    );
    let (label, needs, help) = match &program.serves {
        Serves::Registered(served) => {
            let is_lost = |registration: &&Registration| {
                let own = registration.path.literal_start().trim_end_matches('/');
                registration.answers != Answers::Redirect
                    && !is_for_operations(&registration.path)
                    && own != target.trim_end_matches('/')
                    && own != base
            };
            let is_below = |registration: &&Registration| registration.path.after(base).is_some();
            let mut lost = served.registrations.iter().filter(is_lost);
            let below = lost.clone().find(is_below);
            let help = match below {
                Some(_) => "remove the annotation: the program expects the paths as they are".to_owned(),
                None => format!("strip only the prefix: {strips}"),
            };
            let lost = below.or_else(|| lost.next())?;
            (format!("the program serves `{}`, but no request reaches it", lost.path), lost.at, help)
        }
        Serves::Nginx(_, configured) => {
            let server = configured.configuration.servers.first()?;
            ("this server has files, but no request reaches them".to_owned(), server.at, either)
        }
        Serves::Unknown(_) => return None,
    };
    let message = format!(
        "every request under `{}` reaches `{}` as `{target}`: `rewrite-target: {target}` keeps nothing of the path",
        path.written, path.service,
    );
    Some(
        Finding::new(message, Label::new(path.at, "this path matches as a prefix"))
            .related(Label::new(at, "the rewrite replaces the whole path with this"))
            .related(Label::new(needs, label))
            .help(help),
    )
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
