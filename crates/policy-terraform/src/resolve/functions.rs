//! Terraform's functions: values in, value out.

mod arguments;
mod collections;
mod convert;
mod csv;
mod encoding;
mod format;
mod function;
mod instant;
mod json;
mod limits;
mod maps;
mod network;
mod numbers;
mod prefix;
mod regexes;
mod sets;
mod strings;
mod time;
mod yaml;

use arguments::{Call, Stop};
use function::Function;
pub use json::decode as decode_json;
use limits::{MAX_ITEMS, MAX_STRING};

use policy_text::source::Span;
use policy_text::value::Origin;

use super::value::{Data, Value};

const FAMILIES: [&[Function]; 11] = [
    strings::FUNCTIONS,
    format::FUNCTIONS,
    regexes::FUNCTIONS,
    collections::FUNCTIONS,
    maps::FUNCTIONS,
    sets::FUNCTIONS,
    numbers::FUNCTIONS,
    convert::FUNCTIONS,
    encoding::FUNCTIONS,
    network::FUNCTIONS,
    time::FUNCTIONS,
];

/// Functions whose result the configuration alone does not decide, or that nothing in a deployment is read from.
const UNFOLLOWED: [&str; 24] = [
    "abspath",
    "base64gzip",
    "base64sha256",
    "base64sha512",
    "bcrypt",
    "ephemeralasnull",
    "filebase64sha256",
    "filebase64sha512",
    "filemd5",
    "filesha1",
    "filesha256",
    "filesha512",
    "issensitive",
    "md5",
    "rsadecrypt",
    "sha1",
    "sha256",
    "sha512",
    "uuidv5",
    "provider::terraform::decode_tfvars",
    "provider::terraform::encode_expr",
    "provider::terraform::encode_tfvars",
    "terraform::applying",
    "type",
];

/// Functions whose result is another one on every run.
const UNIQUE: [&str; 3] = ["plantimestamp", "timestamp", "uuid"];

/// Whether there is a function `name` among those that [`call`] knows.
pub(super) fn is_there(name: &str) -> bool {
    let name = unqualified(name);
    find(name).is_some() || UNFOLLOWED.contains(&name) || UNIQUE.contains(&name)
}

fn find(name: &str) -> Option<&'static Function> {
    FAMILIES.iter().copied().flatten().find(|function| function.name == name)
}

/// The name without the namespace of the functions that everyone has.
fn unqualified(name: &str) -> &str {
    name.strip_prefix("core::").unwrap_or(name)
}

/// What a call costs besides its arguments and its result: a pattern is compiled anew each time.
pub(super) fn own_cost(name: &str) -> usize {
    const COMPILING: usize = 800;
    if matches!(unqualified(name), "regex" | "regexall" | "replace") { COMPILING } else { 0 }
}

/// Calls the function `name` on `arguments`; `at` is the call.
///
/// No argument is [`Data::OneOf`] at its top, nor was one expanded from an unknown list: the
/// evaluation takes care of both, and of what needs laziness or files (`try`, `can`, `file`, `templatefile`, …).
/// A result that does not come from one of the arguments is located at `at`. The error is the reason why there is no
/// result, for people: "there is no function `foo`", "division by zero"; the caller makes it an unknown value.
pub fn call(name: &str, arguments: &[Value], at: Span) -> Result<Value, String> {
    let name = unqualified(name);
    let Some(function) = find(name) else {
        return if UNIQUE.contains(&name) {
            Ok(Value::unknown(Origin::Unique(name.into()), at))
        } else if UNFOLLOWED.contains(&name) || name.starts_with("provider::") {
            Ok(Value::unknown(Origin::Call(name.into()), at))
        } else {
            Err(format!("there is no function `{name}`"))
        };
    };
    if arguments.len() < function.least || function.most.is_some_and(|most| arguments.len() > most) {
        return Err(format!("wrong number of arguments for the function `{name}`"));
    }
    match (function.run)(&Call { arguments, at }) {
        Ok(value) => Ok(bounded(value, at)),
        Err(Stop::Unknown(value)) => Ok(value),
        Err(Stop::Wrong(reason)) => Err(format!("`{name}`: {reason}")),
    }
}

/// The values converted to the type that they share, as the two sides of a conditional are. The error says why there is
/// none; collections may be of types that a value does not tell, and stay as they are.
pub(super) fn of_one_type(values: &[Value]) -> Result<Vec<Value>, String> {
    let of_one_shape = values.iter().all(|value| matches!(value.data, Data::List(_)))
        || values.iter().all(|value| matches!(value.data, Data::Object(_)));
    match convert::unified(values) {
        Ok(values) => Ok(values),
        Err(Stop::Wrong(reason)) if !of_one_shape => Err(reason),
        Err(_) => Ok(values.to_vec()),
    }
}

/// The value, or an unknown one where it has grown too large: doubling a list forty times must not exhaust memory.
fn bounded(value: Value, at: Span) -> Value {
    let too_large = match &value.data {
        Data::String(text) => text.len() > MAX_STRING,
        Data::List(list) => list.items.len() > MAX_ITEMS,
        Data::Object(object) => object.entries.len() > MAX_ITEMS,
        _ => false,
    };
    if too_large { Value::unknown_because("the value is too large", at) } else { value }
}

#[cfg(test)]
mod tests {
    use policy_text::source::FileId;
    use policy_text::value::Text;

    use super::*;

    fn at(start: usize, end: usize) -> Span {
        Span::new(FileId(0), start..end)
    }

    fn here() -> Span {
        at(0, 0)
    }

    fn text(value: &str) -> Value {
        Value::string(value, here())
    }

    fn texts(values: &[&str]) -> Value {
        Value::list(values.iter().map(|value| text(value)).collect(), here())
    }

