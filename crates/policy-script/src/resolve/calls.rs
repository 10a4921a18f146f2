//! Calls: functions whose returns can be followed, and what the language and well-known libraries provide.

use policy_text::source::{FileId, Span};
use policy_text::value::{Address, Origin, PagePart, Text};

use super::comparison;
use super::evaluation::Evaluation;
use super::flags;
use super::hooks::Hook;
use super::members::{is_location, page_address};
use super::search::{self, Needle};
use super::value::{
    Case, Cases, Env, Global, Site, TOO_LONG, Value, extend, followed_by, is_too_long, one, under, weight,
};
use crate::parse::syntax::{ExprId, ExprKind, FunctionId};
use crate::{requesters, servers};

/// The name in a selector of one `<meta>`: `meta[name="socket-url"]`.
fn name_of_meta(selector: &str) -> Option<&str> {
    let key = selector.trim().strip_prefix("meta[")?.strip_suffix(']')?;
    let name = key.strip_prefix("name=").or_else(|| key.strip_prefix("property="))?;
    Some(name.trim_matches(['"', '\'']))
}

/// Calls inside each other that are followed.
const MAX_CALLS: usize = 12;

impl Evaluation<'_> {
    pub(super) fn call(&mut self, site: &Site, callee: ExprId, arguments: &[ExprId]) -> Cases {
        let at = self.span(site);
        let mut all = Vec::new();
        for callee in self.expr(&site.beside(callee)) {
            let values = self.call_value(site, &callee.value, arguments);
            extend(&mut all, under(values, &callee.when), at);
        }
        if all.is_empty() { self.unknown(site, "it returns nothing") } else { all }
    }

    fn call_value(&mut self, site: &Site, callee: &Value, arguments: &[ExprId]) -> Cases {
        let at = self.span(site);
        let sites = || arguments.iter().map(|&argument| site.beside(argument)).collect::<Vec<_>>();
        match callee {
            Value::Function(file, function, env) => self.call_function(*file, *function, env, sites(), at),
            Value::Method(base, name) => self.method(site, base, name, arguments),
            Value::Global(Global::Named(name)) => self.global_call(site, name, arguments),
            Value::External(specifier, name) => self.external_call(site, specifier, name, arguments),
            Value::State(inner) => one((**inner).clone()),
            Value::Global(Global::Native) => one(callee.clone()),
            Value::Unknown(Origin::Call(name), _) => one(Value::Unknown(Origin::Call(name.clone()), at)),
            _ => self.unknown_call(site),
        }
    }

    pub(super) fn unknown_call(&self, site: &Site) -> Cases {
        let at = self.span(site);
        let call = self.scripts.module(site.file).and_then(|module| match &module[site.expr].kind {
            ExprKind::Call(callee, arguments) => Some((module, module.last_name(*callee)?, arguments)),
            _ => None,
        });
        if let Some((module, "get" | "has" | "getItem", arguments)) = call
            && let Some(ExprKind::String(key)) = arguments.first().map(|&key| &module[key].kind)
            && flags::by_name(key) == Some(false)
        {
            // Only who develops has thrown such a switch in their own browser.
            return one(Value::Nothing);
        }
        let name = call.map(|(_, name, _)| name);
        one(Value::Unknown(Origin::Call(name.unwrap_or("a function").into()), at))
    }

    /// What a function returns for these arguments.
    pub(super) fn call_function(
        &mut self,
        file: FileId,
        function: FunctionId,
        env: &Env,
        arguments: Vec<Site>,
        at: Span,
    ) -> Cases {
        let too_deep = || one(Value::Unknown(Origin::Other("calls go too deep to follow".into()), at));
        let Some(module) = self.scripts.module(file) else { return too_deep() };
        if env.depth() >= MAX_CALLS || arguments.iter().any(|argument| argument.env.depth() >= MAX_CALLS) {
            return too_deep();
        }
        let env = env.call(file, function, arguments);
        let mut all = Vec::new();
        for (value, guard) in &module[function].returns {
            let site = Site { file, expr: *value, env: env.clone() };
            let Some(when) = self.conditions(&site, module, *guard, None) else { continue };
            extend(&mut all, under(self.expr(&site), &when), at);
        }
        if all.is_empty() { one(Value::Nothing) } else { all }
    }

    pub(super) fn argument(&mut self, site: &Site, arguments: &[ExprId], index: usize) -> Cases {
        match arguments.get(index) {
            Some(&argument) => self.expr(&site.beside(argument)),
            None => one(Value::Nothing),
        }
    }

    fn global_call(&mut self, site: &Site, name: &str, arguments: &[ExprId]) -> Cases {
        match name {
            "String" | "Number" | "parseInt" | "parseFloat" | "encodeURI" | "decodeURI" => {
                self.argument(site, arguments, 0)
            }
            "Boolean" => self.argument(site, arguments, 0),
            _ => match (Hook::called(name), flags::by_name(name)) {
                (Some(hook), _) => self.hook(site, hook, arguments),
                (None, Some(flag)) => one(Value::Bool(flag)),
                (None, None) => one(Value::Unknown(Origin::Call(name.into()), self.span(site))),
            },
        }
    }

    fn external_call(&mut self, site: &Site, specifier: &str, name: &str, arguments: &[ExprId]) -> Cases {
        let last = name.rsplit('.').next().unwrap_or(name);
        match (specifier, last) {
            ("@angular/core", "isDevMode") | ("@capacitor/core", "isNativePlatform") => {
                one(Value::Bool(false))
            }
            ("next/config", "default") => self.next_config(site).unwrap_or_else(|| self.unknown_call(site)),
            ("@angular/core", "inject") => self.injected_by_type(site, arguments),
            ("@capacitor/core", "getPlatform") => one(Value::Text(Text::literal("web", self.span(site)))),
            _ => match Hook::exported(specifier, last) {
                Some(hook) => self.hook(site, hook, arguments),
                None => self.made_by(site, specifier, name),
            },
        }
    }

    /// What an export of a package makes, where it is worth knowing.
    fn made_by(&self, site: &Site, package: &str, name: &str) -> Cases {
        if self.keeps_made || requesters::is_maker(package, name) {
            one(Value::Made(package.into(), name.into(), site.clone()))
        } else {
            self.unknown_call(site)
        }
    }

    fn method(&mut self, site: &Site, base: &Value, name: &str, arguments: &[ExprId]) -> Cases {
        let at = self.span(site);
        match (base, name) {
            (Value::Global(Global::Named(global)), "freeze" | "seal") if &**global == "Object" => {
                self.argument(site, arguments, 0)
            }
            (Value::Global(Global::Named(global)), "assign") if &**global == "Object" => {
                self.argument(site, arguments, arguments.len().saturating_sub(1))
            }
            (Value::Global(Global::Named(global)), "parseInt" | "parseFloat") if &**global == "Number" => {
                self.argument(site, arguments, 0)
            }
            (Value::Global(Global::Named(global)), _) if &**global == "React" => match Hook::called(name) {
                Some(hook) => self.hook(site, hook, arguments),
                None => self.unknown_call(site),
            },
            (Value::Global(Global::Document), "querySelector") => {
                let selectors = self.argument(site, arguments, 0);
                let [Case { value: Value::Text(selector), .. }] = selectors.as_slice() else {
                    return self.unknown_call(site);
                };
                match selector.known().as_deref().and_then(name_of_meta) {
                    Some(name) => one(Value::Global(Global::Meta(name.into()))),
                    None => self.unknown_call(site),
                }
            }
            (Value::Global(Global::Meta(meta)), "getAttribute") => {
                let meta = meta.clone();
                self.meta(&meta, at)
            }
            (Value::Pattern(pattern), "test" | "exec") => {
                let needle = Needle::Pattern(pattern.to_string());
                self.spend(search::STEPS_OF_PATTERN);
                let subjects = self.argument(site, arguments, 0);
                let outcomes = subjects.iter().map(|subject| match &subject.value {
                    Value::Text(text) => search::contains(text, &needle),
                    Value::Global(Global::UserAgent) => flags::is_native(pattern).then_some(false),
                    _ => None,
                });
                match search::agreed(outcomes) {
                    Some(outcome) => one(Value::Bool(outcome)),
                    None => self.unknown(site, "it depends on an unknown condition"),
                }
            }
            (Value::Global(Global::UserAgent), "toLowerCase" | "toString") => one(base.clone()),
            (Value::Global(Global::UserAgent), _) => {
                let needles = self.argument(site, arguments, 0);
                let native = needles.iter().all(|needle| match &needle.value {
                    Value::Text(needle) => needle.known().is_some_and(|needle| flags::is_native(&needle)),
                    Value::Pattern(pattern) => flags::is_native(pattern),
                    _ => false,
                });
                self.found(site, name, native.then_some(false), None)
            }
            (Value::Made(package, export, _), _) if !servers::gives_itself(package, export, name) => {
                self.made_by(site, package, name)
            }
            (Value::Made(..), _) => one(base.clone()),
            (Value::Array(array), _) => self.array_method(site, array, name, arguments),
            (_, "toString" | "valueOf" | "trim" | "trimEnd" | "toLowerCase" | "href") => {
                one(Value::Text(base.to_text(at)))
            }
            (Value::Text(text) | Value::Number(text), _) => {
                let text = text.clone();
                self.text_method(site, &text, name, arguments)
            }
            (Value::Function(file, function, env), "call" | "bind" | "apply") => {
                let sites = arguments.iter().skip(1).map(|&argument| site.beside(argument)).collect();
                if name == "call" {
                    self.call_function(*file, *function, env, sites, at)
                } else {
                    one(base.clone())
                }
            }
            (Value::Unknown(origin, _), "replace" | "concat") => one(Value::Unknown(origin.clone(), at)),
            _ => self.unknown_call(site),
        }
    }

    fn array_method(&mut self, site: &Site, array: &Site, name: &str, arguments: &[ExprId]) -> Cases {
        let Some(module) = self.scripts.module(array.file) else { return Vec::new() };
        let ExprKind::Array(elements) = &module[array.expr].kind else { return Vec::new() };
        match name {
            "join" => self.join(site, array, elements, arguments),
            "includes" | "indexOf" => {
                let number = |index: &str| Value::Number(Text::literal(index, self.span(site)));
                let (listed, missing) = match name {
                    "includes" => (Some(Value::Bool(true)), Value::Bool(false)),
                    _ => (None, number("-1")),
                };
                let outcome = match self.is_listed(site, array, elements, arguments) {
                    Some(true) => listed,
                    Some(false) => Some(missing),
                    None => None,
                };
                outcome.map_or_else(|| self.unknown(site, "it depends on an unknown condition"), one)
            }
            _ => self.unknown_call(site),
        }
    }

    fn join(&mut self, site: &Site, array: &Site, elements: &[ExprId], arguments: &[ExprId]) -> Cases {
        let at = self.span(site);
        let separator = match self.argument(site, arguments, 0).first().map(|value| value.value.clone()) {
            Some(Value::Text(text)) => text,
            _ => Text::literal(",", at),
        };
        let mut sums = one(Value::Text(Text::empty()));
        for (index, &element) in elements.iter().enumerate() {
            let element = array.beside(element);
            let place = self.span(&element);
            let ends = self.expr(&element).into_iter().map(|Case { value, when }| {
                let mut end = if index > 0 { separator.clone() } else { Text::empty() };
                if !matches!(value, Value::Nothing) {
                    end.append(&value.to_text(place));
                }
                (end, when)
            });
            let ends: Vec<_> = ends.collect();
            self.pay_for(weight(&sums) * ends.len());
            sums = followed_by(&sums, &ends, at);
            if is_too_long(&sums) {
                return self.unknown(site, TOO_LONG);
            }
        }
        sums
    }

    /// Whether the elements of a list hold what is looked for. `None` where that is not known.
    fn is_listed(
        &mut self,
        site: &Site,
        array: &Site,
        elements: &[ExprId],
        arguments: &[ExprId],
    ) -> Option<bool> {
        let wanted = self.argument(site, arguments, 0);
        let mut outcomes = Vec::new();
        for &element in elements {
            for element in self.expr(&array.beside(element)) {
                outcomes.extend(wanted.iter().map(|wanted| comparison::equal(&element.value, &wanted.value)));
            }
        }
        if outcomes.contains(&Some(true)) || self.lists_both_schemes(array, elements, &wanted) {
            return Some(true);
        }
        outcomes.iter().all(|outcome| *outcome == Some(false)).then_some(false)
    }

    /// Whether a list holds every scheme that a page can have, and the page's is looked for in it.
    fn lists_both_schemes(&mut self, array: &Site, elements: &[ExprId], wanted: &Cases) -> bool {
        let is_scheme = |value: &Value| match value {
            Value::Text(text) => text.holes().any(|hole| hole.origin == Origin::Page(PagePart::Protocol)),
            _ => false,
        };
        let mut lists = |scheme: &str| {
            elements.iter().any(|&element| {
                let values = self.expr(&array.beside(element));
                values.iter().any(|value| match &value.value {
                    Value::Text(text) => {
                        text.known().is_some_and(|known| known.trim_end_matches(':') == scheme)
                    }
                    _ => false,
                })
            })
        };
        wanted.iter().all(|wanted| is_scheme(&wanted.value)) && lists("http") && lists("https")
    }

    pub(super) fn construct(&mut self, site: &Site, callee: ExprId, arguments: &[ExprId]) -> Cases {
        let at = self.span(site);
        let mut all = Vec::new();
        for callee in self.expr(&site.beside(callee)) {
            let values = match &callee.value {
                Value::Global(Global::Named(name)) if &**name == "URL" => self.url(site, arguments),
                Value::Global(Global::Named(name)) if &**name == "String" => {
                    self.argument(site, arguments, 0)
                }
                Value::Class(file, class, env) => {
                    let constructor =
                        self.scripts.module(*file).and_then(|module| module[*class].constructor);
                    let env = match constructor {
                        Some(constructor) if env.depth() < MAX_CALLS => {
                            let sites = arguments.iter().map(|&argument| site.beside(argument)).collect();
                            env.call(*file, constructor, sites)
                        }
                        _ => env.clone(),
                    };
                    one(Value::Instance(*file, *class, env))
                }
                Value::External(package, name) if self.keeps_made || requesters::is_maker(package, name) => {
                    one(Value::Made(package.clone(), name.clone(), site.clone()))
                }
                _ => self.unknown(site, "it is in an object that is not followed"),
            };
            extend(&mut all, values, at);
        }
        all
    }

    /// `new URL(address, base)`.
    fn url(&mut self, site: &Site, arguments: &[ExprId]) -> Cases {
        let at = self.span(site);
        let mut all = Vec::new();
        let bases = self.argument(site, arguments, 1);
        for value in self.argument(site, arguments, 0) {
            let text =
                if is_location(&value.value) { page_address(at).to_text() } else { value.value.to_text(at) };
            let address = Address::parse(&text);
            let built: Cases = if address.absolute || arguments.len() < 2 {
                vec![Case { value: Value::Url(Box::new(address)), when: value.when.clone() }]
            } else {
                bases
                    .iter()
                    .filter_map(|base| {
                        let parsed = Address::parse(&base.value.to_text(at));
                        let joined = Address { rest: address.rest.clone(), ..parsed };
                        Some(Case { value: Value::Url(Box::new(joined)), when: base.when.and(&value.when)? })
                    })
                    .collect()
            };
            extend(&mut all, built, at);
        }
        all
    }

    /// The values of the property `name` of an object argument; empty where it has none.
    pub(super) fn option(&mut self, site: &Site, name: &str) -> Cases {
        let at = self.span(site);
        let mut all = Vec::new();
        for value in self.expr(site) {
            if let Value::Object(_) = value.value {
                let values = self.property(&value.value, name, at);
                extend(
                    &mut all,
                    values.into_iter().filter(|value| !matches!(value.value, Value::Nothing)),
                    at,
                );
            }
        }
        all
    }
}
