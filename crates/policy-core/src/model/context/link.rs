//! From Dockerfiles and the requests to build them to contexts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::expected::Expected;
use super::stages::Stages;
use super::{Build, BuildContext, KnownBy, locate, taken};
use crate::model::Deployment;
use crate::model::build::BuildRequest;
use crate::parse::Parsed;
use crate::parse::dockerfile::{Dockerfile, Kind};
use crate::parse::dockerignore::IgnoreFile;
use crate::source::{FileId, RepoPath, Sources};

/// Adds every build context to `deployment`, whose requests must be complete.
pub(in crate::model) fn add(deployment: &mut Deployment, parsed: &Parsed, sources: &Sources<'_>) {
    let dockerfiles: BTreeMap<FileId, &Dockerfile> =
        parsed.dockerfiles.iter().map(|(file, dockerfile)| (*file, dockerfile)).collect();
    let ignores: BTreeMap<FileId, Arc<IgnoreFile>> =
        parsed.ignore_files.iter().map(|(file, ignore)| (*file, Arc::clone(ignore))).collect();

    let mut builds: Vec<(RepoPath, Build)> = Vec::new();
    let mut asked_for = BTreeSet::new();
    for request in &deployment.builds {
        let Some(dockerfile) = dockerfile_of(request, sources).and_then(|file| dockerfiles.get(&file)) else {
            continue;
        };
        asked_for.insert(dockerfile.file);
        builds.extend(requested(request, dockerfile).map(|build| (request.context.clone(), build)));
    }
    for dockerfile in dockerfiles.values().filter(|dockerfile| !asked_for.contains(&dockerfile.file)) {
        builds.extend(assumed(dockerfile, sources));
    }

    let mut contexts: BTreeMap<(RepoPath, Option<FileId>), Vec<Build>> = BTreeMap::new();
    for (folder, build) in builds {
        let ignore = ignore_file_of(&folder, build.dockerfile, sources);
        contexts.entry((folder, ignore)).or_default().push(build);
    }
    let expected = Expected::of(sources);
    deployment.contexts = contexts
        .into_iter()
        .map(|((folder, ignore), mut builds)| {
            builds.sort_by_key(|build| build.dockerfile);
            let ignore = ignore.and_then(|file| ignores.get(&file).cloned());
            let caches =
                expected.caches.iter().filter(|cache| cache.path.is_within(&folder)).cloned().collect();
            let tool = expected.tool_within(&folder);
            BuildContext { folder, ignore, builds, caches, tool }
        })
        .collect();
}

/// The Dockerfile that a request means, where it exists.
fn dockerfile_of(request: &BuildRequest, sources: &Sources<'_>) -> Option<FileId> {
    match &request.dockerfile {
        Some(path) => sources.find(path),
        None => sources.find(&request.context.join("Dockerfile")?),
    }
}

/// The ignore file that counts: the Dockerfile's own before the context's.
fn ignore_file_of(folder: &RepoPath, dockerfile: FileId, sources: &Sources<'_>) -> Option<FileId> {
    let path = sources.path(dockerfile);
    let own = path.parent()?.join(&format!("{}.dockerignore", path.file_name()))?;
    sources.find(&own).or_else(|| sources.find(&folder.join(".dockerignore")?))
}

/// `None` where the request names a stage that does not exist.
fn requested(request: &BuildRequest, dockerfile: &Dockerfile) -> Option<Build> {
    let stages = Stages::new(dockerfile, &request.args);
    let target = stages.target(request.target.as_deref())?;
    Some(Build {
        dockerfile: dockerfile.file,
        known_by: KnownBy::Request(request.at, request.by.clone()),
        takes: taken::from_context(&stages, &stages.needed(target), target, dockerfile.escape),
        commands: commands(&stages, &stages.needed(target)),
    })
}

fn assumed(dockerfile: &Dockerfile, sources: &Sources<'_>) -> Option<(RepoPath, Build)> {
    let args = BTreeMap::new();
    let stages = Stages::new(dockerfile, &args);
    let target = stages.target(None)?;
    let needed = stages.needed(target);
    let takes = taken::from_context(&stages, &needed, target, dockerfile.escape);
    let (folder, known_by) = locate::context_of(sources.path(dockerfile.file), &takes, sources)?;
    let commands = commands(&stages, &needed);
    Some((folder, Build { dockerfile: dockerfile.file, known_by, takes, commands }))
}

/// The texts of all that the stages `needed` run.
fn commands(stages: &Stages<'_>, needed: &[usize]) -> Vec<String> {
    let mut texts = Vec::new();
    for &index in needed {
        stages.walk(index, |instruction, _| {
            if let Kind::Run(_, command) = &instruction.kind {
                texts.extend(command.words().map(|word| word.text.clone()));
            }
        });
    }
    texts
}
