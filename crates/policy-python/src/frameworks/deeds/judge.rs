//! Judges what functions do with the requests that come to them, statement by statement.

use super::roles::{Judged, Roles, behind, handed, roles_of};
use super::shape::{
    METHODS, PATHS, changes_path, gives, is_attribute_of_self, is_method, is_method_of_self, is_one_of, sets,
};
use super::told::{is_copy, is_message, is_secure_redirect};
use crate::frameworks::{passive, statuses, walk};
use crate::parse::syntax::{Call, Expr, Function, Kind as Expression, Statement};
use crate::resolve::Interpreter;
use crate::resolve::value::{ClassId, ScopeId, Value};

/// Calls and names that are followed one behind the other.
const DEEPEST: usize = 8;

/// The members of an answer that hold its status.
const STATUSES: [&str; 4] = ["_status_code", "status", "status_code", "status_int"];

/// Judges functions.
pub(super) struct Judge<'j, 'm, 's> {
    pub(super) interpreter: &'j mut Interpreter<'m, 's>,
    /// What `self` is in them.
    pub(super) class: Option<ClassId>,
    pub(super) depth: usize,
}

impl<'m> Judge<'_, 'm, '_> {
    /// Whether a function passes on every request that comes to it, or refuses it.
    pub(super) fn passes(&mut self, function: &'m Function, scope: ScopeId, roles: &Roles<'m>) -> bool {
        if self.depth == DEEPEST {
            return false;
        }
        self.depth += 1;
        let passes = self.judged(function, scope, roles);
        self.depth -= 1;
        passes
    }

    fn judged(&mut self, function: &'m Function, scope: ScopeId, roles: &Roles<'m>) -> bool {
        let judged = Judged::new(function, scope, roles);
        let mut found = Vec::new();
        walk::statements(&function.body, &mut |statement| found.push(statement));
        let returned: Vec<&'m str> = judged
            .inner
            .iter()
            .map(|inner| &*inner.name)
            .filter(|name| found.iter().any(|statement| gives(statement, name)))
            .collect();
        if !self.decorators_pass(function, &judged)
            || !found.iter().all(|statement| self.statement(statement, &judged, &returned))
        {
            return false;
        }
        let inner = judged.inner.clone();
        inner.into_iter().all(|inner| {
            if returned.contains(&&*inner.name) {
                // What a factory gives: whatever it was made with may be behind it.
                let mut own = roles_of(inner, 0);
                let around = function.parameters.iter().map(|parameter| &*parameter.name);
                own.next.extend(around.filter(|name| !own.given.contains(name)));
                return self.passes(inner, scope, &own);
            }
            let mut found = Vec::new();
            walk::statements(&inner.body, &mut |statement| found.push(statement));
            found.iter().all(|statement| {
                matches!(statement, Statement::Return(_)) || self.statement(statement, &judged, &[])
            })
        })
    }

    /// Whether what decorators of the repository make of a function passes on what comes to it.
    fn decorators_pass(&mut self, function: &'m Function, judged: &Judged<'_, 'm>) -> bool {
        function.decorators.iter().all(|decorator| {
            let named = match &decorator.kind {
                Expression::Call(call) => &call.function,
                _ => decorator,
            };
            match self.value(named, judged) {
                Some(Value::Function(own)) => {
                    self.passes(own.function, own.scope, &roles_of(own.function, 0))
                }
                Some(Value::Class(_)) => false,
                _ => true,
            }
        })
    }

