//! The state of a run through the modules of a program.

use std::collections::BTreeMap;
use std::rc::Rc;

use policy_text::budget::Budget;
use policy_text::source::{FileId, RepoPath, Span};

use super::Outside;
use super::arguments::Arguments;
use super::asked::Told;
use super::classes::{ClassValue, Instance};
use super::dict::Dict;
use super::environment::{Questions, Variables};
use super::group::{Doubt, Entry, Group, GroupId, Kind, Path, Redirects, What};
use super::scopes::Scope;
use super::value::{ClassId, DictId, InstanceId, ListId, ScopeId, Value};
use crate::modules::Modules;
use crate::parse::syntax::Function;
use crate::program::Program;

/// The length of a module behind which it may cost no more.
const MOST_BYTES: usize = 1 << 20;
/// What a run may hold in memory for all modules together, in pieces of [`PIECE`] bytes. No program needs a tenth of it.
const MOST_PIECES: u64 = 2 << 20;
const PIECE: usize = 64;

/// Goes through the statements of modules.
pub(crate) struct Interpreter<'m, 's> {
    pub(super) modules: &'m Modules<'s>,
    pub(crate) outside: &'m dyn Outside,
    pub(super) roots: &'m [RepoPath],
    pub(super) variables: Variables<'m>,
    /// The module that runs as a script.
    pub(super) script: Option<FileId>,
    pub(super) loaded: BTreeMap<FileId, ScopeId>,
    pub(super) scopes: Vec<Scope<'m>>,
    pub(super) lists: Vec<Vec<Item<'m>>>,
    pub(super) dicts: Vec<Dict<'m>>,
    pub(super) classes: Vec<ClassValue<'m>>,
    pub(super) instances: Vec<Instance<'m>>,
    groups: Vec<Group>,
    /// What code of the tree sets of groups that is none of their framework's.
    pub(super) group_attributes: BTreeMap<(GroupId, Rc<str>), Value<'m>>,
    /// The classes of the tree by which groups are made.
    pub(super) group_classes: BTreeMap<GroupId, ClassId>,
    /// The functions that run now, each called by the one before.
    pub(super) running: Vec<&'m Function>,
    /// Why what is run now may not run.
    pub(super) doubt: Option<Doubt>,
    /// What the function that runs may already have given.
    pub(super) returned: Vec<Value<'m>>,
    /// Calls and imports inside one another.
    pub(super) depth: usize,
    /// What may still be done for the module whose code runs.
    budget: Budget,
    /// What may still be done for each other module that ran.
    budgets: BTreeMap<FileId, Budget>,
    /// What may still be held in memory.
    memory: Budget,
    /// The module whose code runs.
    paying: FileId,
    /// Whether a module asked for more than that.
    pub(crate) is_cut_short: bool,
    /// What the script hands to a server.
    pub(crate) launched: Vec<Value<'m>>,
    /// What a server calls when an application starts, with the application.
    startup: Vec<(GroupId, Value<'m>)>,
    /// What is seen of requests, where those are looked for.
    pub(crate) told: Option<Told>,
}

/// An element of a list.
#[derive(Clone, Debug)]
pub(crate) struct Item<'m> {
    pub(crate) value: Value<'m>,
    /// Why it may not be in the list.
    pub(crate) doubt: Option<Doubt>,
    /// Whether it stands for any number of elements that are not known.
    pub(crate) is_rest: bool,
}

impl Item<'_> {
    pub(super) fn rest() -> Self {
        Self { value: Value::Unknown, doubt: None, is_rest: true }
    }
}

/// What may be done for a module.
fn budget_of(modules: &Modules<'_>, file: FileId) -> Budget {
    Budget::for_bytes(modules.module(file).map_or(0, |module| module.length.min(MOST_BYTES)))
}

impl<'m, 's> Interpreter<'m, 's> {
    pub(crate) fn new(
        modules: &'m Modules<'s>,
        outside: &'m dyn Outside,
        program: &'m Program,
        variables: Variables<'m>,
    ) -> Self {
        Self {
            modules,
            outside,
            roots: &program.roots,
            variables,
            script: None,
            loaded: BTreeMap::new(),
            scopes: Vec::new(),
            lists: Vec::new(),
            dicts: Vec::new(),
            classes: Vec::new(),
            instances: Vec::new(),
            groups: Vec::new(),
            group_attributes: BTreeMap::new(),
            group_classes: BTreeMap::new(),
            running: Vec::new(),
            doubt: None,
            returned: Vec::new(),
            depth: 0,
            budget: budget_of(modules, program.file()),
            budgets: BTreeMap::new(),
            memory: Budget::of_steps(MOST_PIECES),
            paying: program.file(),
            is_cut_short: false,
            launched: Vec::new(),
            startup: Vec::new(),
            told: None,
        }
    }

