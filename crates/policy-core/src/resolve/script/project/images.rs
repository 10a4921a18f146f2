//! Variables that an image build sets while it runs the bundler: `ARG` and `ENV` of Dockerfiles, and the arguments that
//! compose files and others give.

use std::collections::BTreeMap;

use super::Project;
use super::builds::is_local;
use crate::model::build::{BuildRequest, DockerfileSource};
use crate::model::context::Stages;
use crate::parse::dockerfile::{Assignment, Dockerfile, Kind};
use crate::resolve::{Piece, Text};
use crate::source::{FileId, RepoPath};

/// The image builds of a repository.
#[derive(Clone, Copy, Default)]
pub(super) struct Images<'s> {
    pub(super) builds: &'s [BuildRequest],
    pub(super) dockerfiles: &'s [(FileId, Dockerfile)],
}

impl Project<'_> {
    /// The values that image builds of the package in `folder` give to `name`. An image built from that very folder
    /// speaks for it alone; else those of any folder around it do.
    pub(super) fn values_from_images(&self, name: &str, folder: &RepoPath) -> Vec<Text> {
        let around: Vec<(RepoPath, Vec<Text>)> = self
            .images
            .dockerfiles
            .iter()
            .filter(|(file, _)| !is_for_development(self.sources.path(*file).file_name()))
            .flat_map(|(file, dockerfile)| self.set_by(*file, dockerfile, name))
            .filter(|(context, values)| !values.is_empty() && folder.is_within(context))
            .collect();
        let nearest = around.iter().map(|(context, _)| context.components().count()).max();
        let nearest = around.iter().filter(|(context, _)| Some(context.components().count()) == nearest);
        nearest.flat_map(|(_, values)| values.iter().cloned()).collect()
    }

    /// What each build of a Dockerfile gives to `name`, with the folder that is its context.
    fn set_by(&self, file: FileId, dockerfile: &Dockerfile, name: &str) -> Vec<(RepoPath, Vec<Text>)> {
        let path = self.sources.path(file);
        let requests: Vec<&BuildRequest> = self
            .images
            .builds
            .iter()
            .filter(|request| match &request.dockerfile {
                DockerfileSource::File(dockerfile) => dockerfile == path,
                DockerfileSource::Default => request.context.join("Dockerfile").as_ref() == Some(path),
                DockerfileSource::Inline(_) => false,
            })
            .collect();
        if requests.is_empty() {
            return vec![(self.sources.folder_of(file), values(dockerfile, &BTreeMap::new(), name))];
        }
        requests
            .into_iter()
            .filter(|request| !is_for_development(self.sources.path(request.at.file).file_name()))
            .filter(|request| !request.target.as_deref().is_some_and(is_local))
            .map(|request| (request.context.clone(), values(dockerfile, &request.args, name)))
            .collect()
    }
}

/// The values of `name` at the commands of a Dockerfile. An `ARG` that nobody gives a value sets nothing; an `ENV` sets
/// the variable even where its value is not known.
fn values(dockerfile: &Dockerfile, args: &BTreeMap<String, Text>, name: &str) -> Vec<Text> {
    let instructions = || dockerfile.stages.iter().flat_map(|stage| &stage.instructions);
    let named = |assignments: &[Assignment]| assignments.iter().any(|set| set.name.text == name);
    let in_env = instructions().any(|instruction| matches!(&instruction.kind, Kind::Env(set) if named(set)));
    let in_arg = instructions().any(|instruction| matches!(&instruction.kind, Kind::Arg(set) if named(set)));
    let mut values: Vec<Text> = Vec::new();
    if !in_env && !in_arg {
        return values;
    }
    let stages = Stages::new(dockerfile, args);
    for (index, stage) in dockerfile.stages.iter().enumerate() {
        if stage.name.as_ref().is_some_and(|name| is_local(&name.text)) {
            continue;
        }
        stages.walk(index, |instruction, scope| {
            let value = scope.get(name).filter(|_| matches!(instruction.kind, Kind::Run(..)));
            let has_literal =
                |value: &Text| value.pieces().iter().any(|piece| matches!(piece, Piece::Literal(..)));
            if let Some(value) = value.filter(|value| in_env || has_literal(value))
                && !values.contains(value)
            {
                values.push(value.clone());
            }
        });
    }
    values
}

