//! Evaluates expressions.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::Origin;

use super::evaluation::{Evaluation, cost, for_alternatives, unknown_like};
use super::limits::Limit;
use super::scope::{Ground, Scope};
use super::value::{Data, List, More, Object, Value};
use super::{functions, operators, special_form};
use crate::parse::syntax::{BinaryOperator, Call, Expr, ExprKind, UnaryOperator};

impl<'p> Evaluation<'p> {
    /// The value of an expression.
    pub(super) fn expression(&self, expression: &Expr, scope: Scope<'_, 'p>) -> Value {
        self.step(expression.at, || self.expression_kind(expression, scope))
    }

    fn expression_kind(&self, expression: &Expr, scope: Scope<'_, 'p>) -> Value {
        let at = expression.at;
        match &expression.kind {
            ExprKind::Null => Value::null(at),
            ExprKind::Bool(value) => Value::bool(*value, at),
            ExprKind::Number(value) => Value::number(*value, at),
            ExprKind::String(text) => Value::string(text.clone(), at),
            ExprKind::Template(parts) => self.template(parts, at, scope),
            ExprKind::List(items) => {
                Value::list(items.iter().map(|item| self.expression(item, scope)).collect(), at)
            }
            ExprKind::Object(items) => self.object(items, at, scope),
            ExprKind::Variable(name) => self.path(name, &[], at, scope),
            ExprKind::Access(base, accesses) => {
                if let ExprKind::Variable(name) = &base.kind {
                    return self.path(name, accesses, at, scope);
                }
                let value = self.expression(base, scope);
                self.access(value, accesses, at, scope)
            }
            ExprKind::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                self.conditional(condition, then, otherwise, at, scope)
            }
            ExprKind::Call(call) => self.call(call, at, scope),
            ExprKind::Unary(operator, operand) => {
                let operand = self.expression(operand, scope);
                for_alternatives(&[operand], at, |values| match values {
                    [value] => self.unary(*operator, value, at),
                    _ => Value::unknown_because("it has no operand", at),
                })
            }
            ExprKind::Binary(operator, sides) => {
                let [left, right] = &**sides;
                self.binary(*operator, left, right, at, scope)
            }
            ExprKind::For(it) => self.comprehension(it, at, scope),
            ExprKind::Unreadable(reason) => Value::unknown_because(*reason, at),
        }
    }

    fn object(&self, items: &[(Expr, Expr)], at: Span, scope: Scope<'_, 'p>) -> Value {
        let mut object = Object::default();
        for (key, value) in items {
            let key = self.expression(key, scope);
            let value = self.expression(value, scope);
            match key.as_string() {
                Some(key) => {
                    object.entries.insert(Arc::from(key), value);
                }
                None => object.more = Some((unknown_origin(&key), key.at())),
            }
        }
        Value::new(Data::Object(Arc::new(object)), at)
    }

    fn conditional(
        &self,
        condition: &Expr,
        then: &Expr,
        otherwise: &Expr,
        at: Span,
        scope: Scope<'_, 'p>,
    ) -> Value {
        let condition = self.expression(condition, scope.of_condition());
        match condition.as_bool() {
            Some(true) => self.chosen(then, otherwise, at, scope),
            Some(false) => self.chosen(otherwise, then, at, scope),
            None if condition.is_wholly_known() => {
                self.fail(format!("a condition is true or false, not {}", condition.kind()), at)
            }
            None => {
                // Only one of them will be evaluated: the failure of the other would not count.
                let (then, then_fails) = self.attempt(|| self.expression(then, scope));
                let (otherwise, otherwise_fails) = self.attempt(|| self.expression(otherwise, scope));
                match (then_fails, otherwise_fails) {
                    (true, false) => Value::one_of([unknown_like(&then, at), otherwise], at),
                    (false, true) => Value::one_of([then, unknown_like(&otherwise, at)], at),
                    _ => Value::one_of([then, otherwise], at),
                }
            }
        }
    }

    /// The chosen side of a conditional, as the type that both sides share. An error in the other side does not count.
    fn chosen(&self, chosen: &Expr, other: &Expr, at: Span, scope: Scope<'_, 'p>) -> Value {
        let value = self.expression(chosen, scope);
        let (other, other_fails) = self.attempt(|| self.expression(other, scope));
        if other_fails {
            return value;
        }
        match functions::of_one_type(&[value.clone(), other]) {
            Ok(sides) => sides.into_iter().next().unwrap_or(value),
            Err(reason) => self.fail(reason, at),
        }
    }

    fn unary(&self, operator: UnaryOperator, value: &Value, at: Span) -> Value {
        let result = match operator {
            UnaryOperator::Not => value.as_bool().map(|value| Value::bool(!value, at)),
            UnaryOperator::Negate => value
                .as_number()
                .and_then(|number| super::Number::Integer(0).minus(number))
                .map(|number| Value::number(number, at)),
        };
        result.unwrap_or_else(|| self.operand_error(&[value], at))
    }

    fn binary(
        &self,
        operator: BinaryOperator,
        left: &Expr,
        right: &Expr,
        at: Span,
        scope: Scope<'_, 'p>,
    ) -> Value {
        let left = self.expression(left, scope);
        let decided = match (operator, left.as_bool()) {
            (BinaryOperator::And, Some(false)) => Some(false),
            (BinaryOperator::Or, Some(true)) => Some(true),
            _ => None,
        };
        if let Some(value) = decided {
            return Value::bool(value, at);
        }
        let right = self.expression(right, scope);
        for_alternatives(&[left, right], at, |values| match values {
            [left, right] => operators::binary(operator, left, right, at)
                .unwrap_or_else(|| self.operand_error(&[left, right], at)),
            _ => Value::unknown_because("it has no operands", at),
        })
    }

    /// The answer where an operator has none: unknown because an operand is, else a failure.
    fn operand_error(&self, operands: &[&Value], at: Span) -> Value {
        match operands.iter().find(|value| !value.is_wholly_known()) {
            Some(unknown) => unknown_like(unknown, at),
            None => self.fail("the operator cannot be applied to these values", at),
        }
    }

    fn call(&self, call: &Call, at: Span, scope: Scope<'_, 'p>) -> Value {
        if let Some(value) = special_form::call(self, call, at, scope) {
            return value;
        }
        if let Ground::Names { names, .. } = scope.ground
            && !(names.take_function(&call.name) && functions::is_there(&call.name))
        {
            return Value::unknown(Origin::Call(call.name.clone()), at);
        }
        let mut arguments: Vec<Value> =
            call.arguments.iter().map(|argument| self.expression(argument, scope)).collect();
        if call.expand_last {
            let Some(last) = arguments.pop() else {
                return Value::unknown_because("nothing is expanded", at);
            };
            match last.as_list() {
                Some(List { items, more: None, .. }) => arguments.extend(items.iter().cloned()),
                Some(List { items, more: Some(more), .. }) => {
                    return expanded_partly(call, arguments, items, more, at);
                }
                None => return unknown_like(&last, at),
            }
        }
        for_alternatives(&arguments, at, |arguments| {
            let given = arguments.iter().map(cost).sum::<usize>() + functions::own_cost(&call.name);
            if self.spend(given, at).is_err() {
                return Limit::Steps.value(at);
            }
            let value =
                functions::call(&call.name, arguments, at).unwrap_or_else(|reason| self.fail(reason, at));
            if self.spend(cost(&value), at).is_err() { Limit::Steps.value(at) } else { value }
        })
    }
}

