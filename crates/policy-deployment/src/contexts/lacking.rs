//! Sources of `COPY` and `ADD` that a build context cannot have. What may be made before the build is not lacking.
//!
//! Proved are: who asks for the build and with which folder; a source that is written out, with no wildcard, of a stage
//! that the build needs; that nothing lies at its path, listed or not, and that no ignore file, submodule or link explains
//! it. Then, that nothing can have made it: the build takes the commit from git; or its job only checked the repository out;
//! or, on any machine, the repository holds the file at another place, does not ignore this one, and no text of it speaks of
//! making it; or nothing but a Dockerfile speaks of it at all.

use policy_docker::dockerignore::IgnoreFile;
use policy_docker::taken::{Source, Taken};
use policy_text::purpose;
use policy_text::source::{RepoPath, Sources, Span};

use super::absent::Absent;
use super::{contents, makers};
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::model::context::{Build, Contents, KnownBy, Lack, Lacks};

/// What `build` copies from `folder` and cannot get there, and which folder has it.
pub(super) fn lacks_of(
    build: &Build,
    folder: &RepoPath,
    ignore: Option<&IgnoreFile>,
    absent: &mut Absent<'_>,
    parsed: &Parsed,
) -> Lacks {
    let lacking = sources_of(build, folder, ignore, absent, parsed);
    let is_wrong = lacking.iter().any(|lack| lack.elsewhere.is_some());
    let right_context = if is_wrong { right_context(build, folder, absent.sources()) } else { None };
    Lacks { sources: lacking, right_context }
}

/// The nearest folder above the context, or the Dockerfile's own, where all that is written out lies.
fn right_context(build: &Build, folder: &RepoPath, sources: &Sources<'_>) -> Option<RepoPath> {
    let own = sources.folder_of(build.dockerfile.file());
    folder.ancestors().skip(1).chain([own]).filter(|other| other != folder).find(|other| {
        build.takes.iter().filter_map(|taken| named(taken, other)).all(|path| is_there(&path, sources))
    })
}

/// What `build` copies from `folder` and cannot get there.
fn sources_of(
    build: &Build,
    folder: &RepoPath,
    ignore: Option<&IgnoreFile>,
    absent: &mut Absent<'_>,
    parsed: &Parsed,
) -> Vec<Lack> {
    let KnownBy::Request(at, _) = &build.known_by else { return Vec::new() };
    let sources = absent.sources();
    // A stage that is built on an unknown one may not be built at all.
    if build.context_name.is_some() || build.bases.contains(&None) {
        return Vec::new();
    }
    let own = sources.folder_of(build.dockerfile.file());
    let suspects: Vec<(&Taken, RepoPath)> = build
        .takes
        .iter()
        .filter_map(|taken| Some((taken, named(taken, folder)?)))
        .filter(|(_, path)| !is_there(path, sources))
        .filter(|(_, path)| {
            let relative = path.strip_prefix(folder).unwrap_or_default();
            let decision = ignore.map(|ignore| ignore.decide(relative));
            let Some(decision) = decision.filter(|decision| decision.excluded) else { return true };
            // A wildcard means nothing that is not there. What lies beside the Dockerfile is in another context.
            decision.by.is_some_and(|pattern| pattern.path.contains('*'))
                && own.join(relative).is_some_and(|path| is_there(&path, sources))
        })
        .collect();
    let dockerfile = sources.path(build.dockerfile.file());
    let is_unreal = |path: &RepoPath| purpose::is_test_data_or_template(path) || path.as_str().contains("{{");
    if suspects.is_empty()
        || is_partial(sources)
        || [dockerfile, sources.path(at.file)].into_iter().any(is_unreal)
    {
        return Vec::new();
    }
    let contents = contents::of(*at, parsed, sources);
    if contents == Contents::Folder && !is_meant(build, folder, *at, parsed, sources) {
        return Vec::new();
    }
    suspects
        .into_iter()
        .filter_map(|(taken, path)| {
            if absent.is_submodule(&path) || absent.is_behind_link(&path) {
                return None;
            }
            let is_left_out_by_git =
                [false, true].into_iter().any(|is_folder| absent.is_left_out_by_git(&path, is_folder));
            let may_be_made = contents == Contents::Folder
                && (is_left_out_by_git || is_made_by_hand(&path) || absent.may_be_brought(&path, *at));
            if may_be_made {
                return None;
            }
            let elsewhere = elsewhere(&path, folder, dockerfile, sources);
            // Elsewhere than in a pipeline anybody may make it: where another place has it only what is run, where none has
            // it whoever reads of it.
            let is_brought = || match &elsewhere {
                Some(elsewhere) => makers::may_make(&path, elsewhere, sources),
                None => lies_somewhere(&path, sources) || makers::speak_of(&path, sources),
            };
            if contents == Contents::Folder && is_brought() {
                return None;
            }
            Some(Lack { at: taken.at, path, is_left_out_by_git, elsewhere, contents })
        })
        .collect()
}

