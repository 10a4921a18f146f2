//! Nest: the modules of an application, the controllers and gateways in them, and the prefixes that it sets.

mod decorators;
mod middleware;
mod settings;

use std::collections::BTreeSet;

use policy_http::path::PathPattern;
use policy_http::served::{Answers, Methods, Mount};
use policy_text::source::{FileId, Span};

use super::super::evaluation::Evaluation;
use super::super::modules::Scripts;
use super::super::value::{Env, Site, Value};
use super::step::{Path, Step, below, joined};
use super::written;
use super::{Around, Serving};
use crate::parse::syntax::{ClassId, ExprId, ExprKind};
use crate::servers::{Dialect, packages};
use decorators::{decorator_at, decorators, versions_at};
use settings::{Settings, known, settings, texts};

/// Modules and controllers of one application.
const MAX_CLASSES: usize = 4_000;
/// Classes that extend each other.
const MAX_PARENTS: usize = 8;

/// Decorators of methods that answer requests, with the method.
const VERBS: [(&str, Option<&str>); 9] = [
    ("Get", Some("GET")),
    ("Post", Some("POST")),
    ("Put", Some("PUT")),
    ("Patch", Some("PATCH")),
    ("Delete", Some("DELETE")),
    ("Head", Some("HEAD")),
    ("Options", Some("OPTIONS")),
    ("All", None),
    ("Sse", Some("GET")),
];

/// Modules of packages that answer at one path where nothing else is said, by a part of the package's name.
const OWN_PATHS: [(&str, &str); 2] = [("graphql", "/graphql"), ("prom", "/metrics")];

type Controller = (FileId, ClassId);

/// A collection under way.
struct Nest<'p, 'a> {
    program: &'p mut Serving<'a>,
    scripts: &'a Scripts<'a>,
    settings: Settings,
    root: Mount,
    seen: BTreeSet<Controller>,
}

/// Adds what the application serves that a call makes.
pub(super) fn add(program: &mut Serving<'_>, made: &Site, at: Span) {
    let scripts = program.scripts;
    let root = Mount { prefix: PathPattern::default(), at };
    let Some(settings) = settings(program, made.file) else { return };
    middleware::add(program, made.file);
    let mut nest = Nest { program, scripts, settings, root, seen: BTreeSet::new() };
    let Some(module) = scripts.module(made.file) else { return };
    let ExprKind::Call(_, arguments) = &module[made.expr].kind else { return };
    let Some(&first) = arguments.first() else { return };
    nest.module_at(&made.beside(first), 0);
}

impl Nest<'_, '_> {
    fn unknown(&mut self, below: PathPattern, at: Span, why: &str) {
        self.program.unknown(below, at, why);
    }

    fn everything(&mut self, at: Span, why: &str) {
        self.unknown(PathPattern::everything(), at, why);
    }

    /// Adds the module that an expression is: a class, or an object that names one.
    fn module_at(&mut self, site: &Site, depth: usize) {
        let mut evaluation = Evaluation::of_server(self.scripts);
        let at = evaluation.span(site);
        let values = evaluation.expr(site);
        for value in values {
            self.module_of(&value.value, at, depth);
        }
    }

    fn module_of(&mut self, value: &Value, at: Span, depth: usize) {
        if depth > 2 * MAX_PARENTS + 48 || self.seen.len() > MAX_CLASSES {
            return self.everything(at, "more modules are imported than are followed");
        }
        match value {
            Value::Class(file, class, env) => {
                if self.seen.insert((*file, *class)) {
                    self.class_of_module(*file, *class, env, depth);
                }
            }
            Value::Object(_) => {
                let mut evaluation = Evaluation::of_server(self.scripts);
                let modules = evaluation.property(value, "module", at);
                for module in modules {
                    self.module_of(&module.value, at, depth + 1);
                }
                self.parts_of(value, at, depth);
            }
            // What a package brings along. `forwardRef(() => Module)` hands on a module of our own.
            Value::Made(package, export, made) => {
                if export.ends_with("forwardRef") {
                    self.forwarded(made, at, depth);
                } else if export.contains("RouterModule") {
                    self.everything(at, "modules are mounted by a table");
                } else {
                    self.package(package, at);
                }
            }
            Value::External(package, _) => {
                let package = package.clone();
                self.package(&package, at);
            }
            Value::Nothing | Value::Bool(_) => {}
            _ => self.everything(at, "the module is not known"),
        }
    }

