//! One call that registers something: the paths and what answers there, or what is mounted.

use policy_http::path::PathPattern;
use policy_http::served::{Answers, Methods};

use super::super::evaluation::Evaluation;
use super::super::modules::Scripts;
use super::super::value::{Case, Site, Value};
use super::events::{Event, Owner, owner_of};
use super::handler::{Handlers, Role};
use super::step::{Path, Step, below, is_open, is_root, joined};
use super::written;
use crate::parse::Module;
use crate::parse::syntax::{ExprId, ExprKind};
use crate::servers::{Dialect, packages};

/// Hooks of Fastify that come when nothing can be answered any more, or that no request reaches.
const SILENT_HOOKS: [&str; 9] = [
    "onResponse",
    "onTimeout",
    "onError",
    "onRequestAbort",
    "onReady",
    "onListen",
    "onClose",
    "preClose",
    "onRegister",
];

/// Plug-ins that are wrapped in each other.
const MAX_WRAPPED: usize = 4;

/// A call of a method that registers something.
pub(super) struct Registered<'r> {
    pub(super) scripts: &'r Scripts<'r>,
    pub(super) handlers: &'r Handlers<'r>,
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
            ("route" | "basePath", _) => self.narrows(),
            ("register", Dialect::Fastify) => self.plugin(),
            ("register", Dialect::Koa) => self.handles(self.methods_at(1), self.paths(0), 2),
            ("on", Dialect::Hono) => self.handles(self.methods_at(0), self.paths(1), 2),
            ("mount", _) => {
                vec![Step::Unknown(self.paths(0), "another application answers there".to_owned())]
            }
            ("addHook", _) => self.hook(),
            ("notFound", Dialect::Hono) => self.answers_all(0, Role::Last(Dialect::Hono)),
            ("onError", Dialect::Hono) => self.answers_all(0, Role::Errors(Dialect::Hono)),
            ("setErrorHandler", _) => self.answers_all(0, Role::Errors(Dialect::Fastify)),
            ("setNotFoundHandler", _) => {
                self.answers_all(self.arguments.len().saturating_sub(1), Role::Last(Dialect::Fastify))
            }
            // The prefix of a router of Koa counts for all that is registered with it, and is looked for before.
            ("register" | "on" | "openapi" | "addRoute" | "notFound" | "onError" | "prefix", _) => Vec::new(),
            (verb, _) => self.verb(verb, route),
        }
    }

    /// `fastify.addHook("onRequest", function)`
    fn hook(&self) -> Vec<Step> {
        let names = self.argument(0).map(|name| self.evaluation().expr(&name)).unwrap_or_default();
        let answers_none = |name: &Case| match &name.value {
            Value::Text(text) => text.known().is_some_and(|known| SILENT_HOOKS.contains(&&*known)),
            _ => false,
        };
        if names.iter().all(answers_none) { Vec::new() } else { self.answers_all(1, Role::Hook) }
    }

    /// A function that every request may reach.
    fn answers_all(&self, index: usize, role: Role) -> Vec<Step> {
        let Some(site) = self.argument(index) else { return Vec::new() };
        let handler = self.handlers.at(&site, role);
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
            return self.handles(methods, vec![Path::Known(PathPattern::default())], 0);
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
        let first = usize::from(is_named);
        let paths = self.paths(first);
        if verb == "ws" || self.wants_sockets() {
            return vec![Step::Answers(paths, Answers::Sockets)];
        }
        self.handles(methods, paths, first + 1)
    }

    /// Whether the options of a route of Fastify ask for a socket.
    fn wants_sockets(&self) -> bool {
        let Some(options) = self.argument(1).filter(|_| self.dialect == Dialect::Fastify) else {
            return false;
        };
        let values = self.evaluation().option(&options, "websocket");
        values.iter().any(|value| matches!(value.value, Value::Bool(true)))
    }

    /// Handlers at these paths, from this argument on. One for every path does not say what it answers: it may say that nothing
    /// is there.
    fn handles(&self, methods: Methods, paths: Vec<Path>, from: usize) -> Vec<Step> {
        let (open, known): (Vec<Path>, Vec<Path>) = paths.into_iter().partition(is_open);
        let mut steps = Vec::new();
        if !known.is_empty() {
            steps.push(Step::Answers(known, Answers::Requests(methods)));
        }
        if open.is_empty() {
            return steps;
        }
        let may_answer = match self.dialect {
            // Options stand before the handler, or all in one.
            Dialect::Fastify => {
                let last = self.arguments.len().checked_sub(1).and_then(|last| self.argument(last));
                last.is_none_or(|last| self.handlers.at(&last, Role::Last(self.dialect)).may_answer())
            }
            dialect => {
                let handlers = (from..self.arguments.len()).filter_map(|index| self.argument(index));
                let mut handlers = handlers.peekable();
                handlers.peek().is_none()
                    || handlers.any(|site| self.handlers.at(&site, Role::Middleware(dialect)).may_answer())
            }
        };
        if may_answer {
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
        self.handles(methods, paths, 0)
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
        let mut steps = Vec::new();
        self.add_plugin(&mut evaluation, &plugin, &paths, &mut steps, MAX_WRAPPED);
        steps
    }

    fn add_plugin(
        &self,
        evaluation: &mut Evaluation<'_>,
        plugin: &Site,
        paths: &[Path],
        steps: &mut Vec<Step>,
        depth: usize,
    ) {
        let unknown = |why: String| Step::Unknown(paths.to_vec(), why);
        for plugin in evaluation.expr(plugin) {
            let plugin = match plugin.value {
                Value::Module(file) => {
                    let at = self.event.at(self.scripts);
                    let exported = evaluation.export(file, "default", at, 0).into_iter().next();
                    exported.map_or(Value::Nothing, |exported| exported.value)
                }
                value => value,
            };
            match plugin {
                Value::Function(file, function, _) => {
                    steps.push(Step::Mounts(paths.to_vec(), Owner::Parameter(file, function, 0)));
                }
                Value::Made(package, _, made) if &*package == "fastify-plugin" && depth > 0 => {
                    let module = self.scripts.module(made.file);
                    let call = module.and_then(|module| module.invocation(made.expr));
                    match call.and_then(|call| call.arguments.first()) {
                        // It registers with the very application, whatever the prefix.
                        Some(&inner) => {
                            let root = [Path::Known(PathPattern::default())];
                            self.add_plugin(evaluation, &made.beside(inner), &root, steps, depth - 1);
                        }
                        None => steps.push(unknown("the plugin is not known".to_owned())),
                    }
                }
                Value::External(package, export) | Value::Made(package, export, _) => {
                    if !packages::passes_on(&package, &export) {
                        steps.push(unknown(format!("`{package}` may answer there")));
                    }
                }
                _ => steps.push(unknown("the plugin is not known".to_owned())),
            }
        }
    }

    /// `app.use("/path", middleware, router)`
    fn uses(&self) -> Vec<Step> {
        let mut evaluation = self.evaluation();
        let mut paths = Vec::new();
        let mut handlers = self.arguments;
        if let Some((&first, rest)) = self.arguments.split_first() {
            self.add_all_paths(&mut evaluation, &self.event.site.beside(first), &mut paths);
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
            for site in self.each_handler(&site, MAX_WRAPPED) {
                match self.mounted_by_koa(&site) {
                    Some((inner, site)) => {
                        let paths: Vec<Path> =
                            paths.iter().flat_map(|path| below_both(path, &inner)).collect();
                        self.add_use(&site, &paths, true, &mut steps);
                    }
                    None => self.add_use(&site, &paths, is_last && has_prefix, &mut steps),
                }
            }
        }
        steps
    }

    /// The handlers that one argument holds: those of a list, and those that a package puts together.
    fn each_handler(&self, site: &Site, depth: usize) -> Vec<Site> {
        let Some(module) = self.scripts.module(site.file).filter(|_| depth > 0) else {
            return vec![site.clone()];
        };
        let inner = |elements: &[ExprId]| -> Vec<Site> {
            elements.iter().flat_map(|&element| self.each_handler(&site.beside(element), depth - 1)).collect()
        };
        match &module[site.expr].kind {
            ExprKind::Array(elements) => inner(elements),
            ExprKind::Call(callee, arguments) if self.is_of_package(&site.beside(*callee), "koa-compose") => {
                inner(arguments)
            }
            _ => vec![site.clone()],
        }
    }

    fn is_of_package(&self, callee: &Site, name: &str) -> bool {
        let callees = self.evaluation().expr(callee);
        callees
            .iter()
            .any(|callee| matches!(&callee.value, Value::External(package, _) if **package == *name))
    }

    /// What `mount("/path", application)` of Koa mounts, and where.
    fn mounted_by_koa(&self, site: &Site) -> Option<(Vec<Path>, Site)> {
        let module = self.scripts.module(site.file)?;
        let ExprKind::Call(callee, arguments) = &module[site.expr].kind else { return None };
        if self.dialect != Dialect::Koa || !self.is_of_package(&site.beside(*callee), "koa-mount") {
            return None;
        }
        let (mounted, before) = arguments.split_last()?;
        let mut paths = Vec::new();
        match before.first() {
            None => paths.push(Path::Known(PathPattern::default())),
            Some(&path) => {
                let mut evaluation = self.evaluation();
                self.add_all_paths(&mut evaluation, &site.beside(path), &mut paths);
                if paths.is_empty() {
                    paths.push(Path::Below(PathPattern::everything()));
                }
            }
        }
        Some((paths, site.beside(*mounted)))
    }

    /// Adds what one handler does below these paths. `ends`: nothing comes after it there.
    fn add_use(&self, site: &Site, paths: &[Path], ends: bool, steps: &mut Vec<Step>) {
        if let Some(child) = owner_of(self.scripts, site) {
            steps.push(Step::Mounts(paths.to_vec(), child));
            return;
        }
        let handler = self.handlers.at(site, Role::Middleware(self.dialect));
        if handler.ends_requests() && ends {
            let under = paths.iter().filter_map(|path| match path {
                Path::Known(path) => below(path).map(Path::Known),
                Path::Below(_) => None,
            });
            let all = paths.iter().cloned().chain(under).collect();
            steps.push(Step::Answers(all, Answers::Requests(Methods::Any)));
        } else if handler.may_answer() {
            steps.push(Step::Unknown(paths.to_vec(), handler.why()));
        }
    }

    /// The paths that an argument names.
    fn paths(&self, index: usize) -> Vec<Path> {
        let Some(site) = self.argument(index) else { return Vec::new() };
        let mut evaluation = self.evaluation();
        let mut paths = Vec::new();
        self.add_all_paths(&mut evaluation, &site, &mut paths);
        if paths.is_empty() {
            // A handler without a path, or what is not known.
            paths.push(Path::Below(PathPattern::everything()));
        }
        paths
    }

    /// Adds the paths that an expression may be. Where some of them are known and some are not, it may be any.
    fn add_all_paths(&self, evaluation: &mut Evaluation<'_>, site: &Site, paths: &mut Vec<Path>) {
        let before = paths.len();
        let values = evaluation.expr(site);
        for value in &values {
            self.add_paths(evaluation, &value.value, paths);
        }
        if paths.len() > before && values.iter().any(|value| matches!(value.value, Value::Unknown(..))) {
            paths.push(Path::Below(PathPattern::everything()));
        }
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

/// Each path of `inner` below `path`.
fn below_both(path: &Path, inner: &[Path]) -> Vec<Path> {
    let (Path::Known(start) | Path::Below(start)) = path;
    let both = inner.iter().map(|inner| match (path, inner) {
        (Path::Known(_), Path::Known(end)) => joined(start, end).map(Path::Known),
        (Path::Known(_), Path::Below(end)) => joined(start, end).map(Path::Below),
        (Path::Below(_), _) => None,
    });
    both.map(|path| path.unwrap_or_else(|| Path::Below(PathPattern::everything()))).collect()
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
