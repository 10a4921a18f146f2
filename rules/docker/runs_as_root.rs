//! A container runs as root.

use std::collections::BTreeSet;

use policy_core::finding::{Finding, Label};
use policy_core::model::Asker;
use policy_core::model::context::{Build, BuildContext, DockerfilePlace, KnownBy, Runtime, is_root};
use policy_core::model::image::ImageRole;
use policy_core::purpose;
use policy_core::rule::Context;

use super::build_source;
use crate::base_image::{drops_root, runs_as_root_by_default};

/// Programs that drop root when a container starts.
const DROPS_ROOT: &[&str] =
    &["gosu", "su-exec", "setpriv", "supervisor", "s6-overlay", "s6-setuidgid", "chpst", "runuser"];

/// Programs that need root to start others under other users.
const NEEDS_ROOT: &[&str] = &["cron", "crond"];

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    if !is_deployed_from_here(context) || context.deployment.keeps_images_from_root {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let delivered = delivered(context);
    for built in &context.deployment.contexts {
        let main = built.builds.iter().filter(|build| build.context_name.is_none());
        for build in main.filter(|build| delivered.contains(&build.dockerfile)) {
            let Some(runtime) = build.runtime.as_ref().filter(|runtime| is_service(build, runtime, context))
            else {
                continue;
            };
            findings.extend(ends_as_root(runtime, built, build));
        }
    }
    findings.sort_by_key(|finding: &Finding| finding.primary.span);
    findings.dedup_by_key(|finding| finding.primary.span);
    once_for_each_dockerfile(findings)
}

/// Merges equal findings for several stages of one Dockerfile: one `USER` in a shared base fixes them all.
fn once_for_each_dockerfile(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    for finding in findings {
        let is_same = |other: &&mut Finding| {
            other.primary.span.file == finding.primary.span.file && other.message == finding.message
        };
        match merged.iter_mut().find(is_same) {
            Some(first) => first.related.push(finding.primary),
            None => merged.push(finding),
        }
    }
    merged
}

/// Whether images leave the machine that they are built on. Images for the developer's own machine do not matter.
fn is_deployed_from_here(context: &Context<'_>) -> bool {
    let mut roots = context.deployment.roots.iter();
    if only_lambda_runs(context) {
        return false;
    }
    context.deployment.images.iter().any(|image| image.role == ImageRole::Pushed)
        || roots.any(|root| !root.task_definitions.is_empty())
}

/// Whether all that is deployed are functions of Lambda, which are started as a user of their own.
fn only_lambda_runs(context: &Context<'_>) -> bool {
    let deployed = context.deployment.images.iter().filter(|image| image.role == ImageRole::Deployed);
    let mut users = deployed.map(|image| &image.user).filter(|user| !user.is_compose_service()).peekable();
    users.peek().is_some()
        && users.all(Asker::is_lambda_function)
        && context.deployment.roots.iter().all(|root| root.task_definitions.is_empty())
}

/// The Dockerfiles whose images leave the machine: those that something other than a compose file builds; if there are
/// none, those that anything builds; if there are none, all. A Dockerfile that nothing builds, beside others that are
/// built, is a leftover.
fn delivered(context: &Context<'_>) -> BTreeSet<DockerfilePlace> {
    let builds = || context.deployment.contexts.iter().flat_map(|built| &built.builds);
    let asked_by = |wanted: fn(&Asker) -> bool| -> BTreeSet<DockerfilePlace> {
        let asked = builds().filter(|build| match &build.known_by {
            KnownBy::Request(_, who) => wanted(who),
            KnownBy::Copies | KnownBy::OwnFolder => false,
        });
        asked.map(|build| build.dockerfile).collect()
    };
    let all = builds().map(|build| build.dockerfile).collect();
    let sets = [asked_by(|who| !who.is_compose_service()), asked_by(|_| true), all];
    sets.into_iter().find(|set: &BTreeSet<DockerfilePlace>| !set.is_empty()).unwrap_or_default()
}

fn is_service(build: &Build, runtime: &Runtime, context: &Context<'_>) -> bool {
    let path = context.sources.path(build.dockerfile.file());
    let stage = runtime.stage.as_deref().unwrap_or_default();
    let serves = !purpose::builds_no_service(path) && !purpose::says_no_service(stage);
    let drops = build.programs.say(|word| DROPS_ROOT.iter().any(|program| word.contains(program)));
    let gives_root_up = |word: &String| {
        let program = word.rsplit('/').next().unwrap_or_default();
        program == "su" || DROPS_ROOT.contains(&program) || NEEDS_ROOT.contains(&program)
    };
    // Lambda starts every image as a user of its own.
    let on_lambda = runtime.base.contains("/lambda/")
        || runtime.starts.iter().any(|word| word.contains("awslambdaric") || word.contains("aws-lambda-rie"));
    let drops = drops || on_lambda || runtime.starts.iter().any(gives_root_up);
    serves && !runtime.starts.is_empty() && !drops
}

fn ends_as_root(runtime: &Runtime, context: &BuildContext, build: &Build) -> Option<Finding> {
    let finding = match &runtime.user {
        Some((user, at)) if is_root(user.known().as_deref()?) && !drops_root(&runtime.base) => Finding::new(
            "the last `USER` of this image is root, so the container runs as root",
            Label::new(*at, "the container starts as this user"),
        ),
        None if runs_as_root_by_default(&runtime.base.known()?) => Finding::new(
            format!(
                "this image sets no `USER` and its base `{}` runs as root, so the container runs as root",
                runtime.base
            ),
            Label::new(runtime.from, "this stage sets no `USER`"),
        ),
        Some(_) | None => return None,
    };
    Some(
        finding
            .help("switch to another user with `USER`, after the last instruction that needs root")
            .build_context(context.folder.clone())
            .evidence(build_source::known_by(context, build)),
    )
}
