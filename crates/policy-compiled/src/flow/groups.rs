//! Routers and groups of handlers, as a program builds them, and what they come to in the end.

use std::collections::HashMap;

use policy_http::path::PathPattern;
use policy_http::served::{Answers, Mount};
use policy_text::source::Span;

use super::methods::{Framework, Meant};
use crate::listing::{Listing, at_and_below};
use crate::template::paths;

/// Groups that lie in one another.
const DEEPEST: usize = 16;
/// Routers of one program.
const MOST: usize = 10_000;

/// A group, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct GroupId(usize);

/// A handler that is described step by step, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RouteId(usize);

/// Where a group lies.
#[derive(Clone, Debug)]
struct Place {
    within: GroupId,
    /// The path before those of its handlers. `None` where it is not known.
    prefix: Option<String>,
    at: Span,
    doubt: Option<&'static str>,
}

#[derive(Debug)]
struct Group {
    framework: &'static Framework,
    places: Vec<Place>,
}

/// What is registered.
#[derive(Clone, Debug)]
pub(crate) struct Handled {
    pub(crate) group: GroupId,
    /// The path in the group. `None` where it is not known.
    pub(crate) path: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) at: Span,
    pub(crate) doubt: Option<&'static str>,
}

/// What a registration means.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A handler of the path.
    Handler(Answers),
    /// A folder of files, or something else that is not followed, at the path and below it.
    Below(String),
    /// Anything in the group.
    Anything(String),
}

/// How the paths of a framework follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joins {
    /// As they are written.
    Plainly,
    /// With one slash between them.
    BySlash,
}

/// A handler that is being described: `r.Path("/x").Methods("GET")`.
#[derive(Debug, Default)]
pub(crate) struct Route {
    pub(crate) path: Option<String>,
    pub(crate) is_prefix: bool,
    pub(crate) methods: Vec<String>,
    /// The registration that it became.
    pub(crate) handled: Option<usize>,
}

/// All that a program builds.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    all: Vec<Group>,
    pub(crate) handled: Vec<Handled>,
    routes: Vec<(GroupId, Route)>,
    /// The router of a package that has one for itself.
    shared: HashMap<&'static str, GroupId>,
    /// What a server was started with.
    pub(crate) launched: Vec<GroupId>,
}

impl Groups {
    /// A new router.
    pub(crate) fn root(&mut self, framework: &'static Framework) -> GroupId {
        if self.all.len() < MOST {
            self.all.push(Group { framework, places: Vec::new() });
        }
        GroupId(self.all.len().saturating_sub(1))
    }

    /// The router that a package has for itself.
    pub(crate) fn shared(&mut self, framework: &'static Framework) -> GroupId {
        if let Some(known) = self.shared.get(framework.name) {
            return *known;
        }
        let made = self.root(framework);
        self.shared.insert(framework.name, made);
        made
    }

