//! What code, commands and tools may do to what Terraform makes.

/// What something beside Terraform may do. Each is looked for only where it matters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outsiders {
    /// Give services new task definitions. It matters where a service ignores changes of its own.
    pub deploy: bool,
    /// Register tasks with names. It matters where no service registers with one.
    pub register: bool,
    /// Make routes of subnets. It matters where Fargate runs tasks.
    pub route: bool,
}
