//! Terraform's functions: values in, value out.

use super::value::Value;
use crate::source::Span;

/// Calls the function `name` on `arguments`; `at` is the call.
///
/// No argument is [`Data::OneOf`](super::value::Data::OneOf) at its top, nor was one expanded from an unknown list: the
/// evaluation takes care of both, and of what needs laziness or files (`try`, `can`, `file`, `templatefile`, …).
/// A result that does not come from one of the arguments is located at `at`. The error is the reason why there is no
/// result, for people: "there is no function `foo`", "division by zero"; the caller makes it an unknown value.
pub fn call(name: &str, _arguments: &[Value], _at: Span) -> Result<Value, String> {
    Err(format!("the function `{name}` is not evaluated"))
}
