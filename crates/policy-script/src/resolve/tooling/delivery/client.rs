//! What a script of a front end is part of: a page, or an application that people install.

use policy_text::source::{FileId, RepoPath};

use super::super::Tooling;
use super::ScriptFacts;
use crate::resolve::endpoint::Client;

/// Dependencies of applications for the desktop and of browser extensions.
const OF_INSTALLED: [&str; 12] = [
    "electron",
    "electron-vite",
    "electron-builder",
    "@electron-forge/cli",
    "@tauri-apps/api",
    "@tauri-apps/cli",
    "nw",
    "@neutralinojs/lib",
    "wxt",
    "plasmo",
    "@crxjs/vite-plugin",
    "webextension-polyfill",
];

/// Dependencies of applications for phones.
const OF_DEVICES: [&str; 3] = ["react-native", "expo", "@nativescript/core"];

/// Where a browser extension has its manifest, in its folder.
const MANIFESTS: [&str; 3] = ["manifest.json", "public/manifest.json", "src/manifest.json"];

/// What holds in a build for development alone, by the dependency that provides it.
const GUARDS: [(&str, &str); 17] = [
    ("react-native", "__DEV__"),
    ("expo", "__DEV__"),
    ("nuxt", "import.meta.dev"),
    ("vite", "import.meta.env.DEV"),
    ("astro", "import.meta.env.DEV"),
    ("@sveltejs/kit", "import.meta.env.DEV"),
    ("@angular/core", "isDevMode()"),
    ("next", "process.env.NODE_ENV === 'development'"),
    ("react-scripts", "process.env.NODE_ENV === 'development'"),
    ("@vue/cli-service", "process.env.NODE_ENV === 'development'"),
    ("gatsby", "process.env.NODE_ENV === 'development'"),
    ("webpack", "process.env.NODE_ENV === 'development'"),
    ("webpack-cli", "process.env.NODE_ENV === 'development'"),
    ("@rspack/core", "process.env.NODE_ENV === 'development'"),
    ("@craco/craco", "process.env.NODE_ENV === 'development'"),
    ("parcel", "process.env.NODE_ENV === 'development'"),
    ("parcel-bundler", "process.env.NODE_ENV === 'development'"),
];

impl Tooling<'_> {
    /// What the code of `file` is part of, given that it does not run on a server.
    pub(crate) fn client(&self, file: FileId, facts: &ScriptFacts<'_>) -> Client {
        let manifest = self.files.manifest(file);
        let depends = |names: &[&str]| {
            manifest.as_ref().is_some_and(|own| names.iter().any(|name| own.version_of(name).is_some()))
        };
        let asks_the_browser = ["chrome", "browser"].iter().any(|name| facts.globals.contains(name));
        if asks_the_browser || depends(&OF_INSTALLED) || self.is_of_installed(file) {
            Client::Installed
        } else if depends(&OF_DEVICES) {
            Client::Device
        } else {
            Client::Page
        }
    }

    /// Whether `file` is part of a package.
    pub(crate) fn has_package(&self, file: FileId) -> bool {
        self.files.manifest(file).is_some()
    }

    /// The folder of the package that `file` is part of.
    pub(crate) fn package_folder(&self, file: FileId) -> Option<RepoPath> {
        self.files.manifest(file).map(|own| own.folder.clone())
    }

    /// Whether a package that `file` lies in depends on another one.
    pub(crate) fn is_beside(&self, file: FileId, name: &str) -> bool {
        self.files.manifests_above(file).any(|manifest| manifest.version_of(name).is_some())
    }

    /// Whether the package in `folder` depends on another one.
    pub(crate) fn depends(&self, folder: &RepoPath, name: &str) -> bool {
        self.files.manifest_in(folder).is_some_and(|manifest| manifest.version_of(name).is_some())
    }

    /// What the code of `file` can ask to know a build for development. `None` where no tool builds it.
    pub(crate) fn development_guard(&self, file: FileId) -> Option<&'static str> {
        self.files.manifests_above(file).find_map(|manifest| {
            GUARDS.iter().find(|(tool, _)| manifest.version_of(tool).is_some()).map(|(_, guard)| *guard)
        })
    }

    /// Whether a manifest of a browser extension or of a desktop application stands above `file`, in its own package; Wails
    /// keeps its own above the package.
    fn is_of_installed(&self, file: FileId) -> bool {
        let package = self.files.manifest(file).map(|own| own.folder.clone());
        let within = |folder: &RepoPath| package.as_ref().is_none_or(|package| folder.is_within(package));
        self.files.sources.path(file).ancestors().skip(1).any(|folder| {
            let has = |name: &str| folder.join(name).and_then(|path| self.files.sources.find(&path));
            let of_extension = |name: &&str| {
                let json = has(name).and_then(|file| self.files.json(file));
                json.is_some_and(|json| json.get("manifest_version").is_some())
            };
            has("wails.json").is_some()
                || (within(&folder)
                    && (has("src-tauri/tauri.conf.json").is_some() || MANIFESTS.iter().any(of_extension)))
        })
    }
}
