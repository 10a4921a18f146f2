//! What the code that starts an application of Nest says about all of its paths.

use policy_http::path::PathPattern;
use policy_text::source::{FileId, Span};

use super::super::super::evaluation::Evaluation;
use super::super::super::value::{Case, Env, Site, Value};
use super::super::Serving;
use super::super::events::reachable;
use super::super::written::{self, Written};
use crate::parse::syntax::{ExprId, ExprKind};
use crate::servers::Dialect;

/// What the code that starts an application says about all of its paths.
#[derive(Default)]
pub(super) struct Settings {
    /// The prefix with the call that sets it, and the paths that go without it.
    pub(super) prefix: Option<(PathPattern, Span)>,
    pub(super) excluded: Vec<PathPattern>,
    /// What goes before the version in a path, and the versions of what names none. `None` where paths have no version.
    pub(super) versions: Option<Versions>,
    /// Whether gateways take plain sockets.
    pub(super) plain_sockets: bool,
}

pub(super) struct Versions {
    pub(super) prefix: String,
    pub(super) default: Vec<String>,
}

/// What the modules that the one in `entry` leads to say. `None` where that is not known: then everything is unknown.
pub(super) fn settings(program: &mut Serving<'_>, entry: FileId) -> Option<Settings> {
    let scripts = program.scripts;
    let mut settings = Settings::default();
    for file in reachable(scripts, entry) {
        let Some(module) = scripts.module(file) else { continue };
        settings.plain_sockets |=
            module.page_requests().iter().any(|request| &*request.specifier == "@nestjs/platform-ws");
        for candidate in &module.candidates {
            let ExprKind::Call(callee, arguments) = &module[candidate.expr].kind else { continue };
            let ExprKind::Member(_, name) = &module[*callee].kind else { continue };
            let site = Site { file, expr: candidate.expr, env: Env::default() };
            let at = Span::new(file, module[candidate.expr].range());
            let everything = PathPattern::everything();
            let mut evaluation = Evaluation::of_server(scripts);
            match &**name {
                "setGlobalPrefix" => {
                    let given = evaluation.argument(&site, arguments, 0);
                    let [only] = given.as_slice() else {
                        program.unknown(everything, at, "the prefix of all paths is not written out");
                        return None;
                    };
                    let Some(prefix) = known(&only.value).filter(|_| settings.prefix.is_none()) else {
                        program.unknown(everything, at, "the prefix of all paths is not written out");
                        return None;
                    };
                    settings.prefix = Some((prefix, at));
                    if let Some(&options) = arguments.get(1) {
                        for list in evaluation.option(&site.beside(options), "exclude") {
                            if let Some(paths) = excluded(&mut evaluation, &list.value, at) {
                                settings.excluded.extend(paths);
                            } else {
                                let why = "the paths without the prefix of all paths are not written out";
                                program.unknown(PathPattern::everything(), at, why);
                            }
                        }
                    }
                }
                "enableVersioning" => settings.versions = versions(&mut evaluation, &site, arguments),
                "useStaticAssets" => {
                    let below = files_below(&mut evaluation, &site, arguments);
                    program.unknown(below.unwrap_or(everything), at, "it serves files");
                }
                "setup" => {
                    let callees = evaluation.expr(&site.beside(*callee));
                    let is_swagger = callees.iter().any(|callee| {
                        matches!(&callee.value, Value::External(package, _) if package.contains("swagger"))
                    });
                    if is_swagger {
                        let paths = evaluation.argument(&site, arguments, 0);
                        let path = paths.iter().find_map(|path| known(&path.value));
                        let all = path.and_then(|path| path.then(&PathPattern::everything()));
                        program.unknown(all.unwrap_or(everything), at, "it serves the documentation");
                    }
                }
                _ => {}
            }
        }
    }
    Some(settings)
}

/// Below which path files are served, where options say so: `{ prefix: "/uploads/" }`.
fn files_below(evaluation: &mut Evaluation<'_>, site: &Site, arguments: &[ExprId]) -> Option<PathPattern> {
    let options = site.beside(*arguments.get(1)?);
    let prefixes = evaluation.option(&options, "prefix");
    let [only] = prefixes.as_slice() else { return None };
    known(&only.value)?.then(&PathPattern::everything())
}

/// The path that a value is, with a slash before it.
pub(super) fn known(value: &Value) -> Option<PathPattern> {
    let Value::Text(text) = value else { return None };
    match written::written(&text.known()?, Dialect::Express) {
        Written::Known(path) => Some(path.without_last_slash()),
        Written::Below(_) => None,
    }
}

/// The paths in a list of those that go without the prefix. `None` where one of them is a pattern, or not known.
fn excluded(evaluation: &mut Evaluation<'_>, list: &Value, at: Span) -> Option<Vec<PathPattern>> {
    let Value::Array(array) = list else { return None };
    let elements = evaluation.elements(array);
    let mut paths = Vec::new();
    for element in elements {
        let values = match &element.value {
            Value::Object(_) => evaluation.property(&element.value, "path", at),
            _ => vec![element],
        };
        for value in values {
            let Value::Text(text) = &value.value else { return None };
            let path = text.known().filter(|path| !path.contains(['*', '(', '{', '?', '+']))?;
            match written::written(&path, Dialect::Express) {
                Written::Known(path) => paths.push(path),
                Written::Below(_) => return None,
            }
        }
    }
    Some(paths)
}

/// What `enableVersioning` says. `None` where the version is no part of paths.
fn versions(evaluation: &mut Evaluation<'_>, site: &Site, arguments: &[ExprId]) -> Option<Versions> {
    let Some(&options) = arguments.first() else {
        return Some(Versions { prefix: "v".to_owned(), default: Vec::new() });
    };
    let options = site.beside(options);
    let kinds = evaluation.option(&options, "type");
    let in_path = kinds.iter().all(|kind| match &kind.value {
        Value::External(_, name) => name.ends_with(".URI"),
        Value::Number(number) => number.known().is_some_and(|number| number == "0"),
        _ => false,
    });
    let prefixes = evaluation.option(&options, "prefix");
    let prefix = match prefixes.first().map(|prefix| &prefix.value) {
        None => "v".to_owned(),
        Some(Value::Bool(false)) => String::new(),
        Some(Value::Text(text)) => text.known()?.into_owned(),
        Some(_) => return None,
    };
    let given = evaluation.option(&options, "defaultVersion");
    in_path.then_some(Versions { prefix, default: texts(evaluation, &given) })
}

/// The texts that values are, and that lists among them hold.
pub(super) fn texts(evaluation: &mut Evaluation<'_>, values: &[Case]) -> Vec<String> {
    let texts = values.iter().flat_map(|value| match &value.value {
        Value::Text(text) | Value::Number(text) => {
            text.known().map(std::borrow::Cow::into_owned).into_iter().collect()
        }
        Value::Array(array) => {
            let elements = evaluation.elements(array);
            texts(evaluation, &elements)
        }
        _ => Vec::new(),
    });
    texts.collect()
}
