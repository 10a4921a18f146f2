//! Functions with which libraries of views keep a value: hooks, refs, signals.

use super::evaluate::Evaluator;
use super::value::{Alternative, Alternatives, Site, Value, extend};
use crate::parse::syntax::ExprId;

/// What such a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hook {
    /// Its argument.
    Argument,
    /// What its argument returns.
    Returned,
    /// A state that begins with its argument.
    State,
    /// A state that begins with its argument, or with what that returns where it is a function.
    LazyState,
    /// A state of what its argument returns.
    Computed,
    /// The value in a state.
    Inner,
}

const HOOKS: [(&str, Hook); 14] = [
    ("useCallback", Hook::Argument),
    ("reactive", Hook::Argument),
    ("shallowReactive", Hook::Argument),
    ("readonly", Hook::Argument),
    ("useMemo", Hook::Returned),
    ("useRef", Hook::State),
    ("ref", Hook::State),
    ("shallowRef", Hook::State),
    ("signal", Hook::State),
    ("useState", Hook::LazyState),
    ("computed", Hook::Computed),
    ("createMemo", Hook::Computed),
    ("unref", Hook::Inner),
    ("toValue", Hook::Inner),
];

/// Packages that export them.
const PACKAGES: [&str; 7] =
    ["react", "preact/hooks", "vue", "@vue/composition-api", "#imports", "@angular/core", "solid-js"];

impl Hook {
    /// The hook of that name, which frameworks provide without an import.
    pub(super) fn called(name: &str) -> Option<Self> {
        HOOKS.iter().find(|(own, _)| *own == name).map(|(_, hook)| *hook)
    }

    /// The hook that a package exports by that name.
    pub(super) fn exported(package: &str, name: &str) -> Option<Self> {
        PACKAGES.contains(&package).then(|| Self::called(name)).flatten()
    }
}

impl Evaluator<'_> {
    pub(super) fn hook(&mut self, site: &Site, hook: Hook, arguments: &[ExprId]) -> Alternatives {
        match hook {
            Hook::Argument => self.argument(site, arguments, 0),
            Hook::Returned => self.returned(site, arguments),
            Hook::State => kept(self.argument(site, arguments, 0)),
            Hook::LazyState => {
                let at = self.span(site);
                let given = self.argument(site, arguments, 0).into_iter();
                let initial = given.flat_map(|value| match value.value {
                    Value::Function(file, function, env) => {
                        self.call_function(file, function, &env, Vec::new(), at)
                    }
                    _ => vec![value],
                });
                kept(initial.collect())
            }
            Hook::Computed => kept(self.returned(site, arguments)),
            Hook::Inner => {
                let values = self.argument(site, arguments, 0).into_iter();
                let inner = values.map(|value| match value.value {
                    Value::State(inner) => Alternative { value: *inner, ..value },
                    _ => value,
                });
                inner.collect()
            }
        }
    }

    /// What the function that is the first argument returns.
    fn returned(&mut self, site: &Site, arguments: &[ExprId]) -> Alternatives {
        let mut all = Vec::new();
        for value in self.argument(site, arguments, 0) {
            let Value::Function(file, function, env) = value.value else { continue };
            let at = self.span(site);
            let values = self.call_function(file, function, &env, Vec::new(), at);
            extend(&mut all, values, at);
        }
        if all.is_empty() { self.unknown_call(site) } else { all }
    }
}

/// Values in what a library of views keeps them in.
fn kept(values: Alternatives) -> Alternatives {
    values
        .into_iter()
        .map(|value| Alternative { value: Value::State(Box::new(value.value)), when: value.when })
        .collect()
}