    fn statement(&mut self, statement: &'m Statement, judged: &Judged<'_, 'm>, inner: &[&'m str]) -> bool {
        let mut calls = Vec::new();
        let mut count = 1;
        for expression in walk::of_statement(statement) {
            walk::expressions(expression, &mut |expression| {
                count += 1;
                if let Expression::Call(call) = &expression.kind {
                    calls.push((expression, &**call));
                }
            });
        }
        if !self.interpreter.pay(count) || !calls.iter().all(|(at, call)| self.call(at, call, judged)) {
            return false;
        }
        match statement {
            Statement::Return(Some(value)) => {
                let is_inner = matches!(&value.kind, Expression::Name(name) if inner.contains(&&**name));
                is_inner || value.kind == Expression::None || self.is_good(value, judged, 0)
            }
            Statement::Raise(Some(raised)) => statuses::is_error_raised(raised),
            Statement::Assign { targets, value } => {
                targets.iter().all(|target| Self::assignment(target, value, judged))
            }
            Statement::Extend { target, value } => Self::assignment(target, value, judged),
            _ => true,
        }
    }

    fn assignment(target: &'m Expr, value: &'m Expr, judged: &Judged<'_, 'm>) -> bool {
        match &target.kind {
            Expression::Name(name) if judged.roles.given.contains(&&**name) => is_copy(value, judged),
            Expression::Name(name) => {
                !judged.roles.next.contains(&&**name) && !judged.roles.sending.contains(&&**name)
            }
            Expression::Attribute(_, name) if PATHS.contains(&&**name) => false,
            Expression::Attribute(of, name) if STATUSES.contains(&&**name) => {
                !matches!(of.kind, Expression::Name(_)) || statuses::is_error_status(value)
            }
            Expression::Item(_, key) if key.as_text().is_some_and(|key| PATHS.contains(&key)) => false,
            Expression::Item(of, key) if key.as_text() == Some("status") => {
                let is_message = judged.messages.iter().any(|message| of.is_named(&[message]));
                !is_message || statuses::is_error_status(value)
            }
            Expression::List(targets) => targets.iter().all(|target| {
                !judged.roles.given.iter().chain(&judged.roles.next).any(|name| target.is_named(&[name]))
            }),
            _ => true,
        }
    }

    fn call(&mut self, at: &'m Expr, call: &'m Call, judged: &Judged<'_, 'm>) -> bool {
        if self.is_next(&call.function, judged) {
            return call.positional.iter().all(|given| self.is_handed_on(given, judged))
                && call.named.iter().all(|(_, given)| self.is_handed_on(given, judged));
        }
        let arguments = || call.positional.iter().chain(call.named.iter().map(|(_, value)| value));
        let named = |names: &[&str]| arguments().any(|given| is_one_of(given, names));
        let first = call.positional.first();
        if changes_path(at) || at.is_named(&["update"]) && first.is_some_and(changes_path) {
            return false;
        }
        if is_one_of(&call.function, &judged.roles.sending) {
            return first.is_some_and(|message| is_message(message, judged));
        }
        match &call.function.kind {
            Expression::Name(name) | Expression::Attribute(_, name) if &**name == "abort" => {
                return first.is_some_and(statuses::is_error_status);
            }
            Expression::Attribute(_, name) if &**name == "set_status" => {
                return first.is_some_and(statuses::is_error_status);
            }
            _ => {}
        }
        let is_answered = named(&judged.roles.sending);
        if let Some((function, scope, skipped)) = self.own(&call.function, judged) {
            if !is_answered && !named(&judged.roles.given) {
                return true;
            }
            let roles = handed(function, skipped, call, judged.roles);
            // What it gives is judged where that is used.
            return if is_answered {
                self.passes(function, scope, &roles)
            } else {
                self.leaves(function, scope, &roles)
            };
        }
        !is_answered || self.is_error(&call.function, judged, 0)
    }

    /// Whether a function leaves the request that it is given as it is.
    fn leaves(&mut self, function: &'m Function, scope: ScopeId, roles: &Roles<'m>) -> bool {
        if self.depth == DEEPEST {
            return false;
        }
        self.depth += 1;
        let judged = Judged::new(function, scope, roles);
        let mut found = Vec::new();
        walk::statements(&function.body, &mut |statement| found.push(statement));
        let leaves = found.iter().all(|statement| match statement {
            Statement::Return(Some(value)) => {
                let mut changes = false;
                walk::expressions(value, &mut |value| changes |= changes_path(value));
                self.interpreter.pay(1) && !changes
            }
            Statement::Assign { targets, .. }
                if targets.iter().any(|target| is_one_of(target, &judged.roles.given)) =>
            {
                true
            }
            statement => self.statement(statement, &judged, &[]),
        });
        self.depth -= 1;
        leaves
    }

    /// Whether what a function gives is the answer from behind, or the one of a refusal.
    fn is_good(&mut self, value: &'m Expr, judged: &Judged<'_, 'm>, depth: usize) -> bool {
        if depth == DEEPEST || !self.interpreter.pay(1) {
            return false;
        }
        if statuses::is_error(value) || value.kind == Expression::None {
            return true;
        }
        match &value.kind {
            Expression::Name(name) => {
                let set = judged.set_to(name);
                (judged.roles.behind.contains(&&**name) || !set.is_empty())
                    && set.into_iter().all(|set| set.is_some_and(|set| self.is_good(set, judged, depth + 1)))
            }
            Expression::Either { then, otherwise, .. } => {
                self.is_good(then, judged, depth + 1) && self.is_good(otherwise, judged, depth + 1)
            }
            Expression::Or(all) => all.iter().all(|value| self.is_good(value, judged, depth + 1)),
            // `return error, headers`
            Expression::List(parts) => parts.first().is_some_and(|first| {
                parts.len() == 2
                    && !matches!(first.kind, Expression::Name(_))
                    && self.is_good(first, judged, depth + 1)
            }),
            Expression::Call(call) => self.is_good_call(value, call, judged, depth),
            _ => false,
        }
    }

    fn is_good_call(
        &mut self,
        value: &'m Expr,
        call: &'m Call,
        judged: &Judged<'_, 'm>,
        depth: usize,
    ) -> bool {
        if self.is_next(&call.function, judged)
            || is_one_of(&call.function, &judged.roles.sending)
            || is_secure_redirect(value, judged)
        {
            return true;
        }
        if let Some((function, scope, skipped)) = self.own(&call.function, judged) {
            let mut roles = handed(function, skipped, call, judged.roles);
            roles.behind = behind(function, skipped, call, |given| self.is_good(given, judged, depth + 1));
            return self.passes(function, scope, &roles);
        }
        // What was called with the function that sends answers is judged as a call.
        if call.positional.iter().any(|given| is_one_of(given, &judged.roles.sending)) {
            return true;
        }
        match &call.function.kind {
            // `error.get_response()`
            Expression::Attribute(of, name) if &**name == "get_response" => {
                matches!(of.kind, Expression::Name(_)) && self.is_good(of, judged, depth + 1)
            }
            Expression::Name(_) | Expression::Attribute(..) => {
                let hands_back = matches!(self.value(&call.function, judged), Some(Value::External(name)) if passive::gives_back(&name));
                hands_back
                    && call
                        .positional
                        .iter()
                        .any(|given| given.kind != Expression::None && self.is_good(given, judged, depth + 1))
            }
            _ => false,
        }
    }

    /// Whether what is called is the answer of a refusal: `JSONResponse({}, status_code=401)(scope, receive, send)`.
    fn is_error(&mut self, function: &'m Expr, judged: &Judged<'_, 'm>, depth: usize) -> bool {
        if depth == DEEPEST || !self.interpreter.pay(1) {
            return false;
        }
        match &function.kind {
            Expression::Name(name) => {
                let set = judged.set_to(name);
                !set.is_empty()
                    && set.into_iter().all(|set| set.is_some_and(|set| self.is_error(set, judged, depth + 1)))
            }
            _ => statuses::is_error(function) || is_secure_redirect(function, judged),
        }
    }

    /// Whether what is called is behind: `call_next`, `self.app`, `super().__call__`.
    fn is_next(&self, function: &Expr, judged: &Judged<'_, 'm>) -> bool {
        match &function.kind {
            Expression::Name(name) => judged.roles.next.contains(&&**name),
            Expression::Attribute(of, name) if of.is_named(&["self"]) => {
                self.class.is_some_and(|class| self.holds_next(class, name))
            }
            Expression::Attribute(of, name) => of.is_named(&["super"]) && is_method(name),
            _ => false,
        }
    }

    /// Whether instances of a class have what is behind them under that name, and nothing else.
    fn holds_next(&self, class: ClassId, name: &str) -> bool {
        let made = self.interpreter.definitions(class, "__init__");
        let mut holds = ["app", "get_response"].contains(&name);
        for made in &made {
            let Value::Function(made) = made else { return false };
            let first = made.function.parameters.get(1).map(|parameter| &*parameter.name);
            let mut is_other = false;
            walk::statements(&made.function.body, &mut |statement| {
                if let Statement::Assign { targets, value } = statement
                    && targets.iter().any(|target| is_attribute_of_self(target, name))
                {
                    let is_first = first.is_some_and(|first| is_one_of(value, &[first]));
                    holds |= is_first;
                    is_other |= !is_first;
                }
            });
            if is_other {
                return false;
            }
        }
        holds
            && !METHODS.iter().any(|method| {
                self.interpreter.definitions(class, method).iter().any(|method| match method {
                    Value::Function(method) => sets(&method.function.body, name),
                    _ => true,
                })
            })
    }

    /// Whether what is handed on is the request as it came, or what sends the answer.
    fn is_handed_on(&mut self, given: &'m Expr, judged: &Judged<'_, 'm>) -> bool {
        let roles = judged.roles;
        match &given.kind {
            Expression::Name(name) => {
                let name: &str = name;
                let is_own = roles.given.contains(&name)
                    || roles.next.contains(&name)
                    || roles.sending.contains(&name)
                    || judged.inner.iter().any(|inner| *inner.name == *name);
                let set = judged.set_to(name);
                is_own
                    || !set.is_empty()
                        && set.into_iter().all(|value| value.is_some_and(|value| is_copy(value, judged)))
            }
            // `*args`
            Expression::Spread(_) => judged.has_rest,
            // `self.sender(send)`, which is judged as a call.
            Expression::Call(call) => {
                is_copy(given, judged)
                    || call.positional.iter().any(|given| is_one_of(given, &roles.sending))
                        && self.own(&call.function, judged).is_some()
            }
            _ => false,
        }
    }

    /// A function of the repository that is called, with its scope and how many of its parameters are given otherwise.
    fn own(&self, function: &Expr, judged: &Judged<'_, 'm>) -> Option<(&'m Function, ScopeId, usize)> {
        match self.value(function, judged)? {
            Value::Function(callable) => {
                let skipped = usize::from(is_method_of_self(function) || callable.bound.is_some());
                let is_static = callable
                    .function
                    .decorators
                    .iter()
                    .any(|decorator| decorator.is_named(&["staticmethod"]));
                Some((callable.function, callable.scope, if is_static { 0 } else { skipped }))
            }
            _ => None,
        }
    }

    /// What a name, or an attribute of one, stands for in the module.
    fn value(&self, function: &Expr, judged: &Judged<'_, 'm>) -> Option<Value<'m>> {
        match &function.kind {
            Expression::Name(name) => {
                judged.set_to(name).is_empty().then(|| self.interpreter.name(judged.scope, name))
            }
            Expression::Attribute(of, name) if of.is_named(&["self", "cls"]) => {
                self.interpreter.class_attribute(self.class?, name)
            }
            Expression::Attribute(of, name) => match self.value(of, judged)? {
                Value::External(dotted) => Some(Value::external(&format!("{dotted}.{name}"))),
                Value::Module(file) => self.interpreter.loaded_name(file, name),
                _ => None,
            },
            _ => None,
        }
    }
}
