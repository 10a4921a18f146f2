//! What a program of Quarkus serves: the methods of its resources, as JAX-RS describes them, and its sockets.

use std::collections::HashSet;

use policy_http::path::PathPattern;
use policy_http::served::{Answers, Mount};
use policy_text::source::Span;

use super::facts::{Jvm, below, joined};
use crate::declarations::{Annotation, Class, Member};
use crate::listing::{Listing, methods};
use crate::supertypes::family;
use crate::template::{Style, paths};
use crate::units::{ClassId, Unit};

/// The settings that put a path before all that is served.
pub(super) const PREFIXES: [&str; 1] = ["quarkus.http.root-path"];

/// The annotations that say the method of a request.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// What is before every path of a resource. `None` where it is not known.
struct Prefix(Option<String>);

/// Lists what it serves.
pub(super) fn list(jvm: &Jvm, listing: &mut Listing) {
    let root = jvm.prefix(&PREFIXES);
    let mut rest = jvm.prefix(&["quarkus.http.root-path", "quarkus.rest.path", "quarkus.resteasy.path"]);
    for (id, unit, class) in jvm.units.classes() {
        if let Some(annotation) = class.annotation("ApplicationPath") {
            let path = path_of(jvm, id, unit, annotation);
            rest = path.and_then(|path| Some(joined(root.as_deref()?, &path)));
        }
    }
    let rest = Prefix(rest);
    for (id, unit, class) in jvm.units.classes() {
        let socket = class.annotation("ServerEndpoint").or(class.annotation("WebSocket"));
        if let Some(annotation) = socket {
            let path =
                path_of(jvm, id, unit, annotation).and_then(|path| Some(joined(root.as_deref()?, &path)));
            let at = unit.code.span(annotation.at.clone());
            let Some(found) = path.and_then(|path| paths(&path, Style::Rest)) else {
                let why = "the path of a socket is not written as text";
                listing.may_serve(below(root.as_deref()), at, why);
                continue;
            };
            for path in found {
                listing.serves(path, Answers::Sockets, at, &[]);
            }
        }
        if let Some(annotation) = class.annotation("Path")
            && !class.is(&unit.code, "interface")
            && !class.is(&unit.code, "abstract")
        {
            rest.resource(jvm, (id, unit, class), annotation, listing);
        }
    }
}

/// The path that an annotation names.
fn path_of(jvm: &Jvm, id: ClassId, unit: &Unit, annotation: &Annotation) -> Option<String> {
    let mut arguments = annotation.arguments(&unit.code);
    let (_, path) = arguments.find(|(name, _)| matches!(*name, "" | "value" | "path"))?;
    jvm.settings.fill(&jvm.units.text(id, path)?)
}

impl Prefix {
    fn resource(
        &self,
        jvm: &Jvm,
        (id, unit, class): (ClassId, &Unit, &Class),
        annotation: &Annotation,
        listing: &mut Listing,
    ) {
        let at = unit.code.span(annotation.at.clone());
        let base =
            path_of(jvm, id, unit, annotation).and_then(|path| Some(joined(self.0.as_deref()?, &path)));
        let Some(base) = base else {
            return listing.may_serve(below(self.0.as_deref()), at, "its path is not written as text");
        };
        let is_conditional = |own: &Annotation| own.name.starts_with("If") || own.name.starts_with("Unless");
        let doubt =
            class.annotations.iter().any(is_conditional).then_some("a condition decides whether it is there");
        let family = family(&jvm.units, id);
        if let Some(name) = family.missing.first() {
            let why = format!(
                "`{}` may inherit handlers from `{name}`, which is not in the repository",
                class.name
            );
            listing.may_serve(below(known(&base)), at, &why);
        }
        let prefix = paths(&base, Style::Rest).and_then(|paths| paths.into_iter().next());
        let mounts: Vec<Mount> = prefix.map(|prefix| Mount { prefix, at }).into_iter().collect();
        let mut seen: HashSet<&str> = HashSet::new();
        for id in &family.classes {
            let Some((unit, class)) = jvm.units.class(*id) else { continue };
            for member in class.members.iter().filter(|member| member.parameters.is_some()) {
                if seen.contains(member.name.as_str()) {
                    continue;
                }
                let Some(handler) = Handler::of(jvm, *id, unit, member) else { continue };
                handler.list(&base, doubt, &mounts, listing);
                seen.insert(&member.name);
            }
        }
    }
}

/// The part of a prefix that is written out.
fn known(base: &str) -> Option<&str> {
    base.split('{').next()
}

/// A method of a resource.
struct Handler {
    at: Span,
    /// Its own path, `None` where it is not known.
    path: Option<String>,
    /// The methods of its requests. One without gives a resource of its own.
    methods: Vec<&'static str>,
}

impl Handler {
    fn of(jvm: &Jvm, id: ClassId, unit: &Unit, member: &Member) -> Option<Self> {
        let path = member.annotations.iter().find(|own| own.name == "Path");
        let own =
            METHODS.into_iter().filter(|method| member.annotations.iter().any(|own| own.name == *method));
        let methods: Vec<&str> = own.collect();
        let first = member.annotations.iter().find(|own| METHODS.contains(&own.name.as_str())).or(path)?;
        Some(Self {
            at: unit.code.span(path.unwrap_or(first).at.clone()),
            path: match path {
                Some(annotation) => path_of(jvm, id, unit, annotation),
                None => Some(String::new()),
            },
            methods,
        })
    }

    fn list(&self, base: &str, doubt: Option<&str>, mounts: &[Mount], listing: &mut Listing) {
        let found = self.path.as_ref().and_then(|path| paths(&joined(base, path), Style::Rest));
        let Some(found) = found else {
            return listing.may_serve(below(known(base)), self.at, "its path is not written as text");
        };
        for path in found {
            let path = path.without_last_slash();
            let slash = PathPattern::literal("/").and_then(|slash| path.then(&slash));
            if let Some(why) = doubt {
                listing.may_serve(path, self.at, why);
            } else if self.methods.is_empty() {
                let below = PathPattern::prefix("/").and_then(|below| path.then(&below)).unwrap_or_default();
                listing.may_serve(path, self.at, "it gives a resource whose paths are not followed");
                listing.may_serve(below, self.at, "it gives a resource whose paths are not followed");
            } else {
                listing.serves(path, methods(&self.methods), self.at, mounts);
                if let Some(slash) = slash {
                    listing.serves(slash, Answers::Redirect, self.at, mounts);
                }
            }
        }
    }
}
