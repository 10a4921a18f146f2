//! JSON with the place of every value; comments and trailing commas are allowed, as most tools that read it allow them.

use std::ops::Range;

use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, ast, parse_to_ast};

/// A value and where it is written. Nesting is bounded by the parser (512 levels), so walking a tree by recursion is
/// safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The bytes of the text, for a string with its quotes.
    pub range: Range<usize>,
    /// What is written there.
    pub value: Value,
}

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number as it is written: nothing is lost to rounding.
    Number(String),
    /// A string, its escapes resolved.
    String(String),
    /// `[…]`
    Array(Vec<Node>),
    /// `{…}` in the order of the text. A name may occur twice.
    Object(Vec<Member>),
}

/// A named value of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name, its escapes resolved.
    pub name: String,
    /// The bytes of the name with its quotes.
    pub name_range: Range<usize>,
    /// The value.
    pub value: Node,
}

/// Why a text is not JSON: the first fault, after which nothing is read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// The bytes at fault.
    pub range: Range<usize>,
    /// What is wrong there, in lower case.
    pub message: String,
}

/// Reads one document. A byte-order mark is skipped; ranges count it.
pub fn parse(text: &str) -> Result<Node, Error> {
    let (skipped, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ('\u{feff}'.len_utf8(), body),
        None => (0, text),
    };
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(body, &CollectOptions::default(), &options).map_err(|error| Error {
        range: skipped + error.range().start..skipped + error.range().end,
        message: error.kind().to_string().to_lowercase(),
    })?;
    match parsed.value {
        Some(value) => Ok(node(value, skipped)),
        None => Err(Error { range: 0..text.len(), message: "there is no value".to_owned() }),
    }
}

fn node(value: ast::Value<'_>, skipped: usize) -> Node {
    let range = shift(value.range(), skipped);
    let value = match value {
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::BooleanLit(literal) => Value::Bool(literal.value),
        ast::Value::NumberLit(literal) => Value::Number(literal.value.to_owned()),
        ast::Value::StringLit(literal) => Value::String(literal.value.into_owned()),
        ast::Value::Array(array) => {
            Value::Array(array.elements.into_iter().map(|element| node(element, skipped)).collect())
        }
        ast::Value::Object(object) => {
            Value::Object(object.properties.into_iter().map(|property| member(property, skipped)).collect())
        }
    };
    Node { range, value }
}

fn member(property: ast::ObjectProp<'_>, skipped: usize) -> Member {
    Member {
        name_range: shift(property.name.range(), skipped),
        name: property.name.into_string(),
        value: node(property.value, skipped),
    }
}

fn shift(range: jsonc_parser::common::Range, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

impl Node {
    /// The member `name` of an object. Where the name occurs twice, the last one counts, as in JavaScript.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.members().iter().rev().find(|member| member.name == name).map(|member| &member.value)
    }

    /// The node that `names` lead to, one object after another.
    pub fn at(&self, names: &[&str]) -> Option<&Node> {
        names.iter().try_fold(self, |node, name| node.get(name))
    }

    /// The members of an object; empty for anything else.
    pub fn members(&self) -> &[Member] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The elements of an array; empty for anything else.
    pub fn elements(&self) -> &[Node] {
        match &self.value {
            Value::Array(elements) => elements,
            _ => &[],
        }
    }

    /// The characters of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes between the quotes of a string; all bytes of anything else.
    pub fn inner_range(&self) -> Range<usize> {
        match &self.value {
            Value::String(_) => self.range.start + 1..self.range.end - 1,
            _ => self.range.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_place() {
        let text = "\u{feff}{ // ports\n \"name\": \"web\", \"ports\": [80, 443,], }";
        let root = parse(text).unwrap();
        let name = root.get("name").unwrap();
        assert_eq!((name.as_str(), &text[name.range.clone()]), (Some("web"), "\"web\""));
        assert_eq!(&text[name.inner_range()], "web");
        let ports = root.at(&["ports"]).unwrap().elements();
        let number = |digits: &str| Value::Number(digits.to_owned());
        assert_eq!(
            ports.iter().map(|port| port.value.clone()).collect::<Vec<_>>(),
            [number("80"), number("443")]
        );
        assert_eq!(&text[root.members()[1].name_range.clone()], "\"ports\"");
    }

    #[test]
    fn the_last_of_two_equal_names_counts() {
        let root = parse(r#"{"a": 1, "a": 2}"#).unwrap();
        assert_eq!(root.get("a").unwrap().value, Value::Number("2".to_owned()));
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        let error = parse("{\"a\": ${b}}").unwrap_err();
        assert_eq!(error.range.start, 6, "{error}");
        assert!(parse("").is_err());
        assert!(parse("{'a': 1}").is_err());
    }

    #[test]
    fn deep_nesting_is_refused_and_does_not_overflow() {
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&format!("{}1{}", "[".repeat(400), "]".repeat(400))).is_ok());
    }
}