/// `concat(lists...)` and `merge(maps...)` where not all of them are seen: what is seen is in the result.
fn expanded_partly(call: &Call, mut arguments: Vec<Value>, items: &[Value], more: &More, at: Span) -> Value {
    let unknown = Value::unknown(more.origin.clone(), more.at);
    if !matches!(&*call.name, "concat" | "merge") {
        return Value::unknown(more.origin.clone(), at);
    }
    let (before, after) = items.split_at_checked(more.after).unwrap_or((items, &[]));
    arguments.extend(before.iter().cloned());
    arguments.push(unknown);
    arguments.extend(after.iter().cloned());
    functions::call(&call.name, &arguments, at).unwrap_or_else(|reason| Value::unknown_because(reason, at))
}

/// Why a value is not known.
pub(super) fn unknown_origin(value: &Value) -> Origin {
    match unknown_like(value, value.at()).data {
        Data::Unknown(origin) => origin,
        _ => Origin::Other("its expression cannot be evaluated".into()),
    }
}

/// A collection gone through: keys with values, and where there may be more.
pub(super) struct Elements {
    pub(super) entries: Vec<(Value, Value)>,
    pub(super) more: Option<More>,
}

/// The elements of a list, set or map, with their indices or keys. The error is an unknown value.
pub(super) fn elements(collection: &Value, at: Span) -> Result<Elements, Value> {
    match &collection.data {
        Data::List(list) => {
            let certain = list.more.as_ref().map_or(usize::MAX, |more| more.after);
            let entries = list.items.iter().enumerate().map(|(index, item)| {
                let key = if list.is_set {
                    item.clone()
                } else if index < certain {
                    Value::number(index, item.at())
                } else {
                    Value::unknown_because("its index depends on elements that are not known", item.at())
                };
                (key, item.clone())
            });
            Ok(Elements { entries: entries.collect(), more: list.more.clone() })
        }
        Data::Object(object) => Ok(Elements {
            entries: entries_of(&object.entries),
            more: object.more.clone().map(|(origin, at)| More { after: 0, origin, at }),
        }),
        _ => Err(unknown_like(collection, at)),
    }
}

fn entries_of(entries: &BTreeMap<Arc<str>, Value>) -> Vec<(Value, Value)> {
    entries.iter().map(|(key, value)| (Value::string(key.clone(), value.at()), value.clone())).collect()
}