    fn unknown() -> Value {
        Value::unknown(Origin::Parameter("x".into()), here())
    }

    /// `before${x}after`
    fn around(before: &str, after: &str) -> Value {
        let mut value = Text::literal(before, here());
        value.append(&Text::hole(Origin::Parameter("x".into()), here()));
        value.append(&Text::literal(after, here()));
        Value::new(Data::String(value), here())
    }

    #[track_caller]
    fn assert_call(name: &str, arguments: &[Value], written: &str) {
        let text = match call(name, arguments, here()) {
            Ok(value) => json::encode(&value, 0).unwrap().to_string(),
            Err(reason) => format!("error: {reason}"),
        };
        assert_eq!(text, written);
    }

    #[test]
    fn no_function_is_there_twice() {
        let mut names: Vec<&str> = FAMILIES.iter().copied().flatten().map(|function| function.name).collect();
        names.extend(UNFOLLOWED);
        names.extend(UNIQUE);
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn what_is_known_of_a_string_stays_known() {
        assert_call(
            "join",
            &[text("/"), Value::list(vec![text("a"), unknown(), text("b")], here())],
            r#""a/${x}/b""#,
        );
        assert_call("format", &[text("%s:%s"), unknown(), text("latest")], r#""${x}:latest""#);
        assert_call("replace", &[around("a_b", "_c"), text("_"), text("-")], r#""a-b${x}-c""#);
        assert_call("replace", &[around("a_", "c"), text("_-"), text("")], "${x}");
        assert_call("trimsuffix", &[around("a", ":latest"), text(":latest")], r#""a${x}""#);
        assert_call("startswith", &[around("arn:", ""), text("arn:")], "true");
        assert_call("endswith", &[around("arn:", ""), text("x")], "${x}");
        assert_call("upper", &[around("a", "b")], r#""A${x}B""#);
        assert_call("split", &[text("/"), around("a/", "/b")], r#"["a",${x},${x},"b"]"#);
    }

    #[test]
    fn what_is_known_of_a_list_stays_known() {
        let some = Value::list(vec![unknown(), text("b")], here());
        assert_call("length", std::slice::from_ref(&some), "2");
        assert_call("length", &[unknown()], "${x}");
        assert_call("concat", &[some.clone(), unknown(), texts(&["c"])], r#"[${x},"b",${x},"c"]"#);
        assert_call("contains", &[some.clone(), text("b")], "true");
        assert_call("contains", &[some.clone(), text("c")], "${…}");
        assert_call("element", &[some, Value::number(3_i64, here())], r#""b""#);
        assert_call(
            "slice",
            &[unknown(), Value::number(0_i64, here()), Value::number(2_i64, here())],
            "${x}",
        );
        assert_call("compact", &[Value::list(vec![text(""), unknown(), text("a")], here())], r#"[${x},"a"]"#);
    }

    #[test]
    fn an_unknown_map_may_override_what_comes_before_it() {
        let map = |key: &str| Value::object([(key.into(), text("v"))].into(), here());
        assert_call("merge", &[map("a"), unknown(), map("b")], r#"{"a":${x},"b":"v"${x}}"#);
        assert_call("lookup", &[map("a"), text("b"), text("d")], r#""d""#);
        assert_call("lookup", &[unknown(), text("b"), text("d")], "${x}");
    }

    #[test]
    fn json_keeps_the_place_of_every_value() {
        let image = Value::string("nginx:latest", at(30, 42));
        let container =
            Value::object([("image".into(), image), ("cpu".into(), unknown())].into(), at(10, 60));
        let encoded = call("jsonencode", &[Value::list(vec![container], at(5, 70))], at(0, 80)).unwrap();
        let decoded = call("jsondecode", &[encoded], at(0, 99)).unwrap();
        let container = &decoded.as_list().unwrap().items[0];
        assert_eq!((decoded.at(), container.at()), (at(5, 70), at(10, 60)));
        assert_eq!(container.get("image").unwrap().at(), at(30, 42));
        assert!(container.get("cpu").unwrap().is_unknown());
    }

    #[test]
    fn a_document_written_out_in_a_file_gives_the_place_of_its_parts() {
        let json = r#"[{"image": "nginx:latest", "ports": [80]}]"#;
        let decoded = decode_json(&Text::literal(json, at(100, 100 + json.len())), here()).unwrap();
        let image = decoded.as_list().unwrap().items[0].get("image").unwrap();
        assert_eq!(image.at(), at(111, 125));
        let Data::String(text) = &image.data else { panic!("no string") };
        assert_eq!(text.split_at(6).1.last_literal().unwrap().at, at(118, 124));
    }

    #[test]
    fn broken_json_is_an_error_and_deep_json_no_overflow() {
        let deep = "[".repeat(100_000);
        for json in ["", "[", "[1,]", "{\"a\" 1}", "01", "\"\\x\"", "[1 2]", "nul", &deep] {
            assert!(decode_json(&Text::literal(json, here()), here()).is_err(), "{json:.20}");
        }
    }

    #[test]
    fn nothing_grows_without_bound() {
        let long = text(&"a".repeat(1 << 19));
        let mut list = texts(&["a"; 1000]);
        for _ in 0..40 {
            list = call("concat", &[list.clone(), list.clone()], here()).unwrap();
        }
        assert!(list.is_unknown() || list.as_list().unwrap().items.is_empty());
        assert!(call("replace", &[long.clone(), text("a"), long.clone()], here()).unwrap().is_unknown());
        assert!(call("format", &[text(&"%[1]s".repeat(100)), long], here()).unwrap().is_unknown());
        assert!(call("format", &[text("%999999999999s"), text("")], here()).is_err());
    }
}
