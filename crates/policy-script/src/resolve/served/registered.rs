//! One call that registers something: the paths and what answers there, or what is mounted.

use policy_http::path::PathPattern;
use policy_http::served::{Answers, Methods};

use super::super::evaluation::Evaluation;
use super::super::modules::Scripts;
use super::super::value::{Case, Site, Value};
use super::events::{Event, Owner, owner_of};
use super::handler::Handler;
use super::step::{Path, Step, below, is_open, is_root};
use super::written;
use crate::parse::Module;
use crate::parse::syntax::{ExprId, ExprKind};
use crate::servers::{self, Dialect};

/// A call of a method that registers something.
pub(super) struct Registered<'r> {
    pub(super) scripts: &'r Scripts<'r>,
    pub(super) event: &'r Event,
    pub(super) module: &'r Module,
    pub(super) arguments: &'r [ExprId],
    pub(super) dialect: Dialect,
}

impl Registered<'_> {
    /// What the method of this name does. `route`: of what has one path already.
    pub(super) fn steps(&self, name: &str, route: bool) -> Vec<Step> {
        match (name, self.dialect) {
            ("use", _) => self.uses(),
            ("route", Dialect::Fastify) | ("openapi", Dialect::Hono) => self.fastify_route(),
            ("route", Dialect::Hono) => self.mounts(1),
            ("route" | "basePath" | "prefix", _) => self.narrows(),
            ("register", Dialect::Fastify) => self.plugin(),
            ("on", Dialect::Hono) => self.handles(self.methods_at(0), self.paths(1)),
            ("mount", _) => {
                vec![Step::Unknown(self.paths(0), "another application answers there".to_owned())]
            }
            ("addHook", Dialect::Fastify) => self.answers_all(1),
            ("notFound", Dialect::Hono) => self.answers_all(0),
            ("setNotFoundHandler", Dialect::Fastify) => {
                self.answers_all(self.arguments.len().saturating_sub(1))
            }
            (
                "register" | "on" | "openapi" | "addRoute" | "addHook" | "setNotFoundHandler" | "notFound",
                _,
            ) => Vec::new(),
            (verb, _) => self.verb(verb, route),
        }
    }

    /// A function that every request may reach.
    fn answers_all(&self, index: usize) -> Vec<Step> {
        let Some(site) = self.argument(index) else { return Vec::new() };
        let handler = Handler::of(self.scripts, &site);
        let everywhere = || vec![Path::Known(PathPattern::default())];
        handler.may_answer().then(|| Step::Unknown(everywhere(), handler.why())).into_iter().collect()
    }

    fn argument(&self, index: usize) -> Option<Site> {
        self.arguments.get(index).map(|&argument| self.event.site.beside(argument))
    }

    fn evaluation(&self) -> Evaluation<'_> {
        Evaluation::of_server(self.scripts)
    }

    /// `app.get("/path", …)`, and `route.get(…)` of what `app.route("/path")` returned.
    fn verb(&self, verb: &str, route: bool) -> Vec<Step> {
        let methods = match verb {
            "all" => Methods::Any,
            verb => Methods::Only(vec![verb.to_ascii_uppercase()]),
        };
        if route {
            return self.handles(methods, vec![Path::Known(PathPattern::default())]);
        }
        // `app.get("setting")`
        if self.arguments.len() < 2 && self.dialect == Dialect::Express {
            return Vec::new();
        }
        // The name of a route goes before its path.
        let is_named = self.dialect == Dialect::Koa
            && self.arguments.len() > 2
            && matches!(
                self.arguments.get(1).map(|&path| &self.module[path].kind),
                Some(ExprKind::String(_))
            );
        let paths = self.paths(usize::from(is_named));
        if verb == "ws" || self.wants_sockets() {
            return vec![Step::Answers(paths, Answers::Sockets)];
        }
        self.handles(methods, paths)
    }

    /// Whether the options of a route of Fastify ask for a socket.
    fn wants_sockets(&self) -> bool {
        let Some(options) = self.argument(1).filter(|_| self.dialect == Dialect::Fastify) else {
            return false;
        };
        let values = self.evaluation().option(&options, "websocket");
        values.iter().any(|value| matches!(value.value, Value::Bool(true)))
    }

    /// Handlers at these paths. One for every path does not say what it answers: it may say that nothing is there.
    fn handles(&self, methods: Methods, paths: Vec<Path>) -> Vec<Step> {
        let (open, known): (Vec<Path>, Vec<Path>) = paths.into_iter().partition(is_open);
        let mut steps = Vec::new();
        if !known.is_empty() {
            steps.push(Step::Answers(known, Answers::Requests(methods)));
        }
        let last =
            self.arguments.last().map(|&last| Handler::of(self.scripts, &self.event.site.beside(last)));
        if !open.is_empty() && last.is_none_or(|handler| handler.may_answer()) {
            steps.push(Step::Unknown(open, "the handler takes every path".to_owned()));
        }
        steps
    }

    /// `fastify.route({ method, url, handler })`
    fn fastify_route(&self) -> Vec<Step> {
        let Some(options) = self.argument(0) else { return Vec::new() };
        let mut evaluation = self.evaluation();
        let mut urls = evaluation.option(&options, "url");
        urls.extend(evaluation.option(&options, "path"));
        let methods = evaluation.option(&options, "method");
        let sockets = evaluation.option(&options, "websocket");
        let mut paths: Vec<Path> = Vec::new();
        for url in urls {
            self.add_paths(&mut evaluation, &url.value, &mut paths);
        }
        if paths.is_empty() {
            paths.push(Path::Below(PathPattern::everything()));
        }
        if sockets.iter().any(|value| matches!(value.value, Value::Bool(true))) {
            return vec![Step::Answers(paths, Answers::Sockets)];
        }
        let methods = methods_of(&mut evaluation, methods);
        self.handles(methods, paths)
    }

    /// `app.route("/path")`, `app.basePath("/path")`: what the call returns registers below that path.
    fn narrows(&self) -> Vec<Step> {
        let made = Owner::Made(self.event.site.file, self.event.site.expr);
        vec![Step::Mounts(self.paths(0), made)]
    }

    /// `app.route("/path", router)` of Hono.
    fn mounts(&self, index: usize) -> Vec<Step> {
        let paths = self.paths(0);
        let Some(router) = self.argument(index) else { return Vec::new() };
        match owner_of(self.scripts, &router) {
            Some(child) => vec![Step::Mounts(paths, child)],
            None => vec![Step::Unknown(paths, "the router that it mounts is not known".to_owned())],
        }
    }

    /// `fastify.register(plugin, { prefix })`
    fn plugin(&self) -> Vec<Step> {
        let mut evaluation = self.evaluation();
        let prefixes =
            self.argument(1).map(|options| evaluation.option(&options, "prefix")).unwrap_or_default();
        let mut paths = Vec::new();
        for prefix in prefixes {
            self.add_paths(&mut evaluation, &prefix.value, &mut paths);
        }
        if paths.is_empty() {
            paths.push(Path::Known(PathPattern::default()));
        }
        let Some(plugin) = self.argument(0) else { return Vec::new() };
        let mut plugins = evaluation.expr(&plugin);
        for plugin in &mut plugins {
            if let Value::Module(file) = plugin.value {
                let at = self.event.at(self.scripts);
                let exported = evaluation.export(file, "default", at, 0).into_iter().next();
                plugin.value = exported.map_or(Value::Nothing, |exported| exported.value);
            }
        }
        let steps = plugins.into_iter().filter_map(|plugin| match plugin.value {
            Value::Function(file, function, _) => {
                Some(Step::Mounts(paths.clone(), Owner::Parameter(file, function, 0)))
            }
            Value::External(package, export) | Value::Made(package, export, _) => {
                servers::may_answer(&package, &export)
                    .then(|| Step::Unknown(paths.clone(), format!("`{package}` answers there")))
            }
            _ => Some(Step::Unknown(paths.clone(), "the plugin is not known".to_owned())),
        });
        steps.collect()
    }

    /// `app.use("/path", middleware, router)`
    fn uses(&self) -> Vec<Step> {
        let mut evaluation = self.evaluation();
        let mut paths = Vec::new();
        let mut handlers = self.arguments;
        if let Some((&first, rest)) = self.arguments.split_first() {
            for value in evaluation.expr(&self.event.site.beside(first)) {
                self.add_paths(&mut evaluation, &value.value, &mut paths);
            }
            if !paths.is_empty() {
                handlers = rest;
            }
        }
        let has_prefix = paths.iter().any(|path| !matches!(path, Path::Known(path) if is_root(path)));
        if paths.is_empty() {
            paths.push(Path::Known(PathPattern::default()));
        }
        let mut steps = Vec::new();
        for (index, &handler) in handlers.iter().enumerate() {
            let site = self.event.site.beside(handler);
            let is_last = index + 1 == handlers.len();
            let each: Vec<Site> = match &self.module[handler].kind {
                ExprKind::Array(elements) => elements.iter().map(|&element| site.beside(element)).collect(),
                _ => vec![site],
            };
            for site in each {
                if let Some(child) = owner_of(self.scripts, &site) {
                    steps.push(Step::Mounts(paths.clone(), child));
                    continue;
                }
                let handler = Handler::of(self.scripts, &site);
                if handler.ends_requests() && is_last && has_prefix {
                    let under = paths.iter().filter_map(|path| match path {
                        Path::Known(path) => below(path).map(Path::Known),
                        Path::Below(_) => None,
                    });
                    let all = paths.iter().cloned().chain(under).collect();
                    steps.push(Step::Answers(all, Answers::Requests(Methods::Any)));
                } else if handler.may_answer() {
                    steps.push(Step::Unknown(paths.clone(), handler.why()));
                }
            }
        }
        steps
    }

    /// The paths that an argument names.
    fn paths(&self, index: usize) -> Vec<Path> {
        let Some(site) = self.argument(index) else { return Vec::new() };
        let mut evaluation = self.evaluation();
        let mut paths = Vec::new();
        for value in evaluation.expr(&site) {
            self.add_paths(&mut evaluation, &value.value, &mut paths);
        }
        if paths.is_empty() {
            // A handler without a path, or what is not known.
            paths.push(Path::Below(PathPattern::everything()));
        }
        paths
    }

    /// Adds the paths that a value is: none for what is no path.
    fn add_paths(&self, evaluation: &mut Evaluation<'_>, value: &Value, paths: &mut Vec<Path>) {
        match value {
            Value::Text(text) => paths.push(written::path_of(text, self.dialect)),
            Value::Pattern(_) => paths.push(Path::Below(PathPattern::everything())),
            Value::Array(array) => {
                let elements: Vec<Case> = evaluation.elements(array);
                // Middleware in an array is no path.
                for element in elements
                    .iter()
                    .filter(|element| matches!(element.value, Value::Text(_) | Value::Pattern(_)))
                {
                    self.add_paths(evaluation, &element.value, paths);
                }
            }
            _ => {}
        }
    }

    fn methods_at(&self, index: usize) -> Methods {
        let mut evaluation = self.evaluation();
        let given = self.argument(index).map(|site| evaluation.expr(&site)).unwrap_or_default();
        methods_of(&mut evaluation, given)
    }
}

/// The methods that values name.
fn methods_of(evaluation: &mut Evaluation<'_>, given: Vec<Case>) -> Methods {
    let mut names = Vec::new();
    let mut values: Vec<Value> = given.into_iter().map(|case| case.value).collect();
    if let [Value::Array(array)] = values.as_slice() {
        values = evaluation.elements(array).into_iter().map(|case| case.value).collect();
    }
    for value in values {
        match value {
            Value::Text(text) if text.known().is_some() => {
                names.extend(text.known().map(|name| name.to_ascii_uppercase()));
            }
            _ => return Methods::Any,
        }
    }
    if names.is_empty() { Methods::Any } else { Methods::Only(names) }
}
