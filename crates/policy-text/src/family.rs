//! Families of rules: what the first half of a rule's id names.

use std::fmt;

/// A family of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Load balancers: listeners, their rules, target groups.
    Alb,
    /// Distributions of CloudFront.
    Cloudfront,
    /// Dockerfiles, build contexts and ignore files.
    Docker,
    /// Services and task definitions of ECS.
    Ecs,
    /// Image references and the repositories that hold images.
    Image,
    /// Ingresses of Kubernetes.
    Ingress,
    /// Files that could not be read.
    Input,
    /// Log groups.
    Logs,
    /// Addresses, ports and names between containers, and what lets them reach one another.
    Network,
    /// Pipelines that deploy.
    Pipeline,
    /// Directives in the source that allow findings.
    Suppression,
    /// Sockets that browser code opens.
    Websocket,
}

impl Family {
    /// Every family, in the order of names.
    pub const ALL: [Self; 12] = [
        Self::Alb,
        Self::Cloudfront,
        Self::Docker,
        Self::Ecs,
        Self::Image,
        Self::Ingress,
        Self::Input,
        Self::Logs,
        Self::Network,
        Self::Pipeline,
        Self::Suppression,
        Self::Websocket,
    ];

    /// The name, as it stands before the slash of a rule's id.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alb => "alb",
            Self::Cloudfront => "cloudfront",
            Self::Docker => "docker",
            Self::Ecs => "ecs",
            Self::Image => "image",
            Self::Ingress => "ingress",
            Self::Input => "input",
            Self::Logs => "logs",
            Self::Network => "network",
            Self::Pipeline => "pipeline",
            Self::Suppression => "suppression",
            Self::Websocket => "websocket",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
