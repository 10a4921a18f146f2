//! A pipeline starts a deployment and ends before it is known how that went.

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::ecs_call::{EcsCall, EcsVerb, NamedKind};
use policy_core::rule::Context;
use policy_core::source::{FileId, RepoPath};

/// Words of what is not there to bring a new version.
const OTHER_AIMS: [&str; 8] =
    ["rollback", "roll back", "destroy", "cleanup", "clean up", "teardown", "scale", "restart"];

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let calls = &context.deployment.ecs_calls;
    let path = |call: &EcsCall| context.sources.path(call.at.file);
    // What a script or an action of the repository's own waits for, the workflow that calls it may wait for. A script that only
    // asks looks at what is there, unless it deploys too.
    let may_wait = |call: &EcsCall| {
        let beside = || calls.iter().any(|other| other.at.file == call.at.file && deploys(other));
        waits(call) && !is_workflow(path(call)) && (!matches!(call.verb, EcsVerb::Ask) || beside())
    };
    if calls.iter().any(may_wait) {
        return Vec::new();
    }
    let mut of_file: BTreeMap<FileId, Vec<&EcsCall>> = BTreeMap::new();
    for call in calls.iter().filter(|call| is_workflow(path(call))) {
        of_file.entry(call.at.file).or_default().push(call);
    }
    of_file.into_iter().filter_map(|(file, calls)| unwatched(&calls, context.sources.path(file))).collect()
}

/// Whether the file is a pipeline by itself.
fn is_workflow(path: &RepoPath) -> bool {
    matches!(path.extension(), Some("yml" | "yaml"))
        && !matches!(path.file_name(), "action.yml" | "action.yaml")
}

fn waits(call: &EcsCall) -> bool {
    // Who asks how a service is may do it until it is well; and what is written down is meant.
    matches!(call.verb, EcsVerb::Wait | EcsVerb::Ask | EcsVerb::Deploy { waits: Some(_) })
}

/// Whether it starts a deployment that it does not wait for.
fn deploys(call: &EcsCall) -> bool {
    matches!(call.verb, EcsVerb::Update { deploys: true } | EcsVerb::Deploy { waits: None })
}

fn unwatched(calls: &[&EcsCall], path: &RepoPath) -> Option<Finding> {
    let aims_elsewhere = |text: &str| {
        let text = text.to_ascii_lowercase();
        OTHER_AIMS.iter().any(|word| text.contains(word))
    };
    if aims_elsewhere(path.file_name()) || calls.iter().any(|call| waits(call)) {
        return None;
    }
    let mut starts =
        calls.iter().filter(|call| deploys(call) && !call.may_fail && !aims_elsewhere(&call.by.to_string()));
    let first = starts.next()?;
    let name = first.named(NamedKind::Service).find_map(|named| named.name.known());
    let service = name.map_or_else(|| "a service".to_owned(), |name| format!("the service `{name}`"));
    let message = format!(
        "{} starts a deployment of {service} and nothing waits for it: the pipeline is green even if the new tasks never start",
        first.by
    );
    let finding = Finding::new(message, Label::new(first.at, "this only starts the deployment"));
    let finding = starts.filter(|other| other.at != first.at).fold(finding, |finding, other| {
        let label = Label::new(other.at, "nothing waits for this deployment either");
        if finding.related.contains(&label) { finding } else { finding.related(label) }
    });
    let help = match first.verb {
        EcsVerb::Deploy { .. } => "set `wait-for-service-stability: true`",
        _ => "wait with `aws ecs wait services-stable`, which fails if the service does not become stable",
    };
    Some(finding.help(help))
}
