//! Conditions of listener rules, from blocks and from the inputs of modules.

use policy_terraform::resolve::value::{Data, Object, Value};
use policy_terraform::resolve::world::Block;
use policy_text::source::Span;
use policy_text::value::Text;

use crate::model::load_balancer::{Condition, ConditionKind, Pattern, Patterns};

/// The conditions of one `condition` block: more than one where it holds several kinds, which is an error by itself.
pub(super) fn of_block(block: &Block) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for kind in ConditionKind::ALL {
        let mut found: Option<Condition> = None;
        for inner in block.blocks(kind.name()) {
            let condition =
                found.get_or_insert_with(|| Condition { kind, patterns: Patterns::default(), at: inner.at });
            if kind == ConditionKind::QueryString {
                condition.patterns.certain.push(query(inner.get("key"), inner.get("value"), inner.at));
                continue;
            }
            for (name, is_regex) in [("values", false), ("regex_values", true)] {
                if let Some(values) = inner.get(name) {
                    condition.at = values.at();
                    condition.patterns.add(values, is_regex);
                }
            }
        }
        if block.may_have_more(kind.name())
            && let Some(condition) = &mut found
        {
            condition.patterns.more = true;
        }
        conditions.extend(found);
    }
    // The form before version 3 of the provider: `field = "path-pattern"` beside `values`.
    let field = block.get("field").and_then(Value::as_string);
    if let (Some(kind), Some(values)) = (field.and_then(|field| of_field(&field)), block.get("values")) {
        let mut patterns = Patterns::default();
        patterns.add(values, false);
        conditions.push(Condition { kind, patterns, at: values.at() });
    }
    conditions
}

/// The conditions of one entry of a module's `conditions`: `{ path_pattern = { values = [...] } }`, or
/// `{ path_patterns = [...] }` in older versions.
pub(super) fn of_object(object: &Object) -> Vec<Condition> {
    ConditionKind::ALL.into_iter().filter_map(|kind| of_entry(object, kind)).collect()
}

fn of_entry(object: &Object, kind: ConditionKind) -> Option<Condition> {
    let entry = [kind.name(), plural(kind)].into_iter().find_map(|name| object.entries.get(name))?;
    let mut condition = Condition { kind, patterns: Patterns::default(), at: entry.at() };
    match (&entry.data, kind) {
        (Data::Null, _) => return None,
        (Data::Object(inner), ConditionKind::QueryString) => {
            condition.patterns.certain.push(query(
                inner.entries.get("key"),
                inner.entries.get("value"),
                entry.at(),
            ));
        }
        (Data::Object(inner), _) => condition.add_values_of(inner),
        (Data::List(list), ConditionKind::QueryString | ConditionKind::HttpHeader) => {
            condition.patterns.more |= list.more.is_some();
            for item in &list.items {
                match item.as_object() {
                    Some(inner) if kind == ConditionKind::HttpHeader => condition.add_values_of(inner),
                    Some(inner) => {
                        let (key, value) = (inner.entries.get("key"), inner.entries.get("value"));
                        condition.patterns.certain.push(query(key, value, item.at()));
                    }
                    None => condition.patterns.more = true,
                }
            }
        }
        (Data::List(_), _) => condition.patterns.add(entry, false),
        _ => condition.patterns.more = true,
    }
    Some(condition)
}

fn query(key: Option<&Value>, value: Option<&Value>, at: Span) -> Pattern {
    let mut text = Text::empty();
    for part in [key, value].into_iter().flatten() {
        text.append(&part.to_text().unwrap_or_default());
    }
    Pattern { text, at, is_regex: false }
}

/// The name of the list in the inputs of older modules: `path_patterns`.
fn plural(kind: ConditionKind) -> &'static str {
    match kind {
        ConditionKind::PathPattern => "path_patterns",
        ConditionKind::HostHeader => "host_headers",
        ConditionKind::HttpHeader => "http_headers",
        ConditionKind::HttpRequestMethod => "http_request_methods",
        ConditionKind::QueryString => "query_strings",
        ConditionKind::SourceIp => "source_ips",
    }
}

fn of_field(field: &str) -> Option<ConditionKind> {
    ConditionKind::ALL.into_iter().find(|kind| kind.name().replace('_', "-") == field)
}

impl Condition {
    fn add_values_of(&mut self, object: &Object) {
        self.patterns.more |= object.more.is_some();
        for (name, is_regex) in [("values", false), ("regex_values", true)] {
            if let Some(values) = object.entries.get(name) {
                self.at = values.at();
                self.patterns.add(values, is_regex);
            }
        }
    }
}

impl Patterns {
    /// Whether a text may be one of the values already.
    fn may_hold(&self, text: &Text) -> bool {
        self.certain.iter().any(|pattern| pattern.text.may_equal(text))
    }

    fn add(&mut self, values: &Value, is_regex: bool) {
        match &values.data {
            Data::Null => {}
            Data::List(list) => {
                self.more |= list.more.is_some();
                // What is there twice is dropped, and what is unknown may be there already.
                let (known, unknown): (Vec<&Value>, Vec<&Value>) =
                    list.items.iter().partition(|item| item.is_wholly_known());
                for item in known.into_iter().chain(unknown) {
                    match item.to_text() {
                        Some(text) if !self.may_hold(&text) => {
                            self.certain.push(Pattern { text, at: item.at(), is_regex });
                        }
                        _ => self.more |= !item.is_wholly_known(),
                    }
                }
            }
            // Under a condition that is not known, what both sides have is certain: the shorter one, at least.
            Data::OneOf(alternatives) => {
                let sides = alternatives.iter().map(|side| {
                    let mut patterns = Patterns::default();
                    patterns.add(side, is_regex);
                    patterns.certain
                });
                self.certain.extend(sides.min_by_key(Vec::len).unwrap_or_default());
                self.more = true;
            }
            _ => self.more = true,
        }
    }
}
