//! Variables that an image build sets while it runs the bundler.

use std::sync::Arc;

use policy_text::source::{FileId, RepoPath};
use policy_text::value::Text;

use super::{Tooling, environment};

/// What each image build gives to the variable of a name, with the folder that is the build's context.
pub type BuildVariables<'s> = &'s (dyn Fn(&str) -> Given + Sync);

/// What image builds give to one variable, each with the folder that is its context.
pub(super) type Given = Vec<(RepoPath, Vec<Text>)>;

impl Tooling<'_> {
    /// The values that image builds of the package in `folder` give to `name`. An image built from that very folder
    /// speaks for it alone; else those of any folder around it do.
    pub(super) fn values_from_images(&self, name: &str, folder: &RepoPath) -> Vec<Text> {
        let given = self.given_by_images(name);
        let around = given.iter().filter(|(context, values)| !values.is_empty() && folder.is_within(context));
        let nearest = around.clone().map(|(context, _)| context.components().count()).max();
        let nearest = around.filter(|(context, _)| Some(context.components().count()) == nearest);
        nearest.flat_map(|(_, values)| values.iter().cloned()).collect()
    }

    /// What image builds give to `name`: the same for all code that asks.
    fn given_by_images(&self, name: &str) -> Arc<Given> {
        let values = || Arc::new(self.images.map(|values_of| values_of(name)).unwrap_or_default());
        self.given_by_images.get(name.into(), values)
    }

    /// Whether the image of the package around `file` is built without a value for `name`, and no pipeline, script or
    /// configuration of the tree speaks of it.
    pub(crate) fn is_left_unset(&self, name: &str, file: FileId) -> bool {
        let Some(manifest) = self.files.manifest(file) else { return false };
        let builds = self.given_by_images(name);
        let mut own = builds.iter().filter(|(context, _)| *context == manifest.folder).peekable();
        own.peek().is_some() && own.all(|(_, values)| values.is_empty()) && !self.is_configured(name)
    }

    /// Whether a file that is no code of the application speaks of a variable.
    fn is_configured(&self, name: &str) -> bool {
        let names = self.configured.get_or_init(|| {
            let files = self.files.sources.files().filter(|(_, path)| may_configure(path));
            let texts = files.filter_map(|(file, _)| Some(self.files.sources.read(file).ok()?.text));
            texts
                .flat_map(|text| environment::names_in(&text).map(str::to_owned).collect::<Vec<_>>())
                .collect()
        });
        names.contains(name)
    }
}

/// Files of pipelines, images and infrastructure. Examples of `.env` files set nothing.
fn may_configure(path: &RepoPath) -> bool {
    let name = path.file_name();
    let by_extension = ["yml", "yaml", "sh", "bash", "tf", "tfvars", "hcl", "toml", "json", "groovy", "mk"];
    path.extension().is_some_and(|extension| by_extension.contains(&extension))
        || ["ockerfile", "akefile", "enkinsfile", "justfile"].iter().any(|part| name.contains(part))
        || (name.starts_with(".env")
            && !["example", "sample", "template"].iter().any(|end| name.ends_with(end)))
}

#[cfg(test)]
mod tests {
    use policy_text::source::{Sources, Span};

    use super::super::{EnvironmentObject, tree};
    use super::*;

    /// The values of `VITE_WS` in `web/src/a.ts`, where image builds set it in these contexts.
    #[track_caller]
    fn assert_values(builds: &[(&str, &[&str])], expected: &[&str]) {
        let files = [
            ("web/package.json", "{}"),
            ("web/src/a.ts", ""),
            ("web/.env", "VITE_WS=ws://file"),
            ("Dockerfile", ""),
        ];
        let tree = tree(&files);
        let sources = Sources::open(&tree);
        let at = |path: &str| Span::start_of(sources.find(&RepoPath::new(path).unwrap()).unwrap());
        let from_images = |name: &str| {
            assert_eq!(name, "VITE_WS");
            let text = |value: &&str| Text::literal(*value, at("Dockerfile"));
            let set = |(context, values): &(&str, &[&str])| {
                (RepoPath::new(context).unwrap(), values.iter().map(text).collect())
            };
            builds.iter().map(set).collect()
        };
        let tooling = Tooling::new(&sources).with_images(&from_images);
        let values = tooling.variable(EnvironmentObject::ImportMeta, "VITE_WS", at("web/src/a.ts"));
        let found: Vec<_> = values.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{builds:?}");
    }

    #[test]
    fn the_build_of_the_nearest_folder_decides() {
        assert_values(&[("web", &["ws://own"]), (".", &["ws://whole"])], &["ws://own"]);
        assert_values(&[(".", &["ws://whole"])], &["ws://whole"]);
    }

    #[test]
    fn what_no_image_build_sets_comes_from_files() {
        assert_values(&[], &["ws://file"]);
        assert_values(&[("web", &[])], &["ws://file"]);
        assert_values(&[("api", &["ws://other"])], &["ws://file"]);
    }
}