    fn forwarded(&mut self, made: &Site, at: Span, depth: usize) {
        let Some(module) = self.scripts.module(made.file) else { return };
        let ExprKind::Call(_, arguments) = &module[made.expr].kind else { return };
        let mut evaluation = Evaluation::of_server(self.scripts);
        for value in evaluation.argument(made, arguments, 0) {
            let Value::Function(file, function, env) = value.value else { continue };
            let mut evaluation = Evaluation::of_server(self.scripts);
            for module in evaluation.call_function(file, function, &env, Vec::new(), at) {
                self.module_of(&module.value, at, depth + 1);
            }
        }
    }

    fn package(&mut self, package: &str, at: Span) {
        if packages::is_module_without_paths(package) {
            return;
        }
        let why = format!("`{package}` may answer there");
        let own = OWN_PATHS.iter().find(|(part, _)| package.contains(part));
        let Some(path) = own.and_then(|(_, path)| PathPattern::prefix(path)) else {
            return self.everything(at, &why);
        };
        if let Some((prefix, _)) = &self.settings.prefix
            && let Some(below) = joined(prefix, &path)
        {
            self.unknown(below, at, &why);
        }
        self.unknown(path, at, &why);
    }

    /// Adds what the decorator of a module names.
    fn class_of_module(&mut self, file: FileId, class: ClassId, env: &Env, depth: usize) {
        for (site, name, arguments) in decorators(self.scripts, file, class, env) {
            let Some(&options) = arguments.first().filter(|_| name == "Module") else { continue };
            let mut evaluation = Evaluation::of_server(self.scripts);
            let options = site.beside(options);
            let at = evaluation.span(&options);
            for value in evaluation.expr(&options) {
                self.parts_of(&value.value, at, depth);
            }
        }
    }

    /// Adds the modules, controllers and gateways that an object names.
    fn parts_of(&mut self, object: &Value, at: Span, depth: usize) {
        for part in ["imports", "controllers", "providers"] {
            let mut evaluation = Evaluation::of_server(self.scripts);
            for list in evaluation.property(object, part, at) {
                let Value::Array(array) = &list.value else {
                    if part != "providers" && !matches!(list.value, Value::Nothing) {
                        self.everything(at, "a list of the module is not written out");
                    }
                    continue;
                };
                let Some(module) = self.scripts.module(array.file) else { continue };
                let ExprKind::Array(elements) = &module[array.expr].kind else { continue };
                for &element in elements {
                    let site = array.beside(element);
                    match part {
                        "imports" => self.module_at(&site, depth + 1),
                        "controllers" => self.controller_at(&site),
                        _ => {
                            self.filter_at(&site);
                            self.gateway_at(&site);
                        }
                    }
                }
            }
        }
    }

    fn controller_at(&mut self, site: &Site) {
        let mut evaluation = Evaluation::of_server(self.scripts);
        let at = evaluation.span(site);
        for value in evaluation.expr(site) {
            match value.value {
                Value::Class(file, class, _) if self.seen.insert((file, class)) => {
                    self.controller(file, class);
                }
                Value::Class(..) | Value::External(..) => {}
                _ => self.everything(at, "the controller is not known"),
            }
        }
    }

    fn controller(&mut self, file: FileId, class: ClassId) {
        let mut paths = vec![Path::Known(PathPattern::default())];
        let mut versions: Option<Vec<String>> = None;
        let mut at = Span::start_of(file);
        for (site, name, arguments) in decorators(self.scripts, file, class, &Env::default()) {
            let mut evaluation = Evaluation::of_server(self.scripts);
            match name.as_str() {
                "Controller" => {
                    at = evaluation.span(&site);
                    let Some(&first) = arguments.first() else { continue };
                    let first = site.beside(first);
                    paths = self.paths(&first, "path");
                    let given = evaluation.option(&first, "version");
                    if !given.is_empty() {
                        versions = Some(texts(&mut evaluation, &given));
                    }
                }
                "Version" => versions = Some(versions_at(self.scripts, &site, arguments)),
                _ => {}
            }
        }
        self.handlers((file, class), &paths, versions.as_deref(), at, 0);
    }

