//! What a program serves, as it is found.

use policy_http::path::PathPattern;
use policy_http::served::{Answers, Methods, Mount, Registration, Served, UnknownPaths};
use policy_text::source::Span;

/// What is listed of one program. No program has a tenth of it.
const MOST: usize = 20_000;

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    served: Served,
    /// Whether more was found than is listed. Then the program is not known.
    is_full: bool,
}

impl Listing {
    pub(crate) fn done(self) -> Served {
        self.served
    }

    /// What is registered answers in whatever case, or with and without a slash at the end.
    pub(crate) fn ignores(&mut self, case: bool, slash: bool) {
        self.served.ignores_case |= case;
        self.served.ignores_slash |= slash;
    }

    /// A handler of these paths.
    pub(crate) fn serves(&mut self, path: PathPattern, answers: Answers, at: Span, mounts: &[Mount]) {
        if self.has_room(at) {
            self.served.registrations.push(Registration { path, answers, at, mounts: mounts.to_vec() });
        }
    }

    /// What may be served there.
    pub(crate) fn may_serve(&mut self, below: PathPattern, at: Span, why: &str) {
        let is_same = |known: &UnknownPaths| known.below == below && known.why == why;
        if !self.served.unknown.iter().rev().take(8).any(is_same) && self.has_room(at) {
            self.served.unknown.push(UnknownPaths { below, at, why: why.to_owned() });
        }
    }

    /// It may serve any path.
    pub(crate) fn anything(&mut self, at: Span, why: &str) {
        self.may_serve(PathPattern::everything(), at, why);
    }

    /// Whether one thing more can be listed. Where the first cannot, the program may serve anything.
    fn has_room(&mut self, at: Span) -> bool {
        let has_room = self.served.registrations.len() + self.served.unknown.len() < MOST;
        if !has_room && !self.is_full {
            self.is_full = true;
            let why = "it has more handlers than are followed".to_owned();
            self.served.unknown.push(UnknownPaths { below: PathPattern::everything(), at, why });
        }
        has_room
    }
}

/// All that begins with a path and a slash, and the path itself.
pub(crate) fn at_and_below(path: &str) -> [Option<PathPattern>; 2] {
    let path = path.trim_end_matches('/');
    [PathPattern::literal(path), PathPattern::prefix(&format!("{path}/"))]
}

/// The methods of that name, as handlers of it answer them: who gets also heads.
pub(crate) fn methods(names: &[impl AsRef<str>]) -> Answers {
    let mut names: Vec<String> = names.iter().map(|name| name.as_ref().to_ascii_uppercase()).collect();
    if names.iter().any(|name| name == "GET") && !names.iter().any(|name| name == "HEAD") {
        names.push("HEAD".to_owned());
    }
    Answers::Requests(if names.is_empty() { Methods::Any } else { Methods::Only(names) })
}
