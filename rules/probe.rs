//! Why a health check cannot succeed in an image, whatever the program does that it watches.

use policy_core::finding::{Finding, Label};
use policy_core::model::built_image::{FinalStage, Presence, presence_in};
use policy_core::model::image::Contents;
use policy_core::model::image_link::ImageLink;
use policy_core::model::probe::{Attempt, Hopeless, Probe};
use policy_core::source::Span;

use crate::wording;

/// An image of which it is known what programs it holds.
#[derive(Clone, Copy)]
pub(crate) enum Image<'a> {
    /// It is built here.
    Built(&'a FinalStage),
    /// It is public; the place names it.
    Public(&'a str, Contents, Span),
}

/// What a probe lacks.
pub(crate) struct Lack<'p> {
    /// The program, as it is named.
    pub(crate) program: &'p str,
    /// Where it is named.
    pub(crate) at: Span,
    /// The interpreter that it is given to as a script.
    pub(crate) given_to: Option<&'p str>,
}

impl<'a> Image<'a> {
    /// The images that a container may run; none where that is not known.
    pub(crate) fn all_of(link: &'a ImageLink<'a>) -> Vec<Self> {
        match link {
            ImageLink::Built(images) => images.iter().map(|image| Self::Built(&image.stage)).collect(),
            ImageLink::Public(name, contents, at) => vec![Self::Public(name, *contents, *at)],
            ImageLink::Unknown(_) => Vec::new(),
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

    /// The name of the image at the bottom.
    pub(crate) fn base(self) -> String {
        match self {
            Self::Built(stage) => stage.base.0.to_string(),
            Self::Public(name, ..) => name.to_owned(),
        }
    }

    /// What of the image shows that `program` is not there, in the order of the story.
    pub(crate) fn shown_by(self, program: &str) -> Vec<Label> {
        let stage = match self {
            Self::Built(stage) => stage,
            Self::Public(_, _, at) => {
                return vec![Label::new(at, "the image is this one, as it is published")];
            }
        };
        let mut labels = vec![Label::new(
            stage.from,
            format!("the image that runs ends with this stage, and nothing in it installs `{program}`"),
        )];
        if !stage.from.range().contains(&(stage.base.1.start as usize)) {
            labels.push(Label::new(stage.base.1, "it is made on this image"));
        }
        if let Some(at) = stage.brought_elsewhere.get(program) {
            labels.push(Label::new(
                *at,
                format!("`{program}` is there only in this stage, which does not run"),
            ));
        }
        labels
    }

    /// What to ask with instead.
    pub(crate) fn help(self, lack: &Lack<'_>) -> String {
        let base = self.base();
        let says = |word: &str| base.contains(word);
        if lack.program == "curl" && self.has("wget") == Presence::Present {
            "ask with `wget -qO-`, which the image has, or install `curl` in its last stage".to_owned()
        } else if says("python") || says("/uv") {
            "ask with `python -c` and `urllib.request.urlopen`, or install the program in the last stage"
                .to_owned()
        } else if says("node") {
            "ask with `node -e` and `fetch`, or install the program in the last stage".to_owned()
        } else if self.has_shell() == Presence::Absent {
            "let the program check itself by a flag of its own, or copy a probe into the last stage"
                .to_owned()
        } else {
            format!("install `{}` in the last stage, or ask with a program that the image has", lack.program)
        }
    }
}

/// What `probe` lacks in each of `images`, so that it can only fail. `None` where it may succeed in one of them.
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

/// A health check that can only fail, of one or more containers.
pub(crate) struct Failing<'a> {
    /// The names of the containers.
    pub(crate) whose: Vec<&'a str>,
    /// What it lacks.
    pub(crate) lack: Lack<'a>,
    /// What the containers run.
    pub(crate) images: Vec<Image<'a>>,
    /// What follows from it.
    pub(crate) then: &'static str,
}

/// The finding that a health check can only fail.
pub(crate) fn finding(failing: &Failing<'_>) -> Option<Finding> {
    let Failing { whose, lack, images, then } = failing;
    let image = images.first()?;
    let Lack { program, at, given_to } = *lack;
    let whose = wording::listed(whose);
    if let Some(interpreter) = given_to {
        let message = format!(
            "the health check of {whose} gives `{interpreter}` a command of `{program}` to read as its own language: {then}"
        );
        let finding = Finding::new(message, Label::new(at, "this is a command of a shell"));
        return Some(finding.help(format!("run `{program}` itself, where the image has it")));
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
    Some(finding.help(image.help(lack)))
}
