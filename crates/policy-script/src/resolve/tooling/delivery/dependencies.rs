//! Where a script runs according to its package, if the script itself does not show it.

use policy_text::json::Node;
use policy_text::source::{FileId, RepoPath};

use super::super::config_files::ConfigFiles;
use super::super::manifest::Manifest;
use super::imports::{Side, first_dependency};
use super::{Delivery, browser, server};

/// Dependencies that show a front end although nothing imports them by that name.
const FRONT_ENDS: [&str; 11] = [
    "react-scripts",
    "vite",
    "@vue/cli-service",
    "next",
    "nuxt",
    "@sveltejs/kit",
    "@angular/core",
    "@ionic/angular",
    "parcel",
    "parcel-bundler",
    "astro",
];

/// Libraries that drive a browser from outside, where a package needs them for more than its tests.
const DRIVERS: [&str; 4] = ["puppeteer", "puppeteer-core", "playwright", "playwright-core"];

/// Folders of a package that holds both sides, by what its owner calls them.
const FOLDERS_OF_SERVERS: [&str; 6] = ["server", "backend", "api", "functions", "lambda", "lambdas"];
const FOLDERS_OF_BROWSERS: [&str; 6] = ["client", "frontend", "web", "ui", "app", "components"];

/// Programs that run a script outside a browser.
const RUNNERS: [&str; 7] = ["node", "nodemon", "ts-node", "tsx", "pm2", "ts-node-dev", "forever"];

/// Why the script is one that its package runs, or offers to run, outside a browser.
pub(super) fn command(files: &ConfigFiles<'_>, file: FileId) -> Option<String> {
    let manifest = files.manifest(file)?;
    let below = files.sources.path(file).strip_prefix(&manifest.folder)?;
    let without_extension = below.rsplit_once('.').map_or(below, |(stem, _)| stem);
    let is_it = |path: &str| [below, without_extension].contains(&path.trim_start_matches("./"));
    let package = named(&manifest);
    if texts(manifest.json.get("bin")).any(is_it) {
        return Some(format!("it is a command of {package}"));
    }
    let runs = |script: &str| {
        let mut words = script.split_whitespace().skip_while(|word| !RUNNERS.contains(word));
        words.any(is_it)
    };
    texts(manifest.json.get("scripts")).any(runs).then(|| format!("a script of {package} runs it"))
}

fn named(manifest: &Manifest) -> String {
    manifest.name().map_or("its package".to_owned(), |name| format!("package `{name}`"))
}

/// A text, or the texts of a table.
fn texts(node: Option<&Node>) -> impl Iterator<Item = &str> {
    node.into_iter().flat_map(|node| {
        let members = node.members().iter().filter_map(|member| member.value.as_str());
        node.as_str().into_iter().chain(members)
    })
}

/// The side of the nearest package that has one.
pub(super) fn judge(files: &ConfigFiles<'_>, file: FileId) -> Delivery {
    let path = files.sources.path(file);
    files
        .manifests_above(file)
        .find_map(|manifest| {
            let package = named(&manifest);
            let depends = |dependency: &str| manifest.version_of(dependency).is_some();
            let tool = FRONT_ENDS.iter().copied().find(|name| depends(name));
            let front = tool.or_else(|| first_dependency(Side::Browser, depends));
            // A library for both sides depends on `ws` for the one that lacks sockets.
            let serves = |dependency: &str| dependency != "ws" && depends(dependency);
            let drives = |name: &&&str| manifest.json.at(&["dependencies", name]).is_some();
            // Front ends have the small libraries of servers too, by habit.
            let hint =
                || first_dependency(Side::NodeHint, depends).or_else(|| DRIVERS.iter().find(drives).copied());
            match (front, first_dependency(Side::Server, serves)) {
                (Some(front), None) => Some(browser(format!("{package} depends on `{front}`"))),
                (None, back) => {
                    back.or_else(hint).map(|back| server(format!("{package} depends on `{back}`")))
                }
                (Some(_), Some(_)) => Some(by_folder(path, &manifest, tool)),
            }
        })
        .unwrap_or(Delivery::Unknown)
}

/// The side that a path in a package with both sides speaks of: here, where nothing else does, a name has to do. The
/// outermost counts; without any, the sources are what the tool of the front end builds.
fn by_folder(path: &RepoPath, manifest: &Manifest, tool: Option<&str>) -> Delivery {
    let side = path.ancestors().skip(1).collect::<Vec<_>>().into_iter().rev().find_map(|folder| {
        let name = folder.file_name();
        let why = || format!("its package holds both sides and it lies in `{name}`");
        if FOLDERS_OF_SERVERS.contains(&name) {
            Some(server(why()))
        } else {
            FOLDERS_OF_BROWSERS.contains(&name).then(|| browser(why()))
        }
    });
    let sources = manifest.folder.join("src");
    let built = tool.filter(|_| sources.is_some_and(|sources| path.is_within(&sources)));
    side.or_else(|| built.map(|tool| browser(format!("`{tool}` builds what lies in `src`"))))
        .unwrap_or(Delivery::Unknown)
}
