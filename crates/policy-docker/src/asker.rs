//! Who asks for a build or uses an image.

use std::fmt;

/// Who asks for a build or uses an image. [`Display`](fmt::Display) is how messages name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asker {
    /// A service of a compose file.
    Service(String),
    /// A service of a compose file that `by` builds.
    ServiceBuiltBy {
        /// The service.
        service: String,
        /// Who builds it.
        by: Box<Self>,
    },
    /// A service of AWS Copilot.
    CopilotService(String),
    /// A container of a task definition, a manifest or a file.
    Container {
        /// The container.
        name: String,
        /// What it belongs to.
        of: Box<Self>,
    },
    /// A task definition without a name.
    TaskDefinition,
    /// A resource of Terraform, `CloudFormation` or Kubernetes, by its address or its name.
    Resource(String),
    /// The script that a resource starts with.
    UserData(Box<Self>),
    /// A file, by its name.
    File(String),
    /// A script of a `package.json`.
    Script(String),
    /// A target of a makefile or a bake file.
    Target(String),
    /// A task of Ansible or Nomad.
    Task(Title),
    /// A step of a pipeline.
    Step(Title),
    /// A job of a pipeline.
    Job(Title),
    /// A job or a command of a `CircleCI` orb.
    Orb(String),
    /// A stage of a Dockerfile.
    Stage(Title),
    /// An artifact of Skaffold.
    Artifact(String),
    /// An image asset of a CDK app.
    CdkAsset,
    /// A Helm chart.
    Chart,
    /// A kustomization.
    Kustomization,
    /// A command, whoever runs it.
    Command(&'static str),
    /// A tool that somebody builds with.
    Tool {
        /// The tool, as messages name it.
        tool: &'static str,
        /// Who runs it.
        by: Box<Self>,
    },
    /// What somebody sets for that which deploys: a variable of Terraform, a value of a chart.
    Setting {
        /// The name of what is set.
        name: String,
        /// Who sets it.
        by: Box<Self>,
    },
}

/// How one of several is told from the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Title {
    /// By its name.
    Name(String),
    /// By its place among them.
    Number(usize),
    /// Not at all.
    None,
}

impl Asker {
    /// The service of a compose file that asks.
    pub fn service_name(&self) -> Option<&str> {
        match self {
            Self::Service(name) | Self::ServiceBuiltBy { service: name, .. } => Some(name),
            _ => None,
        }
    }

    /// Whether a function of Lambda that Terraform makes uses the image.
    pub fn is_lambda_function(&self) -> bool {
        matches!(self, Self::Resource(address) if address.starts_with("aws_lambda_function."))
    }

    /// Whether a service of App Runner that Terraform makes uses the image.
    pub fn is_app_runner_service(&self) -> bool {
        matches!(self, Self::Resource(address) if address.starts_with("aws_apprunner_service."))
    }

    /// Whether a compose file asks.
    pub fn is_compose_service(&self) -> bool {
        matches!(self, Self::Service(_) | Self::ServiceBuiltBy { .. })
    }

    /// Whether a compose file asks, and nothing in the tree is known to run it.
    pub fn is_compose_alone(&self) -> bool {
        matches!(self, Self::Service(_))
    }
}

impl From<Option<&str>> for Title {
    fn from(name: Option<&str>) -> Self {
        name.map_or(Self::None, Self::from)
    }
}

impl From<&str> for Title {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl fmt::Display for Asker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let titled = |f: &mut fmt::Formatter<'_>, noun: &str, title: &Title, untitled: &str| match title {
            Title::Name(name) => write!(f, "{noun} `{name}`"),
            Title::Number(number) => write!(f, "{noun} {number}"),
            Title::None => f.write_str(untitled),
        };
        match self {
            Self::Service(name) => write!(f, "service `{name}`"),
            Self::ServiceBuiltBy { service, by } => write!(f, "service `{service}` (built by {by})"),
            Self::CopilotService(name) => write!(f, "the Copilot service `{name}`"),
            Self::Container { name, of } => write!(f, "container `{name}` of {of}"),
            Self::TaskDefinition => f.write_str("the task definition"),
            Self::UserData(of) => write!(f, "user data of {of}"),
            Self::Script(name) => write!(f, "script `{name}`"),
            Self::Target(name) => write!(f, "target `{name}`"),
            Self::Task(title) => titled(f, "task", title, "a task"),
            Self::Step(title) => titled(f, "step", title, "a step"),
            Self::Job(title) => titled(f, "job", title, "a job"),
            Self::Stage(title) => titled(f, "stage", title, "the image"),
            Self::Artifact(image) => write!(f, "the artifact `{image}`"),
            Self::CdkAsset => f.write_str("an image asset of the CDK app"),
            Self::Chart => f.write_str("the chart"),
            Self::Kustomization => f.write_str("the kustomization"),
            Self::Resource(name) | Self::File(name) | Self::Orb(name) => write!(f, "`{name}`"),
            Self::Command(command) => write!(f, "`{command}`"),
            Self::Tool { tool, by } => write!(f, "{tool} in {by}"),
            Self::Setting { name, by } => write!(f, "`{name}` in {by}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_who_asks_and_on_whose_behalf() {
        let step = || Box::new(Asker::Step("Build".into()));
        for (asker, shown) in [
            (
                Asker::ServiceBuiltBy { service: "web".into(), by: step() },
                "service `web` (built by step `Build`)",
            ),
            (Asker::Tool { tool: "`docker build`", by: step() }, "`docker build` in step `Build`"),
            (Asker::Setting { name: "image_tag".into(), by: step() }, "`image_tag` in step `Build`"),
            (
                Asker::Container { name: "web".into(), of: Box::new(Asker::Resource("aws_x.y".into())) },
                "container `web` of `aws_x.y`",
            ),
            (Asker::Step(Title::Number(2)), "step 2"),
            (Asker::Step(Title::None), "a step"),
            (Asker::Stage(Title::None), "the image"),
        ] {
            assert_eq!(asker.to_string(), shown);
        }
    }
}
