//! Evaluates calls.

use super::Interpreter;
use super::arguments::Arguments;
use super::builtins;
use super::group::{Path, What};
use super::statements::{Flow, joined};
use super::value::{Callable, ScopeId, Value};
use crate::parse::syntax::{Expr, Takes};

impl<'m> Interpreter<'m, '_> {
    /// What a call gives.
    pub(crate) fn call(&mut self, function: &Value<'m>, arguments: &Arguments<'m>) -> Value<'m> {
        match function {
            Value::Function(function) => self.call_function(function, arguments),
            Value::Class(class) => {
                let class = *class;
                self.deeper(|this| this.instantiate(class, arguments)).unwrap_or(Value::Unknown)
            }
            Value::Method(group, name) => self.outside.method(self, *group, name, arguments),
            Value::External(name) => {
                let outside = self.outside;
                outside
                    .call(self, name, arguments)
                    .or_else(|| builtins::call(self, name, arguments))
                    .unwrap_or_else(|| match self.hand_over(arguments, outside.adds_nothing(name)) {
                        // What it gives belongs to the same package.
                        Value::Unknown => Value::external(&format!("{name}()")),
                        wrapped => wrapped,
                    })
            }
            Value::Own(object, name) => builtins::method(self, object, name, arguments),
            _ => self.hand_over(arguments, false),
        }
    }

    /// A call of what is not known: it may add handlers to each group that it is given, and may wrap the only one.
    fn hand_over(&mut self, arguments: &Arguments<'m>, adds_nothing: bool) -> Value<'m> {
        let groups: Vec<_> = arguments
            .values()
            .filter_map(|value| match value {
                Value::Group(group) => Some(*group),
                _ => None,
            })
            .collect();
        if !adds_nothing {
            for group in &groups {
                let what = What::Unknown("it is handed to code that is not in the repository");
                self.register(*group, Path::default(), what, arguments.at);
            }
        }
        match groups.as_slice() {
            [group] => Value::Group(*group),
            _ => Value::Unknown,
        }
    }

    pub(super) fn call_function(&mut self, callable: &Callable<'m>, arguments: &Arguments<'m>) -> Value<'m> {
        let file = self.file_of(callable.scope);
        let called = self.deeper(|this| this.at_cost_of(file, |this| this.run_function(callable, arguments)));
        called.unwrap_or_else(|| self.hand_over(arguments, false))
    }

    fn run_function(&mut self, callable: &Callable<'m>, arguments: &Arguments<'m>) -> Value<'m> {
        let Some(scope) = self.new_call_scope(callable.scope) else { return Value::Unknown };
        self.bind_parameters(callable, arguments, scope);
        let doubt = self.doubt;
        let before = std::mem::take(&mut self.returned);
        let last = match self.run(&callable.function.body, scope) {
            Flow::Returned(value) => Some(value),
            Flow::On | Flow::Left { .. } => Some(Value::None),
            Flow::Raised => None,
        };
        let returned = std::mem::replace(&mut self.returned, before);
        self.doubt = doubt;
        let all = returned.into_iter().chain(last);
        all.reduce(|one, other| joined(&one, &other)).unwrap_or(Value::Unknown)
    }

    fn bind_parameters(&mut self, callable: &Callable<'m>, arguments: &Arguments<'m>, scope: ScopeId) {
        let parameters = &callable.function.parameters;
        if !self.pay(parameters.len().saturating_mul(1 + arguments.named.len()))
            || !self.hold::<[Value<'_>; 4]>(parameters.len())
        {
            return;
        }
        let mut positional = callable.bound.iter().map(|bound| &**bound).chain(&arguments.positional);
        for parameter in parameters {
            let given = match parameter.takes {
                Takes::One => positional.next().or_else(|| arguments.named(&parameter.name)),
                Takes::Named => arguments.named(&parameter.name),
                Takes::Rest => Some(&Value::Unknown),
            };
            let value = match (given, &parameter.default) {
                (Some(value), _) => value.clone(),
                (None, Some(default)) if !arguments.has_others => self.evaluate(default, callable.scope),
                _ => Value::Unknown,
            };
            self.bind(scope, &parameter.name, value);
        }
    }

    /// What decorators make of a function or class.
    pub(super) fn decorated(
        &mut self,
        value: Value<'m>,
        decorators: &'m [Expr],
        scope: ScopeId,
    ) -> Value<'m> {
        for decorator in decorators.iter().rev() {
            let applied = self.evaluate(decorator, scope);
            let arguments = Arguments {
                positional: vec![value.clone()],
                named: Vec::new(),
                has_others: false,
                at: decorator.at.within(self.file_of(scope)),
            };
            // Whatever it gives stands for the function or class.
            if let Value::Function(_) | Value::Method(..) = applied {
                self.call(&applied, &arguments);
            }
        }
        value
    }
}
