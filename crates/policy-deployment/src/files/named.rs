//! Task definitions in JSON files that are found because a pipeline, a script or a makefile names the file where it speaks
//! of task definitions. Their contents decide.

use policy_text::globs::Globs;
use policy_text::source::{FileId, Sources};
use rayon::prelude::*;

use super::{ContainerImage, Facts, FileKind, task_definition};

/// What is written where task definitions are filled in or registered.
const SIGNS: [&str; 4] = ["task-definition", "task_definition", "taskdef", "TaskDefinition"];

/// The task definitions among the files that the texts of `naming` name, in the order of paths.
pub(super) fn task_definitions(
    naming: &[(FileId, String)],
    sources: &Sources<'_>,
    exclude: &Globs,
) -> Vec<(FileId, Vec<ContainerImage>)> {
    if naming.is_empty() {
        return Vec::new();
    }
    let candidates: Vec<FileId> = sources
        .files()
        .filter(|(_, path)| path.extension() == Some("json") && FileKind::of(path).is_none())
        .filter(|(_, path)| !exclude.cover(path) && path.file_name() != "package.json")
        .filter(|(_, path)| naming.iter().any(|(_, text)| text.contains(path.file_name())))
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

/// Whether a text is a pipeline's, a script's or a makefile's that speaks of task definitions and can name their files.
pub(super) fn may_name(facts: &Facts, text: &str) -> bool {
    let runs = match facts {
        Facts::Yaml(file) => file.flavour.is_pipeline(),
        Facts::Shell(_) | Facts::Makefile(_) | Facts::Jenkinsfile(_) => true,
        _ => false,
    };
    runs && text.contains(".json") && SIGNS.iter().any(|sign| text.contains(sign))
}
