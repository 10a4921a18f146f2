//! The routes of Next: its two folders of routes, the files of the site, and what its configuration changes.

use policy_http::path::PathPattern;
use policy_http::served::{Answers, Methods};
use policy_text::source::{FileId, Span};

use super::super::super::evaluation::Evaluation;
use super::super::super::value::{Env, Site, Value};
use super::super::written::{self, Written};
use super::names::{next_segment, patterns};
use super::{MODULES, Project};
use crate::parse::syntax::ExprKind;
use crate::servers::Dialect;

/// Files of the app folder of Next that become files of the site, by what they are called without an extension.
const OF_METADATA: [(&str, &str); 9] = [
    ("robots", "/robots.txt"),
    ("sitemap", "/sitemap"),
    ("manifest", "/manifest"),
    ("favicon", "/favicon"),
    ("icon", "/icon"),
    ("apple-icon", "/apple-icon"),
    ("opengraph-image", "/opengraph-image"),
    ("twitter-image", "/twitter-image"),
    ("llms", "/llms"),
];

impl Project<'_> {
    pub(super) fn next(&mut self) {
        let base = self.next_configuration();
        for above in ["", "src"] {
            let pages = self.below_package(above, "pages");
            let app = self.below_package(above, "app");
            for (file, names) in self.routes(app.as_ref()) {
                let Some((name, folders)) = names.split_last() else { continue };
                let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
                let is_module = MODULES.contains(&extension);
                let paths = patterns(folders, next_segment);
                match stem {
                    "route" if is_module => {
                        let methods = self.exported_methods(file);
                        self.add(&base, paths, &Answers::Requests(methods), file);
                    }
                    "page" if is_module || extension == "mdx" => self.add(&base, paths, &Answers::Page, file),
                    _ => {
                        let file_of_site = OF_METADATA.iter().find(|(own, _)| stem.starts_with(own));
                        for path in file_of_site.map(|_| paths).unwrap_or_default() {
                            let named =
                                file_of_site.and_then(|(_, name)| path.then(&PathPattern::prefix(name)?));
                            self.unknown(
                                &base,
                                &named.unwrap_or(path),
                                Span::start_of(file),
                                "Next makes a file of it",
                            );
                        }
                    }
                }
            }
            for (file, names) in self.routes(pages.as_ref()) {
                let Some((name, folders)) = names.split_last() else { continue };
                let Some((stem, extension)) = name.split_once('.') else { continue };
                if !MODULES.contains(&extension) || stem.starts_with('_') || matches!(stem, "404" | "500") {
                    continue;
                }
                let is_handler = folders.first() == Some(&"api") || (folders.is_empty() && stem == "api");
                let mut segments = folders.to_vec();
                if stem != "index" {
                    segments.push(stem);
                }
                let answers = if is_handler { Answers::Requests(Methods::Any) } else { Answers::Page };
                self.add(&base, patterns(&segments, next_segment), &answers, file);
            }
        }
        self.files_of_site(&base, "public");
        let assets = PathPattern::prefix("/_next/").unwrap_or_default();
        self.unknown(&base, &assets, self.at(), "Next serves its own files there");
        let middleware = ["middleware", "src/middleware", "proxy", "src/proxy"].iter().find_map(|stem| {
            let named =
                |extension: &&str| self.sources.find(&self.folder.join(&format!("{stem}.{extension}"))?);
            MODULES.iter().find_map(named)
        });
        if let Some(file) =
            middleware.filter(|&file| self.scripts.mentions(file, [".rewrite(", "new Response("]))
        {
            self.unknown(
                &base,
                &PathPattern::everything(),
                Span::start_of(file),
                "middleware answers or rewrites requests",
            );
        }
    }

    /// The `basePath` of Next; what its rewrites take is unknown.
    fn next_configuration(&mut self) -> PathPattern {
        let Some(file) = self.configuration("next.config") else { return PathPattern::default() };
        let at = Span::start_of(file);
        let Some(values) = self.exported(file) else {
            self.unknown(
                &PathPattern::default(),
                &PathPattern::everything(),
                at,
                "the configuration is not written out",
            );
            return PathPattern::default();
        };
        let mut base = PathPattern::default();
        for value in values {
            let mut evaluation = Evaluation::of_server(self.scripts);
            for given in evaluation.property(&value, "basePath", at) {
                match &given.value {
                    Value::Text(text) if text.known().is_some() => {
                        base = text.known().and_then(|path| PathPattern::literal(&path)).unwrap_or_default();
                    }
                    Value::Nothing => {}
                    _ => self.unknown(
                        &PathPattern::default(),
                        &PathPattern::everything(),
                        at,
                        "`basePath` is not written out",
                    ),
                }
            }
            let i18n = evaluation.property(&value, "i18n", at);
            if i18n.iter().any(|given| !matches!(given.value, Value::Nothing)) {
                self.unknown(
                    &PathPattern::default(),
                    &PathPattern::everything(),
                    at,
                    "paths begin with a language",
                );
            }
            for table in ["rewrites", "redirects"] {
                for given in evaluation.property(&value, table, at) {
                    self.sources_of(&mut evaluation, &given.value, at, &base);
                }
            }
        }
        base
    }

    /// Makes the paths unknown that a table of rewrites takes.
    fn sources_of(&mut self, evaluation: &mut Evaluation<'_>, table: &Value, at: Span, base: &PathPattern) {
        let why = "a rewrite sends it elsewhere";
        match table {
            Value::Nothing => {}
            Value::Function(file, function, env) => {
                for returned in evaluation.call_function(*file, *function, env, Vec::new(), at) {
                    if !matches!(returned.value, Value::Function(..)) {
                        self.sources_of(evaluation, &returned.value, at, base);
                    }
                }
            }
            Value::Object(_) => {
                for part in ["beforeFiles", "afterFiles", "fallback"] {
                    for list in evaluation.property(table, part, at) {
                        self.sources_of(evaluation, &list.value, at, base);
                    }
                }
            }
            Value::Array(array) => {
                for entry in evaluation.elements(array) {
                    let sources = evaluation.property(&entry.value, "source", at);
                    let known = sources.iter().find_map(|source| match &source.value {
                        Value::Text(text) => text.known().map(|path| written::written(&path, Dialect::Koa)),
                        _ => None,
                    });
                    let place = sources.first().and_then(|source| match &source.value {
                        Value::Text(text) => text.place(),
                        _ => None,
                    });
                    let below = match known {
                        Some(Written::Known(path) | Written::Below(path)) => path,
                        None => PathPattern::everything(),
                    };
                    self.unknown(base, &below, place.unwrap_or(at), why);
                }
            }
            _ => self.unknown(base, &PathPattern::everything(), at, why),
        }
    }

    /// What a configuration exports, without the plugins around it. `None` where that is not followed.
    fn exported(&self, file: FileId) -> Option<Vec<Value>> {
        let module = self.scripts.module(file)?;
        let mut expr = module.exported_value()?;
        let mut evaluation = Evaluation::of_server(self.scripts);
        for _ in 0..8 {
            let values = evaluation.expr(&Site { file, expr, env: Env::default() });
            if values.iter().all(|value| matches!(value.value, Value::Object(_))) {
                return Some(values.into_iter().map(|value| value.value).collect());
            }
            // `withPlugin(config)`, `withPlugin(options)(config)`
            let ExprKind::Call(_, arguments) = &module[expr].kind else { return None };
            expr = *arguments.first()?;
        }
        None
    }
}
