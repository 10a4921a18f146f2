//! What code, commands and tools may do to what Terraform makes.

/// What something beside Terraform may do. Each is looked for only where it matters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outsiders {
    /// Start tasks of services. It matters where a service ignores changes of its task definition.
    pub deploy: Deployer,
    /// Register tasks with names. It matters where no service registers with one.
    pub register: bool,
    /// Make routes of subnets. It matters where Fargate runs tasks.
    pub route: bool,
}

/// What something beside Terraform may do to services.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deployer {
    /// Nothing.
    #[default]
    None,
    /// Start their tasks anew, as they are.
    Restarts,
    /// Give them revisions of their task definitions, with images of its own.
    BringsRevisions,
}
