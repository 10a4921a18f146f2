//! The functions of a program, by name.

use std::collections::HashMap;
use std::ops::Range;

/// A function or a method.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// Its file.
    pub(crate) file: usize,
    /// What it belongs to: a folder, as a package, or a class.
    pub(crate) scope: String,
    /// The name of what it is called on, and the type of that.
    pub(crate) receiver: Option<(String, String)>,
    /// The names of its parameters, each with its type.
    pub(crate) parameters: Vec<(String, String)>,
    /// The type of what it gives first.
    pub(crate) gives: Option<String>,
    pub(crate) body: Range<usize>,
    /// Whether something in it may concern routers.
    pub(crate) concerns: bool,
}

/// A function, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FunctionId(usize);

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Functions {
    all: Vec<Function>,
    by_name: HashMap<String, Vec<FunctionId>>,
}

impl Functions {
    pub(crate) fn add(&mut self, function: Function) {
        self.by_name.entry(function.name.clone()).or_default().push(FunctionId(self.all.len()));
        self.all.push(function);
    }

    pub(crate) fn get(&self, id: FunctionId) -> Option<&Function> {
        self.all.get(id.0)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (FunctionId, &Function)> {
        self.all.iter().enumerate().map(|(index, function)| (FunctionId(index), function))
    }

    /// The functions of that name.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = (FunctionId, &Function)> {
        let ids = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| Some((*id, self.get(*id)?)))
    }

    /// Spreads concern to the functions that call, by name, one that concerns routers. `calls` gives the names that a
    /// function has in it.
    pub(crate) fn spread(&mut self, calls: impl Fn(&Function) -> Vec<String>) {
        let mut callers: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, function) in self.all.iter().enumerate() {
            for name in calls(function) {
                if self.by_name.contains_key(&name) {
                    callers.entry(name).or_default().push(index);
                }
            }
        }
        let mut pending: Vec<usize> = self
            .all
            .iter()
            .enumerate()
            .filter(|(_, function)| function.concerns)
            .map(|(index, _)| index)
            .collect();
        while let Some(index) = pending.pop() {
            let Some(name) = self.all.get(index).map(|function| function.name.clone()) else { continue };
            for caller in callers.remove(&name).unwrap_or_default() {
                if let Some(function) = self.all.get_mut(caller)
                    && !std::mem::replace(&mut function.concerns, true)
                {
                    pending.push(caller);
                }
            }
        }
    }
}
