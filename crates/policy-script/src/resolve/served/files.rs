//! Frameworks that serve what files of a project are called: the routes of Next, `SvelteKit`, Nuxt and Remix.

mod names;
mod next;

use policy_http::path::PathPattern;
use policy_http::served::{Answers, Methods, Mount, Registration, Served, UnknownPaths};
use policy_text::source::{FileId, RepoPath, Sources, Span};

use super::super::modules::Scripts;
use super::step::{joined, root, with_redirect, with_slash};
use names::{nuxt_segment, patterns, remix_segment, svelte_segment};

/// Extensions of the modules of routes.
const MODULES: [&str; 6] = ["ts", "tsx", "js", "jsx", "mjs", "mts"];

/// Names under which a module exports its handlers, by method.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// What the server of a framework serves in the package of a folder. `None` where it is of no framework that is known.
pub(super) fn served(scripts: &Scripts<'_>, folder: &RepoPath) -> Option<Served> {
    let depends = |name: &str| scripts.tooling.depends(folder, name);
    let mut project = Project { scripts, sources: scripts.sources(), folder, served: Served::default() };
    if depends("next") {
        project.next();
    } else if depends("@sveltejs/kit") {
        project.svelte_kit();
    } else if depends("nuxt") {
        project.nuxt();
    } else if depends("@remix-run/react") {
        project.remix();
    } else {
        return None;
    }
    Some(project.served)
}

struct Project<'p> {
    scripts: &'p Scripts<'p>,
    sources: &'p Sources<'p>,
    folder: &'p RepoPath,
    served: Served,
}

impl<'p> Project<'p> {
    fn svelte_kit(&mut self) {
        let base = PathPattern::default();
        let routes = self.below_package("src", "routes");
        for (file, names) in self.routes(routes.as_ref()) {
            let Some((name, folders)) = names.split_last() else { continue };
            let paths = patterns(folders, svelte_segment);
            if name.starts_with("+server.") {
                let methods = self.exported_methods(file);
                self.add(&base, paths, &Answers::Requests(methods), file);
            } else if name.starts_with("+page") {
                // Forms are sent to the page that holds them.
                self.add(&base, paths, &Answers::Requests(Methods::Any), file);
            }
        }
        self.files_of_site(&base, "static");
        let assets = PathPattern::prefix("/_app/").unwrap_or_default();
        self.unknown(&base, &assets, self.at(), "SvelteKit serves its own files there");
        self.unknown_where_mentioned("svelte.config", &["base"], "its paths begin with a base");
        self.unknown_where_mentioned("src/hooks.server", &["new Response("], "a hook answers requests");
    }

    fn nuxt(&mut self) {
        let base = PathPattern::default();
        for (folder, start) in [("api", Some("api")), ("routes", None)] {
            let routes = self.below_package("server", folder);
            for (file, names) in self.routes(routes.as_ref()) {
                let Some((name, folders)) = names.split_last() else { continue };
                let Some((stem, extension)) = name.rsplit_once('.') else { continue };
                if !MODULES.contains(&extension) {
                    continue;
                }
                let (stem, methods) = match stem.rsplit_once('.') {
                    Some((stem, verb)) if METHODS.iter().any(|own| own.eq_ignore_ascii_case(verb)) => {
                        (stem, Methods::Only(vec![verb.to_ascii_uppercase()]))
                    }
                    _ => (stem, Methods::Any),
                };
                let own = (stem != "index").then_some(stem);
                let segments: Vec<&str> =
                    start.into_iter().chain(folders.iter().copied()).chain(own).collect();
                self.add(&base, patterns(&segments, nuxt_segment), &Answers::Requests(methods), file);
            }
        }
        for above in ["", "app"] {
            let pages = self.below_package(above, "pages");
            for (file, names) in self.routes(pages.as_ref()) {
                let Some((name, folders)) = names.split_last() else { continue };
                let Some(stem) = name.strip_suffix(".vue") else { continue };
                let own = (stem != "index").then_some(stem);
                let segments: Vec<&str> = folders.iter().copied().chain(own).collect();
                self.add(&base, patterns(&segments, nuxt_segment), &Answers::Page, file);
            }
        }
        self.files_of_site(&base, "public");
        let assets = PathPattern::prefix("/_nuxt/").unwrap_or_default();
        self.unknown(&base, &assets, self.at(), "Nuxt serves its own files there");
        self.unknown_where_mentioned(
            "nuxt.config",
            &["baseURL", "routeRules", "devProxy", "handlers"],
            "the configuration adds to its paths",
        );
        if self.folder.join("server/middleware").is_some_and(|folder| self.sources.is_folder(&folder)) {
            self.unknown(&base, &PathPattern::everything(), self.at(), "middleware of the server may answer");
        }
    }

