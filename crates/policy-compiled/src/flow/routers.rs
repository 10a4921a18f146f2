//! Methods of routers: what each does is a row of its framework's table.

use std::ops::Range;

use policy_http::served::{Answers, Methods};

use super::closures::{function_literal, method_names};
use super::groups::{GroupId, Handled, Kind, Place, Route, RouteId};
use super::methods::Effect;
use super::{Call, Flow, Here, Noted, Scope, Value};
use crate::listing::methods;

impl Flow<'_> {
    /// A method of a router.
    pub(super) fn on_group(
        &mut self,
        here: Here<'_>,
        group: GroupId,
        one: &Call<'_>,
        scope: &mut Scope,
    ) -> Value {
        let Some(framework) = self.groups.framework(group) else { return Value::Unknown };
        let same = Value::Group(group);
        self.reached.insert((here.file, one.place));
        let Some(effect) = framework.effect(one.name) else {
            return self.other_method(here, group, one, scope);
        };
        if let Some((path, kind)) = self.registered(here, effect, one, scope) {
            let handled = Handled { group, path: path.clone(), kind, at: one.at, doubt: here.doubt };
            let handled = self.groups.handle(handled);
            return self.describe(group, Route { path, handled, ..Route::default() });
        }
        let is_function = |argument: &Range<usize>| {
            function_literal(here.code, argument.start).is_some()
                || argument.len() == 1
                    && here.code.word(argument.start).is_some_and(|name| self.is_function(name))
        };
        let effect = match effect {
            Effect::RestOrLaunches if one.arguments.iter().any(is_function) => Effect::Rest,
            Effect::RestOrLaunches => Effect::Launches,
            effect => effect,
        };
        match effect {
            Effect::HandlesPattern => return self.pattern(here, group, one, scope),
            Effect::Groups => {
                let prefix = self.argument(here, 0, one, scope);
                let made = self.groups.within(group, prefix, one.at, here.doubt);
                return made.map_or(Value::Unknown, |made| self.inside(here, made, one, scope));
            }
            Effect::Same => return self.inside(here, group, one, scope),
            Effect::Mounts => self.mounted(here, group, one, scope),
            Effect::Path | Effect::PathPrefix => {
                let path = self.argument(here, 0, one, scope);
                let is_prefix = effect == Effect::PathPrefix;
                return self.describe(group, Route { path, is_prefix, ..Route::default() });
            }
            Effect::Methods => {
                let names =
                    one.arguments.iter().flat_map(|argument| method_names(here.code, argument.clone()));
                let methods = names.collect();
                return self.describe(group, Route { methods, ..Route::default() });
            }
            Effect::Rest => {
                self.anything(group, one.at, format!("`{}` answers all that is left", one.name));
            }
            Effect::Uses => self.used(here, group, one, scope),
            Effect::Launches => {
                self.values(here, one.arguments, scope);
                self.groups.launched.insert(group);
                return Value::Unknown;
            }
            _ => {
                self.values(here, one.arguments, scope);
            }
        }
        same
    }

    /// A handler that is described step by step.
    fn describe(&mut self, group: GroupId, route: Route) -> Value {
        self.groups.describe(group, route).map_or(Value::Unknown, Value::Route)
    }

    /// A method that no row of the framework names.
    fn other_method(&mut self, here: Here<'_>, group: GroupId, one: &Call<'_>, scope: &mut Scope) -> Value {
        let same = Value::Group(group);
        let Some(framework) = self.groups.framework(group) else { return same };
        if self.world.notes(one.name) {
            let text = self.argument(here, 0, one, scope);
            let (name, arguments) = (one.name.to_owned(), one.arguments.len());
            if self.groups.has_room() {
                self.noted.push(Noted { name, text, arguments, at: one.at, doubt: here.doubt });
            }
            return same;
        }
        let found = self.candidates(one.name);
        if !found.is_empty() {
            // A method of the program's own for routers: an extension of C#.
            let mut values = vec![same.clone()];
            values.extend(self.values(here, one.arguments, scope));
            for id in &found {
                let doubt =
                    if found.len() > 1 { Some("several functions are called so") } else { here.doubt };
                self.follow(*id, &values, doubt);
            }
            return same;
        }
        if framework.registers.iter().any(|start| one.name.starts_with(start)) {
            self.anything(group, one.at, format!("what `{}` adds is not known", one.name));
        }
        self.values(here, one.arguments, scope);
        same
    }

    fn is_function(&self, name: &str) -> bool {
        self.world.functions().named(name).next().is_some()
    }

    /// An argument, where it is a text that is known.
    fn argument(&self, here: Here<'_>, at: usize, one: &Call<'_>, scope: &Scope) -> Option<String> {
        self.text(here, one.arguments.get(at)?.clone(), scope)
    }

    /// What a method registers, and its path. `None` for one that does something else.
    fn registered(
        &self,
        here: Here<'_>,
        effect: Effect,
        one: &Call<'_>,
        scope: &Scope,
    ) -> Option<(Option<String>, Kind)> {
        let path = |at: usize| self.argument(here, at, one, scope);
        let handler = match one.arguments {
            [_, first, .., last] => first.start..last.end,
            [_, only] => only.clone(),
            _ => 0..0,
        };
        let answers = |requests: Answers| {
            let takes_sockets = self.world.takes_sockets(here.file, handler.clone());
            Kind::Handler(if takes_sockets { Answers::Sockets } else { requests })
        };
        Some(match effect {
            Effect::Handles(names) => (path(0), answers(methods(names))),
            Effect::HandlesNamed => {
                let first = one.arguments.first().cloned().unwrap_or(0..0);
                let constant = here.code.words(first).last().and_then(|word| word.strip_prefix("Method"));
                match path(0).or(constant.map(ToOwned::to_owned)) {
                    Some(method) => (path(1), answers(methods(&[method]))),
                    None => (path(1), Kind::Below("its method is not written as text".to_owned())),
                }
            }
            Effect::HandlesListed { path: at, methods: listed } => {
                let names = method_names(here.code, one.arguments.get(listed).cloned().unwrap_or(0..0));
                (path(at), answers(methods(&names)))
            }
            Effect::Sockets => (path(0), Kind::Handler(Answers::Sockets)),
            Effect::Page => (path(0), Kind::Handler(methods(&["GET"]))),
            Effect::Files => (path(0), Kind::Below("a folder of files is served there".to_owned())),
            _ => return None,
        })
    }

    /// Puts a router below a path, or what is not followed.
    fn mounted(&mut self, here: Here<'_>, group: GroupId, one: &Call<'_>, scope: &mut Scope) {
        let path = self.argument(here, 0, one, scope);
        let values = self.values(here, one.arguments.get(1..).unwrap_or_default(), scope);
        if let Some(Value::Group(mounted)) = values.into_iter().find(Value::is_router) {
            let place = Place { within: group, prefix: path, at: one.at, doubt: here.doubt };
            return self.groups.mount(mounted, place);
        }
        let kind = Kind::Below("what is mounted there is not followed".to_owned());
        self.groups.handle(Handled { group, path, kind, at: one.at, doubt: here.doubt });
    }

    /// `r.Use(middleware.Logger)`.
    fn used(&mut self, here: Here<'_>, group: GroupId, one: &Call<'_>, scope: &mut Scope) {
        let Some(framework) = self.groups.framework(group) else { return };
        for given in one.arguments {
            let passes = self.affords(here.code.len() / 8)
                && self.world.passes_on(here.file, given.clone(), framework);
            if !passes {
                self.anything(group, one.at, format!("what `{}` is given may answer by itself", one.name));
            }
        }
        self.values(here, one.arguments, scope);
    }

    /// Follows a function that is given a group. The group.
    fn inside(&mut self, here: Here<'_>, group: GroupId, one: &Call<'_>, scope: &mut Scope) -> Value {
        for argument in one.arguments {
            let Some((names, body)) = function_literal(here.code, argument.start) else {
                // A function of that name is given the group.
                let only = argument.len() == 1 && one.arguments.len() > 1;
                let named = here.code.word(argument.start).filter(|_| only);
                for id in named.map(|name| self.candidates(name)).unwrap_or_default() {
                    self.follow(id, &[Value::Group(group)], here.doubt);
                }
                continue;
            };
            let given = names.into_iter().next().map(|name| (name, Value::Group(group)));
            if let Some(mut inner) = self.within(scope, given) {
                self.run(here, body.start..body.end.min(argument.end), &mut inner);
            }
        }
        Value::Group(group)
    }

    /// `mux.Handle("GET /x/", h)`.
    fn pattern(&mut self, here: Here<'_>, group: GroupId, one: &Call<'_>, scope: &mut Scope) -> Value {
        let same = Value::Group(group);
        let written = one.arguments.first().and_then(|argument| self.text(here, argument.clone(), scope));
        let handler = one.arguments.get(1).cloned().unwrap_or(0..0);
        let value = match function_literal(here.code, handler.start) {
            Some(_) => Value::Unknown,
            None => self.run(here, handler.clone(), scope),
        };
        let (method, path) = match written.as_deref().map(str::trim) {
            Some(text) => match text.split_once([' ', '\t']) {
                Some((method, path)) => (Some(method.to_owned()), Some(path.trim_start().to_owned())),
                None => (None, Some(text.to_owned())),
            },
            None => (None, None),
        };
        // A host may stand before the path.
        let path = path.filter(|path| path.starts_with('/'));
        if let Value::Group(mounted) = value {
            // It is asked with the whole path.
            if mounted != group {
                let prefix = Some(String::new());
                let place = Place { within: group, prefix, at: one.at, doubt: here.doubt };
                self.groups.mount(mounted, place);
                return same;
            }
        }
        let catches_all = path.as_deref() == Some("/");
        let kind = if self.world.takes_sockets(here.file, handler) {
            Kind::Handler(Answers::Sockets)
        } else {
            Kind::Handler(methods(method.as_slice()))
        };
        if catches_all {
            self.anything(group, one.at, "a handler takes all that is left".to_owned());
            return same;
        }
        self.groups.handle(Handled { group, path, kind, at: one.at, doubt: here.doubt });
        same
    }

    /// A method of a handler that is described.
    pub(super) fn on_route(
        &mut self,
        here: Here<'_>,
        id: RouteId,
        one: &Call<'_>,
        scope: &mut Scope,
    ) -> Value {
        let same = Value::Route(id);
        self.reached.insert((here.file, one.place));
        let Some((group, _)) = self.groups.route(id) else { return same };
        let Some(framework) = self.groups.framework(group) else { return same };
        let text = one.arguments.first().and_then(|argument| self.text(here, argument.clone(), scope));
        let names: Vec<String> =
            one.arguments.iter().flat_map(|argument| method_names(here.code, argument.clone())).collect();
        let handler = one.arguments.first().cloned().unwrap_or(0..0);
        let sockets = self.world.takes_sockets(here.file, handler);
        let Some((_, route)) = self.groups.route(id) else { return same };
        match framework.effect(one.name) {
            Some(Effect::Path) => route.path = text,
            Some(Effect::PathPrefix) => (route.path, route.is_prefix) = (text, true),
            Some(Effect::Methods) => {
                route.methods = names;
                let answers = methods(&route.methods);
                if let Some(handled) = route.handled.and_then(|index| self.groups.handled.get_mut(index))
                    && let Kind::Handler(own @ Answers::Requests(Methods::Any)) = &mut handled.kind
                {
                    *own = answers;
                }
            }
            Some(Effect::Subrouter) => {
                let prefix = route.path.clone();
                let made = self.groups.within(group, prefix, one.at, here.doubt);
                return made.map_or(Value::Unknown, Value::Group);
            }
            Some(Effect::Handler | Effect::HandlesPattern) => {
                let path = route.path.clone();
                let kind = if route.is_prefix {
                    Kind::Below("what is mounted there is not followed".to_owned())
                } else if sockets {
                    Kind::Handler(Answers::Sockets)
                } else {
                    Kind::Handler(methods(&route.methods))
                };
                let index = self.groups.handle(Handled { group, path, kind, at: one.at, doubt: here.doubt });
                if let Some((_, route)) = self.groups.route(id) {
                    route.handled = index;
                }
            }
            // Frameworks where a handler gives the router back: `r.GET(…).POST(…)`.
            Some(Effect::Handles(_)) => return self.on_group(here, group, one, scope),
            _ => {}
        }
        same
    }
}
