//! Images that are built here, from the requests to build them and the Dockerfiles that nothing asks for.

mod nginx;
mod nginx_start;
mod packages;
mod programs;
mod written_files;

pub(crate) use nginx::{Mount, of_mounts};

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use policy_docker::build::{BuildRequest, DockerfileSource, Platforms};
use policy_docker::dockerfile::{self, Command, Dockerfile, HealthCheck, Kind, Scope, Word, expand};
use policy_docker::image::contents::contents_of;
use policy_docker::landed::Build;
use policy_docker::stages::{StageSource, Stages};
use policy_docker::taken::{Taken, from_context};
use policy_text::purpose;
use policy_text::source::{FileId, RepoPath, Sources, Span};
use policy_text::value::Text;
use rayon::prelude::*;

use crate::files::Parsed;
use crate::model::built_image::{BuiltImage, Change, FinalStage, Start};
use crate::model::context::DockerfilePlace;
use crate::model::nginx_image::NginxImage;
use crate::model::probe::Probe;
use crate::probe;

/// Stands for what is not known in the name of an image.
const HOLE: char = '?';

/// Where Next.js puts the server that it makes of an application.
const NEXT_SERVER: &str = ".next/standalone";

/// Every image that is built here: those that something asks for, in the order of the requests, then those of the
/// Dockerfiles that nothing asks for, or nothing but development, and that are not for development.
pub(crate) fn built_images(
    requests: &[BuildRequest],
    renamed: &[(Text, Text)],
    parsed: &Parsed,
    sources: &Sources<'_>,
) -> Vec<BuiltImage> {
    let dockerfiles: BTreeMap<FileId, &Dockerfile> =
        parsed.dockerfiles.iter().map(|(file, dockerfile)| (*file, dockerfile)).collect();
    let asked: Vec<Option<Asked<'_>>> = requests.iter().map(|request| Asked::of(request, sources)).collect();
    // Many services can be built from one file, and alike.
    let mut first: HashMap<Asked<'_>, Vec<(&BuildRequest, usize)>> = HashMap::new();
    let mut different: Vec<(Asked<'_>, &BuildRequest)> = Vec::new();
    let mut alike: Vec<Option<usize>> = Vec::new();
    for (request, asked) in requests.iter().zip(&asked) {
        let index = asked.map(|asked| {
            let same = first.entry(asked).or_default();
            let known = same.iter().find(|(other, _)| other.args == request.args).map(|(_, index)| *index);
            known.unwrap_or_else(|| {
                same.push((request, different.len()));
                different.push((asked, request));
                different.len() - 1
            })
        });
        alike.push(index);
    }
    let contents: Vec<Option<Contents>> =
        different.par_iter().map(|(asked, request)| asked.contents(request, &dockerfiles, sources)).collect();
    let images = requests.iter().zip(&asked).zip(&alike).filter_map(|((request, asked), index)| {
        let Contents { stage, nginx } = contents.get((*index)?)?.clone()?;
        Some(BuiltImage {
            dockerfile: (*asked)?.dockerfile,
            context: request.context.clone(),
            asked_by: Some((request.at, request.by.clone())),
            names: names(&request.images, renamed),
            platforms: request.platforms.clone(),
            stage,
            nginx,
            server: None,
        })
    });
    let mut images: Vec<BuiltImage> = images.collect();
    let asked_for = images.iter().filter(|image| !image.is_a_stage_for_development());
    let asked_for: HashSet<FileId> = asked_for.map(|image| image.dockerfile.file()).collect();
    let unasked: Vec<BuiltImage> = parsed
        .dockerfiles
        .par_iter()
        .filter(|(file, _)| {
            !asked_for.contains(file) && !purpose::is_built_for_development(sources.path(*file))
        })
        .filter_map(|(file, dockerfile)| {
            let for_development = images.iter().find(|image| image.dockerfile == DockerfilePlace::Own(*file));
            unasked(*file, dockerfile, for_development.map(|image| &image.context), sources)
        })
        .filter(|image| !image.is_a_stage_for_development())
        .collect();
    images.extend(unasked);
    images
}

/// What a build ends with, for all requests that ask for the same.
#[derive(Clone)]
struct Contents {
    stage: Arc<FinalStage>,
    nginx: Option<Arc<NginxImage>>,
}

/// What a request asks for, but for the arguments that it gives.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Asked<'r> {
    dockerfile: DockerfilePlace,
    target: Option<&'r str>,
    context: &'r RepoPath,
}