    /// Pays for work. `false` where it may not be done.
    pub(crate) fn pay(&mut self, steps: usize) -> bool {
        let paid = self.budget.spend(steps).is_ok();
        self.is_cut_short |= !paid;
        paid
    }

    /// Pays for so many things that are held to the end of the run. `false` where they may not be.
    pub(super) fn hold<T>(&mut self, count: usize) -> bool {
        let bytes = count.saturating_mul(size_of::<T>());
        let held = self.memory.spend(bytes.div_ceil(PIECE)).is_ok();
        self.is_cut_short |= !held;
        held
    }

    /// Runs `work`, which code in `file` asks for: all that its code ever asks for is paid from what that file may cost.
    pub(crate) fn at_cost_of<T>(&mut self, file: FileId, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.let_pay(file);
        let result = work(self);
        self.let_pay(before);
        result
    }

    /// Lets another module pay from now on, and gives the one that paid so far.
    fn let_pay(&mut self, file: FileId) -> FileId {
        let before = std::mem::replace(&mut self.paying, file);
        if before != file {
            let own = self.budgets.remove(&file).unwrap_or_else(|| budget_of(self.modules, file));
            self.budgets.insert(before, std::mem::replace(&mut self.budget, own));
        }
        before
    }

    /// Runs `work`, all of which may not happen.
    pub(crate) fn in_doubt<T>(&mut self, doubt: Doubt, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.doubt;
        self.doubt = before.or(Some(doubt));
        let result = work(self);
        self.doubt = before;
        result
    }

    pub(crate) fn new_list(&mut self, items: Vec<Item<'m>>) -> Value<'m> {
        if !self.hold::<Item<'_>>(1 + items.len()) {
            return Value::Unknown;
        }
        self.lists.push(items);
        Value::List(ListId(self.lists.len() - 1))
    }

