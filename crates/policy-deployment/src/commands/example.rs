//! The example of a row: what its command does, written once.

/// Files by path, with their texts.
pub type Files = &'static [(&'static str, &'static str)];

/// What the script of an example does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// It makes something run an image with the tag `TAG`.
    Deploys,
    /// It pushes an image with the tag `TAG`.
    Pushes,
    /// It builds the folder `web` with `docker/web.Dockerfile`.
    Builds,
    /// It makes the folder `dist`, or something in it.
    Makes,
    /// It calls the service `web` of the cluster `main`, or the task definition `web`, by name.
    Calls,
    /// It creates the cluster, the service or the repository `web`.
    Creates,
    /// It asks how services are, until they are well.
    Watches,
    /// It talks to a cluster on this machine, and so do the commands after it.
    StaysHere,
    /// It puts another image in the place of the one with the tag `TAG` that a file names.
    Settles,
}

/// An example as its row has it, written with the first of its names and the first of its verbs.
pub(super) struct Written {
    pub(super) script: &'static str,
    pub(super) beside: Files,
    pub(super) shows: Shows,
}

/// What [`Shows`] says, of a script that needs no other files.
pub(super) const fn deploys(script: &'static str) -> Written {
    Written { script, beside: &[], shows: Shows::Deploys }
}

pub(super) const fn pushes(script: &'static str) -> Written {
    Written { script, beside: &[], shows: Shows::Pushes }
}

pub(super) const fn pushes_with(script: &'static str, beside: Files) -> Written {
    Written { script, beside, shows: Shows::Pushes }
}

pub(super) const fn builds(script: &'static str) -> Written {
    Written { script, beside: &[], shows: Shows::Builds }
}

pub(super) const fn makes(script: &'static str) -> Written {
    Written { script, beside: &[], shows: Shows::Makes }
}

pub(super) const fn calls(script: &'static str) -> Written {
    Written { script, beside: &[], shows: Shows::Calls }
}

pub(super) const fn creates(script: &'static str) -> Written {
    Written { script, beside: &[], shows: Shows::Creates }
}

pub(super) const fn watches(script: &'static str) -> Written {
    Written { script, beside: &[], shows: Shows::Watches }
}

pub(super) const fn stays_here(script: &'static str) -> Written {
    Written { script, beside: &[], shows: Shows::StaysHere }
}

pub(super) const fn settles(script: &'static str, beside: Files) -> Written {
    Written { script, beside, shows: Shows::Settles }
}
