//! What routers serve in the end: each handler at the end of every way down to it.

use policy_http::path::PathPattern;
use policy_http::served::{Answers, Mount};
use policy_text::source::Span;

use super::Flow;
use super::groups::{GroupId, Handled, Kind, Place};
use super::methods::Meant;
use crate::listing::{Listing, at_and_below};
use crate::template::paths;

/// Groups that lie in one another.
const DEEPEST: usize = 16;
/// Ways from a router to one group.
const MOST_WAYS: usize = 1_000;

impl Flow<'_> {
    /// Lists what a router serves behind each of these paths.
    pub(crate) fn list(&self, root: GroupId, before: &[Option<String>], listing: &mut Listing) {
        if let Some(framework) = self.groups.framework(root) {
            framework.list_habits(listing);
        }
        for handled in &self.groups.handled {
            let is_listed = self.ways(root, handled.group).is_some_and(|ways| {
                ways.iter().all(|way| {
                    let is_paid = self.budget.spend(before.len() * (way.len() + 1)).is_ok();
                    for before in before.iter().filter(|_| is_paid) {
                        self.list_one(handled, way, before.as_deref(), listing);
                    }
                    is_paid
                })
            });
            if !is_listed {
                return listing.anything(handled.at, "it lies below more routers than are followed");
            }
        }
    }

    /// Lists what may be served where the program was not followed, if anything. `at` stands for all of it.
    pub(crate) fn list_gaps(&self, at: Span, listing: &mut Listing) {
        if let Some(at) = self.unreached() {
            listing.anything(at, "it is not followed how this code is reached");
        }
        if self.is_cut_short || self.groups.is_cut_short {
            listing.anything(at, "it would take too much work to follow its code");
        }
    }

    /// The ways from a router down to a group: the places on each, the outermost first. `None` where there are more, or longer
    /// ones, than are followed.
    fn ways(&self, root: GroupId, group: GroupId) -> Option<Vec<Vec<&Place>>> {
        let mut found = Vec::new();
        let mut pending: Vec<(GroupId, Vec<&Place>)> = vec![(group, Vec::new())];
        while let Some((group, way)) = pending.pop() {
            self.budget.spend(way.len() + 1).ok()?;
            let places = self.groups.places(group);
            if way.len() > DEEPEST || found.len() > MOST_WAYS {
                return None;
            }
            for place in places.iter().rev() {
                let around = std::iter::once(place).chain(way.iter().copied());
                pending.push((place.within, around.collect()));
            }
            if places.is_empty() && group == root {
                found.push(way);
            }
        }
        Some(found)
    }

    fn list_one(&self, handled: &Handled, way: &[&Place], before: Option<&str>, listing: &mut Listing) {
        let Some(framework) = self.groups.framework(handled.group) else { return };
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
