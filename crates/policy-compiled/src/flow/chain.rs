//! Expressions that call one method after the other: `r.PathPrefix("/x").Subrouter()`.

use std::ops::Range;

use policy_text::source::Span;

use super::closures::{call, function_literal, lambda};
use super::groups::GroupId;
use super::methods::Effect;
use super::{Call, Flow, Here, Scope, Value};
use crate::scan::{Closure, Declares};

impl Flow<'_> {
    /// Follows an expression from a word on. Its value, and where it ends.
    pub(super) fn chain(
        &mut self,
        here: Here<'_>,
        start: usize,
        end: usize,
        scope: &mut Scope,
    ) -> (Value, usize) {
        let code = here.code;
        let Some(first) = code.word(start) else { return (Value::Unknown, start + 1) };
        let mut at = start + 1;
        let mut value = scope.get(first).filter(|value| **value != Value::Unknown).cloned();
        let is_variable = value.is_some();
        let mut qualifier = (!is_variable).then_some(first);
        if first == "func" || code.language.closure == Closure::Arrow && lambda(code, start).is_some() {
            // A function that stands for itself is followed where it stands.
            return self.literal(here, start, end, scope);
        }
        if let Some(open) = call(code, at).filter(|_| !is_variable) {
            value = Some(self.plain_call(here, first, open, start, scope));
            at = code.after(open);
            qualifier = None;
        } else if code.closing(at, '{').is_some()
            && !is_variable
            && code.language.declares == Declares::NameFirst
        {
            // `Server{router: r}`
            let closing = code.after(at) - 1;
            self.run(here, at + 1..closing.min(end), scope);
            return (Value::Object(first.to_owned()), code.after(at));
        }
        while at < end && (code.is_mark(at, '.') || code.is_mark(at, '?') && code.is_mark(at + 1, '.')) {
            at += usize::from(code.is_mark(at, '?'));
            let Some(name) = code.word(at + 1) else { break };
            let Some(open) = call(code, at + 2) else {
                if let Some(Value::Group(group)) = value {
                    let at = code.span(start..at + 2);
                    self.kept(group, name, at);
                }
                value = self.member(here, value.as_ref(), qualifier, name);
                // `pkg.Type{…}`
                if code.closing(at + 2, '{').is_some()
                    && qualifier.is_some()
                    && code.language.declares == Declares::NameFirst
                {
                    let closing = code.after(at + 2) - 1;
                    self.run(here, at + 3..closing.min(end), scope);
                    return (Value::Object(name.to_owned()), closing + 1);
                }
                if !matches!(value, Some(Value::Unknown) | None) {
                    qualifier = None;
                }
                at += 2;
                continue;
            };
            let arguments = code.arguments(open);
            let at_name = at + 1;
            let at_call = code.span(start..code.after(open));
            let one = Call { name, arguments: &arguments, at: at_call, place: at_name, has_owner: true };
            value = Some(match (&value, qualifier) {
                (Some(Value::Group(group)), _) => self.on_group(here, *group, &one, scope),
                (Some(Value::Route(route)), _) => self.on_route(here, *route, &one, scope),
                (_, Some(package)) => self.of_package(here, package, &one, scope),
                (Some(Value::Object(kind)), _) => {
                    let kind = kind.clone();
                    self.on_object(here, Some(&kind), &one, scope)
                }
                _ => self.on_object(here, None, &one, scope),
            });
            qualifier = None;
            at = code.after(open);
        }
        (value.unwrap_or(Value::Unknown), at)
    }

    /// `get := r.GET`: where a method of a router is called then is not followed.
    fn kept(&mut self, group: GroupId, name: &str, at: Span) {
        let framework = self.groups.framework(group);
        if framework.and_then(|framework| framework.effect(name)).is_some_and(Effect::registers) {
            self.anything(group, at, format!("where `{name}` is called is not followed"));
        }
    }

    /// A field of a value.
    fn member(
        &self,
        here: Here<'_>,
        value: Option<&Value>,
        qualifier: Option<&str>,
        name: &str,
    ) -> Option<Value> {
        if qualifier.is_some_and(|package| self.world.is_own(here.file, package)) {
            return self.fields.get(name).cloned();
        }
        match value {
            // What a router holds is no router.
            Some(Value::Group(group)) if !self.fields.contains_key(name) => {
                Some(Value::Group(*group)).filter(|_| name == "RouterGroup")
            }
            _ => match self.fields.get(name) {
                Some(held) => Some(held.clone()),
                None => self.world.field_type(name).map(|kind| Value::Object(kind.to_owned())),
            },
        }
    }

    /// The values of arguments. Functions among them are not followed.
    pub(super) fn values(
        &mut self,
        here: Here<'_>,
        arguments: &[Range<usize>],
        scope: &mut Scope,
    ) -> Vec<Value> {
        let mut values = Vec::new();
        for argument in arguments {
            if function_literal(here.code, argument.start).is_some() {
                let doubt = here.doubt.or(Some("what it is given to decides whether it runs"));
                self.literal(Here { doubt, ..here }, argument.start, argument.end, scope);
                values.push(Value::Unknown);
                continue;
            }
            let text = self.text(here, argument.clone(), scope).map(Value::Text);
            values.push(text.unwrap_or_else(|| self.run(here, argument.clone(), scope)));
        }
        values
    }

    /// A function that stands for itself: `func() { … }`, `() => …`.
    fn literal(&mut self, here: Here<'_>, start: usize, end: usize, scope: &mut Scope) -> (Value, usize) {
        let Some((names, body)) = function_literal(here.code, start) else {
            return (Value::Unknown, start + 1);
        };
        if let Some(mut inner) = self.within(scope, names.into_iter().map(|name| (name, Value::Unknown))) {
            self.run(here, body.start..body.end.min(end), &mut inner);
        }
        (Value::Unknown, body.end.max(start + 1))
    }
}
