//! Properties: of objects, classes, modules, URLs and what the runtime provides, and what was assigned to them.

use policy_text::source::Span;
use policy_text::value::{Address, Origin, PagePart, Piece, Text};

use super::evaluation::Evaluation;
use super::flags;
use super::flow::{self, Use};
use super::globals;
use super::value::{Case, Cases, Global, Site, Value, extend, one, under};
use crate::parse::syntax::{Binding, Definition, ExprId, ExprKind, Module, Owner, Property};

impl<'a> Evaluation<'a> {
    pub(super) fn this(&mut self, site: &Site, owner: Option<Owner>) -> Cases {
        match owner {
            Some(Owner::Class(class)) => one(Value::Instance(site.file, class, site.env.clone())),
            Some(Owner::Object(object)) => one(Value::Object(site.beside(object))),
            None => self.unknown(site, "`this` is not known"),
        }
    }

    pub(super) fn member(&mut self, site: &Site, base: ExprId, name: &str) -> Cases {
        let base_site = site.beside(base);
        if let Some(written) = self.written(site, &base_site, name) {
            return written;
        }
        self.property_of_site(&base_site, name, self.span(site))
    }

    pub(super) fn property_of_site(&mut self, base: &Site, name: &str, at: Span) -> Cases {
        let mut all = Vec::new();
        for value in self.expr(base) {
            let properties = self.property(&value.value, name, at);
            extend(&mut all, under(properties, &value.when), at);
        }
        if all.is_empty() { one(Value::Unknown(Origin::Other("nothing sets it".into()), at)) } else { all }
    }

    /// What assignments of the form `name.property = …` give a property that is read at `site`.
    fn written(&mut self, site: &Site, base: &Site, property: &str) -> Option<Cases> {
        let module = self.scripts.module(site.file)?;
        let ExprKind::Name(used) = &module[base.expr].kind else { return None };
        let binding = &module[module.lookup(&used.name, used.scope)?];
        self.pay_for(binding.writes.len());
        let writes: Vec<&Definition> =
            binding.writes.iter().filter(|(name, _)| &**name == property).map(|(_, given)| given).collect();
        if writes.is_empty() {
            return None;
        }
        let values = self.expr(base);
        if values.iter().any(|value| matches!(value.value, Value::Url(_) | Value::Global(_))) {
            return None;
        }
        let usage = Use::of(used);
        let Some((mut reaching, unset)) = self.reaching(module, writes.iter().copied(), usage) else {
            return Some(self.unknown(site, flow::TOO_MANY));
        };
        let overwritten = self.keep_standing(site, module, &mut reaching, usage);
        let mut all = self.reached(site, module, &reaching, usage);
        if unset && !overwritten {
            let at = self.span(site);
            let initial =
                values.iter().flat_map(|value| self.property(&value.value, property, at)).collect::<Vec<_>>();
            extend(&mut all, initial.into_iter().filter(|value| !matches!(value.value, Value::Nothing)), at);
        }
        (!all.is_empty()).then_some(all)
    }

    /// A URL after the assignments to its parts that reach `usage`.
    pub(super) fn apply_writes(
        &mut self,
        site: &Site,
        module: &'a Module,
        binding: &'a Binding,
        usage: Use,
        values: Cases,
    ) -> Cases {
        let at = self.span(site);
        let mut all = values;
        for part in ["protocol", "host", "hostname", "port", "pathname", "href"] {
            if !all.iter().any(|value| matches!(value.value, Value::Url(_))) {
                return all;
            }
            self.pay_for(binding.writes.len());
            let writes: Vec<&Definition> =
                binding.writes.iter().filter(|(name, _)| &**name == part).map(|(_, given)| given).collect();
            let Some((mut reaching, unset)) = self.reaching(module, writes.iter().copied(), usage) else {
                return self.unknown(site, flow::TOO_MANY);
            };
            let unset = !self.keep_standing(site, module, &mut reaching, usage) && unset;
            let written = self.definitions(site, module, &reaching, usage.guard);
            if written.is_empty() {
                continue;
            }
            let mut changed = Vec::new();
            for before in &all {
                let Value::Url(address) = &before.value else {
                    extend(&mut changed, [before.clone()], at);
                    continue;
                };
                if unset {
                    extend(&mut changed, [before.clone()], at);
                }
                let after = written.iter().filter_map(|value| {
                    let address = with_part(address, part, &value.value.to_text(at));
                    Some(Case { value: Value::Url(Box::new(address)), when: before.when.and(&value.when)? })
                });
                extend(&mut changed, after.collect::<Vec<_>>(), at);
            }
            all = changed;
        }
        all
    }

