//! Variables that image builds set while they run a bundler: `ARG` and `ENV` of Dockerfiles, and the arguments that compose
//! files and others give.

use std::collections::BTreeMap;

use policy_docker::build::BuildRequest;
use policy_docker::dockerfile::{Assignment, Dockerfile, Kind};
use policy_docker::stages::Stages;
use policy_text::purpose::{self, is_local_mode};
use policy_text::source::{FileId, RepoPath, Sources};
use policy_text::value::{Piece, Text};

/// What each image build gives to `name`, with the folder that is its context.
pub(super) fn values(
    name: &str,
    builds: &[BuildRequest],
    dockerfiles: &[(FileId, Dockerfile)],
    sources: &Sources<'_>,
) -> Vec<(RepoPath, Vec<Text>)> {
    dockerfiles
        .iter()
        .filter(|(file, _)| !purpose::is_built_for_development(sources.path(*file)))
        .flat_map(|(file, dockerfile)| set_by(*file, dockerfile, name, builds, sources))
        .collect()
}

/// What each build of a Dockerfile gives to `name`. One that nothing asks for is built in its own folder.
fn set_by(
    file: FileId,
    dockerfile: &Dockerfile,
    name: &str,
    builds: &[BuildRequest],
    sources: &Sources<'_>,
) -> Vec<(RepoPath, Vec<Text>)> {
    let mut requests: Vec<&BuildRequest> =
        builds.iter().filter(|request| request.dockerfile_in(sources) == Some(file)).collect();
    // What a pipeline gives is in the image that it pushes; compose builds that one where somebody has none.
    if requests.iter().any(|request| !request.by.is_compose_alone() && request.args.contains_key(name)) {
        requests.retain(|request| !request.by.is_compose_alone());
    }
    if requests.is_empty() {
        return vec![(sources.folder_of(file), values_in(dockerfile, &BTreeMap::new(), name))];
    }
    requests
        .into_iter()
        .filter(|request| !purpose::is_for_development(sources.path(request.at.file)))
        .filter(|request| !request.target.as_deref().is_some_and(is_local_mode))
        .map(|request| (request.context.clone(), values_in(dockerfile, &request.args, name)))
        .collect()
}

/// The values of `name` at the commands of a Dockerfile. An `ARG` that nobody gives a value sets nothing; an `ENV` sets
/// the variable even where its value is not known.
fn values_in(dockerfile: &Dockerfile, args: &BTreeMap<String, Text>, name: &str) -> Vec<Text> {
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
        if stage.name.as_ref().is_some_and(|name| is_local_mode(&name.text)) {
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

#[cfg(test)]
mod tests {
    use policy_docker::asker::Asker;
    use policy_docker::dockerfile;
    use policy_text::source::{MemoryTree, Span};

    use super::*;

    /// What builds give to `VITE_WS` by `web/Dockerfile`, built from the context with the argument of `request`.
    #[track_caller]
    fn assert_values(text: &str, request: Option<(&str, &str)>, expected: &[&str]) {
        let path = |path: &str| RepoPath::new(path).unwrap();
        let tree = MemoryTree::new().with(path("web/Dockerfile"), text).with(path("compose.yml"), "");
        let sources = Sources::open(&tree);
        let file = sources.find(&path("web/Dockerfile")).unwrap();
        let at = Span::start_of(sources.find(&path("compose.yml")).unwrap());
        let builds: Vec<BuildRequest> = request
            .into_iter()
            .map(|(context, value)| BuildRequest {
                context: path(context),
                dockerfile: RepoPath::new("web/Dockerfile").into(),
                target: None,
                images: Vec::new(),
                platforms: policy_docker::build::Platforms::Unsaid,
                named_contexts: BTreeMap::new(),
                args: BTreeMap::from([("VITE_WS".to_owned(), Text::literal(value, at))]),
                is_tentative: false,
                at,
                places: policy_docker::build::Places::default(),
                by: Asker::Service("web".to_owned()),
            })
            .collect();
        let found = values("VITE_WS", &builds, &[(file, dockerfile::parse(file, text).0)], &sources);
        let found: Vec<String> = found
            .iter()
            .flat_map(|(context, values)| values.iter().map(move |value| format!("{context}: {value}")))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn an_image_build_bakes_its_variables_into_the_bundle() {
        let build = "RUN npm run build\n";
        let default = format!("FROM node\nARG VITE_WS=ws://arg:8000\nENV VITE_WS=$VITE_WS\n{build}");
        assert_values(&default, None, &["web: ws://arg:8000"]);
        assert_values(&default, Some(("web", "ws://compose")), &["web: ws://compose"]);
        assert_values(
            &format!("FROM node\nENV VITE_WS=ws://env\n{build}"),
            Some(("api", "x")),
            &["api: ws://env"],
        );
        let given = format!("FROM node\nARG VITE_WS\nENV VITE_WS=$VITE_WS\n{build}");
        assert_values(&given, None, &["web: ${VITE_WS}"]);
    }

    #[test]
    fn an_image_that_sets_nothing_where_it_builds_gives_no_value() {
        let build = "RUN npm run build\n";
        assert_values(&format!("FROM node\n{build}"), Some(("web", "ws://compose")), &[]);
        assert_values(&format!("FROM node\nARG VITE_WS\n{build}"), None, &[]);
        assert_values(&format!("FROM node AS dev\nENV VITE_WS=ws://dev\n{build}"), None, &[]);
        assert_values("FROM nginx\nENV VITE_WS=ws://env\n", None, &[]);
    }
}
