//! Ingresses of Kubernetes: which paths of a cluster go to which services, and what the controller makes of the paths.

use policy_http::path::PathPattern;
use policy_text::source::Span;

use super::program::ProgramId;

/// An Ingress.
#[derive(Clone, Debug)]
pub struct Ingress {
    /// Its name; empty where it has none.
    pub name: String,
    /// The namespace that is written in it.
    pub namespace: Option<String>,
    /// Where it begins.
    pub at: Span,
    /// Which controller takes it, as far as that is known.
    pub controller: Controller,
    /// What the path of a request becomes.
    pub rewrite: Rewrite,
    /// Its paths, in the order of the file.
    pub paths: Vec<IngressPath>,
    /// The service that requests go to which no path takes. `None` where the controller answers them.
    pub default: Option<String>,
}

/// What takes an Ingress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Controller {
    /// The one of the Kubernetes project that runs nginx.
    Nginx,
    /// The one that makes load balancers of AWS.
    Aws,
    /// Any other, or none that is named.
    Other,
}

/// What the path of a request becomes on its way to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rewrite {
    /// It stays as it is.
    None,
    /// nginx puts this in its place, with groups of the path's own expression, for all paths of the Ingress.
    To(String, Span),
    /// Something that is not known may change it.
    Unknown,
}

/// One path of an Ingress.
#[derive(Clone, Debug)]
pub struct IngressPath {
    /// The host that it is for, where it is for one.
    pub host: Option<String>,
    /// The path as written.
    pub written: String,
    /// Where it is written.
    pub at: Span,
    /// How it is compared.
    pub kind: PathType,
    /// The service that requests go to.
    pub service: String,
    /// The image of the pods behind the service, where they run one container.
    pub image: Option<String>,
    /// The program in that image, where it is built here.
    pub program: Option<ProgramId>,
}

/// How a path is compared with that of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathType {
    /// It is the same.
    Exact,
    /// The request's begins with the same parts.
    Prefix,
    /// As the controller likes.
    Other,
}

impl IngressPath {
    /// The paths that it takes. `None` where the controller decides that.
    pub fn takes(&self) -> Option<Vec<PathPattern>> {
        let base = self.written.trim_end_matches('/');
        match self.kind {
            PathType::Exact => Some(vec![PathPattern::literal(&self.written)?]),
            PathType::Prefix => {
                let itself = if base.is_empty() { "/" } else { base };
                Some(vec![PathPattern::literal(itself)?, PathPattern::prefix(&format!("{base}/"))?])
            }
            PathType::Other => None,
        }
    }

    /// How many groups the expression has that nginx reads the path as.
    pub fn groups(&self) -> usize {
        let mut letters = self.written.chars().peekable();
        let mut groups = 0;
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => drop(letters.next()),
                '(' if letters.peek() != Some(&'?') => groups += 1,
                _ => {}
            }
        }
        groups
    }
}