    pub(super) fn index(&mut self, site: &Site, base: ExprId, key: ExprId) -> Cases {
        let at = self.span(site);
        let mut all = Vec::new();
        for key in self.expr(&site.beside(key)) {
            let name = match &key.value {
                Value::Text(text) | Value::Number(text) => text.known().map(std::borrow::Cow::into_owned),
                _ => None,
            };
            let values = match name {
                Some(name) => self.member(site, base, &name),
                None => self.any_property(&site.beside(base), at),
            };
            extend(&mut all, under(values, &key.when), at);
        }
        all
    }

    /// The values of a property whose name is not known: those of all, of a small table.
    fn any_property(&mut self, base: &Site, at: Span) -> Cases {
        let mut all = one(Value::Unknown(Origin::Other("its key is not known".into()), at));
        for value in self.expr(base) {
            let Value::Object(object) = &value.value else { continue };
            let Some(module) = self.scripts.module(object.file) else { continue };
            let ExprKind::Object(properties) = &module[object.expr].kind else { continue };
            for property in properties {
                let Property::Value(name, expr) = property else { continue };
                // A table of stages: what is for development does not reach production.
                if flags::by_name(name) == Some(false)
                    || flags::is_production_among_stages(name) == Some(false)
                {
                    continue;
                }
                let values = self.expr(&object.beside(*expr));
                extend(&mut all, values, at);
            }
        }
        all
    }

    /// A property of a value.
    pub(super) fn property(&mut self, base: &Value, name: &str, at: Span) -> Cases {
        match base {
            Value::Object(object) => self.object_property(object, name, at),
            Value::Array(array) => self.element(array, name, at),
            Value::Instance(file, class, env) => self.instance_property(*file, *class, env, name, at),
            Value::Class(file, class, env) => {
                let Some(module) = self.scripts.module(*file) else { return Vec::new() };
                let definitions = module[*class].statics.get(name).map_or(&[][..], Vec::as_slice);
                if let (true, Some(&getter)) = (definitions.is_empty(), module[*class].getters.get(name)) {
                    return self.call_function(*file, getter, env, Vec::new(), at);
                }
                self.fields(*file, *class, env, definitions, at)
            }
            Value::Module(file) => self.export(*file, name, at, 0),
            Value::Url(address) => one(url_part(address, name)),
            Value::Global(Global::Environment(object)) => match globals::build_variable(name, at) {
                Some(value) => one(value),
                None => self
                    .scripts
                    .tooling
                    .variable(*object, name, at)
                    .into_iter()
                    .flat_map(|text| one(Value::Text(text)))
                    .collect(),
            },
            Value::Global(Global::Window) => match globals::property(&Global::Window, name, at) {
                unset @ (Value::Unknown(..) | Value::Global(Global::Named(_))) => {
                    self.shared(name, at.file).unwrap_or_else(|| one(unset))
                }
                provided => one(provided),
            },
            Value::Global(Global::Meta(meta)) if name == "content" => self.meta(meta, at),
            Value::Global(global) => one(globals::property(global, name, at)),
            Value::External(specifier, inner) => {
                let inner = if &**inner == "*" { name.into() } else { format!("{inner}.{name}") };
                one(Value::External(specifier.clone(), inner.into()))
            }
            Value::Text(_) | Value::Number(_) | Value::Function(..) | Value::Pattern(_) => {
                one(Value::Method(Box::new(base.clone()), name.into()))
            }
            Value::Unknown(origin, _) => match name {
                "toString" | "replace" | "concat" | "trim" | "current" | "value" => {
                    one(Value::Method(Box::new(base.clone()), name.into()))
                }
                _ => one(Value::Unknown(part_of(origin, name), at)),
            },
            Value::State(inner) => one(match name {
                "0" | "current" | "value" => (**inner).clone(),
                _ => Value::Unknown(Origin::Other("portcullis does not follow this expression".into()), at),
            }),
            Value::Parts(parts) => one(match name.parse::<usize>() {
                Ok(index) => parts.get(index).map_or(Value::Nothing, |part| Value::Text(part.clone())),
                Err(_) => {
                    Value::Unknown(Origin::Other("portcullis does not follow this expression".into()), at)
                }
            }),
            Value::Made(..) => one(Value::Method(Box::new(base.clone()), name.into())),
            Value::Nothing => Vec::new(),
            Value::Bool(_) | Value::Likely(_) | Value::Method(..) => {
                one(Value::Unknown(Origin::Other("portcullis does not follow this expression".into()), at))
            }
        }
    }

