//! Calls that hand over what is made of addresses which variables tell the program.

use std::collections::HashSet;

use policy_text::source::{FileId, Span};

use super::Interpreter;
use super::arguments::Arguments;
use super::asked::{Asked, parts};
use super::value::{Callable, Value};
use crate::parse::syntax::{Expr, Function, Kind};

/// Names of functions and methods that send a request, and where they take its address.
const SENDING: [(&str, usize); 13] = [
    ("get", 0),
    ("post", 0),
    ("put", 0),
    ("patch", 0),
    ("delete", 0),
    ("head", 0),
    ("options", 0),
    ("request", 1),
    ("stream", 1),
    ("Request", 0),
    ("urlopen", 0),
    ("ws_connect", 0),
    ("fetch", 0),
];

impl<'m> Interpreter<'m, '_> {
    /// Looks at a call of `function`, which has this value.
    pub(super) fn look_at(&mut self, function: &Expr, value: &Value<'m>, arguments: &Arguments<'m>) {
        let (Kind::Name(name) | Kind::Attribute(_, name)) = &function.kind else { return };
        // What a dictionary is asked for, or a function of the program is given, is no request.
        let is_other =
            matches!(value, Value::Own(..) | Value::Function(_) | Value::Class(_) | Value::Method(..));
        let Some((_, position)) = SENDING.iter().find(|(own, _)| **own == **name) else { return };
        let Some(told) = self.told.as_mut().filter(|_| !is_other) else { return };
        let Some(Value::Text(address)) = arguments.get(*position, "url") else { return };
        let Some((variable, rest)) = parts(address) else { return };
        let method = match (&**name, position) {
            ("Request" | "urlopen" | "ws_connect" | "fetch", _) => None,
            (_, 0) => Some(name.to_ascii_uppercase()),
            _ => arguments.get(0, "method").and_then(Value::known_text).map(str::to_ascii_uppercase),
        };
        told.asked.push(Asked { variable, rest, method, at: arguments.at });
    }

    /// Calls every function and method of the modules that are loaded with what it has by itself.
    pub(crate) fn call_everything(&mut self) {
        let mut called: HashSet<*const Function> = HashSet::new();
        let loaded: Vec<_> = self.loaded.iter().map(|(file, scope)| (*file, *scope)).collect();
        for (file, scope) in loaded {
            for value in self.names(scope).into_values() {
                self.call_each(&value, file, &mut called);
            }
        }
    }

    fn call_each(&mut self, value: &Value<'m>, file: FileId, called: &mut HashSet<*const Function>) {
        let none = Arguments::none(Span::start_of(file));
        match value {
            Value::Function(callable) => self.call_once(callable, &none, called),
            Value::Class(class) => {
                let methods: Vec<Callable<'m>> = self
                    .class_names(*class)
                    .into_iter()
                    .filter_map(|(_, value)| match value {
                        Value::Function(method) => Some(method),
                        _ => None,
                    })
                    .collect();
                if methods.iter().all(|method| called.contains(&std::ptr::from_ref(method.function))) {
                    return;
                }
                let instance = self.call(&Value::Class(*class), &none);
                for method in methods {
                    let bound = Callable { bound: Some(Box::new(instance.clone())), ..method };
                    self.call_once(&bound, &none, called);
                }
            }
            _ => {}
        }
    }

    fn call_once(
        &mut self,
        callable: &Callable<'m>,
        arguments: &Arguments<'m>,
        called: &mut HashSet<*const Function>,
    ) {
        let is_new = called.insert(std::ptr::from_ref(callable.function));
        if is_new {
            self.call_function(callable, arguments);
        }
    }
}
