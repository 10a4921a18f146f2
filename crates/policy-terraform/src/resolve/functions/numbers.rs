//! Numeric functions.

use super::arguments::{Call, Outcome, list_of};
use super::convert::{like, numbers_of};
use super::function::Function;
use crate::resolve::Number;
use crate::resolve::value::{Data, List, Value};

/// The most numbers that Terraform's `range` makes.
const MAX_RANGE: usize = 1024;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::exactly(1, "abs", |call| {
        let number = call.number(0)?;
        let zero = Number::from(0_i64);
        let number =
            if number < zero { zero.minus(number).ok_or("the number is too large")? } else { number };
        Ok(like(call, 0, Data::Number(number)))
    }),
    Function::exactly(1, "ceil", |call| rounded(call, f64::ceil)),
    Function::exactly(1, "floor", |call| rounded(call, f64::floor)),
    Function::exactly(1, "signum", |call| Ok(Value::number(call.integer(0)?.signum(), call.at))),
    Function::exactly(2, "log", |call| {
        let (number, base) = (call.number(0)?.as_f64(), call.number(1)?.as_f64());
        finite(call, number.ln() / base.ln())
    }),
    Function::exactly(2, "pow", pow),
    Function::at_least(1, "max", |call| extreme(call, Ord::max)),
    Function::at_least(1, "min", |call| extreme(call, Ord::min)),
    Function::exactly(1, "sum", sum),
    Function::exactly(2, "parseint", parseint),
    Function { name: "range", least: 1, most: Some(3), run: range },
];

fn rounded(call: &Call<'_>, round: fn(f64) -> f64) -> Outcome {
    let number = call.number(0)?;
    let whole = match number.as_integer() {
        Some(_) => Some(number),
        None => Number::from_f64(round(number.as_f64())),
    };
    Ok(like(call, 0, Data::Number(whole.ok_or("the number is too large")?)))
}

fn finite(call: &Call<'_>, number: f64) -> Outcome {
    let number = Number::from_f64(number).ok_or("there is no such number")?;
    Ok(Value::number(number, call.at))
}

fn pow(call: &Call<'_>) -> Outcome {
    let (number, power) = (call.number(0)?, call.number(1)?);
    let exact = match (number.as_integer(), power.as_integer().map(u32::try_from)) {
        (Some(number), Some(Ok(power))) => number.checked_pow(power),
        _ => None,
    };
    match exact {
        Some(exact) if exact.unsigned_abs() < 1 << 53 => Ok(Value::number(exact, call.at)),
        _ => finite(call, number.as_f64().powf(power.as_f64())),
    }
}

fn extreme(call: &Call<'_>, pick: fn(Number, Number) -> Number) -> Outcome {
    let mut best = call.number(0)?;
    for index in 1..call.arguments.len() {
        best = pick(best, call.number(index)?);
    }
    Ok(Value::number(best, call.at))
}

fn sum(call: &Call<'_>) -> Outcome {
    let list = list_of(call.argument(0)?)?;
    if list.items.is_empty() && list.more.is_none() {
        return Err("the list is empty".into());
    }
    let list = call.whole_list(0)?;
    let mut sum = Number::from(0_i64);
    for number in numbers_of(&list.items)? {
        sum = sum.plus(number).ok_or("the sum is too large")?;
    }
    Ok(Value::number(sum, call.at))
}

fn parseint(call: &Call<'_>) -> Outcome {
    let (text, base) = (call.string(0)?, call.integer(1)?);
    let base = i128::from(
        u8::try_from(base)
            .ok()
            .filter(|base| (2..=62).contains(base))
            .ok_or("the base must be from 2 to 62")?,
    );
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    if digits.is_empty() {
        return Err("there are no digits".into());
    }
    let digits: Option<Vec<i128>> = digits.bytes().map(|letter| digit(letter, base)).collect();
    let number = digits
        .ok_or("there is a digit that the base does not have")?
        .into_iter()
        .try_fold(0_i128, |number, digit| number.checked_mul(base)?.checked_add(digit));
    let number = number.ok_or_else(|| call.unknown("the number is too large"))?;
    Ok(Value::number(sign * number, call.at))
}

fn digit(letter: u8, base: i128) -> Option<i128> {
    let digit = match letter {
        b'0'..=b'9' => letter - b'0',
        b'a'..=b'z' => letter - b'a' + 10,
        b'A'..=b'Z' if base <= 36 => letter - b'A' + 10,
        b'A'..=b'Z' => letter - b'A' + 36,
        _ => return None,
    };
    Some(i128::from(digit)).filter(|digit| *digit < base)
}

fn range(call: &Call<'_>) -> Outcome {
    let zero = Number::from(0_i64);
    let (start, end) = match call.arguments.len() {
        1 => (zero, call.number(0)?),
        _ => (call.number(0)?, call.number(1)?),
    };
    let step = if call.arguments.len() == 3 {
        call.number(2)?
    } else {
        Number::from(if end < start { -1_i64 } else { 1 })
    };
    if step == zero && start != end {
        return Err("the step must not be zero".into());
    }
    if (step > zero) != (end >= start) && end != start {
        return Err("the step leads away from the end".into());
    }
    let (mut items, mut next) = (Vec::new(), start);
    while if step > zero { next < end } else { next > end } {
        if items.len() == MAX_RANGE {
            return Err("more than 1024 numbers were generated".into());
        }
        items.push(Value::number(next, call.at));
        next = next.plus(step).ok_or("the number is too large")?;
    }
    Ok(call.made_list(List { items, ..List::default() }))
}
