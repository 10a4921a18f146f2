//! Operators with two operands.

use std::cmp::Ordering;

use policy_text::source::Span;

use super::Number;
use super::value::Value;
use crate::parse::syntax::BinaryOperator;

/// The result, or `None` where an operand is not known or does not fit.
pub(super) fn binary(operator: BinaryOperator, left: &Value, right: &Value, at: Span) -> Option<Value> {
    use BinaryOperator as Op;
    match operator {
        Op::Equal => left.same(right).map(|same| Value::bool(same, at)),
        Op::NotEqual => left.same(right).map(|same| Value::bool(!same, at)),
        Op::And => and(left, right).map(|value| Value::bool(value, at)),
        Op::Or => or(left, right).map(|value| Value::bool(value, at)),
        Op::Less => compare(left, right, at, Ordering::is_lt),
        Op::LessOrEqual => compare(left, right, at, Ordering::is_le),
        Op::Greater => compare(left, right, at, Ordering::is_gt),
        Op::GreaterOrEqual => compare(left, right, at, Ordering::is_ge),
        Op::Add => arithmetic(left, right, at, Number::plus),
        Op::Subtract => arithmetic(left, right, at, Number::minus),
        Op::Multiply => arithmetic(left, right, at, Number::times),
        Op::Divide => arithmetic(left, right, at, Number::over),
        Op::Remainder => arithmetic(left, right, at, Number::remainder),
    }
}

/// False as soon as one side is, whatever the other may be.
fn and(left: &Value, right: &Value) -> Option<bool> {
    match (left.as_bool(), right.as_bool()) {
        _ if is_no_bool(left) || is_no_bool(right) => None,
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// True as soon as one side is, whatever the other may be.
fn or(left: &Value, right: &Value) -> Option<bool> {
    match (left.as_bool(), right.as_bool()) {
        _ if is_no_bool(left) || is_no_bool(right) => None,
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// Whether a value is known and cannot be converted to a truth value.
fn is_no_bool(value: &Value) -> bool {
    value.as_bool().is_none() && value.is_wholly_known()
}

fn compare(left: &Value, right: &Value, at: Span, holds: fn(Ordering) -> bool) -> Option<Value> {
    Some(Value::bool(holds(left.as_number()?.cmp(&right.as_number()?)), at))
}

fn arithmetic(
    left: &Value,
    right: &Value,
    at: Span,
    compute: fn(Number, Number) -> Option<Number>,
) -> Option<Value> {
    compute(left.as_number()?, right.as_number()?).map(|result| Value::number(result, at))
}
