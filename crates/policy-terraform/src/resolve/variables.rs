//! The values of variables: from files of values, from calls, from defaults.

use std::rc::Rc;

use policy_text::source::Span;
use policy_text::value::Origin;

use super::evaluation::Evaluation;
use super::instance::{Inputs, Instance, Key};
use super::scope::Scope;
use super::types::Type;
use super::value::Value;
use crate::parse::syntax::{Block, Expr};

impl<'p> Evaluation<'p> {
    /// The variable `name` of a module instance, used at `at`.
    pub(super) fn variable(&self, instance: &Rc<Instance<'p>>, name: &str, at: Span) -> Value {
        let Some((&name, block)) = instance.module.variables.get(name) else {
            return self.fail(format!("there is no variable `{name}`"), at);
        };
        let value =
            self.remembered(instance, Key::Variable(name), block.at, || self.decide(instance, name, block));
        value.through(at, format!("`var.{name}` is used here"))
    }

    fn decide(&self, instance: &Rc<Instance<'p>>, name: &'p str, block: &'p Block) -> Value {
        let given = match &instance.inputs {
            Inputs::Files(values) => match values.get(name) {
                Some(value) => Some(self.expression(value, Scope::EMPTY)),
                None => self.in_environment(name, block),
            },
            Inputs::Call { from, block, each, .. } => block
                .body()
                .attribute(name)
                .map(|argument| self.expression(&argument.value, Scope::of(from, each))),
        };
        let default =
            || block.body().attribute("default").map(|default| self.expression(&default.value, Scope::EMPTY));
        let nullable = block
            .body()
            .attribute("nullable")
            .is_none_or(|nullable| self.expression(&nullable.value, Scope::EMPTY).as_bool() != Some(false));
        let value = match given {
            Some(value) if value.is_null() && !nullable => default().unwrap_or(value),
            Some(value) => value,
            // What is given under a name that the module lacks may be meant for any variable.
            None if matches!(instance.inputs, Inputs::Call { is_taken: false, .. }) => {
                let why = "the module is given something that it has no variable for";
                return Value::unknown(Origin::Other(why.into()), block.at);
            }
            None => match default() {
                Some(value) => value,
                None => return Value::unknown(Origin::Parameter(format!("var.{name}").into()), block.at),
            },
        };
        let Some(constraint) = block.body().attribute("type") else { return value };
        let evaluate = |expression: &'p Expr| self.expression(expression, Scope::EMPTY);
        Type::read(&constraint.value).convert(&value, &evaluate)
    }

    /// What the environment gives a variable. Terraform takes the text as it is for a simple type; as an expression, which
    /// is not followed, for any other.
    fn in_environment(&self, name: &str, block: &'p Block) -> Option<Value> {
        let text = self.options.environment.get(name)?;
        let constraint = block.body().attribute("type").map(|constraint| Type::read(&constraint.value));
        let is_simple = constraint.as_ref().is_none_or(Type::is_simple);
        Some(if is_simple {
            Value::string(text.as_str(), block.at)
        } else {
            Value::unknown(Origin::Environment(format!("TF_VAR_{name}").into()), block.at)
        })
    }
}