impl<'r> Asked<'r> {
    fn of(request: &'r BuildRequest, sources: &Sources<'_>) -> Option<Self> {
        let dockerfile = match &request.dockerfile {
            DockerfileSource::Inline(text) => DockerfilePlace::Inline(text.span(0..text.as_str().len())),
            _ => DockerfilePlace::Own(request.dockerfile_in(sources)?),
        };
        Some(Self { dockerfile, target: request.target.as_deref(), context: &request.context })
    }

    fn contents(
        self,
        request: &BuildRequest,
        dockerfiles: &BTreeMap<FileId, &Dockerfile>,
        sources: &Sources<'_>,
    ) -> Option<Contents> {
        let read;
        let dockerfile = match (&request.dockerfile, self.dockerfile) {
            (DockerfileSource::Inline(text), _) => {
                read = dockerfile::parse_text(text).0;
                &read
            }
            (_, place) => {
                if let Some(known) = dockerfiles.get(&place.file()) {
                    known
                } else {
                    // Its name does not show what it is.
                    read = dockerfile::parse(place.file(), &sources.read(place.file()).ok()?.text).0;
                    &read
                }
            }
        };
        let stages = Stages::new(dockerfile, &request.args);
        let target = stages.target(self.target)?;
        let build = Build { stages: &stages, escape: dockerfile.escape, context: self.context, sources };
        let stage = final_stage(dockerfile, &build, target)?;
        let nginx = nginx::of_build(&build, target, &stage).map(Arc::new);
        Some(Contents { stage: Arc::new(stage), nginx })
    }
}

/// The names of an image, and those that it is given later.
fn names(own: &[Text], renamed: &[(Text, Text)]) -> Vec<Text> {
    let mut names = own.to_vec();
    let later = renamed.iter().filter(|(old, _)| own.iter().any(|name| name.to_string() == old.to_string()));
    names.extend(later.map(|(_, new)| new.clone()));
    names
}

/// The image of a Dockerfile that nothing builds for users. What is built of it for development is sent `context`.
fn unasked(
    file: FileId,
    dockerfile: &Dockerfile,
    context: Option<&RepoPath>,
    sources: &Sources<'_>,
) -> Option<BuiltImage> {
    let args = BTreeMap::new();
    let stages = Stages::new(dockerfile, &args);
    let target = stages.target(None)?;
    let context =
        context.cloned().unwrap_or_else(|| likely_context(file, &stages, target, dockerfile.escape, sources));
    let build = Build { stages: &stages, escape: dockerfile.escape, context: &context, sources };
    let stage = final_stage(dockerfile, &build, target)?;
    Some(BuiltImage {
        dockerfile: DockerfilePlace::Own(file),
        asked_by: None,
        names: Vec::new(),
        platforms: Platforms::Unsaid,
        nginx: nginx::of_build(&build, target, &stage).map(Arc::new),
        stage: Arc::new(stage),
        server: None,
        context,
    })
}

/// The folder that a Dockerfile is most likely built from which nothing builds: its own, or the nearest above that has what it
/// copies.
fn likely_context(
    file: FileId,
    stages: &Stages<'_>,
    target: usize,
    escape: char,
    sources: &Sources<'_>,
) -> RepoPath {
    let own = sources.folder_of(file);
    let taken = from_context(stages, &stages.needed(target), target, None, escape);
    let required: Vec<String> = taken.iter().filter_map(Taken::required).collect();
    let has_all = |folder: &RepoPath| {
        let mut paths = required.iter().map(|path| folder.join(path));
        paths.all(|path| path.is_some_and(|path| sources.find(&path).is_some() || sources.is_folder(&path)))
    };
    own.ancestors().find(has_all).unwrap_or(own)
}

