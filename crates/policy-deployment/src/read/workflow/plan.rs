//! Workflows that only ask Terraform for a plan: what they hand over is not deployed.

use policy_text::yaml::{Node, Yaml};

/// How a plan is asked for.
const PLANS: [&str; 3] = ["terraform plan", "tofu plan", "terragrunt plan"];

/// What applies a plan, or may: a script of the repository, an action of it, a recipe.
const APPLIES: [&str; 3] = ["apply", "./", "make "];

/// Whether a workflow asks for plans and nothing that it runs may apply one.
pub(super) fn is_all(yaml: &Yaml) -> bool {
    let commands = || yaml.nodes().filter_map(|node| node.get("run")?.as_str()).flat_map(commands);
    let called = || yaml.nodes().filter_map(|node| node.get("uses")?.as_str());
    let given = || yaml.nodes().filter_map(|node| node.get("with")).flat_map(Node::entries);
    let settings = || given().filter_map(|(_, value)| value.as_str());
    let applies = |text: &str| APPLIES.iter().any(|word| text.contains(word));
    commands().any(|line| PLANS.iter().any(|plan| line.contains(plan)))
        && !commands().chain(called()).chain(settings()).any(applies)
}

/// The lines of a script without its comments.
fn commands(script: &str) -> impl Iterator<Item = &str> {
    script.lines().filter(|line| !line.trim_start().starts_with('#'))
}
