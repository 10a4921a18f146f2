//! Calls of functions: those of the program are followed, and those outside of it may add what is not known.

use policy_text::source::Span;

use super::groups::{GroupId, Handled, Kind, Place};
use super::methods::Effect;
use super::{Call, Flow, FunctionId, Here, Maker, Scope, Value};

/// The beginnings of functions outside of the program that add handlers to a router that they are given.
const REGISTRARS: [&str; 10] =
    ["Register", "Setup", "Add", "Mount", "Init", "Bind", "Install", "Serve", "HandlerFrom", "HandlerWith"];

/// What starts a server with what it is given.
pub(crate) const LAUNCHERS: [&str; 7] =
    ["ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS", "RunTLS", "StartTLS", "ListenTLS"];

impl Flow<'_> {
    /// `name(…)`: a function of the same package or class.
    pub(super) fn plain_call(
        &mut self,
        here: Here<'_>,
        name: &str,
        open: usize,
        start: usize,
        scope: &mut Scope,
    ) -> Value {
        let code = here.code;
        let arguments = code.arguments(open);
        let at = code.span(start..code.after(open));
        let one = Call { name, arguments: &arguments, at, place: start, has_owner: false };
        if let Some(maker) = self.world.makes(here.file, "", name) {
            return self.made(maker);
        }
        let own = |id: &FunctionId| {
            self.world.functions().get(*id).is_some_and(|function| function.receiver.is_none())
        };
        let mut found = self.named(name);
        found.retain(own);
        // That of the same folder or class goes before others of its name.
        let folder = self
            .running
            .last()
            .and_then(|id| self.world.functions().get(*id))
            .map(|function| function.scope.clone());
        let near: Vec<FunctionId> = found
            .iter()
            .copied()
            .filter(|id| self.world.functions().get(*id).map(|function| &function.scope) == folder.as_ref())
            .collect();
        self.calls(here, if near.is_empty() { &found } else { &near }, &one, scope)
    }

    fn made(&mut self, maker: Maker) -> Value {
        let group = match maker {
            Maker::New(framework) => self.groups.root(framework),
            Maker::Only(framework) => self.groups.shared(framework),
        };
        group.map_or(Value::Unknown, Value::Group)
    }

    /// `package.Name(…)`, or `Class.Name(…)`.
    pub(super) fn of_package(
        &mut self,
        here: Here<'_>,
        package: &str,
        one: &Call<'_>,
        scope: &mut Scope,
    ) -> Value {
        if let Some(maker) = self.world.makes(here.file, package, one.name) {
            self.values(here, one.arguments, scope);
            return self.made(maker);
        }
        if let Some(framework) = self.world.stands_for(here.file, package)
            && framework.effect(one.name).is_some_and(|effect| effect != Effect::Launches)
        {
            let group = self.groups.shared(framework);
            return group.map_or(Value::Unknown, |group| self.on_group(here, group, one, scope));
        }
        if one.name == "StripPrefix" {
            return self.stripped(here, one, scope);
        }
        if LAUNCHERS.contains(&one.name) {
            return self.launch(here, package, one, scope);
        }
        if self.world.is_own(here.file, package) {
            let functions = self.world.functions();
            let found = self.named(one.name);
            let own = |id: &FunctionId| {
                functions.get(*id).is_some_and(|function| {
                    function.receiver.is_none() && function.scope.rsplit(['/', '.']).next() == Some(package)
                })
            };
            let near: Vec<FunctionId> = found.iter().copied().filter(own).collect();
            return self.calls(here, if near.is_empty() { &found } else { &near }, one, scope);
        }
        let values = self.values(here, one.arguments, scope);
        self.outside(one, values)
    }

    /// A method of something that is no router.
    pub(super) fn on_object(
        &mut self,
        here: Here<'_>,
        kind: Option<&str>,
        one: &Call<'_>,
        scope: &mut Scope,
    ) -> Value {
        if LAUNCHERS.contains(&one.name) {
            let values = self.values(here, one.arguments, scope);
            for value in values {
                if let Value::Group(group) = value {
                    self.groups.launched.insert(group);
                }
            }
            return Value::Unknown;
        }
        let functions = self.world.functions();
        let found = self.named(one.name);
        let owner = |id: &FunctionId| Some(functions.get(*id)?.receiver.as_ref()?.1.clone());
        let of_kind: Vec<FunctionId> =
            found.iter().copied().filter(|id| kind.is_some() && owner(id).as_deref() == kind).collect();
        let methods: Vec<FunctionId> = found.into_iter().filter(|id| owner(id).is_some()).collect();
        self.calls(here, if of_kind.is_empty() { &methods } else { &of_kind }, one, scope)
    }

    /// The functions of that name.
    fn named(&mut self, name: &str) -> Vec<FunctionId> {
        let functions = self.world.functions();
        let found: Vec<FunctionId> = functions.named(name).map(|(id, _)| id).collect();
        if self.affords(found.len()) { found } else { Vec::new() }
    }

    /// Those of them that may concern routers.
    pub(super) fn candidates(&mut self, name: &str) -> Vec<FunctionId> {
        let functions = self.world.functions();
        let mut found = self.named(name);
        found.retain(|id| functions.get(*id).is_some_and(|function| function.concerns));
        found
    }

    /// Calls the one function that is meant, or what else is known of the call.
    fn calls(&mut self, here: Here<'_>, found: &[FunctionId], one: &Call<'_>, scope: &mut Scope) -> Value {
        let values = self.values(here, one.arguments, scope);
        // What is given no router, and makes none, is not followed.
        let is_given = values.iter().any(Value::is_router);
        let concerns = |id: &FunctionId| {
            is_given || self.world.functions().get(*id).is_some_and(|function| function.concerns)
        };
        let found: Vec<FunctionId> = found.iter().copied().filter(concerns).collect();
        match found.as_slice() {
            [] => {
                let exists = self.world.functions().named(one.name).next().is_some();
                if exists { given(self, one) } else { self.outside(one, values) }
            }
            [only] => match self.follow(*only, &values, here.doubt) {
                // What wraps a router stands for it.
                Value::Unknown => values.into_iter().find(Value::is_router).unwrap_or(Value::Unknown),
                given => given,
            },
            several => {
                for id in several {
                    self.follow(*id, &values, Some("several functions are called so"));
                }
                Value::Unknown
            }
        }
    }

    /// A function outside of the program that is given routers.
    fn outside(&mut self, one: &Call<'_>, values: Vec<Value>) -> Value {
        let given = values.into_iter().find(Value::is_router);
        if let Some(Value::Group(group)) = given {
            let is_open = self.groups.framework(group).is_some_and(|framework| framework.is_open);
            let wraps =
                one.has_owner && !is_open && !REGISTRARS.iter().any(|verb| one.name.starts_with(verb));
            if !wraps {
                let why = format!("`{}` may add handlers, and is not in the repository", one.name);
                self.anything(group, one.at, why);
            }
        }
        given.unwrap_or(Value::Unknown)
    }

    pub(crate) fn anything(&mut self, group: GroupId, at: Span, why: String) {
        self.groups.handle(Handled { group, path: None, kind: Kind::Anything(why), at, doubt: None });
    }

    /// `http.StripPrefix("/x", r)`: what `r` serves lies below `/x`.
    fn stripped(&mut self, here: Here<'_>, one: &Call<'_>, scope: &mut Scope) -> Value {
        let values = self.values(here, one.arguments, scope);
        let [prefix, Value::Group(group)] = values.as_slice() else { return Value::Unknown };
        let Some(framework) = self.groups.framework(*group) else { return Value::Unknown };
        let Some(around) = self.groups.root(framework) else { return Value::Unknown };
        let prefix = if let Value::Text(prefix) = prefix { Some(prefix.clone()) } else { None };
        self.groups.mount(*group, Place { within: around, prefix, at: one.at, doubt: here.doubt });
        Value::Group(around)
    }

    /// `http.ListenAndServe(":80", r)`. Without a router the package's own one is asked.
    fn launch(&mut self, here: Here<'_>, package: &str, one: &Call<'_>, scope: &mut Scope) -> Value {
        let last = one.arguments.last().cloned();
        let is_nil = last.is_some_and(|last| here.code.is_word(last.start, "nil"));
        let values = self.values(here, one.arguments, scope);
        if let Some(framework) = self.world.stands_for(here.file, package).filter(|_| is_nil) {
            let shared = self.groups.shared(framework);
            self.groups.launched.extend(shared);
        }
        for value in values {
            if let Value::Group(group) = value {
                self.groups.launched.insert(group);
            }
        }
        Value::Unknown
    }
}

/// What a function gives that is not followed, by its type.
fn given(flow: &Flow<'_>, one: &Call<'_>) -> Value {
    let mut gives = flow.world.functions().named(one.name).map(|(_, function)| function.gives.clone());
    match (gives.next().flatten(), gives.next()) {
        (Some(kind), None) => Value::Object(kind),
        _ => Value::Unknown,
    }
}
