//! What a container starts in the place of what its image does.

use super::setting::Setting;
use super::task_definition::{Environment, Words};

/// What a container starts; what is not set is left to its image.
#[derive(Clone, Debug)]
pub struct ContainerStart {
    /// In the place of the image's entry point.
    pub entry_point: Setting<Words>,
    /// In the place of the image's command.
    pub command: Setting<Words>,
    /// The variables that it is given.
    pub environment: Environment,
}