    pub(crate) fn framework(&self, id: GroupId) -> Option<&'static Framework> {
        self.all.get(id.0).map(|group| group.framework)
    }

    /// A new group within another.
    pub(crate) fn within(
        &mut self,
        within: GroupId,
        prefix: Option<String>,
        at: Span,
        doubt: Option<&'static str>,
    ) -> Option<GroupId> {
        let made = self.root(self.framework(within)?);
        self.mount(made, within, prefix, at, doubt);
        Some(made)
    }

    /// Puts a group into another.
    pub(crate) fn mount(
        &mut self,
        group: GroupId,
        within: GroupId,
        prefix: Option<String>,
        at: Span,
        doubt: Option<&'static str>,
    ) {
        if let Some(own) =
            self.all.get_mut(group.0).filter(|own| own.places.len() < DEEPEST && group != within)
        {
            own.places.push(Place { within, prefix, at, doubt });
        }
    }

    pub(crate) fn handle(&mut self, handled: Handled) -> usize {
        if self.handled.len() < MOST * 2 {
            self.handled.push(handled);
        }
        self.handled.len().saturating_sub(1)
    }

    pub(crate) fn describe(&mut self, group: GroupId, route: Route) -> RouteId {
        self.routes.push((group, route));
        RouteId(self.routes.len() - 1)
    }

    pub(crate) fn route(&mut self, id: RouteId) -> Option<(GroupId, &mut Route)> {
        self.routes.get_mut(id.0).map(|(group, route)| (*group, route))
    }

    /// The routers that a server was started with.
    pub(crate) fn launched_roots(&self) -> Vec<GroupId> {
        let mut found: Vec<GroupId> = Vec::new();
        for (root, _) in self.launched.iter().flat_map(|group| self.chains(*group)) {
            if !found.contains(&root) {
                found.push(root);
            }
        }
        found
    }

    /// The routers that lie in no other and have handlers.
    pub(crate) fn roots(&self) -> Vec<GroupId> {
        let mut found: Vec<GroupId> = Vec::new();
        for handled in &self.handled {
            for (root, ..) in self.chains(handled.group) {
                if !found.contains(&root) {
                    found.push(root);
                }
            }
        }
        found
    }

    /// The ways from a group up to a router: that, and the places on the way, the outermost first.
    fn chains(&self, group: GroupId) -> Vec<(GroupId, Vec<&Place>)> {
        let mut done = Vec::new();
        let mut open = vec![(group, Vec::new())];
        while let Some((at, way)) = open.pop() {
            let places = self.all.get(at.0).map(|group| group.places.as_slice()).unwrap_or_default();
            if places.is_empty() {
                done.push((at, way));
                continue;
            }
            for place in places {
                if way.len() < DEEPEST && done.len() + open.len() < DEEPEST {
                    let mut way: Vec<&Place> = way.clone();
                    way.insert(0, place);
                    open.push((place.within, way));
                }
            }
        }
        done
    }

    /// Lists what those routers serve that `counts` says are asked.
    pub(crate) fn list(
        &self,
        counts: impl Fn(GroupId) -> bool,
        before: &[Option<String>],
        listing: &mut Listing,
    ) {
        for handled in &self.handled {
            for (root, way) in self.chains(handled.group) {
                if counts(root) {
                    for before in before {
                        self.list_one(handled, &way, before.as_deref(), listing);
                    }
                }
            }
        }
    }

    fn list_one(&self, handled: &Handled, way: &[&Place], before: Option<&str>, listing: &mut Listing) {
        let Some(framework) = self.framework(handled.group) else { return };
        let mut prefix = before.map(ToOwned::to_owned);
        let mut mounts: Vec<Mount> = Vec::new();
        for place in way {
            prefix = prefix.and_then(|prefix| Some(framework.joined(&prefix, place.prefix.as_deref()?)));
            let pattern =
                prefix.as_ref().and_then(|prefix| paths(prefix, framework.style)?.into_iter().next());
            mounts.extend(pattern.map(|prefix| Mount { prefix, at: place.at }));
        }
        let doubt = handled.doubt.or_else(|| way.iter().find_map(|place| place.doubt));
        let below = || {
            // The part of a prefix that is written out.
            let known = prefix.as_deref().and_then(|prefix| prefix.split(['{', ':', '*']).next());
            known.and_then(PathPattern::prefix).unwrap_or_else(PathPattern::everything)
        };
        let answers = match &handled.kind {
            Kind::Anything(why) => return listing.may_serve(below(), handled.at, why),
            Kind::Below(why) => {
                let path = prefix
                    .as_ref()
                    .zip(handled.path.as_ref())
                    .map(|(prefix, path)| framework.joined(prefix, path));
                let Some(path) = path.filter(|path| !path.contains(['{', ':', '*'])) else {
                    return listing.may_serve(below(), handled.at, why);
                };
                return at_and_below(&path)
                    .into_iter()
                    .flatten()
                    .for_each(|path| listing.may_serve(path, handled.at, why));
            }
            Kind::Handler(answers) => answers,
        };
        let path = prefix.as_ref().zip(handled.path.as_ref());
        let Some(found) = path.and_then(|(prefix, path)| framework.paths_within(prefix, path)) else {
            return listing.may_serve(below(), handled.at, "its path is not written as text");
        };
        for (path, meant) in found {
            match doubt {
                Some(why) => listing.may_serve(path, handled.at, why),
                None if meant == Meant::Perhaps => {
                    listing.may_serve(path, handled.at, "it may lead to what differs by its slash");
                }
                None if meant == Meant::Yes => listing.serves(path, answers.clone(), handled.at, &mounts),
                None if *answers == Answers::Sockets => {}
                None => listing.serves(path, Answers::Redirect, handled.at, &mounts),
            }
        }
    }
}