    /// Adds the handlers of a controller, and those that it takes from the classes that it extends.
    fn handlers(
        &mut self,
        (file, class): Controller,
        paths: &[Path],
        versions: Option<&[String]>,
        at: Span,
        depth: usize,
    ) {
        let Some(module) = self.scripts.module(file) else { return };
        for (function, decorator) in &module[class].decorated {
            let site = Site { file, expr: *decorator, env: Env::default() };
            let Some((name, arguments)) = decorator_at(self.scripts, &site) else { continue };
            let Some((_, verb)) = VERBS.iter().find(|(own, _)| *own == name) else { continue };
            let methods = verb.map_or(Methods::Any, |verb| Methods::Only(vec![verb.to_owned()]));
            let own = match arguments.first() {
                Some(&first) => self.paths(&site.beside(first), "path"),
                None => vec![Path::Known(PathPattern::default())],
            };
            let versions =
                self.versions_of((file, class), *function).or_else(|| versions.map(<[String]>::to_vec));
            let place = Evaluation::of_server(self.scripts).span(&site);
            for path in paths {
                for own in &own {
                    self.handler(path, own, versions.as_deref(), &methods, at, place);
                }
            }
        }
        let parent = module[class].extends.filter(|_| depth < MAX_PARENTS);
        if let Some(parent) = parent {
            let parents =
                Evaluation::of_server(self.scripts).expr(&Site { file, expr: parent, env: Env::default() });
            for parent in parents {
                match parent.value {
                    Value::Class(file, class, _) => {
                        self.handlers((file, class), paths, versions, at, depth + 1);
                    }
                    Value::Function(..) | Value::Made(..) | Value::Unknown(..) => {
                        self.everything(at, "the class that the controller extends is not known");
                    }
                    _ => {}
                }
            }
        }
    }

    /// The versions that the method of a controller names itself.
    fn versions_of(
        &self,
        (file, class): Controller,
        function: crate::parse::syntax::FunctionId,
    ) -> Option<Vec<String>> {
        let module = self.scripts.module(file)?;
        module[class].decorated.iter().filter(|(of, _)| *of == function).find_map(|(_, decorator)| {
            let site = Site { file, expr: *decorator, env: Env::default() };
            let (name, arguments) = decorator_at(self.scripts, &site)?;
            (name == "Version").then(|| versions_at(self.scripts, &site, arguments))
        })
    }

    /// Adds one handler, for each of its versions.
    fn handler(
        &mut self,
        controller: &Path,
        own: &Path,
        versions: Option<&[String]>,
        methods: &Methods,
        at: Span,
        place: Span,
    ) {
        let (Path::Known(controller), Path::Known(own)) = (controller, own) else {
            let (Path::Known(start) | Path::Below(start)) = controller;
            let prefix = self.settings.prefix.as_ref().map(|(prefix, _)| prefix.clone()).unwrap_or_default();
            let start = if self.settings.versions.is_some() {
                prefix
            } else {
                joined(&prefix, start).unwrap_or_default()
            };
            let below = below(&start).unwrap_or(start);
            return self.unknown(below, place, "the path is not written out");
        };
        let Some(path) = joined(controller, own) else { return };
        let mut starts = vec![PathPattern::default()];
        if let Some(known) = &self.settings.versions {
            let named = versions.unwrap_or(&known.default);
            if !named.is_empty() {
                let start = |version: &String| PathPattern::literal(&format!("/{}{version}", known.prefix));
                starts = named.iter().filter_map(start).collect();
            }
        }
        let is_excluded = self.settings.excluded.iter().any(|excluded| excluded.covers(&path));
        let prefix = self.settings.prefix.clone().filter(|_| !is_excluded);
        for start in starts {
            let mut mounts = vec![self.root.clone()];
            let mut before = PathPattern::default();
            if let Some((prefix, at)) = &prefix {
                before = prefix.clone();
                mounts.push(Mount { prefix: before.clone(), at: *at });
            }
            let controller = joined(&before, &start).and_then(|before| joined(&before, controller));
            let Some(prefix) = controller else { continue };
            mounts.push(Mount { prefix, at });
            let answers = Answers::Requests(methods.clone());
            let around = Around { mounts, certain: true };
            self.program.step(
                Step::Answers(vec![Path::Known(own.clone())], answers),
                place,
                Dialect::Express,
                &around,
            );
        }
    }

