//! Groups of handlers: applications, routers, and what is mounted in them.

use policy_http::path::{Part, PathPattern};
use policy_http::served::{Answers, Methods};
use policy_text::source::Span;

use super::value::{HOLE, Text};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct GroupId(pub(super) usize);

/// Handlers that can be mounted together.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) kind: Kind,
    /// What stands before each of its paths wherever it is mounted.
    pub(crate) prefix: Path,
    /// What it is mounted below where nothing else is said.
    pub(crate) proposed: Path,
    /// What it holds, in the order of registration.
    pub(crate) entries: Vec<Entry>,
    /// Whether a path is redirected that differs from one of its handlers' by the last slash.
    pub(crate) redirects: Redirects,
    /// Another prefix, below which it may answer as well.
    pub(crate) also_below: Option<Path>,
    /// Below which prefix an application serves the files of the pages that packages bring, and where that is set.
    pub(crate) page_files: Option<(Path, Span)>,
    /// What requests for it come to first, which may hand them on to it.
    pub(crate) front: Option<GroupId>,
    pub(crate) at: Span,
}

/// What a group is to its framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An application of `FastAPI`.
    FastApi,
    /// A router of `FastAPI`, which hands copies of its handlers to whatever includes it.
    ApiRouter,
    /// An application or router of Starlette.
    Starlette,
    /// An application of Flask.
    Flask,
    /// What is registered with an application of Flask, or with another blueprint.
    Blueprint,
    /// Resources of an extension of Flask: its `Api`, or a namespace of it.
    Resources,
    /// Sockets of an extension of Flask.
    Sockets,
    /// An application of aiohttp.
    Aiohttp,
    /// A table of routes of aiohttp.
    RouteTable,
    /// A path of aiohttp's, to which handlers are added.
    Resource,
    /// An application of Django.
    Django,
    /// The site of Django by which data is administered.
    AdminSite,
    /// A list of paths of Django's.
    Urls,
    /// A router of Django REST framework.
    RestRouter,
    /// Something that is mounted and not followed: files, another application.
    Opaque,
}

impl Kind {
    /// Whether a server can load it.
    pub(crate) fn is_application(self) -> bool {
        matches!(self, Self::FastApi | Self::Starlette | Self::Flask | Self::Django | Self::Aiohttp)
    }
}

/// Which requests are answered with a redirect to a path that differs by the last slash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Redirects {
    None,
    /// Those without the slash.
    ToSlash,
    Both,
    /// None: both paths have the same answer.
    Lenient,
}

/// A handler, a mounted group, or something unknown in a group.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) path: Path,
    pub(crate) what: What,
    /// Where it is registered.
    pub(crate) at: Span,
    /// Why it may not be there.
    pub(crate) doubt: Option<Doubt>,
}

/// What an entry of a group is.
#[derive(Clone, Debug)]
pub(crate) enum What {
    Handler(Answers),
    /// A handler that answers as well at the path that differs by the slash at its end.
    LenientHandler(Answers),
    /// A group, of which the first so many entries count: a copy of what it held.
    Copied(GroupId, usize),
    /// A group, with all that it will ever hold.
    Mounted(GroupId),
    /// Handlers that are not known, and why not.
    Unknown(&'static str),
    /// The same, wherever in the program the group is mounted.
    UnknownAnywhere(&'static str),
}

impl What {
    /// Whatever lies in a folder.
    pub(crate) const FILES: Self = Self::Unknown("it depends on which files there are");
}

/// Why something may not be there, worded to follow "because".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doubt(pub(crate) &'static str);

/// Paths of which parts may be unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path {
    /// The paths; unknown parts are anything.
    pub(crate) pattern: PathPattern,
    pub(crate) has_unknown_parts: bool,
}

impl Path {
    /// Nothing at all is known of it.
    pub(crate) fn unknown() -> Self {
        Self { pattern: PathPattern::everything(), has_unknown_parts: true }
    }

    /// The path of these parts. Holes in their text are unknown.
    pub(crate) fn of(parts: impl IntoIterator<Item = Part>) -> Self {
        let mut has_unknown_parts = false;
        let mut all = Vec::new();
        for part in parts {
            match part {
                Part::Literal(text) => {
                    for (index, literal) in text.split(HOLE).enumerate() {
                        if index > 0 {
                            has_unknown_parts = true;
                            all.push(Part::Rest);
                        }
                        all.push(Part::Literal(literal.to_owned()));
                    }
                }
                part => all.push(part),
            }
        }
        match PathPattern::new(all) {
            Some(pattern) => Self { pattern, has_unknown_parts },
            None => Self::unknown(),
        }
    }

    /// The path as it is written.
    pub(crate) fn literal(text: &Text) -> Self {
        Self::of([Part::Literal(text.with_holes().to_owned())])
    }

    /// This, and what follows.
    pub(crate) fn then(&self, following: &Self) -> Self {
        match self.pattern.then(&following.pattern) {
            Some(pattern) => {
                Self { pattern, has_unknown_parts: self.has_unknown_parts || following.has_unknown_parts }
            }
            None => Self::unknown(),
        }
    }

    /// This, and anything that may follow.
    pub(crate) fn and_below(&self) -> PathPattern {
        self.pattern.then(&Self::unknown().pattern).unwrap_or_else(|| Self::unknown().pattern)
    }
}

/// Requests of these methods.
pub(crate) fn requests<'a>(methods: impl IntoIterator<Item = &'a str>) -> Answers {
    Answers::Requests(Methods::Only(methods.into_iter().map(str::to_uppercase).collect()))
}

/// The path that differs by the slash at its end.
pub(crate) fn other_slash(path: &PathPattern) -> Option<PathPattern> {
    let (last, before) = path.parts().split_last()?;
    match last {
        Part::Literal(text) if text.ends_with('/') => {
            let without = text.strip_suffix('/').unwrap_or(text);
            let is_root = without.is_empty() && before.is_empty();
            let parts = before.iter().cloned().chain([Part::Literal(without.to_owned())]);
            if is_root { None } else { PathPattern::new(parts) }
        }
        Part::Rest => None,
        _ => path.then(&PathPattern::literal("/")?),
    }
}
