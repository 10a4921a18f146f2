//! What a row of the table of commands says: the program, the words that make the command, and what it does.

use policy_shell::resolve::{Command, Word};

use super::caller::Caller;
use super::effect::{BuildCommand, EcsCommand, Flag, Made};
use super::example::Written;
use super::flags::Arguments;
use crate::found::Found;

/// A program.
pub(super) struct Program {
    pub(super) names: &'static [&'static str],
    /// Its own flags that take the next word. They may stand before the verb and between the words of it.
    pub(super) valued: &'static [&'static str],
    pub(super) sign: Sign,
    /// Whether it talks to a cluster. What it does to one on the same machine serves no users.
    pub(super) talks_to_cluster: bool,
}

/// What in a text is a reason to read it, without knowing what is a command in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// The name of the program, wherever it stands: it means nothing else.
    Name,
    /// The name as a word of its own, and the words of one of its verbs.
    NameAndVerb,
}

/// One command, or a few that are written and work alike.
pub(super) struct Row {
    pub(super) program: &'static Program,
    /// The words behind the program that make the command, one of these: `set image`. Empty for a program that does only
    /// one thing.
    pub(super) verbs: &'static [&'static str],
    /// Flags behind the verb that take the next word, beside those that the effect itself names.
    pub(super) valued: &'static [&'static [&'static str]],
    pub(super) does: Effect,
    pub(super) examples: &'static [Written],
}

/// What a command does.
pub(super) enum Effect {
    /// Builds an image, and may push it.
    Builds(BuildCommand),
    /// Makes a service run the image that flags name.
    Deploys(&'static [Flag]),
    /// The same, where the platform looks the tag up when the command runs, and never again.
    DeploysNow(&'static [Flag]),
    /// The same, in a cluster. Who calls it by hand has one of their own.
    DeploysToCluster(&'static [Flag]),
    /// The same for a service of ECS, which is given a new task definition by it.
    RenewsTask {
        /// The flags that name the image.
        images: &'static [Flag],
        /// What it is among the calls of ECS.
        call: Option<EcsCommand>,
    },
    /// Sets the images of containers that run: `web=r.io/web:1`.
    SetsImages,
    /// Writes images into a kustomization: `web=r.io/web:1`, `r.io/web:1`.
    EditsImages,
    /// Writes images into manifests by their digests, whatever their tags are.
    Pins,
    /// Runs a container, or only makes one to be started later.
    Runs { starts: bool },
    /// Applies the manifests of its input.
    Applies,
    /// Whatever a function says.
    Does(fn(&Call<'_>, &Caller<'_>, &mut Found)),
    /// Calls ECS by the names of what is deployed there.
    CallsEcs(EcsCommand),
    /// Nothing by itself: a reader of other files looks for what it is given.
    Gives,
    /// Makes files and folders. It matters only to builds that other commands ask for.
    Makes(Made),
    /// Makes a cluster on this machine, which the commands beside it then talk to.
    StartsCluster,
    /// Chooses the cluster that the commands beside it talk to.
    ChoosesCluster,
}

impl Effect {
    /// Whether it matters by itself, so that a text with nothing but such a command has to be read.
    pub(super) fn is_reason_to_read(&self) -> bool {
        !matches!(self, Self::Makes(_) | Self::StartsCluster | Self::ChoosesCluster)
    }

    /// The call of ECS that it is.
    pub(super) fn ecs(&self) -> Option<&EcsCommand> {
        match self {
            Self::CallsEcs(command) => Some(command),
            Self::RenewsTask { call, .. } => call.as_ref(),
            _ => None,
        }
    }

    fn names(&self, flag: &str) -> bool {
        match self {
            Self::Builds(build) => build.names(flag),
            Self::Deploys(flags)
            | Self::DeploysNow(flags)
            | Self::DeploysToCluster(flags)
            | Self::RenewsTask { images: flags, .. } => {
                let of_ecs = self.ecs().is_some_and(|command| command.names(flag));
                of_ecs || flags.iter().any(|named| named.names.contains(&flag))
            }
            Self::CallsEcs(command) => command.names(flag),
            _ => false,
        }
    }
}

impl Row {
    /// Whether `flag`, behind the verb, takes the next word.
    pub(super) fn takes_value(&self, flag: &str) -> bool {
        self.does.names(flag) || self.valued.iter().any(|flags| flags.contains(&flag))
    }
}

/// A command that a script comes to, as a row understands it.
pub(super) struct Call<'c> {
    pub(super) command: &'c Command,
    pub(super) row: &'static Row,
    /// The words behind the verb.
    pub(super) words: &'c [Word],
    /// The same, sorted.
    pub(super) arguments: Arguments<'c>,
}
