//! Task definitions whose names do not tell: JSON files that a pipeline, a script or a makefile names where it speaks of
//! task definitions. Their contents decide.

use policy_text::globs::Globs;
use policy_text::source::{FileId, Sources};
use rayon::prelude::*;

use super::{ContainerImage, FileKind, Parsed, task_definition};

/// What is written where task definitions are filled in or registered.
const SIGNS: [&str; 4] = ["task-definition", "task_definition", "taskdef", "TaskDefinition"];

/// The task definitions among the files that are named, in the order of paths.
pub(super) fn task_definitions(
    parsed: &Parsed,
    sources: &Sources<'_>,
    exclude: &Globs,
) -> Vec<(FileId, Vec<ContainerImage>)> {
    let naming = texts(parsed, sources);
    if naming.is_empty() {
        return Vec::new();
    }
    let candidates: Vec<FileId> = sources
        .files()
        .filter(|(_, path)| path.extension() == Some("json") && FileKind::of(path).is_none())
        .filter(|(_, path)| !exclude.cover(path) && path.file_name() != "package.json")
        .filter(|(_, path)| naming.iter().any(|text| text.contains(path.file_name())))
        .map(|(file, _)| file)
        .collect();
    let read = |file: FileId| {
        let decoded = sources.read(file).ok()?;
        // What is broken may be anything: only a file that says by its name what it is must be one.
        let (containers, problems) = task_definition::parse(file, &decoded.text)?;
        problems.is_empty().then_some((file, containers))
    };
    candidates.into_par_iter().filter_map(read).collect()
}

/// The texts that speak of task definitions and can name their files.
fn texts(parsed: &Parsed, sources: &Sources<'_>) -> Vec<String> {
    let pipelines = parsed.yaml.iter().filter(|(_, file)| file.flavour.is_pipeline()).map(|(file, _)| *file);
    let scripts = parsed.shell.iter().map(|(file, _)| *file);
    let makefiles = parsed.makefiles.iter().map(|(file, _)| *file);
    let jenkinsfiles = parsed.jenkinsfiles.iter().map(|(file, _)| *file);
    let naming = pipelines.chain(scripts).chain(makefiles).chain(jenkinsfiles);
    let texts = naming.filter_map(|file| sources.read(file).ok());
    let texts = texts.filter(|decoded| {
        decoded.text.contains(".json") && SIGNS.iter().any(|sign| decoded.text.contains(sign))
    });
    texts.map(|decoded| decoded.text).collect()
}
