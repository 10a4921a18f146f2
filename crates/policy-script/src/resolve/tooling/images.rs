//! Variables that an image build sets while it runs the bundler.

use policy_text::source::RepoPath;
use policy_text::value::Text;

use super::Tooling;

/// What each image build gives to the variable of a name, with the folder that is the build's context.
pub type BuildVariables<'s> = &'s (dyn Fn(&str) -> Vec<(RepoPath, Vec<Text>)> + Sync);

impl Tooling<'_> {
    /// The values that image builds of the package in `folder` give to `name`. An image built from that very folder
    /// speaks for it alone; else those of any folder around it do.
    pub(super) fn values_from_images(&self, name: &str, folder: &RepoPath) -> Vec<Text> {
        let mut around = self.images.map(|values_of| values_of(name)).unwrap_or_default();
        around.retain(|(context, values)| !values.is_empty() && folder.is_within(context));
        let nearest = around.iter().map(|(context, _)| context.components().count()).max();
        let nearest = around.iter().filter(|(context, _)| Some(context.components().count()) == nearest);
        nearest.flat_map(|(_, values)| values.iter().cloned()).collect()
    }
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
