//! Routers and groups of handlers, as a program builds them.

use std::collections::{BTreeSet, HashMap};

use policy_http::served::Answers;
use policy_text::source::Span;

use super::methods::Framework;

/// What one program builds: groups, the places where they lie, handlers. No program has a tenth of it.
const MOST: usize = 20_000;

/// A group, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct GroupId(usize);

/// A handler that is described step by step, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RouteId(usize);

/// Where a group lies.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) within: GroupId,
    /// The path before those of its handlers. `None` where it is not known.
    pub(super) prefix: Option<String>,
    pub(super) at: Span,
    pub(super) doubt: Option<&'static str>,
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
    pub(super) handled: Vec<Handled>,
    routes: Vec<(GroupId, Route)>,
    /// The router of a package that has one for itself.
    shared: HashMap<&'static str, GroupId>,
    /// What a server was started with.
    pub(super) launched: BTreeSet<GroupId>,
    /// How much of it there is.
    size: usize,
    /// Whether it builds more than that.
    pub(super) is_cut_short: bool,
}

impl Groups {
    /// Whether there is room for one thing more.
    pub(super) fn has_room(&mut self) -> bool {
        self.size += 1;
        self.is_cut_short |= self.size > MOST;
        self.size <= MOST
    }

    /// How much was built, registered or started so far.
    pub(super) fn done(&self) -> usize {
        self.size + self.launched.len()
    }

    /// A new router.
    pub(super) fn root(&mut self, framework: &'static Framework) -> Option<GroupId> {
        self.has_room().then(|| {
            self.all.push(Group { framework, places: Vec::new() });
            GroupId(self.all.len() - 1)
        })
    }

    /// The router that a package has for itself.
    pub(crate) fn shared(&mut self, framework: &'static Framework) -> Option<GroupId> {
        if let Some(known) = self.shared.get(framework.name) {
            return Some(*known);
        }
        let made = self.root(framework)?;
        self.shared.insert(framework.name, made);
        Some(made)
    }

    pub(super) fn framework(&self, id: GroupId) -> Option<&'static Framework> {
        self.all.get(id.0).map(|group| group.framework)
    }

    /// Where a group lies. A router that was started lies nowhere.
    pub(super) fn places(&self, id: GroupId) -> &[Place] {
        self.all.get(id.0).map(|group| group.places.as_slice()).unwrap_or_default()
    }

    /// A new group within another.
    pub(super) fn within(
        &mut self,
        within: GroupId,
        prefix: Option<String>,
        at: Span,
        doubt: Option<&'static str>,
    ) -> Option<GroupId> {
        let made = self.root(self.framework(within)?)?;
        self.mount(made, Place { within, prefix, at, doubt });
        Some(made)
    }

    /// Puts a group into another.
    pub(super) fn mount(&mut self, group: GroupId, place: Place) {
        if group != place.within
            && self.has_room()
            && let Some(own) = self.all.get_mut(group.0)
        {
            own.places.push(place);
        }
    }

    /// Registers a handler. Its index.
    pub(super) fn handle(&mut self, handled: Handled) -> Option<usize> {
        self.has_room().then(|| {
            self.handled.push(handled);
            self.handled.len() - 1
        })
    }

    pub(super) fn describe(&mut self, group: GroupId, route: Route) -> Option<RouteId> {
        self.has_room().then(|| {
            self.routes.push((group, route));
            RouteId(self.routes.len() - 1)
        })
    }

    pub(super) fn route(&mut self, id: RouteId) -> Option<(GroupId, &mut Route)> {
        self.routes.get_mut(id.0).map(|(group, route)| (*group, route))
    }

    /// The routers that have handlers and lie in no other.
    pub(crate) fn roots(&self) -> BTreeSet<GroupId> {
        self.outermost(self.handled.iter().map(|handled| handled.group))
    }

    /// Those of them that a server was started with.
    pub(crate) fn launched_roots(&self) -> BTreeSet<GroupId> {
        &self.outermost(self.launched.iter().copied()) & &self.roots()
    }

    /// The routers that these groups lie in and that lie in no other.
    fn outermost(&self, groups: impl Iterator<Item = GroupId>) -> BTreeSet<GroupId> {
        let mut seen: BTreeSet<GroupId> = groups.collect();
        let mut pending: Vec<GroupId> = seen.iter().copied().collect();
        while let Some(group) = pending.pop() {
            let around = self.places(group).iter().map(|place| place.within);
            pending.extend(around.filter(|around| seen.insert(*around)));
        }
        seen.retain(|group| self.places(*group).is_empty());
        seen
    }
}
