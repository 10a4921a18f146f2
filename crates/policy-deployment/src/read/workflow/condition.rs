//! Conditions of steps that look first whether files are there.

use policy_shell::resolve::FILE_TESTS;
use policy_text::yaml::Node;

/// Whether `step` of `job` runs only where it has been looked whether files are there: by `hashFiles`, or by a step whose
/// output its condition asks for.
pub(super) fn looks_for_files(step: Node<'_>, job: Node<'_>) -> bool {
    let Some(condition) = step.get("if").and_then(Node::as_str) else { return false };
    let says = |step: Node<'_>, key: &str, wanted: &dyn Fn(&str) -> bool| {
        step.get(key).and_then(Node::as_str).is_some_and(wanted)
    };
    condition.contains("hashFiles(")
        || job.get("steps").into_iter().flat_map(Node::items).any(|other| {
            says(other, "id", &|id| condition.contains(&format!("steps.{id}.")))
                && says(other, "run", &|script| {
                    FILE_TESTS.iter().any(|test| script.contains(&format!(" {test} ")))
                })
        })
}
