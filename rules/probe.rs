//! Why a health check always fails in an image, whatever the application does.

mod install;

use policy_core::finding::{Finding, Label};
use policy_core::model::built_image::{BuiltImage, FinalStage, Presence, presence_in};
use policy_core::model::image::Contents;
use policy_core::model::image_link::ImageLink;
use policy_core::model::probe::{Attempt, Hopeless, Probe};
use policy_core::model::task_definition::Container;
use policy_core::source::{Sources, Span};

use crate::wording;
use install::install;

/// An image whose programs are known.
#[derive(Clone, Copy)]
pub(crate) enum Image<'a> {
    /// An image that is built here.
    Built(&'a FinalStage),
    /// A public image, its contents, and the place that names it.
    Public(&'a str, Contents, Span),
}

/// The program that a probe runs and an image lacks.
pub(crate) struct Lack<'p> {
    /// The program, as the probe writes it.
    pub(crate) program: &'p str,
    /// Where the probe names it.
    pub(crate) at: Span,
    /// The interpreter that reads it as code, if it is not run as a program.
    pub(crate) given_to: Option<&'p str>,
}

impl<'a> Image<'a> {
    /// The images that a container may run; empty if they are not known.
    pub(crate) fn all_of(container: &'a Container, built: &'a [BuiltImage]) -> Vec<Self> {
        match &container.image {
            ImageLink::Built(_) => {
                container.image.built(built).into_iter().map(|image| Self::Built(&image.stage)).collect()
            }
            ImageLink::Public(name, contents, at) => vec![Self::Public(name, *contents, *at)],
            ImageLink::Unknown(_) => Vec::new(),
        }
    }

    /// The stage that makes it, where it is built here.
    fn stage(self) -> Option<&'a FinalStage> {
        match self {
            Self::Built(stage) => Some(stage),
            Self::Public(..) => None,
        }
    }

    fn has(self, program: &str) -> Presence {
        match self {
            Self::Built(stage) => stage.has(program),
            Self::Public(_, contents, _) => presence_in(contents, program),
        }
    }

    fn has_shell(self) -> Presence {
        match self {
            Self::Built(stage) => stage.has_shell(),
            Self::Public(_, contents, _) if contents.shell => Presence::Present,
            Self::Public(..) => Presence::Absent,
        }
    }

    /// The name of the base image.
    pub(crate) fn base(self) -> String {
        match self {
            Self::Built(stage) => stage.base.0.to_string(),
            Self::Public(name, ..) => name.to_owned(),
        }
    }

    /// The places that show that `program` is missing, in the order in which they are read.
    pub(crate) fn shown_by(self, program: &str) -> Vec<Label> {
        let stage = match self {
            Self::Built(stage) => stage,
            Self::Public(_, _, at) => {
                return vec![Label::new(at, "the container runs this published image")];
            }
        };
        let mut labels = vec![Label::new(
            stage.from,
            format!("the image is built from this stage, and nothing in it installs `{program}`"),
        )];
        if !stage.base.1.is_within(stage.from) {
            labels.push(Label::new(stage.base.1, "this is its base image"));
        }
        if let Some(at) = stage.brought_elsewhere.get(program) {
            labels.push(Label::new(
                *at,
                format!("only this stage has `{program}`, and it is not part of the image"),
            ));
        }
        labels
    }

    /// What to use instead.
    pub(crate) fn help(self, lack: &Lack<'_>) -> String {
        let base = self.base();
        let says = |word: &str| base.contains(word);
        if lack.program == "curl" && self.has("wget") == Presence::Present {
            "use `wget -qO-`, which the image has, or install `curl` in the last stage".to_owned()
        } else if says("python") || says("/uv") {
            "use `python -c` with `urllib.request.urlopen`, or install the program in the last stage"
                .to_owned()
        } else if says("node") {
            "use `node -e` with `fetch`, or install the program in the last stage".to_owned()
        } else if self.has_shell() == Presence::Absent {
            "give the application a command that checks itself, or copy a static probe into the last stage"
                .to_owned()
        } else {
            format!("install `{}` in the last stage, or use a program that the image has", lack.program)
        }
    }
}