    /// What the `<meta>` of a name says in the pages that the code at `at` is part of.
    pub(super) fn meta(&self, name: &str, at: Span) -> Cases {
        let contents = self.scripts.tooling.meta(at.file, name);
        if contents.is_empty() {
            return one(Value::Unknown(
                Origin::Other(format!("no page has a `<meta>` named `{name}`").into()),
                at,
            ));
        }
        contents.into_iter().flat_map(|content| one(Value::Text(content))).collect()
    }

    fn object_property(&mut self, object: &Site, name: &str, at: Span) -> Cases {
        let Some(module) = self.scripts.module(object.file) else { return Vec::new() };
        let ExprKind::Object(properties) = &module[object.expr].kind else { return Vec::new() };
        self.pay_for(properties.len());
        // The last one wins.
        for property in properties.iter().rev() {
            match property {
                Property::Value(key, value) if &**key == name => return self.expr(&object.beside(*value)),
                Property::Getter(key, function) if &**key == name => {
                    return self.call_function(object.file, *function, &object.env, Vec::new(), at);
                }
                Property::Spread(spread) => {
                    let values = self.property_of_site(&object.beside(*spread), name, at);
                    if !values.iter().all(|value| matches!(value.value, Value::Nothing)) {
                        return values;
                    }
                }
                _ => {}
            }
        }
        if let Some(values) = self.component_property(object, module, properties, name, at) {
            return values;
        }
        one(Value::Nothing)
    }

    /// What a component's functions see through `this`: its data, its computed values and its methods.
    fn component_property(
        &mut self,
        object: &Site,
        module: &'a Module,
        properties: &'a [Property],
        name: &str,
        at: Span,
    ) -> Option<Cases> {
        for property in properties {
            let Property::Value(key, value) = property else { continue };
            let values = match (&**key, &module[*value].kind) {
                ("data" | "state", ExprKind::Function(function)) => {
                    self.call_function(object.file, *function, &object.env, Vec::new(), at)
                }
                ("data" | "state" | "methods", ExprKind::Object(_)) => {
                    one(Value::Object(object.beside(*value)))
                }
                ("computed", ExprKind::Object(entries)) => {
                    let function = entries.iter().find_map(|entry| match entry {
                        Property::Value(key, value) if &**key == name => match module[*value].kind {
                            ExprKind::Function(function) => Some(function),
                            _ => None,
                        },
                        _ => None,
                    });
                    match function {
                        Some(function) => {
                            return Some(self.call_function(
                                object.file,
                                function,
                                &object.env,
                                Vec::new(),
                                at,
                            ));
                        }
                        None => continue,
                    }
                }
                _ => continue,
            };
            let mut found = Vec::new();
            for value in values {
                let Value::Object(_) = value.value else { continue };
                let values = self.property(&value.value, name, at);
                extend(
                    &mut found,
                    values.into_iter().filter(|value| !matches!(value.value, Value::Nothing)),
                    at,
                );
            }
            if !found.is_empty() {
                return Some(found);
            }
        }
        None
    }

