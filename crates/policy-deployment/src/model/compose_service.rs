//! Services of compose files: which image each runs, and how it is asked whether it is well.

use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::Text;

use super::built_image::BuiltImage;
use super::container_start::ContainerStart;
use super::image_link::BuiltImageId;
use super::nginx_image::{NginxImage, Variables};
use super::probe::Probe;
use super::server::Server;

/// A service of a compose file.
#[derive(Clone, Debug)]
pub struct ComposeService {
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub at: Span,
    /// Whether no other file of its folder describes it: that may give it something else.
    pub is_written_once: bool,
    /// The image that it names.
    pub image: Option<Text>,
    /// Whether it builds its image.
    pub builds: bool,
    /// The images that it builds: one for each composition that it is part of.
    pub images: Vec<BuiltImageId>,
    /// The ports of the container that it publishes. `None` where they are not all known.
    pub ports: Option<Vec<PublishedPort>>,
    /// What shows that something else stands before it: it publishes ports to its own machine alone, or tells a proxy to
    /// find it.
    pub fronted: Option<Span>,
    /// Where it may take port 80 or 443 of the machine.
    pub web_port: Option<Span>,
    /// What may change the configuration that nginx has in its image: a mount over it, or what is not read.
    pub changes_nginx: Option<Span>,
    /// Whether it may start something else than its image does, with other files, or tell it another port.
    pub may_differ: bool,
    /// What it starts. `None` where another file or service may decide that.
    pub start: Option<ContainerStart>,
    /// What listens in it, where it builds one image and that can be told.
    pub server: Option<Server>,
    /// How it is asked. `None` where that is left to the image.
    pub check: Option<ComposeCheck>,
    /// Where another service waits until it is well.
    pub awaited_at: Option<Span>,
    /// The configuration that it mounts over that of nginx's own image. `None` where it runs something else, or starts that
    /// image with a command of its own.
    pub nginx: Option<Arc<MountedNginx>>,
}

/// A port of the container that everybody can ask at the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedPort {
    /// The container's.
    pub container: u16,
    /// The machine's, where it is written out.
    pub machine: Option<u16>,
    /// Where both are written.
    pub at: Span,
}

/// nginx's own image with files of the repository over its configuration.
#[derive(Debug)]
pub struct MountedNginx {
    /// What the container has.
    pub image: NginxImage,
    /// The variables of the container that are known.
    pub variables: Variables,
}

/// What a compose file says of a health check.
#[derive(Clone, Debug)]
pub enum ComposeCheck {
    /// There is none, nor that of the image.
    Disabled,
    /// It runs a command.
    Probe(Probe),
    /// It says something that is not understood, or only how often.
    Other,
}

impl ComposeService {
    /// The images that it builds, of `all` that are built here.
    pub fn built<'d>(&self, all: &'d [BuiltImage]) -> Vec<&'d BuiltImage> {
        self.images.iter().filter_map(|id| all.get(id.0)).collect()
    }
}
