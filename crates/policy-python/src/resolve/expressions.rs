//! Evaluates expressions.

use std::borrow::Cow;

use policy_text::source::Span;

use super::Interpreter;
use super::arguments::Arguments;
use super::interpreter::Item;
use super::statements::joined;
use super::value::{ListId, ScopeId, Text, Value};
use crate::parse::syntax::{Call, Expr, Kind};

impl<'m> Interpreter<'m, '_> {
    /// The value of an expression.
    pub(super) fn evaluate(&mut self, expression: &'m Expr, scope: ScopeId) -> Value<'m> {
        if !self.pay(1) {
            return Value::Unknown;
        }
        match &expression.kind {
            Kind::Other => Value::Unknown,
            Kind::None => Value::None,
            Kind::Bool(truth) => Value::Bool(*truth),
            Kind::Number(number) => Value::Number(*number),
            Kind::Text(text) => self.held_text(Text::new(text)),
            Kind::Format(pieces) => {
                let texts = pieces.iter().map(|piece| self.evaluate(piece, scope).as_text());
                let text = texts.fold(Text::new(""), |text, piece| text.then(&piece));
                self.held_text(text)
            }
            Kind::Name(name) => self.name(scope, name),
            Kind::Lambda => Value::External("lambda".into()),
            Kind::Attribute(object, name) => {
                let object = self.evaluate(object, scope);
                self.attribute(&object, name)
            }
            Kind::Item(object, key) => {
                let object = self.evaluate(object, scope);
                let key = self.evaluate(key, scope);
                self.item(&object, &key)
            }
            Kind::Call(call) => self.call_expression(call, expression, scope),
            Kind::List(elements) => {
                let items = elements.iter().flat_map(|element| self.elements(element, scope)).collect();
                self.new_list(items)
            }
            Kind::Dict(entries) => {
                let mut evaluated = Vec::new();
                for (key, value) in entries {
                    let value = self.evaluate(value, scope);
                    match key {
                        Some(key) => evaluated.push((self.evaluate(key, scope), value)),
                        None => evaluated.extend(self.entries(&value)),
                    }
                }
                self.new_dict(evaluated)
            }
            Kind::Spread(spread) => self.evaluate(spread, scope),
            Kind::Add(left, right) => {
                let left = self.evaluate(left, scope);
                let right = self.evaluate(right, scope);
                self.sum(&left, &right)
            }
            Kind::Not(negated) => truth(self.evaluate(negated, scope).truth().map(|truth| !truth)),
            Kind::And(operands) => self.decided_by(operands, false, scope),
            Kind::Or(operands) => self.decided_by(operands, true, scope),
            Kind::Equal { left, right, negated } => {
                let left = self.evaluate(left, scope);
                let right = self.evaluate(right, scope);
                truth(left.equals(&right).map(|equal| equal != *negated))
            }
            Kind::In { left, right, negated } => {
                let left = self.evaluate(left, scope);
                let right = self.evaluate(right, scope);
                truth(self.contains(&right, &left).map(|contained| contained != *negated))
            }
            Kind::Either { test, then, otherwise } => match self.evaluate(test, scope).truth() {
                Some(true) => self.evaluate(then, scope),
                Some(false) => self.evaluate(otherwise, scope),
                None => {
                    let then = self.evaluate(then, scope);
                    let otherwise = self.evaluate(otherwise, scope);
                    joined(&then, &otherwise)
                }
            },
            Kind::Each { each, target, iterated, filtered } => {
                let iterated = self.evaluate(iterated, scope);
                let Some(within) = self.new_call_scope(scope) else { return Value::Unknown };
                let mut items = Vec::new();
                for mut item in self.items(&iterated) {
                    if !self.pay(1) {
                        break;
                    }
                    self.assign(target, item.value, within);
                    item.value = self.evaluate(each, within);
                    item.is_rest |= *filtered;
                    items.push(item);
                }
                self.new_list(items)
            }
        }
    }

    /// What an expression adds to the list that it is written in.
    fn elements(&mut self, element: &'m Expr, scope: ScopeId) -> Vec<Item<'m>> {
        let value = self.evaluate(element, scope);
        if matches!(element.kind, Kind::Spread(_)) {
            let items = self.items(&value);
            return items;
        }
        vec![Item { value, doubt: self.doubt, is_rest: false }]
    }

    fn call_expression(&mut self, call: &'m Call, expression: &'m Expr, scope: ScopeId) -> Value<'m> {
        let function = self.evaluate(&call.function, scope);
        let mut arguments = Arguments {
            positional: Vec::new(),
            named: Vec::new(),
            has_others: false,
            at: expression.at.within(self.file_of(scope)),
        };
        for argument in &call.positional {
            for item in self.elements(argument, scope) {
                arguments.has_others |= item.is_rest;
                if !arguments.has_others {
                    arguments.positional.push(item.value);
                }
            }
        }
        for (name, argument) in &call.named {
            let value = self.evaluate(argument, scope);
            match (name, &value) {
                (Some(name), _) => arguments.named.push((Cow::Borrowed(name), value)),
                (None, Value::Dict(_)) => {
                    for (name, value) in self.entries(&value) {
                        match name.known_text() {
                            Some(name) => arguments.named.push((Cow::Owned(name.to_owned()), value)),
                            None => arguments.has_others = true,
                        }
                    }
                }
                (None, _) => arguments.has_others = true,
            }
        }
        if call.function.is_name("super")
            && let Some(object) = self.running_for(scope)
        {
            return object;
        }
        self.look_at(&call.function, &function, &arguments);
        self.call(&function, &arguments)
    }

    /// What `super()` gives in the function that runs in a scope.
    fn running_for(&self, scope: ScopeId) -> Option<Value<'m>> {
        let function = *self.running.last()?;
        let object = self.name(scope, &function.parameters.first()?.name);
        matches!(object, Value::Group(_) | Value::Instance(_) | Value::Class(_))
            .then(|| Value::Super(Box::new(object), function))
    }

    /// `and`, or `or` where a true operand decides.
    fn decided_by(&mut self, operands: &'m [Expr], decisive: bool, scope: ScopeId) -> Value<'m> {
        let mut is_unknown = false;
        let mut last = Value::Unknown;
        for operand in operands {
            last = self.evaluate(operand, scope);
            match last.truth() {
                Some(truth) if truth == decisive => {
                    // Whatever the others are, it is as true as this one.
                    return if is_unknown { Value::Unknown } else { last };
                }
                Some(_) => {}
                None => is_unknown = true,
            }
        }
        if is_unknown { Value::Unknown } else { last }
    }

    pub(super) fn sum(&mut self, left: &Value<'m>, right: &Value<'m>) -> Value<'m> {
        match (left, right) {
            (Value::List(_), _) | (_, Value::List(_)) => {
                let mut items = self.items(left);
                items.extend(self.items(right));
                self.new_list(items)
            }
            (Value::Text(_), _) | (_, Value::Text(_)) => {
                self.held_text(left.as_text().then(&right.as_text()))
            }
            (Value::Number(left), Value::Number(right)) => {
                left.checked_add(*right).map_or(Value::Unknown, Value::Number)
            }
            _ => Value::Unknown,
        }
    }

    /// Adds elements to a list, in doubt if they may not be added.
    pub(super) fn push_all(&mut self, list: ListId, items: Vec<Item<'m>>) {
        let doubt = self.doubt;
        if !self.pay(items.len()) || !self.hold::<Item<'_>>(items.len()) {
            return;
        }
        if let Some(list) = self.lists.get_mut(list.0) {
            list.extend(items.into_iter().map(|item| Item { doubt: item.doubt.or(doubt), ..item }));
        }
    }

    fn contains(&mut self, container: &Value<'m>, value: &Value<'m>) -> Option<bool> {
        match container {
            Value::Text(text) => {
                let (text, part) = (text.known()?, value.known_text()?);
                self.pay(text.len() / 8).then(|| text.contains(part))
            }
            Value::List(_) | Value::Dict(_) => {
                let items = self.items(container);
                let found: Option<Vec<bool>> = items
                    .iter()
                    .map(|item| if item.is_rest { None } else { item.value.equals(value) })
                    .collect();
                found.map(|found| found.contains(&true))
            }
            _ => None,
        }
    }

    fn item(&mut self, object: &Value<'m>, key: &Value<'m>) -> Value<'m> {
        match (object, key) {
            (Value::Method(group, name), _) if self.outside.decides(self, *group, name) => object.clone(),
            (Value::External(name), _) if &**name == "os.environ" => {
                self.variables.get(key.known_text(), Value::Unknown)
            }
            (Value::Dict(dict), key) => {
                let found = key.known_text().and_then(|key| self.in_dict(*dict, key));
                found.unwrap_or(Value::Unknown)
            }
            (Value::List(_), Value::Number(index)) => {
                let items = self.items(object);
                let certain = items.iter().all(|item| !item.is_rest && item.doubt.is_none());
                let item = usize::try_from(*index).ok().and_then(|index| items.into_iter().nth(index));
                item.filter(|_| certain).map_or(Value::Unknown, |item| item.value)
            }
            _ => Value::Unknown,
        }
    }

    pub(super) fn set_item(&mut self, object: &Value<'m>, key: Value<'m>, value: Value<'m>, at: Span) {
        match object {
            // Which elements are replaced is not followed.
            Value::List(list) => {
                let mut items = self.items(&value);
                items.push(Item::rest());
                self.push_all(*list, items);
            }
            Value::Method(group, name) => {
                let outside = self.outside;
                outside.set_item(self, *group, name, (&key, &value), at);
            }
            Value::External(name) if &**name == "os.environ" => {
                if let Some(key) = key.known_text() {
                    self.variables.set(key, value);
                }
            }
            Value::Dict(dict) => {
                let value = if self.doubt.is_some() { Value::Unknown } else { value };
                if self.pay(1)
                    && self.hold::<(Value<'_>, Value<'_>)>(2)
                    && let Some(dict) = self.dicts.get_mut(dict.0)
                {
                    dict.insert(key, value);
                }
            }
            _ => {}
        }
    }

    /// Text that something may hold to the end of the run.
    pub(super) fn held_text(&mut self, text: Text) -> Value<'m> {
        if self.hold::<u8>(text.with_holes().len()) { Value::Text(text) } else { Value::Unknown }
    }

    /// The keys and values of a dictionary; what is none has unknown ones.
    pub(crate) fn entries(&mut self, value: &Value<'m>) -> Vec<(Value<'m>, Value<'m>)> {
        match value {
            Value::Dict(dict) => {
                let entries = self.dicts.get(dict.0).map_or(0, |dict| dict.entries().len());
                if self.pay(entries) {
                    self.dicts.get(dict.0).map(|dict| dict.entries().to_vec()).unwrap_or_default()
                } else {
                    vec![(Value::Unknown, Value::Unknown)]
                }
            }
            _ => vec![(Value::Unknown, Value::Unknown)],
        }
    }
}

fn truth<'m>(truth: Option<bool>) -> Value<'m> {
    truth.map_or(Value::Unknown, Value::Bool)
}
