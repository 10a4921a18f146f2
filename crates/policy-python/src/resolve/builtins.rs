//! What Python and its own library bring: functions, and methods of texts, lists and dictionaries.

use super::Interpreter;
use super::arguments::Arguments;
use super::group::Doubt;
use super::interpreter::Item;
use super::value::{HOLE, LONGEST, Text, Value};

/// Calls a function of Python. `None` where it is not one of those that matter.
pub(super) fn call<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    let first = arguments.positional.first();
    Some(match name {
        "os.getenv" | "os.environ.get" => {
            // What a program asks for without a default is given to it, by whatever holds its secrets.
            let default = arguments.get(1, "default").cloned().unwrap_or(Value::Unknown);
            interpreter.variables.get(first?.known_text(), default)
        }
        "os.environ.setdefault" => {
            let value = arguments.positional.get(1)?.clone();
            interpreter.variables.set_default(first?.known_text()?, value);
            Value::Unknown
        }
        "importlib.import_module" if arguments.positional.len() == 1 => match first?.known_text() {
            Some(module) if !module.starts_with('.') => interpreter.import(module),
            _ => Value::Unknown,
        },
        "builtins.getattr" => match arguments.positional.get(1)?.known_text() {
            Some(name) => interpreter.dotted_attribute(&first?.clone(), name),
            None => Value::Unknown,
        },
        "builtins.setattr" => {
            if let [object, name, value] = arguments.positional.as_slice() {
                match name.known_text() {
                    Some(name) => interpreter.set_attribute(object, name, value.clone(), arguments.at),
                    // Which one it is decides nothing here: any may be meant.
                    None => drop(interpreter.hand_over(arguments, false)),
                }
            }
            Value::None
        }
        "builtins.map" => {
            let [function, all] = arguments.positional.as_slice() else { return Some(Value::Unknown) };
            let mut given = Vec::new();
            for item in interpreter.items(all) {
                let one = Arguments { positional: vec![item.value], ..Arguments::none(arguments.at) };
                let value = if item.is_rest {
                    let doubt = Doubt("it is registered in a loop over what is not known");
                    interpreter.in_doubt(doubt, |interpreter| interpreter.call(function, &one))
                } else {
                    interpreter.call(function, &one)
                };
                given.push(Item { value, ..item });
            }
            interpreter.new_list(given)
        }
        "threading.Thread" | "multiprocessing.Process" => {
            run_beside(interpreter, arguments);
            Value::external(&format!("{name}()"))
        }
        _ if is_server_of_python(name) => {
            interpreter.launched.push(Value::Unknown);
            Value::None
        }
        "functools.partial" => {
            let (function, first) = arguments.positional.split_first()?;
            let first = Arguments { positional: first.to_vec(), ..arguments.clone() };
            Value::Partial((function.clone(), first).into())
        }
        "builtins.str" => Value::Text(first?.as_text()),
        "builtins.list" | "builtins.tuple" | "builtins.set" | "builtins.sorted" | "builtins.reversed"
            if first.is_some() =>
        {
            let items = interpreter.items(first?);
            interpreter.new_list(items)
        }
        "pydantic.Field" | "pydantic.fields.Field" => {
            arguments.get(0, "default").cloned().unwrap_or(Value::Unknown)
        }
        "typing.cast" => arguments.positional.get(1)?.clone(),
        _ => return None,
    })
}

/// `Thread(target=serve, args=(app,))`: what runs beside the program is part of it.
fn run_beside<'m>(interpreter: &mut Interpreter<'m, '_>, arguments: &Arguments<'m>) {
    let Some(target) = arguments.get(1, "target").cloned() else { return };
    let items = arguments.get(3, "args").cloned().map_or_else(Vec::new, |given| interpreter.items(&given));
    let has_others = items.iter().any(|item| item.is_rest) || arguments.named("kwargs").is_some();
    let positional = items.into_iter().filter(|item| !item.is_rest).map(|item| item.value).collect();
    interpreter.call(&target, &Arguments { positional, named: Vec::new(), has_others, at: arguments.at });
}

/// Whether a function of Python's own servers answers requests from now on: `HTTPServer(…).serve_forever`.
fn is_server_of_python(name: &str) -> bool {
    let is_server = ["http.server.", "socketserver.", "wsgiref.simple_server."];
    name.ends_with(".serve_forever") && is_server.iter().any(|module| name.starts_with(module))
}

