//! Variables that an image build or a pipeline sets while it runs the bundler.

use std::collections::BTreeSet;
use std::sync::Arc;

use policy_text::purpose;
use policy_text::source::{FileId, RepoPath};
use policy_text::value::{Hole, Origin, Piece, Text};

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

    /// Whether whoever builds the code gives it this value, which is not known: where code asks for one, it is there.
    pub(crate) fn is_given(&self, value: &Text) -> bool {
        let Some(Piece::Hole(Hole { origin, at })) = value.pieces().first() else { return false };
        let is_left_to_pipeline = || match origin {
            Origin::Environment(name) => {
                let manifest = self.files.manifest(at.file);
                manifest.is_some_and(|manifest| self.is_left_to_pipeline(name, &manifest.folder))
            }
            _ => false,
        };
        may_build(self.files.sources.path(at.file)) || is_left_to_pipeline()
    }

    /// Whether the package in `folder` may be built by a pipeline that sets `name` itself, which no file overrides: no image
    /// build takes it, and a pipeline or script sets the variable.
    pub(super) fn is_left_to_pipeline(&self, name: &str, folder: &RepoPath) -> bool {
        !self.given_by_images(name).iter().any(|(context, _)| folder.is_within(context))
            && self.spoken_of().set_by_pipelines.contains(name)
    }

    /// Whether a file that is no code of the application speaks of a variable.
    fn is_configured(&self, name: &str) -> bool {
        self.spoken_of().anywhere.contains(name)
    }

    fn spoken_of(&self) -> &SpokenOf {
        self.spoken_of.get_or_init(|| {
            let mut found = SpokenOf::default();
            for (file, path) in self.files.sources.files().filter(|(_, path)| may_configure(path)) {
                let Ok(decoded) = self.files.sources.read(file) else { continue };
                let may_set = may_build(path) && !purpose::is_for_development(path);
                for (name, behind) in environment::names_in(&decoded.text) {
                    found.anywhere.insert(name.to_owned());
                    if may_set && is_assigned(behind) {
                        found.set_by_pipelines.insert(name.to_owned());
                    }
                }
            }
            found
        })
    }
}

/// The variables of bundlers that files name which are no code of the application.
#[derive(Default)]
pub(super) struct SpokenOf {
    /// Those that files which may run the bundler set.
    set_by_pipelines: BTreeSet<String>,
    anywhere: BTreeSet<String>,
}

/// Whether a name that has this behind it is given a value: `NAME=value` of a shell, `NAME: value` of YAML.
fn is_assigned(behind: &str) -> bool {
    let behind = behind.trim_start_matches(['"', '\'']);
    behind.starts_with('=')
        || behind.strip_prefix(':').is_some_and(|rest| rest.starts_with([' ', '\n', '\r']))
}

/// Files of pipelines, images and infrastructure. Examples of `.env` files set nothing.
fn may_configure(path: &RepoPath) -> bool {
    let name = path.file_name();
    let by_extension = ["tf", "tfvars", "hcl", "json"];
    may_build(path)
        || path.extension().is_some_and(|extension| by_extension.contains(&extension))
        || name.contains("compose")
        || name.contains("ockerfile")
        || (name.starts_with(".env")
            && !["example", "sample", "template"].iter().any(|end| name.ends_with(end)))
}

/// Files of pipelines and scripts, which may run the bundler by themselves.
fn may_build(path: &RepoPath) -> bool {
    let name = path.file_name();
    let by_extension = ["yml", "yaml", "sh", "bash", "toml", "groovy", "mk"];
    let by_name = ["akefile", "enkinsfile", "justfile"].iter().any(|part| name.contains(part));
    (by_name || path.extension().is_some_and(|extension| by_extension.contains(&extension)))
        && !name.contains("compose")
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

    #[test]
    fn a_pipeline_that_sets_the_variable_decides_where_no_image_is_built() {
        let workflow = |step: &str| format!("jobs: {{b: {{steps: [{{run: npm run build, {step}}}]}}}}");
        let values = |pipeline: (&str, &str), contexts: &[&str]| {
            let files = [
                ("web/package.json", "{}"),
                ("web/src/a.ts", ""),
                ("web/.env", "VITE_WS=ws://file"),
                pipeline,
            ];
            let tree = tree(&files);
            let sources = Sources::open(&tree);
            let at = Span::start_of(sources.find(&RepoPath::new("web/src/a.ts").unwrap()).unwrap());
            let none = |_: &str| contexts.iter().map(|own| (RepoPath::new(own).unwrap(), vec![])).collect();
            let tooling = Tooling::new(&sources).with_images(&none);
            let found = tooling.variable(EnvironmentObject::ImportMeta, "VITE_WS", at);
            found.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let sets = workflow("env: {VITE_WS: \"${{ vars.WS }}\"}");
        let other = workflow("env: {VITE_WS_PATH: x}");
        let at = ".github/workflows/b.yml";
        assert_eq!(values((at, &sets), &[]), ["${VITE_WS}"]);
        assert_eq!(values((at, &other), &[]), ["ws://file"]);
        assert_eq!(values((at, &sets), &["web"]), ["ws://file"], "the image is what ships");
        assert_eq!(values((at, &sets), &["api"]), ["${VITE_WS}"]);
        assert_eq!(values(("compose.yml", "VITE_WS: ws://other"), &[]), ["ws://file"]);
    }
}
