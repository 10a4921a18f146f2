//! Calls of ECS and ECR that pipelines and scripts make, with what they name.

use policy_docker::asker::Asker;
use policy_text::source::Span;
use policy_text::value::Text;

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EcsCall {
    /// What it does.
    pub verb: EcsVerb,
    /// What it names.
    pub names: Vec<Named>,
    /// The command, or the input of the action.
    pub at: Span,
    /// Who makes it.
    pub by: Asker,
    /// The region of AWS that it is told, where that is known.
    pub region: Option<String>,
    /// Whether it is expected that it may fail.
    pub may_fail: bool,
}

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EcsVerb {
    /// It changes a service: gives it another task definition, or starts its tasks anew, where `deploys` says so.
    Update {
        /// Whether new tasks are started by it.
        deploys: bool,
    },
    /// It waits until services are stable.
    Wait,
    /// It asks how services are, which never fails.
    Ask,
    /// It starts tasks.
    Run,
    /// It asks for a task definition.
    Read,
    /// It makes what it names.
    Make,
    /// An action gives a service a new task definition, and waits where `waits` says so.
    Deploy {
        /// Whether it waits until the service is stable. `None` where that is not said.
        waits: Option<bool>,
    },
    /// It writes an image into a container of a task definition.
    Render,
}

/// A name in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What is named.
    pub kind: NamedKind,
    /// The name.
    pub name: Text,
    /// Where it is used.
    pub at: Span,
}

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamedKind {
    /// A cluster.
    Cluster,
    /// A service.
    Service,
    /// A family of task definitions.
    Family,
    /// A container.
    Container,
    /// A repository of images.
    Repository,
}

impl NamedKind {
    /// The noun, for messages.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Cluster => "cluster",
            Self::Service => "service",
            Self::Family => "task definition",
            Self::Container => "container",
            Self::Repository => "repository",
        }
    }
}

/// Whether a word is the name of a region of AWS, such as `eu-west-1`.
pub fn is_region(word: &str) -> bool {
    let mut parts = word.split('-');
    let area = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let [directions @ .., number] = rest.as_slice() else { return false };
    let is_word = |part: &&str| !part.is_empty() && part.chars().all(|letter| letter.is_ascii_lowercase());
    area.len() == 2
        && is_word(&area)
        && (1..=2).contains(&directions.len())
        && directions.iter().all(is_word)
        && number.len() == 1
        && number.chars().all(|digit| digit.is_ascii_digit())
}

impl EcsCall {
    /// The names of one kind.
    pub fn named(&self, kind: NamedKind) -> impl Iterator<Item = &Named> {
        self.names.iter().filter(move |named| named.kind == kind)
    }

    /// Whether it fails where what it names is not there.
    pub fn must_find(&self) -> bool {
        !self.may_fail && !matches!(self.verb, EcsVerb::Ask | EcsVerb::Make)
    }
}
