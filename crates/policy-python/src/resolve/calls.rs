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
                    .unwrap_or_else(|| {
                        let adds_nothing = outside.adds_nothing(name);
                        let wrapped = self.hand_over(arguments, adds_nothing);
                        match wrapped {
                            Value::Group(_) if !adds_nothing || outside.passes_on(name) => wrapped,
                            // What it gives belongs to the same package.
                            _ => Value::external(&format!("{name}()")),
                        }
                    })
            }
            Value::Partial(partial) => {
                let (function, first) = &**partial;
                let mut all = first.clone();
                all.positional.extend(arguments.positional.iter().cloned());
                all.named.retain(|(name, _)| arguments.named(name).is_none());
                all.named.extend(arguments.named.iter().cloned());
                all.has_others |= arguments.has_others;
                all.at = arguments.at;
                let count = all.positional.len() + all.named.len();
                if !self.pay(1 + count) {
                    return Value::Unknown;
                }
                self.deeper(|this| this.call(function, &all)).unwrap_or(Value::Unknown)
            }
            Value::Own(object, name) => builtins::method(self, object, name, arguments),
            _ => self.hand_over(arguments, false),
        }
    }

    /// A call of what is not known: it may add handlers to each group that it is given, and may wrap the only one.
    pub(super) fn hand_over(&mut self, arguments: &Arguments<'m>, adds_nothing: bool) -> Value<'m> {
        let groups: Vec<_> = arguments
            .values()
            .filter_map(|value| match value {
                Value::Group(group) => Some(*group),
                _ => None,
            })
            .collect();
        if !adds_nothing {
            // `plugin.install(app)`, `plugin.install(app.add_route)`
            let registering = arguments.values().filter_map(|value| match value {
                Value::Method(group, name) if self.outside.decides(self, *group, name) => Some(*group),
                _ => None,
            });
            let registering: Vec<_> = registering.collect();
            for group in groups.iter().chain(&registering) {
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
        self.running.push(callable.function);
        let flow = self.run(&callable.function.body, scope);
        self.running.pop();
        let last = match flow {
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
        let names: Vec<&str> = parameters.iter().map(|parameter| &*parameter.name).collect();
        for parameter in parameters {
            let given = match parameter.takes {
                Takes::One => positional.next().or_else(|| arguments.named(&parameter.name)).cloned(),
                Takes::Named => arguments.named(&parameter.name).cloned(),
                _ if arguments.has_others => Some(Value::Unknown),
                Takes::Rest => {
                    let rest: Vec<Value<'m>> = positional.by_ref().cloned().collect();
                    Some(self.list_of_values(rest))
                }
                Takes::RestNamed => {
                    let rest = arguments.named.iter().filter(|(name, _)| !names.contains(&&**name));
                    let rest = rest.map(|(name, value)| (Value::text(name), value.clone())).collect();
                    Some(self.new_dict(rest))
                }
            };
            let value = match (given, &parameter.default) {
                (Some(value), _) => value,
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