/// Whether a Dockerfile or a compose file is for development by its name: `Dockerfile.dev`, `compose.override.yml`.
fn is_for_development(name: &str) -> bool {
    name.split(['.', '-', '_']).any(|part| is_local(part) || part == "override")
}

#[cfg(test)]
mod tests {
    use super::super::{EnvironmentObject, tree};
    use super::*;
    use crate::source::{Sources, Span};

    /// The values of `VITE_WS` in `web/src/a.ts`, where `args` builds `web/Dockerfile` from `context`.
    #[track_caller]
    fn assert_values(dockerfile: &str, request: Option<(&str, &str)>, expected: &[&str]) {
        let files = [
            ("web/package.json", "{}"),
            ("web/src/a.ts", ""),
            ("web/.env", "VITE_WS=ws://file"),
            ("web/Dockerfile", dockerfile),
            ("compose.yml", ""),
        ];
        let tree = tree(&files);
        let sources = Sources::open(&tree);
        let find = |path: &str| sources.find(&RepoPath::new(path).unwrap()).unwrap();
        let dockerfiles =
            [(find("web/Dockerfile"), crate::parse::dockerfile::parse(find("web/Dockerfile"), dockerfile).0)];
        let builds: Vec<BuildRequest> = request
            .into_iter()
            .map(|(context, value)| BuildRequest {
                context: RepoPath::new(context).unwrap(),
                dockerfile: RepoPath::new("web/Dockerfile").into(),
                target: None,
                named_contexts: BTreeMap::new(),
                args: BTreeMap::from([(
                    "VITE_WS".to_owned(),
                    Text::literal(value, Span::start_of(find("compose.yml"))),
                )]),
                at: Span::start_of(find("compose.yml")),
                by: "service `web`".to_owned(),
            })
            .collect();
        let project = Project::new(&sources).with_images(&builds, &dockerfiles);
        let at = Span::start_of(find("web/src/a.ts"));
        let values = project.variable(EnvironmentObject::ImportMeta, "VITE_WS", at);
        let found: Vec<_> = values.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{dockerfile}");
    }

    #[test]
    fn an_image_build_bakes_its_variables_into_the_bundle() {
        let build = "RUN npm run build\n";
        let default = format!("FROM node\nARG VITE_WS=ws://arg:8000\nENV VITE_WS=$VITE_WS\n{build}");
        assert_values(&default, None, &["ws://arg:8000"]);
        assert_values(&default, Some(("web", "ws://compose")), &["ws://compose"]);
        assert_values(&format!("FROM node\nENV VITE_WS=ws://env\n{build}"), Some((".", "x")), &["ws://env"]);
    }

    #[test]
    fn what_an_image_build_does_not_set_comes_from_files() {
        let build = "RUN npm run build\n";
        assert_values(&format!("FROM node\n{build}"), Some(("web", "ws://compose")), &["ws://file"]);
        assert_values(&format!("FROM node\nARG VITE_WS\n{build}"), None, &["ws://file"]);
        let given = format!("FROM node\nARG VITE_WS\nENV VITE_WS=$VITE_WS\n{build}");
        assert_values(&given, None, &["${VITE_WS}"]);
        assert_values(&format!("FROM node AS dev\nENV VITE_WS=ws://dev\n{build}"), None, &["ws://file"]);
        assert_values(
            &format!("FROM node\nENV VITE_WS=ws://env\n{build}"),
            Some(("api", "x")),
            &["ws://file"],
        );
        assert_values("FROM nginx\nENV VITE_WS=ws://env\n", None, &["ws://file"]);
    }
}
