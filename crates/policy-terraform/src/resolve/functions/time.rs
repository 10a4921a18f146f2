//! Functions of timestamps that do not ask for the time of day.

use super::function::Function;
use super::instant::{Instant, duration};
use crate::resolve::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::exactly(2, "formatdate", |call| {
        let (format, at) = (call.string(0)?, Instant::parse(&call.string(1)?)?);
        Ok(call.made_string(at.format(&format)?))
    }),
    Function::exactly(2, "timeadd", |call| {
        let (at, later) = (Instant::parse(&call.string(0)?)?, duration(&call.string(1)?)?);
        Ok(call.made_string(at.plus(later).to_rfc3339()?))
    }),
    Function::exactly(2, "timecmp", |call| {
        let (a, b) = (Instant::parse(&call.string(0)?)?, Instant::parse(&call.string(1)?)?);
        Ok(Value::number(a.total().cmp(&b.total()) as i64, call.at))
    }),
];
