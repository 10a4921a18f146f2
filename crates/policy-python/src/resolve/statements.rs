//! Statements, one after the other; where a condition is not known, each branch by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::group::Doubt;
use super::value::{Callable, ScopeId, Value};
use super::{Arguments, Interpreter};
use crate::parse::syntax::{Expr, Kind, Statement};

/// Where the run goes on after some statements.
#[derive(Debug)]
pub(super) enum Flow<'m> {
    /// Behind them.
    On,
    /// Behind the call of the function.
    Returned(Value<'m>),
    /// With the next element of a loop, or behind it.
    Left { goes_on: bool },
    /// Nowhere that is followed.
    Raised,
}

const CONDITION: Doubt = Doubt("it is registered only where a condition holds");

impl<'m> Interpreter<'m, '_> {
    /// Runs statements in a scope.
    pub(super) fn run(&mut self, statements: &'m [Statement], scope: ScopeId) -> Flow<'m> {
        for statement in statements {
            if !self.pay(1) {
                return Flow::On;
            }
            match self.statement(statement, scope) {
                Flow::On => {}
                flow => return flow,
            }
        }
        Flow::On
    }

    fn statement(&mut self, statement: &'m Statement, scope: ScopeId) -> Flow<'m> {
        match statement {
            Statement::Import { module, alias } => self.import_module(module, alias.as_deref(), scope),
            Statement::From { level, module, names } => self.import_names(*level, module, names, scope),
            Statement::Assign { targets, value } => {
                let value = self.evaluate(value, scope);
                for target in targets {
                    self.assign(target, value.clone(), scope);
                }
            }
            Statement::Extend { target, value } => self.extend(target, value, scope),
            Statement::Expression(expression) => drop(self.evaluate(expression, scope)),
            Statement::Return(value) => {
                let value = value.as_ref().map_or(Value::None, |value| self.evaluate(value, scope));
                return Flow::Returned(value);
            }
            Statement::Raise(_) => return Flow::Raised,
            Statement::Leave { goes_on } => return Flow::Left { goes_on: *goes_on },
            Statement::Function(function) => {
                let defined = Callable { function, scope: self.seen_by_functions(scope), bound: None };
                let value = self.decorated(Value::Function(defined), &function.decorators, scope);
                self.bind(scope, &function.name, value);
            }
            Statement::Class(class) => {
                let value = self.define_class(class, scope);
                let value = self.decorated(value, &class.decorators, scope);
                self.bind(scope, &class.name, value);
            }
            Statement::If { test, body, otherwise, .. } => {
                let (taken, other) = match self.evaluate(test, scope).truth() {
                    Some(true) => (body, otherwise),
                    Some(false) => (otherwise, body),
                    None => return self.branches(&[body, otherwise], scope),
                };
                // A program that fails at once would not be deployed: it is given what it asks for.
                return match self.run(taken, scope) {
                    Flow::Raised => self.run(other, scope),
                    flow => flow,
                };
            }
            Statement::For { target, iterated, body, .. } => return self.each(target, iterated, body, scope),
            Statement::Perhaps { body, .. } => return self.branches(&[body, &[]], scope),
            Statement::Try { body, handlers, otherwise, .. } => {
                let flow = match self.run(body, scope) {
                    Flow::Raised => handlers.first().map_or(Flow::Raised, |handler| self.run(handler, scope)),
                    flow => flow,
                };
                return match (flow, self.run(otherwise, scope)) {
                    (Flow::On, flow) | (flow, _) => flow,
                };
            }
            Statement::With { items, body } => {
                for (context, target) in items {
                    let value = self.evaluate(context, scope);
                    if let Some(target) = target {
                        self.assign(target, value, scope);
                    }
                }
                return self.run(body, scope);
            }
        }
        Flow::On
    }

    /// Runs each branch by itself, in doubt, and joins what they leave.
    fn branches(&mut self, branches: &[&'m [Statement]], scope: ScopeId) -> Flow<'m> {
        let mut reached = Vec::new();
        let (mut left, mut leaves) = (None, 0);
        for branch in branches {
            let run = |this: &mut Self| this.in_doubt(CONDITION, |this| this.run(branch, scope));
            match self.as_branch(scope, run) {
                (Flow::On, changed) => reached.push(changed),
                (Flow::Raised, _) => {}
                (flow, _) => {
                    leaves += 1;
                    left = match (left, flow) {
                        (Some(Flow::Returned(one)), Flow::Returned(other)) => {
                            Some(Flow::Returned(joined(&one, &other)))
                        }
                        (_, flow) => Some(flow),
                    };
                }
            }
        }
        if reached.is_empty() {
            return left.unwrap_or(Flow::Raised);
        }
        self.join(&reached, scope);
        if leaves > 0 {
            // The rest of the function or loop, which sets this back, is reached only where no branch left it.
            self.doubt = self.doubt.or(Some(CONDITION));
            if let Some(Flow::Returned(value)) = left {
                self.returned.push(value);
            }
        }
        Flow::On
    }

    /// Gives names what they stand for behind branches, each of which changed some of them.
    fn join(&mut self, branches: &[BTreeMap<Rc<str>, Value<'m>>], scope: ScopeId) {
        let names: BTreeSet<&Rc<str>> = branches.iter().flat_map(BTreeMap::keys).collect();
        if !self.pay(names.len()) {
            return;
        }
        for name in names {
            let before = self.own_name(scope, name);
            // Where it is not set, its use is a fault that nobody leaves in a program.
            let values = branches.iter().filter_map(|changed| changed.get(name).or(before.as_ref()));
            if let Some(value) = values.cloned().reduce(|one, other| joined(&one, &other)) {
                self.bind(scope, name, value);
            }
        }
    }

    fn each(
        &mut self,
        target: &'m Expr,
        iterated: &'m Expr,
        body: &'m [Statement],
        scope: ScopeId,
    ) -> Flow<'m> {
        let iterated = self.evaluate(iterated, scope);
        let doubt = self.doubt;
        for item in self.items(&iterated) {
            if !self.pay(1) {
                break;
            }
            let unknown = item.is_rest.then_some(Doubt("it is registered in a loop over what is not known"));
            self.doubt = doubt.or(item.doubt).or(unknown);
            self.assign(target, item.value, scope);
            let flow = self.run(body, scope);
            self.doubt = doubt;
            match flow {
                Flow::On | Flow::Left { goes_on: true } => {}
                Flow::Left { goes_on: false } => break,
                flow => return flow,
            }
        }
        Flow::On
    }

    pub(super) fn assign(&mut self, target: &'m Expr, value: Value<'m>, scope: ScopeId) {
        match &target.kind {
            Kind::Name(name) => self.bind(scope, name, value),
            Kind::Attribute(object, name) => {
                let object = self.evaluate(object, scope);
                self.set_attribute(&object, name, value, target.at.within(self.file_of(scope)));
            }
            Kind::Item(object, key) => {
                let object = self.evaluate(object, scope);
                let key = self.evaluate(key, scope);
                self.set_item(&object, key, value, target.at.within(self.file_of(scope)));
            }
            Kind::List(targets) => {
                let items = self.items(&value);
                let whole = items.len() == targets.len() && items.iter().all(|item| !item.is_rest);
                for (index, target) in targets.iter().enumerate() {
                    let item = items.get(index).filter(|_| whole);
                    self.assign(target, item.map_or(Value::Unknown, |item| item.value.clone()), scope);
                }
            }
            _ => {}
        }
    }

    /// `target += value`
    fn extend(&mut self, target: &'m Expr, value: &'m Expr, scope: ScopeId) {
        let before = self.evaluate(target, scope);
        let added = self.evaluate(value, scope);
        if let Value::List(list) = before {
            let items = self.items(&added);
            self.push_all(list, items);
        } else if let Value::Method(..) = before {
            let at = target.at.within(self.file_of(scope));
            let extend = self.attribute(&before, "extend");
            self.call(&extend, &Arguments { positional: vec![added], ..Arguments::none(at) });
        } else {
            let sum = self.sum(&before, &added);
            self.assign(target, sum, scope);
        }
    }
}

/// What a value is that is one of two.
pub(super) fn joined<'m>(one: &Value<'m>, other: &Value<'m>) -> Value<'m> {
    match (one, other) {
        (Value::None, value @ (Value::Group(_) | Value::Module(_) | Value::Function(_)))
        | (value @ (Value::Group(_) | Value::Module(_) | Value::Function(_)), Value::None) => value.clone(),
        (one, other) if one.is_same(other) => one.clone(),
        _ => Value::Unknown,
    }
}
