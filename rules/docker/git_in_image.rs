//! The history of the repository is copied into an image.

use policy_core::finding::{Applicability, Finding, Fix, Label};
use policy_core::model::context::{Build, BuildContext, Taken};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::Sources;

use super::ignore_style::{self, IgnoreStyle};
use super::{build_source, missing_dockerignore};

/// The history, and a file in it: a pattern that keeps this out keeps the history's contents out.
const HISTORY: &str = ".git";
const PROBE: &str = ".git/HEAD";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let contexts = context.deployment.contexts.iter();
    contexts.filter_map(|built| bakes_history_in(built, context.sources)).collect()
}

fn bakes_history_in(context: &BuildContext, sources: &Sources<'_>) -> Option<Finding> {
    let ignore = context.ignore.as_ref();
    if context.excludes(&context.folder.join(PROBE)?) || is_let_in(context) {
        return None;
    }
    // Where there is no ignore file at all, its rule says so.
    if ignore.is_none() && missing_dockerignore::has_no_ignore_file(context, sources).is_some() {
        return None;
    }
    let (build, taken) =
        context.builds.iter().find_map(|build| Some((build, takes_history(build, sources)?)))?;
    let folder = &context.folder;
    let finding = Finding::new(
        format!("`.git` is sent from build context `{folder}` and copied into the image, with everything that was ever committed"),
        Label::new(taken.instruction, format!("this also copies `{HISTORY}`")),
    )
    .build_context(folder.clone())
    .evidence(build_source::known_by(context, build));
    let finding = match ignore {
        Some(ignore) => {
            let line = IgnoreStyle::of(ignore).written(HISTORY);
            finding.help(format!("add `{line}` to the ignore file")).fix(Fix {
                title: format!("exclude `{HISTORY}`"),
                applicability: Applicability::Safe,
                edits: ignore_style::add(ignore, &[("git", line)]),
            })
        }
        None => finding.help(format!(
            "create `{}` with the line `{HISTORY}`",
            missing_dockerignore::ignore_path(context)
        )),
    };
    Some(build_source::requested_at(context, build).into_iter().fold(finding, Finding::related))
}

/// Whether an exception of the ignore file names the history: it is meant to be sent.
fn is_let_in(context: &BuildContext) -> bool {
    let mut patterns = context.ignore.iter().flat_map(|ignore| &ignore.patterns);
    patterns.any(|pattern| pattern.exception && pattern.path.split('/').any(|part| part == HISTORY))
}

/// What bakes the history into the image of a build, though none of its commands asks for it.
fn takes_history<'b>(build: &'b Build, sources: &Sources<'_>) -> Option<&'b Taken> {
    let path = sources.path(build.dockerfile.file());
    let takes_it =
        |taken: &&Taken| taken.in_final_image && taken.covers(HISTORY) && !taken.is_within(HISTORY);
    let taken = build.takes.iter().filter(|_| build.gets_history).find(takes_it)?;
    let is_wanted = build.programs.say(|word| word == "git" || word.contains(HISTORY));
    let is_other = is_wanted || purpose::is_built_for_development(path) || purpose::is_made_up(path);
    (!is_other).then_some(taken)
}