/// Calls a method of a text, list or dictionary.
pub(super) fn method<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    object: &Value<'m>,
    name: &str,
    arguments: &Arguments<'m>,
) -> Value<'m> {
    match object {
        Value::Text(text) => of_text(interpreter, text, name, arguments),
        Value::List(list) => {
            let item = |value: Option<&Value<'m>>| {
                let value = value.cloned().unwrap_or(Value::Unknown);
                vec![Item { value, doubt: None, is_rest: false }]
            };
            match name {
                "append" => interpreter.push_all(*list, item(arguments.positional.first())),
                "insert" => interpreter.push_all(*list, item(arguments.positional.get(1))),
                "extend" => {
                    let items = interpreter.items(arguments.positional.first().unwrap_or(&Value::Unknown));
                    interpreter.push_all(*list, items);
                }
                "copy" => {
                    let items = interpreter.items(object);
                    return interpreter.new_list(items);
                }
                // What takes elements away leaves it open which are there.
                "remove" | "pop" | "clear" => interpreter.push_all(*list, vec![Item::rest()]),
                _ => {}
            }
            Value::Unknown
        }
        Value::Dict(dict) => match name {
            "get" => {
                let key = arguments.positional.first().and_then(Value::known_text);
                key.and_then(|key| interpreter.in_dict(*dict, key)).unwrap_or(Value::Unknown)
            }
            "items" => {
                let pairs = interpreter.entries(object).into_iter();
                let items = pairs
                    .map(|(key, value)| {
                        let item = |value| Item { value, doubt: None, is_rest: false };
                        item(interpreter.new_list(vec![item(key), item(value)]))
                    })
                    .collect();
                interpreter.new_list(items)
            }
            "values" => {
                let values = interpreter.entries(object).into_iter();
                let items = values.map(|(_, value)| Item { value, doubt: None, is_rest: false }).collect();
                interpreter.new_list(items)
            }
            "keys" => {
                let items = interpreter.items(object);
                interpreter.new_list(items)
            }
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

fn of_text<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    text: &Text,
    name: &str,
    arguments: &Arguments<'m>,
) -> Value<'m> {
    let first = arguments.positional.first();
    if name == "format" {
        let text = formatted(text.with_holes(), arguments);
        return interpreter.held_text(text);
    }
    let Some(known) = text.known() else { return Value::Unknown };
    let characters = || first.map_or(Some(" \t\r\n"), Value::known_text);
    let changed = match name {
        "lower" | "casefold" => Some(known.to_lowercase()),
        "upper" => Some(known.to_uppercase()),
        "strip" => characters().map(|set| known.trim_matches(|each| set.contains(each)).to_owned()),
        "rstrip" => characters().map(|set| known.trim_end_matches(|each| set.contains(each)).to_owned()),
        "lstrip" => characters().map(|set| known.trim_start_matches(|each| set.contains(each)).to_owned()),
        "replace" => first.and_then(Value::known_text).and_then(|from| {
            let to = arguments.positional.get(1)?.known_text()?;
            let is_short = known.matches(from).count().saturating_mul(to.len()) <= LONGEST;
            (!from.is_empty() && is_short).then(|| known.replace(from, to))
        }),
        "join" => first.and_then(|list| {
            let texts = interpreter.texts(list)?;
            let length: usize = texts.iter().map(|text| text.len() + known.len()).sum();
            (length <= LONGEST).then(|| texts.join(known))
        }),
        "startswith" | "endswith" => {
            let Some(part) = first.and_then(Value::known_text) else { return Value::Unknown };
            let is_so = if name == "startswith" { known.starts_with(part) } else { known.ends_with(part) };
            return Value::Bool(is_so);
        }
        _ => None,
    };
    changed.map_or(Value::Unknown, |text| interpreter.held_text(Text::new(&text)))
}

/// `"/{}/{name}".format(…)`
fn formatted(text: &str, arguments: &Arguments<'_>) -> Text {
    let mut result = String::new();
    let mut positional = arguments.positional.iter();
    let mut rest = text;
    while let Some((before, field)) = rest.split_once('{') {
        if result.len() > LONGEST {
            return Text::unknown();
        }
        result.push_str(before);
        let Some((name, after)) = field.split_once('}') else { return Text::unknown() };
        let value = if name.is_empty() { positional.next() } else { arguments.named(name) };
        match value {
            Some(value) => result.push_str(value.as_text().with_holes()),
            None => result.push(HOLE),
        }
        rest = after;
    }
    result.push_str(rest);
    Text::new(&result)
}
