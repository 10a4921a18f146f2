//! Build contexts: from Dockerfiles and the requests to build them to the folders that are sent.

mod absent;
mod contents;
mod evidence;
mod expected;
mod git_ignored;
mod history;
mod lacking;
mod locate;
mod makers;
mod missing;
mod on_disk;
pub(crate) mod programs;
mod python_imports;
mod python_manifest;
mod ran_tools;
mod secrets;
mod step_script;
mod tools;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::iter;
use std::sync::Arc;

use policy_docker::build::{BuildRequest, DockerfileSource};
use policy_docker::dockerfile::{self, Dockerfile, Kind};
use policy_docker::dockerignore::IgnoreFile;
use policy_docker::stages::{StageSource, Stages};
use policy_docker::{runtime, taken};
use policy_text::purpose;
use policy_text::source::{FileId, RepoPath, Sources};
use policy_text::value::Text;

use crate::DockerOptions;
use crate::files::Parsed;
use crate::model::context::{
    BrokenBuild, Build, BuildContext, DockerfilePlace, KnownBy, Lacks, Missing, Programs,
};
use absent::Absent;
pub(crate) use absent::Brought;
use expected::{Expected, Folders};

/// The build contexts of `requests` and of the Dockerfiles that no request names, and the requests that cannot be met.
/// `brought` is what may be there before a build although no checkout has it.
pub(crate) fn contexts(
    requests: &[BuildRequest],
    brought: Brought<'_>,
    parsed: &Parsed,
    sources: &Sources<'_>,
    options: &DockerOptions,
) -> (Vec<BuildContext>, Vec<BrokenBuild>) {
    let oddly_named = oddly_named(requests, parsed, sources);
    let dockerfiles: BTreeMap<FileId, &Dockerfile> = parsed
        .dockerfiles
        .iter()
        .map(|(file, dockerfile)| (*file, dockerfile))
        .chain(oddly_named.iter().map(|dockerfile| (dockerfile.file, dockerfile)))
        .collect();
    let ignores: BTreeMap<FileId, Arc<IgnoreFile>> =
        parsed.ignore_files.iter().map(|(file, ignore)| (*file, Arc::clone(ignore))).collect();

    let mut builds: Vec<(RepoPath, Build)> = Vec::new();
    let mut asked_for = BTreeSet::new();
    let mut broken = Vec::new();
    let mut absent = Absent::of(sources, brought);
    let mut known = KnownPrograms::new();
    for request in requests {
        let outcome = meet(request, &dockerfiles, &mut absent, &mut known, sources, &mut asked_for);
        match outcome {
            Ok(met) => builds.extend(met),
            Err(_) if request.is_tentative => {}
            Err(missing) => broken.push(BrokenBuild {
                at: match &missing {
                    Missing::Context => None,
                    Missing::Dockerfile(_) => request.places.dockerfile,
                    Missing::Stage(..) => request.places.target,
                }
                .unwrap_or(request.at),
                by: request.by.clone(),
                context: request.context.clone(),
                lies_beside: missing == Missing::Context && lies_beside(request, sources),
                missing,
            }),
        }
    }
    for dockerfile in dockerfiles.values().filter(|dockerfile| !asked_for.contains(&dockerfile.file)) {
        builds.extend(assumed(dockerfile, &mut known, sources));
    }

    let mut contexts: BTreeMap<(RepoPath, Option<FileId>), Vec<Build>> = BTreeMap::new();
    for (folder, build) in builds {
        let ignore = ignore_file_of(&folder, &build, sources);
        contexts.entry((folder, ignore)).or_default().push(build);
    }
    let folders = Folders {
        all: contexts.keys().map(|(folder, _)| folder).collect(),
        python: contexts
            .iter()
            .filter(|(_, builds)| builds.iter().any(runs_python))
            .map(|((folder, _), _)| folder)
            .collect(),
    };
    let mut expected = Expected::of(&folders, parsed, sources);
    expected.caches.retain(|cache| !options.wanted.matches(cache.path.file_name()));
    let contexts = contexts
        .into_iter()
        .map(|((folder, ignore), mut builds)| {
            builds.sort_by_key(|build| {
                let path = sources.path(build.dockerfile.file());
                (purpose::is_built_for_development(path), path.components().count(), build.dockerfile)
            });
            let ignore = ignore.and_then(|file| ignores.get(&file).cloned());
            let has_history = history::lies_in(&folder, sources);
            for build in &mut builds {
                build.gets_history = has_history && !history::is_left_behind(build, parsed, sources);
                build.lacks = lacking::lacks_of(build, &folder, ignore.as_deref(), &mut absent, parsed);
            }
            let takes_folder = builds.iter().flat_map(|build| &build.takes).any(|taken| taken.in_final_image);
            BuildContext {
                ignore,
                caches: expected
                    .caches
                    .iter()
                    .filter(|cache| cache.path.is_within(&folder))
                    .cloned()
                    .collect(),
                tool: expected.tool_within(&folder),
                secrets: if takes_folder { secrets::within(&folder, sources) } else { Vec::new() },
                unreadable: unreadable(&folder, parsed, sources),
                folder,
                builds,
            }
        })
        .collect();
    (contexts, broken)
}

