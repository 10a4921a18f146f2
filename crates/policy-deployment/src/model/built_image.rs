//! Images that are built here: what each is called, and what its last stage says of programs, users, ports and starts.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_docker::asker::Asker;
use policy_docker::build::Platforms;
use policy_docker::image::contents::Contents;
use policy_docker::layout::Layout;
use policy_docker::origin::Origins;
use policy_text::purpose;
use policy_text::source::{RepoPath, Sources, Span};
use policy_text::value::Text;

use super::context::DockerfilePlace;
use super::image::{ImageRole, ImageUse};
use super::nginx_image::NginxImage;
use super::probe::Probe;
use super::server::Server;

/// An image that is built here.
#[derive(Debug)]
pub struct BuiltImage {
    /// The Dockerfile.
    pub dockerfile: DockerfilePlace,
    /// The folder that is sent.
    pub context: RepoPath,
    /// The place that asks for the build, and who does. `None` where nothing does.
    pub asked_by: Option<(Span, Asker)>,
    /// The names that it is given, with their tags.
    pub names: Vec<Text>,
    /// The platforms that it is built for.
    pub platforms: Platforms,
    /// The stage that it is.
    pub stage: Arc<FinalStage>,
    /// The configuration of nginx that it holds, where it holds one.
    pub nginx: Option<Arc<NginxImage>>,
    /// What listens in it where it is started as it is, as far as that can be told.
    pub server: Option<Server>,
}

impl BuiltImage {
    /// Whether it is what `used` pushes, by one of its names.
    pub fn is_pushed_by(&self, used: &ImageUse) -> bool {
        let reference = used.reference.to_string();
        used.role == ImageRole::Pushed && self.names.iter().any(|name| name.to_string() == reference)
    }

    /// Whether it serves development or tests, as the names of its Dockerfile and its stage say.
    pub fn is_for_development(&self, sources: &Sources<'_>) -> bool {
        self.is_a_stage_for_development()
            || purpose::is_built_for_development(sources.path(self.dockerfile.file()))
    }

    /// Whether the name of its stage says that it serves development or tests.
    pub fn is_a_stage_for_development(&self) -> bool {
        self.stage.name.as_ref().is_some_and(|stage| purpose::says_development(stage))
    }
}

/// The stage that a build ends with, together with those that it is made on.
#[derive(Debug)]
pub struct FinalStage {
    /// Its `FROM`.
    pub from: Span,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The image at the bottom, and its place in the `FROM` that names it.
    pub base: (Text, Span),
    /// What is known of the programs in that image.
    pub base_contents: Option<Contents>,
    /// What the instructions do to the programs, in their order.
    pub changes: Vec<Change>,
    /// What other stages of the Dockerfile bring, by the name of the program.
    pub brought_elsewhere: BTreeMap<String, Span>,
    /// The last `USER`. `None` where the image below decides.
    pub user: Option<(Text, Span)>,
    /// Whether a command gives a program rights of its own, so that no user decides what it may do.
    pub grants_capabilities: bool,
    /// What is started, before the words of `command`.
    pub entry_point: Option<Start>,
    /// What is started, or given to the entry point.
    pub command: Option<Start>,
    /// The ports that it says it opens, without their protocol.
    pub exposed: Vec<(Text, Span)>,
    /// The variables that it sets.
    pub environment: BTreeMap<String, Text>,
    /// The `COPY` that brings the server that Next.js makes of an application.
    pub next_server: Option<Span>,
    /// Where it has what its build was sent.
    pub layout: Layout,
    /// Where its files are made.
    pub origins: Origins,
    /// What tells how a container of it is.
    pub health_check: Option<Probe>,
}

/// What an instruction does to the programs in an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It brings a program, or shows that it is there.
    Brings(String, Span),
    /// It takes a program away.
    Removes(String),
    /// It does something that nothing here tells: a script, a package whose name is not known.
    Opaque,
}

/// `CMD` or `ENTRYPOINT`.
#[derive(Clone, Debug)]
pub struct Start {
    /// The whole instruction.
    pub at: Span,
    /// Its words; one text of shell where a shell runs it.
    pub words: Vec<(Text, Span)>,
    /// Whether a shell runs it.
    pub in_shell: bool,
}

/// Whether a program is in an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is there.
    Present,
    /// It is not there.
    Absent,
    /// That cannot be told.
    Unknown,
}

impl FinalStage {
    /// Whether the program called `name` is in the image.
    pub fn has(&self, name: &str) -> Presence {
        for change in self.changes.iter().rev() {
            match change {
                Change::Brings(program, _) if program == name => return Presence::Present,
                Change::Removes(program) if program == name => return Presence::Absent,
                Change::Opaque => return Presence::Unknown,
                Change::Brings(..) | Change::Removes(_) => {}
            }
        }
        self.base_contents.map_or(Presence::Unknown, |contents| presence_in(contents, name))
    }

    /// Whether there is a shell.
    pub fn has_shell(&self) -> Presence {
        match self.base_contents {
            Some(contents) if contents.shell => Presence::Present,
            Some(_) if self.changes.is_empty() => Presence::Absent,
            _ => Presence::Unknown,
        }
    }
}

/// What is known of a program in an image.
pub fn presence_in(contents: Contents, name: &str) -> Presence {
    if contents.has.contains(&name) {
        Presence::Present
    } else if contents.lacks.contains(&name) {
        Presence::Absent
    } else {
        Presence::Unknown
    }
}