    pub(super) fn new_dict(&mut self, entries: Vec<(Value<'m>, Value<'m>)>) -> Value<'m> {
        if !self.hold::<Dict<'_>>(1 + entries.len()) {
            return Value::Unknown;
        }
        self.dicts.push(Dict::new(entries));
        Value::Dict(DictId(self.dicts.len() - 1))
    }

    pub(super) fn new_class(&mut self, class: ClassValue<'m>) -> ClassId {
        self.classes.push(class);
        ClassId(self.classes.len() - 1)
    }

    pub(super) fn new_instance(&mut self, instance: Instance<'m>) -> InstanceId {
        self.instances.push(instance);
        InstanceId(self.instances.len() - 1)
    }

    /// A list of these.
    pub(crate) fn list_of_values(&mut self, values: Vec<Value<'m>>) -> Value<'m> {
        let item = |value| Item { value, doubt: None, is_rest: false };
        self.new_list(values.into_iter().map(item).collect())
    }

    /// All that the run asked of its environment.
    pub(crate) fn into_questions(self) -> Questions {
        self.variables.into_questions()
    }

    /// What is known of an environment variable.
    pub(crate) fn environment_variable(&self, name: &str) -> Value<'m> {
        self.variables.get(Some(name), Value::Unknown)
    }

    /// The elements of a list. What is no list that is known, or has too many of them, has unknown ones.
    pub(crate) fn items(&mut self, value: &Value<'m>) -> Vec<Item<'m>> {
        let length = self.length(value);
        match value {
            Value::List(list) if self.pay(length) => self.lists.get(list.0).cloned().unwrap_or_default(),
            Value::Dict(dict) if self.pay(length) => {
                let keys = self.dicts.get(dict.0).map(Dict::entries).into_iter().flatten();
                keys.map(|(key, _)| Item { value: key.clone(), doubt: None, is_rest: false }).collect()
            }
            _ => vec![Item::rest()],
        }
    }

    /// How many elements a list has that is known.
    fn length(&self, value: &Value<'m>) -> usize {
        match value {
            Value::List(list) => self.lists.get(list.0).map_or(0, Vec::len),
            Value::Dict(dict) => self.dicts.get(dict.0).map_or(0, |dict| dict.entries().len()),
            _ => 0,
        }
    }

    /// The texts in a list, where all of them are known.
    pub(crate) fn texts(&mut self, value: &Value<'m>) -> Option<Vec<String>> {
        let Value::List(_) = value else { return None };
        let items = self.items(value);
        let length: usize = items.iter().filter_map(|item| item.value.known_text()).map(str::len).sum();
        if !self.pay(length / PIECE) {
            return None;
        }
        items
            .iter()
            .map(|item| {
                let certain = !item.is_rest && item.doubt.is_none();
                item.value.known_text().filter(|_| certain).map(str::to_owned)
            })
            .collect()
    }

    /// The value under a key that is text.
    pub(crate) fn in_dict(&self, dict: DictId, key: &str) -> Option<Value<'m>> {
        self.dicts.get(dict.0)?.get(key).cloned()
    }

    pub(crate) fn new_group(&mut self, kind: Kind, prefix: Path, redirects: Redirects, at: Span) -> GroupId {
        let (proposed, entries) = (Path::default(), Vec::new());
        let (also_below, page_files, front) = (None, None, None);
        self.groups.push(Group {
            kind,
            prefix,
            proposed,
            entries,
            redirects,
            also_below,
            page_files,
            front,
            at,
        });
        GroupId(self.groups.len() - 1)
    }

    pub(crate) fn group(&self, group: GroupId) -> Option<&Group> {
        self.groups.get(group.0)
    }

    pub(crate) fn group_mut(&mut self, group: GroupId) -> Option<&mut Group> {
        self.groups.get_mut(group.0)
    }

    /// Remembers a function that is called when the application starts.
    pub(crate) fn at_startup(&mut self, application: GroupId, function: Value<'m>) {
        self.startup.push((application, function));
    }

    /// Gives `group` what was made in place of it.
    pub(crate) fn replace(&mut self, group: GroupId, made: GroupId) {
        if let Some(made) = self.groups.get(made.0).cloned()
            && self.hold::<Entry>(2 * made.entries.len())
            && let Some(group) = self.groups.get_mut(group.0)
        {
            *group = made;
        }
        for (started, _) in &mut self.startup {
            if *started == made {
                *started = group;
            }
        }
    }

    /// Whether what is run now may not run.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.doubt.is_some()
    }

    /// Starts the applications.
    pub(crate) fn start(&mut self) {
        for (group, function) in self.startup.clone() {
            let at = self.group(group).map_or(Span::start_of(FileId(0)), |group| group.at);
            let arguments = Arguments { positional: vec![Value::Group(group)], ..Arguments::none(at) };
            if let Value::Function(callable) = &function {
                self.at_cost_of(at.file, |this| this.call_function(callable, &arguments));
            }
        }
    }

    /// Adds to a group what may not be there if what is run now may not run.
    pub(crate) fn register(&mut self, group: GroupId, path: Path, what: What, at: Span) {
        let entry = self.entry(path, what, at);
        if self.hold::<Entry>(2)
            && let Some(group) = self.groups.get_mut(group.0)
        {
            group.entries.push(entry);
        }
    }

    /// Adds an element of a list of entries to a group.
    pub(crate) fn add(&mut self, group: GroupId, item: &Item<'m>) {
        let doubt = item.doubt.or(self.doubt);
        let count = if let Value::Entries(entries) = &item.value { entries.len() } else { 1 };
        if !self.pay(count) || !self.hold::<Entry>(2 * count) {
            return;
        }
        let Some(group) = self.groups.get_mut(group.0) else { return };
        match &item.value {
            Value::Entries(entries) if !item.is_rest => {
                group.entries.extend(
                    entries.iter().map(|entry| Entry { doubt: entry.doubt.or(doubt), ..entry.clone() }),
                );
            }
            _ => {
                let (at, path) = (group.at, Path::default());
                group.entries.push(Entry {
                    path,
                    what: What::Unknown("an element of a list is not known"),
                    at,
                    doubt,
                });
            }
        }
    }

    /// Adds what a list holds to a group, or what is in another one.
    pub(crate) fn add_value(&mut self, group: GroupId, value: &Value<'m>) {
        if let Value::Group(other) = value {
            let at = self.group(*other).map_or(Span::start_of(FileId(0)), |other| other.at);
            return self.register(group, Path::default(), What::Mounted(*other), at);
        }
        let items = match value {
            Value::Entries(_) => vec![Item { value: value.clone(), doubt: None, is_rest: false }],
            value => self.items(value),
        };
        for item in items {
            match &item.value {
                // `[*patterns, router.urls]`
                Value::List(_) => self.add_value(group, &item.value),
                _ => self.add(group, &item),
            }
        }
    }

    /// An entry that belongs to no group yet.
    pub(crate) fn entry(&self, path: Path, what: What, at: Span) -> Entry {
        Entry { path, what, at, doubt: self.doubt }
    }

    /// The group as it is now: what it will hold later is not copied.
    pub(crate) fn copied(&self, group: GroupId) -> What {
        What::Copied(group, self.group(group).map_or(0, |group| group.entries.len()))
    }
}