    /// What the elements of an array can be, all together.
    pub(super) fn elements(&mut self, array: &Site) -> Cases {
        let Some(module) = self.scripts.module(array.file) else { return Vec::new() };
        let ExprKind::Array(elements) = &module[array.expr].kind else { return Vec::new() };
        let at = self.span(array);
        let mut all = Vec::new();
        for &element in elements {
            let values = self.expr(&array.beside(element));
            extend(&mut all, values, at);
        }
        all
    }

    fn element(&mut self, array: &Site, name: &str, at: Span) -> Cases {
        let Some(module) = self.scripts.module(array.file) else { return Vec::new() };
        let ExprKind::Array(elements) = &module[array.expr].kind else { return Vec::new() };
        match name.parse::<usize>() {
            Ok(index) => match elements.get(index) {
                Some(&element) => self.expr(&array.beside(element)),
                None => one(Value::Nothing),
            },
            Err(_) => one(Value::Method(Box::new(Value::Array(array.clone())), name.into())),
        }
        .into_iter()
        .map(|value| match value.value {
            Value::Unknown(origin, _) => Case { value: Value::Unknown(origin, at), ..value },
            _ => value,
        })
        .collect()
    }
}

/// The origin of a property of what comes from `origin`. A parameter that is a pattern has no name of its own.
fn part_of(origin: &Origin, property: &str) -> Origin {
    match origin {
        Origin::Parameter(whole) if whole.is_empty() => Origin::Parameter(property.into()),
        Origin::Parameter(whole) => Origin::Parameter(format!("{whole}.{property}").into()),
        origin => origin.clone(),
    }
}

fn with_part(address: &Address, part: &str, value: &Text) -> Address {
    let mut address = address.clone();
    match part {
        "protocol" => {
            address.scheme = value.clone();
            let lacks_colon = value.known().is_some_and(|known| !known.ends_with(':'));
            if let (true, Some(last)) = (lacks_colon, value.last_literal()) {
                address.scheme.append(&Text::literal(":", last.at));
            }
        }
        "hostname" => address.host = value.clone(),
        "host" => {
            let mut url = Text::empty();
            if let Some(place) = value.last_literal() {
                url = Text::literal("//", place.at);
            }
            url.append(value);
            let parsed = Address::parse(&url);
            if parsed.absolute {
                (address.host, address.port) = (parsed.host, parsed.port);
            } else {
                (address.host, address.port) = (value.clone(), None);
            }
        }
        "port" => address.port = Some(value.clone()),
        "href" => return Address::parse(value),
        _ => address.rest = value.clone(),
    }
    address
}

fn url_part(address: &Address, name: &str) -> Value {
    if let (false, [Piece::Hole(hole), ..]) = (address.absolute, address.rest.pieces())
        && matches!(name, "protocol" | "hostname" | "host" | "port" | "origin")
    {
        return Value::Text(Text::hole(hole.origin.clone(), hole.at));
    }
    let port = address.port.clone().unwrap_or_default();
    Value::Text(match name {
        "href" => address.to_text(),
        "protocol" => address.scheme.clone(),
        "hostname" => address.host.clone(),
        "port" => port,
        "host" => {
            let mut bare =
                Address { host: address.host.clone(), port: address.port.clone(), ..Address::default() };
            bare.absolute = true;
            host_of(&bare)
        }
        "pathname" | "search" | "hash" => address.rest.clone(),
        "origin" => Address { rest: Text::empty(), ..address.clone() }.to_text(),
        name => return Value::Method(Box::new(Value::Url(Box::new(address.clone()))), name.into()),
    })
}

fn host_of(address: &Address) -> Text {
    let mut host = address.host.clone();
    if let Some(port) = &address.port
        && !port.is_empty()
    {
        let at = port.pieces().first().map(|piece| match piece {
            Piece::Literal(_, provenance) => provenance.at,
            Piece::Hole(hole) => hole.at,
        });
        if let Some(at) = at {
            host.append(&Text::literal(":", at));
        }
        host.append(port);
    }
    host
}

/// The page's own address.
pub(super) fn page_address(at: Span) -> Address {
    Address::parse(&Text::hole(Origin::Page(PagePart::Href), at))
}

/// Whether a value is the page's location.
pub(super) fn is_location(value: &Value) -> bool {
    matches!(value, Value::Global(Global::Location))
}