/// Dockerfiles whose names do not show what they are, known from the requests that name them.
fn oddly_named(requests: &[BuildRequest], parsed: &Parsed, sources: &Sources<'_>) -> Vec<Dockerfile> {
    let known: BTreeSet<FileId> = parsed.dockerfiles.iter().map(|(file, _)| *file).collect();
    let named: BTreeSet<FileId> =
        requests.iter().filter_map(|request| sources.find(request.dockerfile.path()?)).collect();
    let read = |file: &FileId| Some(dockerfile::parse(*file, &sources.read(*file).ok()?.text).0);
    named.difference(&known).filter_map(read).collect()
}

/// The build that a request asks for, once for each folder that it sends, or what it lacks. Nothing where the Dockerfile
/// could not be read.
fn meet(
    request: &BuildRequest,
    dockerfiles: &BTreeMap<FileId, &Dockerfile>,
    absent: &mut Absent<'_>,
    known: &mut KnownPrograms,
    sources: &Sources<'_>,
    asked_for: &mut BTreeSet<FileId>,
) -> Result<Vec<(RepoPath, Build)>, Missing> {
    if let Some(missing) = missing::on_disk(request, absent) {
        return Err(missing);
    }
    let inline;
    let (dockerfile, place) = if let DockerfileSource::Inline(text) = &request.dockerfile {
        inline = dockerfile::parse_text(text).0;
        (&inline, DockerfilePlace::Inline(text.span(0..text.as_str().len())))
    } else {
        let file = request.dockerfile_in(sources);
        let Some(dockerfile) = file.and_then(|file| dockerfiles.get(&file)) else { return Ok(Vec::new()) };
        asked_for.insert(dockerfile.file);
        (*dockerfile, DockerfilePlace::Own(dockerfile.file))
    };
    if dockerfile.stages.is_empty() {
        return Ok(Vec::new());
    }
    let stages = Stages::new(dockerfile, &request.args);
    let Some(target) = stages.target(request.target.as_deref()) else {
        return Err(Missing::Stage(request.target.clone().unwrap_or_default(), dockerfile.file));
    };
    let needed = stages.needed(target);
    let programs = programs(&stages, &needed, place, known);
    let sent = |folder: &RepoPath, name: Option<&str>| {
        let build = Build {
            dockerfile: place,
            context_name: name.map(ToOwned::to_owned),
            known_by: KnownBy::Request(request.at, request.by.clone()),
            takes: taken::from_context(&stages, &needed, target, name, dockerfile.escape),
            lacks: Lacks::default(),
            gets_history: false,
            runtime: runtime::of(&stages, target, dockerfile.escape),
            bases: bases(&stages, &needed),
            programs: Arc::clone(&programs),
        };
        (folder.clone(), build)
    };
    let named = request.named_contexts.iter().filter_map(|(name, folder)| {
        let folder = folder.as_ref().filter(|folder| sources.is_folder(folder))?;
        Some(sent(folder, Some(name)))
    });
    Ok(iter::once(sent(&request.context, None)).chain(named).collect())
}

