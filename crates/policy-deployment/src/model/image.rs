//! Images: the places that build, push, pull or run one.

mod local;

pub use local::{LocalNames, local_names};
use policy_docker::asker::Asker;
pub use policy_docker::image::contents::{Contents, contents_of};
pub use policy_docker::image::{Latest, Pattern, Reference, Version};
use policy_text::purpose;
use policy_text::source::{RepoPath, Span};
use policy_text::value::Text;

/// A place that names an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageUse {
    /// The reference as written, with what is unknown as holes.
    pub reference: Text,
    /// The expression that names the image.
    pub at: Span,
    /// What happens with the image there.
    pub role: ImageRole,
    /// Who uses it.
    pub user: Asker,
    /// What is to be said of it, and the place that shows it.
    pub caveat: Option<(Caveat, Span)>,
}

/// What is to be said of a use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caveat {
    /// A machine keeps what it once pulled.
    Kept,
    /// The platform looks the tag up when it is told to deploy, and never again.
    LookedUpOnce,
    /// The platform looks the tag up when Terraform changes it, and a push changes nothing there.
    Unnoticed,
    /// A condition chooses between this image and one with another tag.
    Chosen,
    /// A check decides whether it is done, or it is expected that it may fail.
    Guarded,
    /// The image is another one where somebody names the file of values that gives this variable of Terraform its value:
    /// Terraform does not load that file by itself.
    WithoutValues(String),
    /// It is in the first revision of a task definition only: services ignore what Terraform registers later, and something
    /// else gives them revisions with images of their own.
    Replaced,
}

/// The name of what [`Origin::Unique`](policy_text::value::Origin::Unique) stands for where it is the version of a release.
pub const RELEASE_VERSION: &str = "version";

/// What happens with an image at a place that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImageRole {
    /// A container that is deployed: a task definition, a compose service, a manifest.
    Deployed,
    /// An image that a script fetches to a machine where it serves users.
    Pulled,
    /// The image that a Dockerfile starts from.
    Base,
    /// An image that a Dockerfile takes files from.
    Source,
    /// The image that a workflow or script pushes to a registry.
    Pushed,
    /// The name under which a build keeps its cache in a registry.
    Cache,
    /// The name that a build gives to its result.
    Built,
    /// A container that only development, tests or a pipeline's own jobs use.
    Development,
}

impl ImageRole {
    /// What an image is to the file at `path` that runs it.
    pub(crate) fn in_file(path: &RepoPath) -> Self {
        if purpose::is_for_development(path) { Self::Development } else { Self::Deployed }
    }

    /// Whether what is built or deployed depends on which image it is.
    pub fn is_used(self) -> bool {
        matches!(self, Self::Deployed | Self::Pulled | Self::Base | Self::Source)
    }
}
