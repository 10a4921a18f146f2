//! Functions of Lambda, from Terraform.

use policy_terraform::resolve::value::Value;
use policy_terraform::resolve::world::{Resource, Root};

use crate::model::function::Function;
use crate::model::task_definition::Variable;

/// The types of resources that are read.
pub(super) const KINDS: [&str; 1] = ["aws_lambda_function"];

/// The functions of a root module and all modules that it calls, by address.
pub(super) fn functions(root: &Root) -> Vec<Function> {
    root.resources(&KINDS).map(function).collect()
}

fn function(resource: &Resource) -> Function {
    let given = resource.body.block("environment").and_then(|own| own.get("variables"));
    let given = given.and_then(Value::as_object).map(|given| &given.entries);
    let variable = |(name, value): (&std::sync::Arc<str>, &Value)| {
        let at = value.at();
        Variable { name: name.to_string(), value: value.to_text(), name_at: at, at }
    };
    let variables = given.into_iter().flatten().map(variable).collect();
    let handler = resource.body.get("handler").and_then(Value::as_string);
    Function { handler, name: format!("{}.{}", resource.kind, resource.name).into(), variables }
}