/// What `probe` lacks in all of `images`, so that it always fails. `None` if it may succeed in one of them.
pub(crate) fn lack<'p>(probe: &'p Probe, images: &[Image<'_>]) -> Option<Lack<'p>> {
    let mut lacks = images.iter().map(|image| lack_in(probe, *image));
    let first = lacks.next()??;
    lacks.all(|lack| lack.is_some()).then_some(first)
}

fn lack_in<'p>(probe: &'p Probe, image: Image<'_>) -> Option<Lack<'p>> {
    if probe.in_shell && image.has_shell() == Presence::Absent {
        return Some(Lack { program: "sh", at: probe.at, given_to: None });
    }
    let mut lacks = probe.attempts.as_ref()?.iter().map(|attempt| lack_of(attempt, image));
    let first = lacks.next()??;
    lacks.all(|lack| lack.is_some()).then_some(first)
}

fn lack_of<'p>(attempt: &'p Attempt, image: Image<'_>) -> Option<Lack<'p>> {
    if let Some(Hopeless::OtherLanguage { interpreter, program, at }) = &attempt.hopeless {
        return Some(Lack { program, at: *at, given_to: Some(interpreter) });
    }
    let missing = attempt.needs.iter().find(|program| image.has(&program.name) == Presence::Absent)?;
    Some(Lack { program: &missing.name, at: missing.at, given_to: None })
}

/// A health check that always fails, of one or more containers.
pub(crate) struct Failing<'a> {
    /// The names of the containers.
    pub(crate) whose: Vec<&'a str>,
    /// The program that is missing.
    pub(crate) lack: Lack<'a>,
    /// The images that the containers run.
    pub(crate) images: Vec<Image<'a>>,
    /// The consequence.
    pub(crate) then: &'static str,
    /// The files.
    pub(crate) sources: &'a Sources<'a>,
}

/// The finding for a health check that always fails.
pub(crate) fn finding(failing: &Failing<'_>) -> Option<Finding> {
    let Failing { whose, lack, images, then, sources } = failing;
    let image = images.first()?;
    let Lack { program, at, given_to } = *lack;
    let whose = wording::listed(whose);
    if let Some(interpreter) = given_to {
        let message = format!(
            "the health check of {whose} passes a `{program}` command to `{interpreter}`, which reads it as its own language: {then}"
        );
        let finding = Finding::new(message, Label::new(at, "this is a shell command"));
        return Some(finding.help(format!("run `{program}` directly, if the image has it")));
    }
    let mut bases: Vec<String> = images.iter().map(|image| image.base()).collect();
    bases.dedup();
    let does_not = if bases.len() == 1 { "does not" } else { "do not" };
    let bases = wording::listed(&bases);
    let message = if program == "sh" {
        format!("the health check of {whose} needs a shell, which {bases} {does_not} have: {then}")
    } else {
        format!("the health check of {whose} runs `{program}`, which {bases} {does_not} have: {then}")
    };
    let finding = Finding::new(message, Label::new(at, format!("there is no `{program}` in the image")));
    let labels = images.iter().flat_map(|image| image.shown_by(program));
    let finding =
        labels.fold(
            finding,
            |finding, label| {
                if finding.related.contains(&label) { finding } else { finding.related(label) }
            },
        );
    let mut stages = images.iter().map(|image| image.stage());
    let only = stages
        .next()
        .flatten()
        .filter(|first| stages.all(|stage| stage.is_some_and(|stage| stage.from == first.from)));
    let fix = only.and_then(|stage| install(program, stage, sources));
    let finding = finding.help(image.help(lack));
    Some(match fix {
        Some(fix) => finding.fix(fix),
        None => finding,
    })
}