/// Whether some stage of the build starts from an image of Python.
fn runs_python(build: &Build) -> bool {
    build.bases.iter().flatten().any(|base| base.rsplit('/').next() == Some("python"))
}

/// The places below `folder` that are sent and cannot be read.
fn unreadable(folder: &RepoPath, parsed: &Parsed, sources: &Sources<'_>) -> Vec<(RepoPath, String)> {
    let unlisted = sources
        .unlisted()
        .iter()
        .filter_map(|place| Some((RepoPath::new(&place.path)?, place.reason.clone())));
    let unread =
        parsed.unreadable.iter().map(|file| (sources.path(*file).clone(), "permission denied".to_owned()));
    unlisted.chain(unread).filter(|(path, _)| path.is_within(folder)).collect()
}

/// The ignore file that counts: the Dockerfile's own before the context's. `BuildKit` filters a context with a name by the
/// context's alone.
fn ignore_file_of(folder: &RepoPath, build: &Build, sources: &Sources<'_>) -> Option<FileId> {
    let own = match (build.dockerfile, &build.context_name) {
        (DockerfilePlace::Own(file), None) => {
            let path = sources.path(file);
            path.parent()?.join(&format!("{}.dockerignore", path.file_name()))
        }
        _ => None,
    };
    own.and_then(|own| sources.find(&own)).or_else(|| sources.find(&folder.join(".dockerignore")?))
}

fn assumed(
    dockerfile: &Dockerfile,
    known: &mut KnownPrograms,
    sources: &Sources<'_>,
) -> Option<(RepoPath, Build)> {
    let args = BTreeMap::new();
    let stages = Stages::new(dockerfile, &args);
    let target = stages.target(None)?;
    let needed = stages.needed(target);
    let takes = taken::from_context(&stages, &needed, target, None, dockerfile.escape);
    let (folder, known_by) = locate::context_of(sources.path(dockerfile.file), &takes, sources)?;
    let place = DockerfilePlace::Own(dockerfile.file);
    let build = Build {
        dockerfile: place,
        context_name: None,
        known_by,
        takes,
        lacks: Lacks::default(),
        gets_history: false,
        runtime: runtime::of(&stages, target, dockerfile.escape),
        bases: bases(&stages, &needed),
        programs: programs(&stages, &needed, place, known),
    };
    Some((folder, build))
}

/// The names of the images that the stages `needed` start from.
fn bases(stages: &Stages<'_>, needed: &[usize]) -> Vec<Option<String>> {
    let images = needed.iter().filter_map(|&index| match stages.base(index)? {
        StageSource::Image(reference) => Some(reference),
        StageSource::Stage(_) => None,
    });
    let name = |reference: &Text| Some(reference.known()?.split([':', '@']).next()?.to_owned());
    images.map(name).collect()
}

/// What the stages of Dockerfiles run, by the stages: many services can be built from one file.
type KnownPrograms = HashMap<(DockerfilePlace, Vec<usize>), Arc<Programs>>;

/// What the stages `needed` run.
fn programs(
    stages: &Stages<'_>,
    needed: &[usize],
    place: DockerfilePlace,
    known: &mut KnownPrograms,
) -> Arc<Programs> {
    let read = || {
        let mut programs = Programs::default();
        for &index in needed {
            stages.walk(index, |instruction, _| {
                if let Kind::Run(_, command) = &instruction.kind {
                    programs::add(&mut programs, command);
                }
            });
        }
        Arc::new(programs)
    };
    Arc::clone(known.entry((place, needed.to_vec())).or_insert_with(read))
}

/// Whether a compose service that names an image builds from a folder outside of the file's own.
fn lies_beside(request: &BuildRequest, sources: &Sources<'_>) -> bool {
    let is_inside = request.context.is_within(&sources.folder_of(request.at.file));
    let names_image = request.images.iter().any(|image| image.find('/').is_some());
    request.by.is_compose_alone() && names_image && !is_inside
}