fn final_stage(dockerfile: &Dockerfile, build: &Build<'_>, target: usize) -> Option<FinalStage> {
    let stages = build.stages;
    let mut chain = stages.ancestors(target);
    chain.push(target);
    let lowest = *chain.first()?;
    let base = match stages.base(lowest)? {
        StageSource::Image(reference) => reference.clone(),
        StageSource::Stage(_) => return None,
    };
    let last = stages.stage(target)?;
    let mut stage = FinalStage {
        from: last.at,
        name: last.name.as_ref().map(|name| name.text.clone()),
        base_contents: contents_of(&base.render(HOLE), HOLE),
        base: (base, stages.stage(lowest)?.base.at),
        changes: Vec::new(),
        brought_elsewhere: BTreeMap::new(),
        user: None,
        grants_capabilities: false,
        entry_point: None,
        command: None,
        exposed: Vec::new(),
        environment: BTreeMap::new(),
        next_server: None,
        layout: build.layout(target),
        origins: build.origins(target),
        health_check: None,
    };
    let escape = dockerfile.escape;
    let mut command_of = None;
    for &index in &chain {
        stages.walk(index, |instruction, scope| match &instruction.kind {
            Kind::User(word) => stage.user = Some((expand(word, scope, escape), instruction.at)),
            Kind::Cmd(command) => {
                stage.command = Some(start(command, instruction.at));
                command_of = Some(index);
            }
            Kind::Entrypoint(command) => {
                stage.entry_point = Some(start(command, instruction.at));
                // What a stage below gives to its own entry point is nothing for this one.
                stage.command = stage.command.take().filter(|_| command_of == Some(index));
            }
            Kind::Expose(ports) => {
                stage
                    .exposed
                    .extend(ports.iter().map(|port| (without_protocol(port, scope, escape), port.at)));
            }
            Kind::Env(variables) => {
                for variable in variables {
                    if let Some(value) = &variable.value {
                        stage.environment.insert(variable.name.text.clone(), expand(value, scope, escape));
                    }
                }
            }
            Kind::HealthCheck(HealthCheck::None) => stage.health_check = None,
            Kind::HealthCheck(HealthCheck::Command(command)) => {
                stage.health_check = Some(health_check(command, instruction.at));
            }
            kind => {
                if let Kind::Run(_, command) = kind {
                    stage.grants_capabilities |= command.words().any(|word| word.text.contains("setcap"));
                }
                if let Kind::Copy(transfer) = kind {
                    let brings = |source: &&Word| source.text.trim_end_matches('/').ends_with(NEXT_SERVER);
                    stage.next_server =
                        transfer.sources.iter().find(brings).map(|source| source.at).or(stage.next_server);
                }
                programs::add(&mut stage.changes, instruction, scope, escape);
            }
        });
    }
    for index in (0..dockerfile.stages.len()).filter(|index| !chain.contains(index)) {
        let mut changes = Vec::new();
        stages.walk(index, |instruction, scope| programs::add(&mut changes, instruction, scope, escape));
        for change in changes {
            if let Change::Brings(program, at) = change {
                stage.brought_elsewhere.entry(program).or_insert(at);
            }
        }
    }
    Some(stage)
}

fn start(command: &Command, at: Span) -> Start {
    Start { at, words: words(command), in_shell: matches!(command, Command::Shell(..)) }
}

/// The words as they are written: a shell has quotes and variables of its own, and what is started knows no `ARG`.
fn words(command: &Command) -> Vec<(Text, Span)> {
    command.words().map(|word| (Text::literal(word.text.as_str(), word.at), word.at)).collect()
}

/// `8080` of `8080/tcp`.
fn without_protocol(port: &Word, scope: &Scope, escape: char) -> Text {
    let port = expand(port, scope, escape);
    port.split_once('/').map_or(port, |(port, _)| port)
}

fn health_check(command: &Command, instruction: Span) -> Probe {
    match (command, words(command).as_slice()) {
        (Command::Shell(..), [(text, at), ..]) => probe::of_shell(text, *at),
        (_, words) => probe::of_words(words, instruction),
    }
}
