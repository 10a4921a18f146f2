//! What a program of Spring serves: the methods of its controllers, and what its configuration registers.

mod configuration;
mod errors;
mod filters;
mod mapping;

use std::collections::HashSet;

use policy_http::path::PathPattern;
use policy_http::served::{Answers, Mount};
use policy_text::source::Span;

use super::facts::{Jvm, below, joined};
use crate::declarations::{Annotation, Class, Member};
use crate::listing::{Listing, methods};
use crate::supertypes::{Family, family};
use crate::template::{Style, paths};
use crate::units::{ClassId, Unit};
use mapping::{Carried, Mapping};

/// The settings that put a path before all handlers.
pub(super) const PREFIXES: [&str; 3] =
    ["server.servlet.context-path", "spring.mvc.servlet.path", "spring.webflux.base-path"];

/// What controllers inherit from that handles nothing itself.
const PLAIN_PARENTS: [&str; 8] = [
    "ApplicationContextAware",
    "ApplicationListener",
    "Comparable",
    "DisposableBean",
    "ErrorController",
    "InitializingBean",
    "Object",
    "Serializable",
];

/// What every handler of a program lies below, and whether it is certain to be one.
struct Around<'j> {
    jvm: &'j Jvm,
    /// `None` where it is not known.
    prefix: Option<String>,
    /// The packages whose classes are looked for. `None` where they are not known.
    packages: Option<Vec<String>>,
    /// Whether `/x/` is answered as `/x` is.
    ignores_slash: bool,
}

/// Lists what it serves.
pub(super) fn list(jvm: &Jvm, listing: &mut Listing) {
    let mut prefix = jvm.prefix(&PREFIXES);
    let is_set_by_code = |name: &str| jvm.units.all().iter().any(|unit| unit.code.mentions(name));
    if is_set_by_code("addPathPrefix") || is_set_by_code("setContextPath") {
        prefix = None;
    }
    let around = Around { jvm, prefix, packages: packages(jvm), ignores_slash: !is_new(jvm) };
    if around.packages.is_none() {
        listing.anything(jvm.at, "no class was found that starts Spring Boot");
    }
    if let Some(path) = PathPattern::literal(&joined(around.prefix.as_deref().unwrap_or_default(), "/error"))
    {
        listing.may_serve(path, jvm.at, "Spring answers errors there");
    }
    for (id, unit, class) in jvm.units.classes() {
        let is_own = |name: &str| mapping::carried(&jvm.units, class, name).is_some();
        if is_own("RestController") || is_own("Controller") {
            around.controller(id, unit, class, listing);
        }
    }
    configuration::list(&around, listing);
    errors::list(&jvm.units, listing);
    filters::list(&jvm.units, listing);
}

/// The packages whose classes Spring looks for: that of the class that starts it, or those that it names.
fn packages(jvm: &Jvm) -> Option<Vec<String>> {
    let starters = ["SpringBootApplication", "EnableAutoConfiguration"];
    let mut mains = jvm.units.classes().filter_map(|(id, unit, class)| {
        Some((id, unit, class, starters.iter().find_map(|name| class.annotation(name))?))
    });
    let (id, unit, class, annotation) = mains.next()?;
    let mut packages = vec![unit.package.clone()];
    let scan = class.annotation("ComponentScan");
    let named = [(annotation, "scanBasePackages"), (annotation, "scanBasePackageClasses")];
    let named = named
        .into_iter()
        .chain(scan.into_iter().flat_map(|scan| ["", "basePackages", "value"].map(|key| (scan, key))));
    for (annotation, key) in named {
        for argument in annotation.arguments(&unit.code).filter(|(name, _)| *name == key) {
            for text in jvm.units.texts(id, argument.1) {
                packages.push(text?);
            }
        }
    }
    // With several, the start decides, and what it says is not read here.
    mains.next().is_none().then_some(packages)
}

/// Whether it is certain to be Spring 6, which tells `/x/` from `/x`.
fn is_new(jvm: &Jvm) -> bool {
    jvm.units.all().iter().any(|unit| {
        let code = &unit.code;
        (0..code.len()).any(|at| code.is_word(at, "import") && code.is_word(at + 1, "jakarta"))
    })
}

/// Paths of one annotation that are followed: those of a class are put before each of those of its methods.
const MOST_PATHS: usize = 128;

/// Why what a class with more of them serves is not known.
const TOO_MANY: &str = "its annotation names more paths than are followed";

/// Where a handler is registered, and why it may not be.
#[derive(Clone, Copy)]
struct Place<'p> {
    at: Span,
    mounts: &'p [Mount],
    doubt: Option<&'static str>,
}

