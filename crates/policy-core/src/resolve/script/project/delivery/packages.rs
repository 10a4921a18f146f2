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

/// The side of the nearest package that has one.
pub(super) fn judge(project: &Project<'_>, file: FileId) -> Delivery {
    let path = project.sources.path(file);
    project
        .manifests_above(file)
        .find_map(|manifest| {
            let name = manifest.name().unwrap_or_else(|| manifest.folder.file_name()).to_owned();
            let below = path.strip_prefix(&manifest.folder)?;
            let commands = manifest.json.get("bin").into_iter();
            let mut commands = commands.flat_map(|bin| {
                let named = bin.members().iter().filter_map(|member| member.value.as_str());
                bin.as_str().into_iter().chain(named)
            });
            if commands.any(|command| command.trim_start_matches("./") == below) {
                return Some(server(format!("it is a command of package `{name}`")));
            }
            let depends = |dependency: &str| manifest.version_of(dependency).is_some();
            let front = FRONT_ENDS.iter().copied().find(|name| depends(name));
            let front = front.or_else(|| first_dependency(Side::Browser, depends));
            let back =
                first_dependency(Side::Server, depends).or_else(|| first_dependency(Side::NodeHint, depends));
            match (front, back) {
                (Some(front), None) => Some(browser(format!("package `{name}` depends on `{front}`"))),
                (None, Some(back)) => Some(server(format!("package `{name}` depends on `{back}`"))),
                (Some(_), Some(_)) => Some(Delivery::Unknown),
                (None, None) => None,
            }
        })
        .unwrap_or(Delivery::Unknown)
}
