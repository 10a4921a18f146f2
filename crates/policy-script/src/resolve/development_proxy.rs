//! Proxies of development servers: the paths that they send to a backend, as whoever develops sees the application.

use policy_http::path::PathPattern;
use policy_text::source::{FileId, Span};
use policy_text::value::Text;

use super::evaluation::Evaluation;
use super::modules::Scripts;
use super::value::{Env, Site, Value};
use crate::parse::Module;
use crate::parse::syntax::{ExprId, ExprKind, FunctionId, Property};

/// Paths that a development server sends elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct DevelopmentProxy {
    /// The paths, as a browser asks for them.
    pub paths: PathPattern,
    /// Where they are written.
    pub at: Span,
    /// The addresses that they can be sent to.
    pub targets: Vec<Text>,
    /// What becomes of a path on the way.
    pub rewrite: Rewrite,
}

/// What becomes of a path on its way through a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rewrite {
    /// It stays as it is.
    None,
    /// This beginning is taken off.
    Strips(String),
    /// It may become anything.
    Unknown,
}

/// Configurations that hold such proxies, by the beginnings of their names.
const CONFIGURATIONS: [&str; 8] = [
    "vite.config.",
    "vue.config.",
    "webpack.",
    "rsbuild.config.",
    "rspack.config.",
    "craco.config.",
    "proxy.conf.",
    "setupProxy.",
];

/// The properties under which a configuration keeps its development server.
const SERVERS: [&str; 2] = ["server", "devServer"];

/// The proxies of all development servers, in the order of places. Nothing of them is known before it is asked for.
pub fn development_proxies(scripts: &Scripts<'_>) -> Vec<DevelopmentProxy> {
    let files = scripts.sources().files();
    let files =
        files.filter(|(_, path)| CONFIGURATIONS.iter().any(|name| path.file_name().starts_with(name)));
    let mut proxies = Vec::new();
    for (file, path) in files {
        let Some(module) = scripts.module(file) else { continue };
        let reader = Reader { scripts, file, module };
        if path.file_name().starts_with("proxy.conf.") {
            proxies.extend(reader.whole());
        } else if path.file_name().starts_with("setupProxy.") {
            proxies.extend(reader.middleware());
        } else {
            proxies.extend(reader.servers());
        }
    }
    proxies.sort_by_key(|proxy| proxy.at);
    proxies.dedup();
    proxies
}

struct Reader<'r> {
    scripts: &'r Scripts<'r>,
    file: FileId,
    module: &'r Module,
}

