//! What a program answers, as its code registers it.

use std::fmt;

use policy_text::source::Span;

use crate::path::PathPattern;

/// What one program answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Served {
    /// What it is certain to answer, in the order of registration.
    pub registrations: Vec<Registration>,
    /// What it may answer beside that.
    pub unknown: Vec<UnknownPaths>,
    /// Whether what is registered answers in whatever case a path is asked for.
    pub ignores_case: bool,
    /// Whether a path is answered with and without a slash at its end, and none of both redirects to the other.
    pub ignores_slash: bool,
}

/// A handler, and the requests that reach it.
#[derive(Clone, Debug, PartialEq)]
pub struct Registration {
    /// The paths, with the prefixes of all that it is mounted below.
    pub path: PathPattern,
    /// What it answers there.
    pub answers: Answers,
    /// Where the handler is registered: the decorator or call.
    pub at: Span,
    /// What it is mounted below, the program itself first.
    pub mounts: Vec<Mount>,
}

/// What a handler answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Requests of these methods.
    Requests(Methods),
    /// `GET` with a page for people: what code asks for is not that.
    Page,
    /// A socket: a WebSocket, or what stands on one.
    Sockets,
    /// What the path is answered that differs by the slash at its end, or a redirect there: a request for this path has an
    /// answer, but nobody means it when a handler is written.
    Redirect,
}

/// The methods, or in capitals what answers.
impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requests(Methods::Any) => f.write_str("ANY"),
            Self::Requests(Methods::Only(methods)) => f.write_str(&methods.join(",")),
            Self::Page => f.write_str("PAGE"),
            Self::Sockets => f.write_str("SOCKET"),
            Self::Redirect => f.write_str("REDIRECT"),
        }
    }
}

/// Methods of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Methods {
    /// All of them.
    Any,
    /// These, in capitals.
    Only(Vec<String>),
}

/// A place that mounts a group of handlers below a prefix.
#[derive(Clone, Debug, PartialEq)]
pub struct Mount {
    /// The prefix, with those of what it is itself mounted below.
    pub prefix: PathPattern,
    /// Where it is written.
    pub at: Span,
}

/// Paths that a program may answer although its code does not say so in words that can be read: a prefix that is not
/// literal, a handler that passes requests on, a plug-in.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownPaths {
    /// Where they can lie.
    pub below: PathPattern,
    /// What hides them.
    pub at: Span,
    /// Why they are not known, worded to follow "because".
    pub why: String,
}

impl Served {
    /// What is certain to answer some path of these.
    pub fn certain<'s>(&'s self, paths: &'s PathPattern) -> impl Iterator<Item = &'s Registration> {
        self.registrations.iter().filter(|registration| registration.path.meets(paths))
    }

    /// Whether some of these paths may have an answer that is not certain.
    pub fn may_answer(&self, paths: &PathPattern) -> bool {
        self.unknown.iter().any(|unknown| unknown.below.meets(paths))
            || self.ignores_case
                && self.certain(paths).next().is_none()
                && self.registrations.iter().any(|own| own.path.meets_in_some_case(paths))
    }

    /// Whether none of these paths can have an answer.
    pub fn lacks(&self, paths: &PathPattern) -> bool {
        self.has_none(paths, |_| true)
    }

    /// Whether none of these paths can have an answer for code that asks: at most there is a page for people.
    pub fn lacks_for_code(&self, paths: &PathPattern) -> bool {
        self.has_none(paths, |answers| *answers != Answers::Page)
    }

    /// Whether none of these paths can have an answer that counts.
    fn has_none(&self, paths: &PathPattern, counts: impl Fn(&Answers) -> bool) -> bool {
        let mut served = self.registrations.iter().filter(|own| counts(&own.answers)).map(|own| &own.path);
        let is_served = served
            .any(|own| if self.ignores_case { own.meets_in_some_case(paths) } else { own.meets(paths) });
        !is_served && !self.unknown.iter().any(|unknown| unknown.below.meets(paths))
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::FileId;

    use super::*;

    #[test]
    fn a_program_lacks_only_what_it_can_not_answer() {
        let at = Span::start_of(FileId(0));
        let path = |written| PathPattern::with_wildcards(written).unwrap();
        let served = Served {
            registrations: [("/api/users", Answers::Requests(Methods::Any)), ("/users", Answers::Page)]
                .map(|(written, answers)| Registration {
                    path: path(written),
                    answers,
                    at,
                    mounts: Vec::new(),
                })
                .to_vec(),
            unknown: vec![UnknownPaths { below: path("/plugins/*"), at, why: String::new() }],
            ignores_case: false,
            ignores_slash: false,
        };
        assert!(served.lacks(&path("/health")));
        assert!(!served.lacks(&path("/api/*")));
        assert!(!served.lacks(&path("/plugins/any")));
        assert!(!served.lacks(&path("/users")) && served.lacks_for_code(&path("/users")));
        assert!(!served.lacks_for_code(&path("/api/users")) && !served.lacks_for_code(&path("/plugins/any")));
        assert_eq!(served.certain(&path("/plugins/any")).count(), 0);
        assert_eq!(served.certain(&path("/api/users")).count(), 1);
    }
}
