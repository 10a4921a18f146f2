//! Numbers as Terraform has them, as far as configuration needs: exact integers, and fractions.

use std::cmp::Ordering;
use std::fmt;

/// A finite number. Integers are exact up to 127 bits.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A whole number.
    Integer(i128),
    /// A finite number with a fraction, or one too large for [`Number::Integer`].
    Float(f64),
}

impl Number {
    /// Reads a decimal number as Terraform converts strings: an optional sign, digits, a fraction, an exponent.
    /// `None` for anything else, and for what no finite number can hold.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(value) = text.parse::<i128>() {
            return (!text.starts_with('+')).then_some(Self::Integer(value));
        }
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        let begins = text.trim_start_matches('-').starts_with(|first: char| first.is_ascii_digit());
        if !plain || !begins || text.ends_with('.') {
            return None;
        }
        text.parse::<f64>().ok().and_then(Self::from_f64)
    }

    /// A whole number where `value` is one. `None` where it is not finite.
    #[expect(clippy::cast_precision_loss, reason = "the bound is a power of two")]
    pub fn from_f64(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        // Terraform computes with 512 bits: what only the last bits of an `f64` know is an artefact.
        let value = format!("{value:.14e}").parse::<f64>().unwrap_or(value);
        let whole = value.fract() == 0.0 && value.abs() < (1_i128 << 100) as f64;
        Some(if whole { Self::Integer(value as i128) } else { Self::Float(value) })
    }

    /// The whole number, where it is one.
    pub fn as_integer(self) -> Option<i128> {
        match self {
            Self::Integer(value) => Some(value),
            Self::Float(_) => None,
        }
    }

    /// The nearest floating-point number.
    #[expect(clippy::cast_precision_loss, reason = "the nearest is what is asked for")]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Integer(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    /// The sum. `None` where it is too large.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.combine(other, i128::checked_add, |a, b| a + b)
    }

    /// The difference. `None` where it is too large.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.combine(other, i128::checked_sub, |a, b| a - b)
    }

    /// The product. `None` where it is too large.
    pub fn times(self, other: Self) -> Option<Self> {
        self.combine(other, i128::checked_mul, |a, b| a * b)
    }

    /// The quotient. `None` for a division by zero.
    pub fn over(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) if b != 0 && a.checked_rem(b) == Some(0) => {
                a.checked_div(b).map(Self::Integer)
            }
            _ => Self::from_f64(self.as_f64() / other.as_f64()),
        }
    }

    /// What is left after division, with the sign of `self`. `None` for a division by zero.
    pub fn remainder(self, other: Self) -> Option<Self> {
        self.combine(other, i128::checked_rem, |a, b| a % b)
    }

    fn combine(
        self,
        other: Self,
        exact: fn(i128, i128) -> Option<i128>,
        rounded: fn(f64, f64) -> f64,
    ) -> Option<Self> {
        if let (Self::Integer(a), Self::Integer(b)) = (self, other)
            && let Some(value) = exact(a, b)
        {
            return Some(Self::Integer(value));
        }
        Self::from_f64(rounded(self.as_f64(), other.as_f64()))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(b),
            _ => self.as_f64().total_cmp(&other.as_f64()),
        }
    }
}

impl From<i128> for Number {
    fn from(value: i128) -> Self {
        Self::Integer(value)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::Integer(value.into())
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        Self::Integer(value as i128)
    }
}

/// As Terraform writes a number into a string.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_parses(text: &str, written: Option<&str>) {
        assert_eq!(Number::parse(text).map(|number| number.to_string()).as_deref(), written, "{text}");
    }

    #[test]
    fn strings_become_numbers_only_where_they_are_decimal() {
        assert_parses("-12", Some("-12"));
        assert_parses("1.50", Some("1.5"));
        assert_parses("1e3", Some("1000"));
        assert_parses("340282366920938463463", Some("340282366920938463463"));
        for text in ["", "0x10", "inf", "NaN", "1e400", "1.", "+1", "a"] {
            assert_parses(text, None);
        }
    }

    #[test]
    fn fractions_are_written_without_binary_artefacts() {
        let sum = Number::Float(0.1).plus(Number::Float(0.2)).unwrap();
        assert_eq!(sum.to_string(), "0.3");
        assert_eq!(Number::from(7_i64).over(Number::from(2_i64)).unwrap().to_string(), "3.5");
        assert_eq!(Number::from(6_i64).over(Number::from(2_i64)), Some(Number::Integer(3)));
    }

    #[test]
    fn division_by_zero_has_no_result() {
        assert_eq!(Number::from(5_i64).remainder(Number::from(0_i64)), None);
        assert_eq!(Number::from(5_i64).over(Number::from(0_i64)), None);
    }
}