impl Around<'_> {
    fn controller(&self, id: ClassId, unit: &Unit, class: &Class, listing: &mut Listing) {
        let Self { jvm, .. } = self;
        let family = family(&jvm.units, id);
        let doubt = self.doubt(unit, class);
        let at = unit.code.span(class.modifiers.clone());
        let own = family.classes.iter().find_map(|id| {
            let (unit, class) = jvm.units.class(*id)?;
            Some((*id, unit, mapping::carried(&jvm.units, class, "RequestMapping")?))
        });
        let (bases, mount_at) = match own {
            Some((id, unit, Carried::Own(annotation))) => {
                (Mapping::of(id, &unit.code, annotation, jvm).paths, unit.code.span(annotation.at.clone()))
            }
            Some((_, _, Carried::Hidden)) => (vec![None], at),
            None => (vec![Some(String::new())], at),
        };
        let missing = family.missing.iter().find(|name| !PLAIN_PARENTS.contains(name));
        if bases.len() > MOST_PATHS {
            return listing.may_serve(below(self.prefix.as_deref()), at, TOO_MANY);
        }
        for base in bases {
            let base = base.and_then(|base| Some(joined(self.prefix.as_deref()?, &base)));
            if let Some(name) = missing {
                let why = format!(
                    "`{}` may inherit handlers from `{name}`, which is not in the repository",
                    class.name
                );
                listing.may_serve(below(base.as_deref()), at, &why);
            }
            let Some(base) = base else {
                let why = "the path before it is not written as text";
                listing.may_serve(below(self.prefix.as_deref()), at, why);
                continue;
            };
            let prefix = paths(&base, Style::Spring).and_then(|paths| paths.into_iter().next());
            let mounts = prefix.filter(|_| !base.is_empty()).map(|prefix| Mount { prefix, at: mount_at });
            self.handlers(&family, &base, &Place { at, mounts: mounts.as_slice(), doubt }, listing);
        }
    }

    /// Why a class may not be among the handlers.
    fn doubt(&self, unit: &Unit, class: &Class) -> Option<&'static str> {
        let is_condition = |annotation: &Annotation| {
            annotation.name == "Profile" || annotation.name.starts_with("Conditional")
        };
        if class.annotations.iter().any(is_condition) {
            return Some("a condition decides whether it is there");
        }
        let is_within = |package: &String| {
            unit.package
                .strip_prefix(package.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || package.is_empty())
        };
        let is_found = self.packages.as_ref().is_some_and(|packages| packages.iter().any(is_within));
        (!is_found).then_some("it does not lie in a package that is known to be looked through")
    }

    /// Lists the methods of a controller that handle requests.
    fn handlers(&self, family: &Family<'_>, base: &str, place: &Place<'_>, listing: &mut Listing) {
        let units = &self.jvm.units;
        let mut seen: HashSet<&str> = HashSet::new();
        for id in &family.classes {
            let Some((unit, class)) = units.class(*id) else { continue };
            for hidden in class.members.iter().filter_map(|member| mapping::hidden(units, member)) {
                let at = unit.code.span(hidden.at.clone());
                self.handler(None, None, base, &Place { at, ..*place }, listing);
            }
            let mapped =
                class.members.iter().filter_map(|member| Some((member, mapping::of_method(member)?)));
            let mapped: Vec<(&Member, &Annotation)> =
                mapped.filter(|(member, _)| !seen.contains(member.name.as_str())).collect();
            for (member, annotation) in &mapped {
                let mapping = Mapping::of(*id, &unit.code, annotation, self.jvm);
                let at = unit.code.span(annotation.at.clone());
                let doubt = place.doubt.or_else(|| {
                    let conditional = member.annotations.iter().any(|own| own.name == "Profile");
                    conditional.then_some("a condition decides whether it is there")
                });
                let place = Place { at, mounts: place.mounts, doubt };
                let answers = mapping.methods.as_deref().map(methods);
                if mapping.paths.len() > MOST_PATHS {
                    self.handler(None, answers.as_ref(), base, &place, listing);
                    continue;
                }
                for path in mapping.paths {
                    let path = path.map(|path| joined(base, &path));
                    self.handler(path.as_deref(), answers.as_ref(), base, &place, listing);
                }
            }
            seen.extend(mapped.iter().map(|(member, _)| member.name.as_str()));
        }
    }

    /// Lists a handler. Without a path it may answer all below `base`; without answers, any method.
    fn handler(
        &self,
        path: Option<&str>,
        answers: Option<&Answers>,
        base: &str,
        place: &Place<'_>,
        listing: &mut Listing,
    ) {
        // What takes all segments behind a wildcard of a prefix is combined otherwise.
        let found = path.filter(|_| !base.contains('*')).map(|path| if path.is_empty() { "/" } else { path });
        let Some(found) = found.and_then(|path| paths(path, Style::Spring)) else {
            let known = Some(base).filter(|base| !base.contains(['*', '{']));
            return listing.may_serve(
                below(known),
                place.at,
                place.doubt.unwrap_or("its path is not written as text"),
            );
        };
        if self.ignores_slash && path == Some("") {
            listing.anything(place.at, "its version decides whether it answers everything");
        }
        for path in found {
            if let Some(why) = place.doubt {
                listing.may_serve(path, place.at, why);
                continue;
            }
            match answers {
                Some(answers) => listing.serves(path.clone(), answers.clone(), place.at, place.mounts),
                None => listing.may_serve(path.clone(), place.at, "its methods are not written as text"),
            }
            if self.ignores_slash && answers.is_some_and(|answers| *answers != Answers::Sockets) {
                Self::also_with_slash(&path, place, listing);
            }
        }
    }

    /// Older versions answer `/x/` as they answer `/x`.
    fn also_with_slash(path: &PathPattern, place: &Place<'_>, listing: &mut Listing) {
        let ends = path.to_string().ends_with(['/', '*']);
        if let Some(path) = PathPattern::literal("/").and_then(|slash| path.then(&slash)).filter(|_| !ends) {
            listing.may_serve(path, place.at, "its version decides whether the slash at the end counts");
        }
    }
}
