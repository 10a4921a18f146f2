//! What the package around a script says about where it runs, where the script itself is silent.

use super::super::Project;
use super::imports::{Side, first_dependency};
use super::{Delivery, browser, server};
use crate::source::FileId;

/// Dependencies that show a front end although nothing imports them by that name.
const FRONT_ENDS: [&str; 10] = [
    "react-scripts",
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

/// Folders of a package that holds both sides, by what its owner calls them.
const FOLDERS_OF_SERVERS: [&str; 6] = ["server", "backend", "api", "functions", "lambda", "lambdas"];
const FOLDERS_OF_BROWSERS: [&str; 6] = ["client", "frontend", "web", "ui", "app", "components"];

/// The side of the nearest package that has one.
pub(super) fn judge(project: &Project<'_>, file: FileId) -> Delivery {
    let path = project.sources.path(file);
    project
        .manifests_above(file)
        .find_map(|manifest| {
            let package =
                manifest.name().map_or("its package".to_owned(), |name| format!("package `{name}`"));
            let below = path.strip_prefix(&manifest.folder)?;
            let commands = manifest.json.get("bin").into_iter();
            let mut commands = commands.flat_map(|bin| {
                let named = bin.members().iter().filter_map(|member| member.value.as_str());
                bin.as_str().into_iter().chain(named)
            });
            if commands.any(|command| command.trim_start_matches("./") == below) {
                return Some(server(format!("it is a command of {package}")));
            }
            let depends = |dependency: &str| manifest.version_of(dependency).is_some();
            let front = FRONT_ENDS.iter().copied().find(|name| depends(name));
            let front = front.or_else(|| first_dependency(Side::Browser, depends));
            // A library for both sides depends on `ws` for the one that lacks sockets.
            let serves = |dependency: &str| dependency != "ws" && depends(dependency);
            let back =
                first_dependency(Side::Server, serves).or_else(|| first_dependency(Side::NodeHint, depends));
            match (front, back) {
                (Some(front), None) => Some(browser(format!("{package} depends on `{front}`"))),
                (None, Some(back)) => Some(server(format!("{package} depends on `{back}`"))),
                (Some(_), Some(_)) => Some(by_folder(below)),
                (None, None) => None,
            }
        })
        .unwrap_or(Delivery::Unknown)
}

/// The side that a path in a package with both sides speaks of: here, where nothing else does, a name has to do.
fn by_folder(path: &str) -> Delivery {
    let names = |folders: &[&str]| path.split('/').rev().skip(1).find(|part| folders.contains(part));
    match (names(&FOLDERS_OF_SERVERS), names(&FOLDERS_OF_BROWSERS)) {
        (Some(folder), None) => server(format!("its package holds both sides and it lies in `{folder}`")),
        (None, Some(folder)) => browser(format!("its package holds both sides and it lies in `{folder}`")),
        _ => Delivery::Unknown,
    }
}