    /// `{ provide: APP_FILTER, useClass: Filter }`
    fn filter_at(&mut self, site: &Site) {
        let mut evaluation = Evaluation::of_server(self.scripts);
        let provides = evaluation.option(site, "provide");
        let is_filter = provides.iter().any(
            |provided| matches!(&provided.value, Value::External(_, name) if name.ends_with("APP_FILTER")),
        );
        if is_filter {
            let at = evaluation.span(site);
            let ways = ["useClass", "useValue", "useFactory", "useExisting"];
            let filters = ways.iter().flat_map(|way| evaluation.option(site, way)).collect::<Vec<_>>();
            middleware::add_filters(self.program, &filters, at);
        }
    }

    fn gateway_at(&mut self, site: &Site) {
        for value in Evaluation::of_server(self.scripts).expr(site) {
            let Value::Class(file, class, _) = value.value else { continue };
            for (site, name, arguments) in decorators(self.scripts, file, class, &Env::default()) {
                if name == "WebSocketGateway" && self.seen.insert((file, class)) {
                    self.gateway(&site, arguments);
                }
            }
        }
    }

    fn gateway(&mut self, site: &Site, arguments: &[ExprId]) {
        let mut evaluation = Evaluation::of_server(self.scripts);
        let at = evaluation.span(site);
        let mut paths = Vec::new();
        for &argument in arguments {
            let options = site.beside(argument);
            let has_port =
                evaluation.expr(&options).iter().any(|value| !matches!(value.value, Value::Object(_)));
            if has_port && arguments.len() == 1 {
                return self.everything(at, "the gateway listens at another port");
            }
            paths.extend(evaluation.option(&options, "path"));
        }
        let path = match paths.as_slice() {
            [] if self.settings.plain_sockets => PathPattern::literal("/"),
            [] => PathPattern::literal("/socket.io"),
            [path] => known(&path.value),
            _ => None,
        };
        let path = path.and_then(|path| if self.settings.plain_sockets { Some(path) } else { below(&path) });
        let Some(path) = path else {
            return self.everything(at, "the path of the gateway is not written out");
        };
        let around = Around { mounts: vec![self.root.clone()], certain: true };
        self.program.step(
            Step::Answers(vec![Path::Known(path)], Answers::Sockets),
            at,
            Dialect::Express,
            &around,
        );
    }

    /// The paths that an argument of a decorator names: a text, a list, or an object with them.
    fn paths(&self, site: &Site, property: &str) -> Vec<Path> {
        let mut evaluation = Evaluation::of_server(self.scripts);
        let at = evaluation.span(site);
        let mut paths = Vec::new();
        for value in evaluation.expr(site) {
            let values = match &value.value {
                Value::Object(_) => evaluation.property(&value.value, property, at),
                Value::Array(array) => evaluation.elements(array),
                _ => vec![value],
            };
            for value in values {
                let values = match &value.value {
                    Value::Array(array) => evaluation.elements(array),
                    _ => vec![value],
                };
                paths.extend(values.iter().map(|value| match &value.value {
                    Value::Text(text) => written::path_of(text, Dialect::Express),
                    Value::Nothing => Path::Known(PathPattern::default()),
                    _ => Path::Below(PathPattern::everything()),
                }));
            }
        }
        paths
    }
}
