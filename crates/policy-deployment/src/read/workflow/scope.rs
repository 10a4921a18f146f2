//! The contexts that expressions look into: inputs, environment, matrix, outputs of steps and jobs.

use std::collections::{BTreeMap, BTreeSet};

use policy_shell::resolve::CHECKOUT;
use policy_text::source::Span;
use policy_text::value::alternatives::Alternatives;
use policy_text::value::{Origin, Text};

use super::expression::Operand;

/// What it costs to copy a name with its values, beside their text.
const STEPS_PER_NAME: usize = 4;

/// What is known at a step.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// Whether the workflow or the job says by its name that it deploys.
    pub(super) deploys: bool,
    /// Whether a step of the job makes a cluster on the runner.
    pub(super) local_cluster: bool,
    /// Whether Terraform is only asked for a plan.
    pub(super) only_plans: bool,
    /// The environment: the workflow's, the job's and the step's, and what earlier steps set.
    pub(super) env: BTreeMap<String, Alternatives>,
    /// The names in `env` that a step set for those after it.
    pub(super) exported: BTreeSet<String>,
    /// Inputs with a default.
    pub(super) inputs: BTreeMap<String, Alternatives>,
    /// The matrix of this run of the job; nested keys are joined by dots.
    pub(super) matrix: BTreeMap<String, Alternatives>,
    /// Outputs of earlier steps, as `id.name`.
    pub(super) steps: BTreeMap<String, Alternatives>,
    /// Outputs of earlier jobs, as `job.name`.
    pub(super) jobs: BTreeMap<String, Alternatives>,
}

impl Scope {
    /// What it costs to copy it for a step: for each name, and for each piece of text.
    pub(super) fn weight(&self) -> usize {
        let maps = [&self.env, &self.inputs, &self.matrix, &self.steps, &self.jobs];
        let names: usize = maps.iter().map(|map| map.len()).sum();
        let values = maps.into_iter().flat_map(BTreeMap::values).flatten();
        names * STEPS_PER_NAME + values.map(|value| value.pieces().len()).sum::<usize>()
    }

    /// What a path such as `steps.meta.outputs.tags` stands for.
    pub(super) fn look_up(&self, path: &[String], at: Span) -> Operand {
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        let (known, sure) = match parts.as_slice() {
            ["env", name] => (self.env.get(*name), true),
            ["inputs", name] | ["github", "event", "inputs", name] => (self.inputs.get(*name), false),
            ["matrix", rest @ ..] => (self.matrix.get(&rest.join(".")), true),
            ["steps", id, "outputs", name] => (self.steps.get(&format!("{id}.{name}")), false),
            ["needs", job, "outputs", name] => (self.jobs.get(&format!("{job}.{name}")), false),
            _ => (None, false),
        };
        if let Some(values) = known {
            let note = format!("`{}` is used here", parts.join("."));
            let values: Alternatives = values.iter().map(|value| value.through(at, note.clone())).collect();
            let sure = sure && values.iter().all(|value| !value.is_empty() && value.holes().next().is_none());
            return Operand { values, sure };
        }
        let text = match parts.as_slice() {
            ["github", "workspace"] => Text::literal(CHECKOUT.to_string(), at),
            _ => Text::hole(origin(&parts), at),
        };
        Operand { values: vec![text], sure: false }
    }
}

fn origin(parts: &[&str]) -> Origin {
    let whole = parts.join(".");
    match parts {
        ["github", "sha" | "run_id" | "run_number" | "run_attempt"]
        | ["github", "event", "release", "tag_name"]
        | ["github", "event", .., "sha" | "id" | "number"] => Origin::Unique(whole.into()),
        ["secrets" | "vars" | "env", name] => Origin::Environment((*name).into()),
        _ => Origin::Parameter(whole.into()),
    }
}