/// Whether it is sure that the request means this folder. Pipelines and compose files say where their paths count from;
/// of a script it is guessed, and then something that is copied has to be there. Where nothing is, all of it has to lie
/// below the Dockerfile's own folder, or below one above this: its paths are written for another context.
fn is_meant(build: &Build, folder: &RepoPath, at: Span, parsed: &Parsed, sources: &Sources<'_>) -> bool {
    let copied: Vec<RepoPath> = build.takes.iter().filter_map(|taken| named(taken, folder)).collect();
    if copied.iter().any(|path| is_there(path, sources)) {
        return true;
    }
    let flavour = parsed.yaml.iter().find(|(file, _)| *file == at.file).map(|(_, file)| file.flavour);
    let own = sources.folder_of(build.dockerfile.file());
    let lies_in_own = |path: &RepoPath| {
        let relative = path.strip_prefix(folder).unwrap_or_default();
        own.join(relative).is_some_and(|path| is_there(&path, sources))
    };
    flavour.is_some_and(|flavour| flavour == Flavour::Compose || flavour.is_pipeline())
        && (copied.iter().all(lies_in_own) || right_context(build, folder, sources).is_some())
}

/// The path of a source that is written out.
fn named(taken: &Taken, folder: &RepoPath) -> Option<RepoPath> {
    match &taken.source {
        Source::Path(path) if taken.is_literal && !path.is_empty() => folder.join(path),
        _ => None,
    }
}

fn is_there(path: &RepoPath, sources: &Sources<'_>) -> bool {
    sources.find(path).is_some() || sources.is_folder(path) || sources.entry(path).is_some()
}

/// Whether git has checked out a part of the repository only.
fn is_partial(sources: &Sources<'_>) -> bool {
    RepoPath::new(".git/info/sparse-checkout").is_some_and(|path| sources.entry(&path).is_some())
}

/// Whether people or their tools make a file of this name where they work: outputs, lock files, values.
fn is_made_by_hand(path: &RepoPath) -> bool {
    let name = path.file_name();
    path.components().any(|part| purpose::is_output_folder(part) || purpose::is_dependency_folder(part))
        || name.contains("-lock.")
        || name.starts_with(".env")
        || matches!(
            path.extension(),
            Some("lock" | "lockb" | "pem" | "key" | "crt" | "jar" | "war" | "whl" | "gz" | "zip")
        )
        || matches!(name, "go.sum" | "npm-shrinkwrap.json")
}

/// Whether anything in the repository has the name of `path`.
fn lies_somewhere(path: &RepoPath, sources: &Sources<'_>) -> bool {
    sources.files().any(|(_, file)| file.components().any(|name| name == path.file_name()))
}

/// Where else something of the name of `path` lies: below the Dockerfile's folder, in a folder above the context, or at the
/// end of just one path of the repository.
fn elsewhere(
    path: &RepoPath,
    context: &RepoPath,
    dockerfile: &RepoPath,
    sources: &Sources<'_>,
) -> Option<RepoPath> {
    let relative = path.strip_prefix(context)?;
    let above = context.ancestors().skip(1);
    let near = dockerfile.parent().into_iter().chain(above).filter_map(|folder| folder.join(relative));
    let is_file_or_folder = |path: &RepoPath| sources.find(path).is_some() || sources.is_folder(path);
    near.into_iter().find(is_file_or_folder).or_else(|| {
        let name = path.file_name();
        let mut found: Option<RepoPath> = None;
        for (_, file) in sources.files().filter(|(_, file)| !purpose::is_foreign_or_generated(file)) {
            let Some(place) = file.ancestors().find(|place| place.file_name() == name) else { continue };
            if found.as_ref().is_some_and(|found| *found != place) {
                return None;
            }
            found = Some(place);
        }
        found
    })
}
