//! A job deploys while the tests of the same workflow still run.

use policy_core::finding::{Finding, Label};
use policy_core::model::ecs_call::{EcsCall, EcsVerb};
use policy_core::model::workflow_job::WorkflowJob;
use policy_core::rule::Context;
use policy_core::source::{FileId, Span};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let jobs = &context.deployment.workflow_jobs;
    let calls: Vec<&EcsCall> =
        context.deployment.ecs_calls.iter().filter(|call| deploys(call) && !call.may_fail).collect();
    let deploying = jobs.iter().filter_map(|job| {
        let call = calls.iter().find(|call| call.at.is_within(job.at))?;
        let all: Vec<WorkflowJob> = in_file(jobs, job.at.file);
        ungated(job, call, &all)
    });
    deploying.collect()
}

fn deploys(call: &EcsCall) -> bool {
    matches!(call.verb, EcsVerb::Update { deploys: true } | EcsVerb::Deploy { .. })
}

fn in_file(jobs: &[WorkflowJob], file: FileId) -> Vec<WorkflowJob> {
    jobs.iter().filter(|job| job.at.file == file).cloned().collect()
}

fn ungated(job: &WorkflowJob, call: &EcsCall, all: &[WorkflowJob]) -> Option<Finding> {
    let before = job.before(all)?;
    let is_gate = |job: &WorkflowJob| job.tests.is_some() || job.may_be_held;
    if is_gate(job) || before.iter().any(|job| is_gate(job)) || !runs_with_pushes(job) {
        return None;
    }
    let (tests, at) = all.iter().find_map(|other| Some((other, beside(job, other, all)?)))?;
    let message = format!(
        "the job `{}` deploys without waiting for `{}`, which runs the tests of the same workflow: a version that fails them is deployed",
        job.name, tests.name
    );
    let finding =
        Finding::new(message, Label::new(job.name_at, format!("this does not need `{}`", tests.name)))
            .related(Label::new(at, "these are the tests"))
            .related(Label::new(call.at, "this deploys"));
    let mut needs = job.needs.clone()?;
    needs.push(tests.name.clone());
    Some(finding.help(format!("set `needs: [{}]`", needs.join(", "))))
}

/// Whether it runs whenever something is pushed to the branch that is deployed. Of other conditions it is not known who asks.
fn runs_with_pushes(job: &WorkflowJob) -> bool {
    let is_of_branch = |condition: &String| {
        let asks_more = ["dispatch", "inputs.", "needs.", "vars.", "steps."];
        condition.contains("github.ref") && !asks_more.iter().any(|word| condition.contains(word))
    };
    job.condition.as_ref().is_none_or(is_of_branch)
}

/// Where `other` runs tests that have to pass, at the same time as `job`.
fn beside(job: &WorkflowJob, other: &WorkflowJob, all: &[WorkflowJob]) -> Option<Span> {
    let is_after = other.before(all)?.iter().any(|before| before.name == job.name);
    let must_pass = other.condition.is_none() && other.counts;
    other.tests.filter(|_| must_pass && !is_after && other.name != job.name)
}