    fn remix(&mut self) {
        let base = PathPattern::default();
        let routes = self.below_package("app", "routes");
        for (file, names) in self.routes(routes.as_ref()) {
            // `routes/users.$id/route.tsx` is the same as `routes/users.$id.tsx`.
            let named = match names.as_slice() {
                [name] => name.rsplit_once('.'),
                [folder, name] if name.starts_with("route.") => {
                    name.rsplit_once('.').map(|(_, end)| (*folder, end))
                }
                _ => None,
            };
            let Some((route, _)) = named.filter(|(_, extension)| MODULES.contains(extension)) else {
                continue;
            };
            if route.contains(['[', '(']) {
                let start = PathPattern::prefix("/").unwrap_or_default();
                self.unknown(&base, &start, Span::start_of(file), "the name of the route is not understood");
                continue;
            }
            let segments: Vec<&str> = route.split('.').collect();
            self.add(&base, patterns(&segments, remix_segment), &Answers::Requests(Methods::Any), file);
        }
        self.unknown_where_mentioned("app/routes", &["routes"], "a table gives the routes");
        self.unknown_where_mentioned("remix.config", &["routes"], "the configuration may add routes");
        self.files_of_site(&base, "public");
        let assets = PathPattern::prefix("/assets/").unwrap_or_default();
        self.unknown(&base, &assets, self.at(), "Remix serves its own files there");
    }

    /// The folder `name` in the folder `above` of the package.
    fn below_package(&self, above: &str, name: &str) -> Option<RepoPath> {
        let folder = if above.is_empty() { self.folder.clone() } else { self.folder.join(above)? };
        folder.join(name).filter(|folder| self.sources.is_folder(folder))
    }

    /// The files below a folder, each with the names of its path there.
    fn routes(&self, folder: Option<&RepoPath>) -> Vec<(FileId, Vec<&'p str>)> {
        let Some(folder) = folder else { return Vec::new() };
        let depth = folder.components().count();
        let files = self.sources.files_within(folder).map(|(file, _)| file);
        let files = files.filter(|file| !self.scripts.tooling.is_for_development(*file));
        files.map(|file| (file, self.sources.path(file).components().skip(depth).collect())).collect()
    }

    fn add(&mut self, base: &PathPattern, paths: Vec<PathPattern>, answers: &Answers, file: FileId) {
        let at = Span::start_of(file);
        let mounts = vec![Mount { prefix: base.clone(), at: self.at() }];
        for path in paths {
            let Some(path) = joined(base, &path) else { continue };
            let path = if path.parts().is_empty() { root() } else { path };
            let slash = with_slash(&path);
            let (answers, mounts) = (answers.clone(), mounts.clone());
            let registration = Registration { path, answers, at, mounts };
            self.served.registrations.extend(with_redirect(registration, slash));
        }
    }

    fn unknown(&mut self, base: &PathPattern, below: &PathPattern, at: Span, why: &str) {
        let below = joined(base, below).unwrap_or_else(PathPattern::everything);
        self.served.unknown.push(UnknownPaths { below, at, why: why.to_owned() });
    }

    /// The files that are served as they are.
    fn files_of_site(&mut self, base: &PathPattern, folder: &str) {
        for (file, names) in self.routes(self.below_package("", folder).as_ref()) {
            let path = PathPattern::literal(&format!("/{}", names.join("/")));
            if let Some(path) = path.and_then(|path| joined(base, &path)) {
                let answers = Answers::Requests(Methods::Only(vec!["GET".to_owned()]));
                let mounts = Vec::new();
                self.served.registrations.push(Registration {
                    path,
                    answers,
                    at: Span::start_of(file),
                    mounts,
                });
            }
        }
    }

    /// Makes every path unknown where a module mentions one of these words.
    fn unknown_where_mentioned(&mut self, stem: &str, words: &[&str], why: &str) {
        if let Some(file) = self.configuration(stem)
            && self.scripts.mentions(file, words.iter().copied())
        {
            self.unknown(&PathPattern::default(), &PathPattern::everything(), Span::start_of(file), why);
        }
    }

    /// A module of the package by its path without the extension.
    fn configuration(&self, stem: &str) -> Option<FileId> {
        self.scripts.tooling.configuration_in(self.folder, stem)
    }

    /// The methods that a module exports handlers for.
    fn exported_methods(&self, file: FileId) -> Methods {
        let Some(module) = self.scripts.module(file) else { return Methods::Any };
        let exported: Vec<String> = METHODS
            .iter()
            .filter(|name| module.exports.contains_key(**name))
            .map(|name| (*name).to_owned())
            .collect();
        if exported.is_empty() || !module.stars.is_empty() { Methods::Any } else { Methods::Only(exported) }
    }

    /// The manifest of the package.
    fn at(&self) -> Span {
        let manifest = self.folder.join("package.json").and_then(|path| self.sources.find(&path));
        Span::start_of(manifest.unwrap_or(FileId(0)))
    }
}
