//! The effects of commands in the table: which flags and arguments say what to build, deploy or create.

use crate::model::ecs_call::{EcsVerb, NamedKind};

/// How a command is told what to build.
pub(super) struct BuildCommand {
    /// What builds, for messages.
    pub(super) by: &'static str,
    /// The flags that name the image.
    pub(super) image: &'static [&'static str],
    /// The flags that name the Dockerfile.
    pub(super) dockerfile: &'static [&'static str],
    pub(super) context: Context,
    pub(super) pushes: Pushes,
    /// The registry of images that are named without one.
    pub(super) registry: Option<Registry>,
    /// Whether it builds a Dockerfile only where the image is named, and something else otherwise.
    pub(super) only_named: bool,
}

/// Where the folder is named that is sent.
#[derive(Clone, Copy)]
pub(super) enum Context {
    /// In the last word that is no flag.
    Word,
    /// The same; without one, it is the folder that the command runs in.
    WordOrHere,
    /// Behind a flag; without one, it is the folder that the command runs in.
    FlagOrHere(&'static [&'static str]),
}

/// Whether what is built is pushed.
#[derive(Clone, Copy)]
pub(super) enum Pushes {
    /// Where it is asked for.
    With(&'static str),
    /// Unless it is asked not to be.
    Unless(&'static str),
    Always,
}

/// A registry that is named beside the image.
pub(super) struct Registry {
    pub(super) flags: &'static [&'static str],
    /// What makes a domain of its name.
    pub(super) domain: &'static str,
}

impl BuildCommand {
    /// Whether it is told something by `flag`.
    pub(super) fn names(&self, flag: &str) -> bool {
        let of_context: &[&str] = match self.context {
            Context::FlagOrHere(flags) => flags,
            Context::Word | Context::WordOrHere => &[],
        };
        let of_registry = self.registry.as_ref().map(|registry| registry.flags).unwrap_or_default();
        [self.image, self.dockerfile, of_context, of_registry].iter().any(|flags| flags.contains(&flag))
    }
}

/// Flags that say which image is to run.
pub(super) struct Flag {
    pub(super) names: &'static [&'static str],
    pub(super) holds: FlagValue,
}

/// The flag of many, whose value is the image.
pub(super) const IMAGE: Flag = Flag { names: &["--image"], holds: FlagValue::Image };

/// What the value of such a flag is.
pub(super) enum FlagValue {
    /// The image.
    Image,
    /// JSON in which members of that name hold images.
    Json(&'static str),
    /// `key=value` pairs, of which those with that key hold an image.
    Setting(Key),
    /// `key=value` pairs, of which those with that key hold a tag. What it is the tag of, is said elsewhere.
    Tag(Key, &'static str),
}

/// The key of a setting.
pub(crate) enum Key {
    /// The end of its path: `image.tag` is that of `web.image.tag`.
    Path(&'static str),
    /// The end of its name.
    Ending(&'static str),
}

impl Key {
    pub(crate) fn fits(&self, key: &str) -> bool {
        match self {
            Self::Path(end) => {
                key.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
            Self::Ending(end) => key.ends_with(end),
        }
    }
}

/// A call of ECS or ECR, and the flags by which it names what is deployed there.
pub(super) struct EcsCommand {
    /// What it does.
    pub(super) does: EcsVerb,
    /// The flags, each with the kind of what it names.
    pub(super) flags: &'static [(&'static str, NamedKind)],
}

impl EcsCommand {
    /// Whether it names something by `flag`.
    pub(super) fn names(&self, flag: &str) -> bool {
        self.flags.iter().any(|(own, _)| *own == flag)
    }
}

/// Which files and folders a command makes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    /// The last of its words, and in it what the others name.
    Copies,
    /// All that its words name.
    Named,
    /// What flags for targets name.
    Targets,
    /// The folder of a repository that is cloned.
    Clone,
}
