//! Environment variables that something in the repository sets.

use policy_text::yaml::Node;

use super::Parsed;

/// How deep a pipeline is looked into.
const MAX_DEPTH: usize = 12;

/// Whether something in the repository sets an environment variable of this name.
pub(crate) fn is_set(name: &str, parsed: &Parsed) -> bool {
    let assignment = format!("{name}=");
    let pipelines = parsed.yaml.iter().filter(|(_, file)| file.flavour.is_pipeline());
    parsed.shell.iter().any(|(_, script)| script.text.as_str().contains(&assignment))
        || parsed.makefiles.iter().any(|(_, file)| {
            file.variables.iter().any(|(variable, _)| variable == name)
                || file.recipes.iter().any(|(_, line)| line.as_str().contains(&assignment))
        })
        || parsed.jenkinsfiles.iter().any(|(_, file)| {
            file.values.contains_key(name)
                || file.steps.iter().any(|step| step.text.as_str().contains(&assignment))
        })
        || pipelines.flat_map(|(_, file)| file.yaml.documents()).any(|root| sets(root, name, &assignment, 0))
}

fn sets(node: Node<'_>, name: &str, assignment: &str, depth: usize) -> bool {
    depth < MAX_DEPTH
        && (node.as_str().is_some_and(|text| text.contains(assignment))
            || node.items().any(|item| sets(item, name, assignment, depth + 1))
            || node
                .entries()
                .into_iter()
                .any(|(key, value)| key.as_str() == Some(name) || sets(value, name, assignment, depth + 1)))
}
