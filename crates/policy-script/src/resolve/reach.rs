//! Whether anything brings a module to a browser: a bundler leaves out what nothing imports.
//!
//! Only that it does not is ever concluded, of a module whose package a bundler builds: no page, framework or configuration
//! names it, nor any of the modules that may import it.

mod naming;

use std::collections::BTreeSet;

use policy_text::source::{FileId, RepoPath};

use super::modules::Scripts;
use crate::parse;
use crate::parse::embedded::PageKind;
pub(super) use naming::Naming;

/// More modules than this that lead to one are held to come from somewhere.
const MAX_MODULES: usize = 24;

/// What a bundler or a framework begins with, by the name of the file.
const ENTRIES: [&str; 24] = [
    "main",
    "app",
    "_app",
    "root",
    "entry",
    "bootstrap",
    "client",
    "server",
    "sw",
    "service-worker",
    "serviceworker",
    "worker",
    "background",
    "content",
    "popup",
    "renderer",
    "preload",
    "routes",
    "router",
    "layout",
    "page",
    "middleware",
    "instrumentation-client",
    "hooks",
];

/// Folders out of which frameworks take every file.
const TAKEN_WHOLE: [&str; 18] = [
    "pages",
    "routes",
    "app",
    "plugins",
    "middleware",
    "layouts",
    "composables",
    "boot",
    "islands",
    "controllers",
    "entrypoints",
    "packs",
    "public",
    "static",
    "assets",
    "workers",
    "templates",
    "views",
];

/// Tools that bring modules which nothing imports.
const BY_THEMSELVES: [&str; 6] =
    ["nuxt", "unplugin-auto-import", "unplugin-vue-components", "@stencil/core", "ember-cli", "@nuxt/kit"];

impl Scripts<'_> {
    /// Whether nothing brings the module to a browser, for certain. Found out once for each.
    pub(super) fn is_left_out(&self, module: FileId) -> bool {
        let slot = self.left_out.get(module.0 as usize);
        slot.is_some_and(|slot| *slot.get_or_init(|| self.is_brought_by_nothing(module)))
    }

    fn is_brought_by_nothing(&self, module: FileId) -> bool {
        let is_bundled = PageKind::of(self.sources().path(module)).is_none()
            && self.tooling.development_guard(module).is_some()
            && !BY_THEMSELVES.iter().any(|tool| self.tooling.is_beside(module, tool));
        is_bundled
            && self.has_entry(module)
            && self.leading_to(module).is_some_and(|leading| !self.is_named(&leading))
    }

    /// Whether the package of `module` has an entry at all; otherwise the tree is a part of a project.
    fn has_entry(&self, module: FileId) -> bool {
        let Some(package) = self.tooling.package_folder(module) else { return false };
        let mut files = self.sources().files_within(&package);
        files.any(|(file, path)| file != module && parse::is_read(path) && self.may_be_entry(file))
    }

    /// The modules that lead to `module`, itself among them. `None` where one of them is an entry, or they are many.
    fn leading_to(&self, module: FileId) -> Option<BTreeSet<FileId>> {
        let mut leading = BTreeSet::from([module]);
        let mut open = vec![module];
        while let Some(next) = open.pop() {
            if self.may_be_entry(next) || leading.len() > MAX_MODULES {
                return None;
            }
            let importers = self.importers(next).filter(|&importer| !self.is_of_tests(importer));
            open.extend(importers.filter(|&importer| leading.insert(importer)));
        }
        Some(leading)
    }

    fn may_be_entry(&self, file: FileId) -> bool {
        let path = self.sources().path(file);
        let name = path.file_name();
        let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
        let folder = path.parent();
        let folders = || folder.iter().flat_map(RepoPath::components);
        // `index` is an entry at the top of a package or of its sources, and elsewhere the module of its folder.
        let is_top = self.tooling.package_folder(file).is_none_or(|package| {
            folder.as_ref().is_some_and(|folder| {
                *folder == package
                    || ["src", "lib"].iter().any(|own| package.join(own).as_ref() == Some(folder))
            })
        });
        PageKind::of(path) == Some(PageKind::Html)
            || self.tooling.is_loaded_by_page(file)
            || ENTRIES.contains(&stem.as_str())
            || stem == "index" && is_top
            || name.starts_with('+')
            || stem.contains("entry")
            || stem.contains("worker")
            || folders().any(|folder| {
                // Angular has its modules named, wherever they lie.
                TAKEN_WHOLE.contains(&folder)
                    && !(folder == "app" && self.tooling.is_beside(file, "@angular/core"))
            })
    }

    fn is_of_tests(&self, file: FileId) -> bool {
        let name = self.sources().path(file).file_name();
        !name.contains("conf") && self.tooling.is_for_development(file)
    }

    /// Whether some other text names one of the modules, or takes whole folders of their package.
    fn is_named(&self, modules: &BTreeSet<FileId>) -> bool {
        let naming = self.naming.get_or_init(|| Naming::of(self));
        let mut texts = modules.iter().flat_map(|module| naming.bringing(self.sources().path(*module)));
        texts.any(|text| !modules.contains(&text))
    }
}
