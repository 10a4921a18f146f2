//! Calls: functions whose returns can be followed, and what the language and well-known libraries provide.

use super::evaluate::Evaluator;
use super::members::{is_location, page_address};
use super::truth;
use super::value::{Alternative, Alternatives, Env, Global, Site, Value, extend, one};
use crate::parse::script::syntax::{ExprId, ExprKind, FunctionId};
use crate::resolve::address::Address;
use crate::resolve::{Origin, PagePart, Piece, Text};
use crate::source::{FileId, Span};

/// Calls inside each other that are followed.
const MAX_CALLS: usize = 12;

impl Evaluator<'_> {
    pub(super) fn call(&mut self, site: &Site, callee: ExprId, arguments: &[ExprId]) -> Alternatives {
        let at = self.span(site);
        let mut all = Vec::new();
        for callee in self.expr(&site.beside(callee)) {
            let values = self.call_value(site, &callee.value, arguments);
            let values = values
                .into_iter()
                .filter_map(|value| Some(Alternative { when: value.when.and(&callee.when)?, ..value }));
            extend(&mut all, values.collect::<Vec<_>>(), at);
        }
        if all.is_empty() { self.unknown(site, "it returns nothing") } else { all }
    }

    fn call_value(&mut self, site: &Site, callee: &Value, arguments: &[ExprId]) -> Alternatives {
        let at = self.span(site);
        let sites = || arguments.iter().map(|&argument| site.beside(argument)).collect::<Vec<_>>();
        match callee {
            Value::Function(file, function, env) => self.call_function(*file, *function, env, sites(), at),
            Value::Method(base, name) => self.method(site, base, name, arguments),
            Value::Global(Global::Named(name)) => self.global_call(site, name, arguments),
            Value::External(specifier, name) => self.external_call(site, specifier, name, arguments),
            Value::State(inner) => one((**inner).clone()),
            Value::Unknown(Origin::Call(name), _) => one(Value::Unknown(Origin::Call(name.clone()), at)),
            _ => self.unknown_call(site),
        }
    }

    fn unknown_call(&self, site: &Site) -> Alternatives {
        let at = self.span(site);
        let name = self.scripts.module(site.file).and_then(|module| match module[site.expr].kind {
            ExprKind::Call(callee, _) => module.last_name(callee),
            _ => None,
        });
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
    ) -> Alternatives {
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
            let values = self.expr(&site).into_iter();
            let values =
                values.filter_map(|value| Some(Alternative { when: value.when.and(&when)?, ..value }));
            extend(&mut all, values.collect::<Vec<_>>(), at);
        }
        if all.is_empty() { one(Value::Nothing) } else { all }
    }

    fn argument(&mut self, site: &Site, arguments: &[ExprId], index: usize) -> Alternatives {
        match arguments.get(index) {
            Some(&argument) => self.expr(&site.beside(argument)),
            None => one(Value::Nothing),
        }
    }

    fn global_call(&mut self, site: &Site, name: &str, arguments: &[ExprId]) -> Alternatives {
        match name {
            "String" | "Number" | "parseInt" | "parseFloat" | "encodeURI" | "decodeURI" => {
                self.argument(site, arguments, 0)
            }
            "useMemo" | "useCallback" | "computed" => self.returned(site, arguments),
            "useState" | "useRef" | "ref" | "shallowRef" | "signal" | "computedAsync" => {
                self.hook(site, name, arguments)
            }
            _ => match truth::flag_by_name(name) {
                Some(flag) => one(Value::Bool(flag)),
                None => one(Value::Unknown(Origin::Call(name.into()), self.span(site))),
            },
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

    fn external_call(
        &mut self,
        site: &Site,
        specifier: &str,
        name: &str,
        arguments: &[ExprId],
    ) -> Alternatives {
        let last = name.rsplit('.').next().unwrap_or(name);
        match (specifier, last) {
            ("@angular/core", "isDevMode") => one(Value::Bool(false)),
            ("react" | "preact/hooks" | "vue" | "@angular/core" | "solid-js", last) => match last {
                "useMemo" | "computed" | "createMemo" => self.returned(site, arguments),
                "useCallback" => self.argument(site, arguments, 0),
                "useState" | "useRef" | "ref" | "shallowRef" | "signal" => self.hook(site, last, arguments),
                _ => self.unknown_call(site),
            },
            _ => self.unknown_call(site),
        }
    }

    /// A state that begins with its argument, in the shape that its library gives it.
    fn hook(&mut self, site: &Site, name: &str, arguments: &[ExprId]) -> Alternatives {
        let at = self.span(site);
        let initial = self.argument(site, arguments, 0);
        let initial: Alternatives = initial
            .into_iter()
            .flat_map(|value| match value.value {
                Value::Function(file, function, env) if name == "useState" => {
                    self.call_function(file, function, &env, Vec::new(), at)
                }
                _ => vec![value],
            })
            .collect();
        initial
            .into_iter()
            .map(|value| Alternative { value: Value::State(Box::new(value.value)), when: value.when })
            .collect()
    }

    fn method(&mut self, site: &Site, base: &Value, name: &str, arguments: &[ExprId]) -> Alternatives {
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
            (Value::Global(Global::Named(global)), "useMemo") if &**global == "React" => {
                self.returned(site, arguments)
            }
            (Value::Global(Global::Named(global)), "useState" | "useRef") if &**global == "React" => {
                self.hook(site, name, arguments)
            }
            (Value::Pattern(pattern), "test" | "exec") => {
                let subject = self.argument(site, arguments, 0);
                let outcome = match subject.as_slice() {
                    [Alternative { value: Value::Text(text), .. }] => truth::matches(text, pattern),
                    _ => None,
                };
                match outcome {
                    Some(outcome) => one(Value::Bool(outcome)),
                    None => self.unknown(site, "a condition that is not known"),
                }
            }
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

    fn array_method(&mut self, site: &Site, array: &Site, name: &str, arguments: &[ExprId]) -> Alternatives {
        let at = self.span(site);
        let Some(module) = self.scripts.module(array.file) else { return Vec::new() };
        let ExprKind::Array(elements) = &module[array.expr].kind else { return Vec::new() };
        match name {
            "join" => {
                let separator =
                    match self.argument(site, arguments, 0).first().map(|value| value.value.clone()) {
                        Some(Value::Text(text)) => text,
                        _ => Text::literal(",", at),
                    };
                let mut sums = one(Value::Text(Text::empty()));
                for (index, &element) in elements.iter().enumerate() {
                    let element = array.beside(element);
                    let place = self.span(&element);
                    let values = self.expr(&element);
                    let mut longer = Vec::new();
                    for sum in &sums {
                        let Value::Text(before) = &sum.value else { continue };
                        let joined = values.iter().filter_map(|value| {
                            let mut text = before.clone();
                            if index > 0 {
                                text.append(&separator);
                            }
                            if !matches!(value.value, Value::Nothing) {
                                text.append(&value.value.to_text(place));
                            }
                            Some(Alternative { value: Value::Text(text), when: sum.when.and(&value.when)? })
                        });
                        extend(&mut longer, joined.collect::<Vec<_>>(), at);
                    }
                    sums = longer;
                }
                sums
            }
            "includes" | "indexOf" => {
                let wanted = self.argument(site, arguments, 0);
                let mut outcomes = Vec::new();
                for &element in elements {
                    for element in self.expr(&array.beside(element)) {
                        outcomes
                            .extend(wanted.iter().map(|wanted| truth::equal(&element.value, &wanted.value)));
                    }
                }
                if outcomes.contains(&Some(true)) && name == "includes" {
                    one(Value::Bool(true))
                } else if outcomes.iter().all(|outcome| *outcome == Some(false)) {
                    one(if name == "includes" {
                        Value::Bool(false)
                    } else {
                        Value::Number(Text::literal("-1", at))
                    })
                } else {
                    self.unknown(site, "a condition that is not known")
                }
            }
            _ => self.unknown_call(site),
        }
    }

    fn text_method(&mut self, site: &Site, text: &Text, name: &str, arguments: &[ExprId]) -> Alternatives {
        let at = self.span(site);
        match name {
            "concat" => {
                let mut joined = text.clone();
                for index in 0..arguments.len() {
                    if let Some(value) = self.argument(site, arguments, index).into_iter().next() {
                        joined.append(&value.value.to_text(at));
                    }
                }
                one(Value::Text(joined))
            }
            "replace" | "replaceAll" => self.replace(site, text, arguments),
            "includes" | "startsWith" | "endsWith" | "match" | "indexOf" | "search" => {
                let found = match arguments.first().map(|&argument| self.pattern(&site.beside(argument))) {
                    Some(Some(Pattern::Text(needle))) => truth::contains(text, &needle),
                    Some(Some(Pattern::Regex(pattern))) => truth::matches(text, &pattern),
                    _ => None,
                };
                match (name, found) {
                    ("indexOf" | "search", Some(false)) => one(Value::Number(Text::literal("-1", at))),
                    ("includes" | "match", Some(found)) => one(Value::Bool(found)),
                    (_, Some(false)) => one(Value::Bool(false)),
                    _ => self.unknown(site, "a condition that is not known"),
                }
            }
            "split" => match text.pieces() {
                // `location.host.split(":")` leads with the host's name.
                [Piece::Hole(hole)] if hole.origin == Origin::Page(PagePart::Host) => one(Value::HostParts),
                _ => self.unknown_call(site),
            },
            _ => self.unknown_call(site),
        }
    }

    fn pattern(&mut self, site: &Site) -> Option<Pattern> {
        match self.expr(site).as_slice() {
            [Alternative { value: Value::Text(text), .. }] => Some(Pattern::Text(text.known()?.into_owned())),
            [Alternative { value: Value::Pattern(pattern), .. }] => Some(Pattern::Regex(pattern.to_string())),
            _ => None,
        }
    }

    fn replace(&mut self, site: &Site, text: &Text, arguments: &[ExprId]) -> Alternatives {
        let at = self.span(site);
        let Some(&pattern) = arguments.first() else { return one(Value::Text(text.clone())) };
        let needle = match self.pattern(&site.beside(pattern)) {
            Some(Pattern::Text(needle)) => needle,
            // Anchors and flags change nothing where the pattern is plain text.
            Some(Pattern::Regex(pattern)) => {
                pattern.trim_start_matches('^').trim_end_matches('$').replace("\\/", "/")
            }
            None => return self.unknown_call(site),
        };
        let mut all = Vec::new();
        for replacement in self.argument(site, arguments, 1) {
            let replaced = replace_in(text, &needle, &replacement.value.to_text(at));
            extend(&mut all, [Alternative { value: Value::Text(replaced), when: replacement.when }], at);
        }
        all
    }

    pub(super) fn construct(&mut self, site: &Site, callee: ExprId, arguments: &[ExprId]) -> Alternatives {
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
                _ => self.unknown(site, "an object that is not followed"),
            };
            extend(&mut all, values, at);
        }
        all
    }

    /// `new URL(address, base)`.
    fn url(&mut self, site: &Site, arguments: &[ExprId]) -> Alternatives {
        let at = self.span(site);
        let mut all = Vec::new();
        let bases = self.argument(site, arguments, 1);
        for value in self.argument(site, arguments, 0) {
            let text =
                if is_location(&value.value) { page_address(at).to_text() } else { value.value.to_text(at) };
            let address = Address::parse(&text);
            let built: Alternatives = if address.absolute || arguments.len() < 2 {
                vec![Alternative { value: Value::Url(Box::new(address)), when: value.when.clone() }]
            } else {
                bases
                    .iter()
                    .filter_map(|base| {
                        let parsed = Address::parse(&base.value.to_text(at));
                        let joined = Address { rest: address.rest.clone(), ..parsed };
                        Some(Alternative {
                            value: Value::Url(Box::new(joined)),
                            when: base.when.and(&value.when)?,
                        })
                    })
                    .collect()
            };
            extend(&mut all, built, at);
        }
        all
    }

    /// The values of the property `name` of an object argument; empty where it has none.
    pub(super) fn option(&mut self, site: &Site, name: &str) -> Alternatives {
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

enum Pattern {
    Text(String),
    Regex(String),
}

/// The first occurrence of `needle` replaced. In holes nothing is found: a page's own port is not a developer's.
fn replace_in(text: &Text, needle: &str, replacement: &Text) -> Text {
    if needle.is_empty() {
        return text.clone();
    }
    let rendered = text.render('\u{1}');
    match rendered.find(needle) {
        Some(start) => {
            let (before, rest) = text.split_at(start);
            let (_, after) = rest.split_at(needle.len());
            let mut replaced = before;
            replaced.append(replacement);
            replaced.append(&after);
            replaced
        }
        None => text.clone(),
    }
}
