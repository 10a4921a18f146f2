//! The line that installs a missing program in the last stage of a Dockerfile.

use policy_core::FileKind;
use policy_core::finding::{Applicability, Edit, Fix};
use policy_core::model::built_image::FinalStage;
use policy_core::source::{Sources, Span};

use crate::base_image::runs_as_root_by_default;

/// What installs a package, by the program that does.
const MANAGERS: [(&str, &str, &str); 2] = [
    ("apk", "RUN apk add --no-cache ", ""),
    (
        "apt-get",
        "RUN apt-get update && apt-get install --yes --no-install-recommends ",
        " && rm -rf /var/lib/apt/lists/*",
    ),
];

/// Programs whose package has their name with each of them.
const PACKAGED_BY_NAME: [&str; 2] = ["curl", "wget"];

/// The fix that installs `program` where the stage begins. `None` where it is not certain that this works: the base has to
/// be known to install packages, and to run as root.
pub(super) fn install(program: &str, stage: &FinalStage, sources: &Sources<'_>) -> Option<Fix> {
    let (base, named_at) = &stage.base;
    let is_in_dockerfile = FileKind::of(sources.path(stage.from.file)) == Some(FileKind::Dockerfile);
    let begins_here = named_at.is_within(stage.from);
    if !is_in_dockerfile || !begins_here || !PACKAGED_BY_NAME.contains(&program) {
        return None;
    }
    if !runs_as_root_by_default(&base.known()?) {
        return None;
    }
    let contents = stage.base_contents?;
    let (_, before, after) = MANAGERS.iter().find(|(manager, ..)| contents.has.contains(manager))?;
    let end = Span { start: stage.from.end, ..stage.from };
    Some(Fix {
        title: format!("install `{program}` in the last stage"),
        applicability: Applicability::Unsafe,
        edits: vec![Edit::Replace { span: end, text: format!("\n{before}{program}{after}") }],
    })
}