impl Reader<'_> {
    fn site(&self, expr: ExprId) -> Site {
        Site { file: self.file, expr, env: Env::default() }
    }

    /// The tables of `server: { proxy }` and `devServer: { proxy }`.
    fn servers(&self) -> Vec<DevelopmentProxy> {
        let objects = self.module.exprs.iter().filter_map(|expr| match &expr.kind {
            ExprKind::Object(properties) => Some(properties),
            _ => None,
        });
        let named = objects.flatten().filter_map(|property| match property {
            Property::Value(name, value) if SERVERS.contains(&&**name) => Some(*value),
            _ => None,
        });
        named
            .flat_map(|server| {
                let tables = Evaluation::of_server(self.scripts).option(&self.site(server), "proxy");
                tables.into_iter().flat_map(|table| self.table(&table.value)).collect::<Vec<_>>()
            })
            .collect()
    }

    /// The table that a file of Angular is.
    fn whole(&self) -> Vec<DevelopmentProxy> {
        let exported = self.module.whole_export.or_else(|| {
            self.module.exports.get("default").and_then(|export| match export {
                crate::parse::syntax::Export::Local(value) => Some(*value),
                crate::parse::syntax::Export::From(..) => None,
            })
        });
        let Some(exported) = exported else { return Vec::new() };
        let values = Evaluation::of_server(self.scripts).expr(&self.site(exported));
        values.into_iter().flat_map(|value| self.table(&value.value)).collect()
    }

    /// What a table gives: an object by paths, or a list of proxies with their `context`.
    fn table(&self, table: &Value) -> Vec<DevelopmentProxy> {
        match table {
            Value::Object(site) => {
                let Some(module) = self.scripts.module(site.file) else { return Vec::new() };
                let ExprKind::Object(properties) = &module[site.expr].kind else { return Vec::new() };
                let entries = properties.iter().filter_map(|property| match property {
                    Property::Value(path, options) => {
                        let at = Span::new(site.file, module[*options].range());
                        self.proxy(path, at, &site.beside(*options))
                    }
                    _ => None,
                });
                entries.collect()
            }
            Value::Array(array) => {
                let Some(module) = self.scripts.module(array.file) else { return Vec::new() };
                let ExprKind::Array(elements) = &module[array.expr].kind else { return Vec::new() };
                elements.iter().flat_map(|&element| self.entry(&array.beside(element))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// `{ context: ["/api"], target }`
    fn entry(&self, options: &Site) -> Vec<DevelopmentProxy> {
        let mut evaluation = Evaluation::of_server(self.scripts);
        let at = evaluation.span(options);
        let mut contexts = Vec::new();
        for context in evaluation.option(options, "context") {
            match &context.value {
                Value::Array(array) => contexts.extend(evaluation.elements(array)),
                _ => contexts.push(context),
            }
        }
        let paths = contexts.iter().filter_map(|context| match &context.value {
            Value::Text(text) => text.known().map(std::borrow::Cow::into_owned),
            _ => None,
        });
        paths.filter_map(|path| self.proxy(&path, at, options)).collect()
    }

    /// `app.use("/api", createProxyMiddleware({ target }))`, and the same with the path in the options.
    fn middleware(&self) -> Vec<DevelopmentProxy> {
        let mut proxies = Vec::new();
        for candidate in &self.module.candidates {
            let ExprKind::Call(callee, arguments) = &self.module[candidate.expr].kind else { continue };
            let at = Span::new(self.file, self.module[candidate.expr].range());
            let given = match (self.module.last_name(*callee), arguments.as_slice()) {
                (Some("use"), [path, made]) => match &self.module[*made].kind {
                    ExprKind::Call(_, options) => options.first().map(|options| (*path, *options)),
                    _ => None,
                },
                (Some("createProxyMiddleware" | "proxy"), [path, options]) => Some((*path, *options)),
                _ => None,
            };
            let Some((path, options)) = given else { continue };
            if let ExprKind::String(path) = &self.module[path].kind {
                proxies.extend(self.proxy(path, at, &self.site(options)));
            }
        }
        proxies
    }

    /// What is sent on whose paths begin like this. `None` for an expression that is no plain beginning.
    fn proxy(&self, path: &str, at: Span, options: &Site) -> Option<DevelopmentProxy> {
        let plain = path.trim_start_matches('^').trim_end_matches(['*', '/']);
        let is_plain = plain.starts_with('/')
            && plain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~'));
        let paths = PathPattern::prefix(plain).filter(|_| is_plain)?;
        let mut evaluation = Evaluation::of_server(self.scripts);
        let mut targets = Vec::new();
        for value in evaluation.expr(options) {
            match &value.value {
                Value::Text(text) => targets.push(text.clone()),
                Value::Object(_) => {
                    let given = evaluation.property(&value.value, "target", at);
                    targets.extend(given.iter().map(|target| target.value.to_text(at)));
                }
                _ => {}
            }
        }
        let mut rewrites = evaluation.option(options, "rewrite");
        rewrites.extend(evaluation.option(options, "pathRewrite"));
        let rewrite = match rewrites.as_slice() {
            [] => Rewrite::None,
            [only] => stripped(self.scripts, &only.value).map_or(Rewrite::Unknown, Rewrite::Strips),
            _ => Rewrite::Unknown,
        };
        Some(DevelopmentProxy { paths, at, targets, rewrite })
    }
}

/// The beginning that a rewrite takes off: `(path) => path.replace(/^\/api/, "")`, `{ "^/api": "" }`.
fn stripped(scripts: &Scripts<'_>, rewrite: &Value) -> Option<String> {
    match rewrite {
        Value::Function(file, function, _) => replaced(scripts.module(*file)?, *function),
        Value::Object(site) => {
            let module = scripts.module(site.file)?;
            let ExprKind::Object(properties) = &module[site.expr].kind else { return None };
            let [Property::Value(pattern, put)] = properties.as_slice() else { return None };
            let ExprKind::String(put) = &module[*put].kind else { return None };
            beginning(pattern, put)
        }
        _ => None,
    }
}

fn replaced(module: &Module, function: FunctionId) -> Option<String> {
    let [(value, _)] = module[function].returns.as_slice() else { return None };
    let ExprKind::Call(callee, arguments) = &module[*value].kind else { return None };
    let ExprKind::Member(_, name) = &module[*callee].kind else { return None };
    let [pattern, put] = arguments.as_slice() else { return None };
    let ExprKind::String(put) = &module[*put].kind else { return None };
    if &**name != "replace" {
        return None;
    }
    match &module[*pattern].kind {
        ExprKind::Regex(pattern) => beginning(&pattern.replace("\\/", "/"), put),
        ExprKind::String(text) if put.is_empty() => Some(text.to_string()),
        _ => None,
    }
}

/// The plain text that a pattern takes off the beginning of a path, where nothing but a slash is put in its place.
fn beginning(pattern: &str, put: &str) -> Option<String> {
    let plain = pattern.strip_prefix('^')?;
    let is_plain = plain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_'));
    let strips = put.is_empty() || (put == "/" && plain.ends_with('/'));
    (is_plain && strips).then(|| plain.trim_end_matches('/').to_owned())
}
