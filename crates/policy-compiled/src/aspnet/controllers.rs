//! The controllers of a program of ASP.NET: classes and methods with the templates of their routes.

use std::collections::HashSet;

use policy_http::path::PathPattern;
use policy_http::served::{Answers, Mount};
use policy_text::source::Span;

use super::endpoints::ASP_NET;
use crate::declarations::{Annotation, Class, Member};
use crate::flow::Meant;
use crate::listing::{Listing, methods};
use crate::supertypes::family;
use crate::units::{ClassId, Unit, Units};

/// The attributes of methods that handle requests, each with the method that it is for.
const VERBS: [(&str, &str); 7] = [
    ("HttpGet", "GET"),
    ("HttpPost", "POST"),
    ("HttpPut", "PUT"),
    ("HttpDelete", "DELETE"),
    ("HttpPatch", "PATCH"),
    ("HttpHead", "HEAD"),
    ("HttpOptions", "OPTIONS"),
];

/// What controllers inherit from that has no handlers itself.
const PLAIN_PARENTS: [&str; 3] = ["Controller", "ControllerBase", "IDisposable"];

/// A controller on its way to the listing.
struct Controller<'u> {
    units: &'u Units,
    /// Its name as templates have it.
    name: &'u str,
    area: Option<String>,
    doubt: Option<&'static str>,
    mounts: Vec<Mount>,
    bases: &'u [Option<String>],
}

/// Lists the handlers of all controllers.
pub(super) fn list(
    units: &Units,
    bases: &[Option<String>],
    doubt: Option<&'static str>,
    listing: &mut Listing,
) {
    if let Some(at) = convention(units) {
        listing.anything(at, "this may change the paths of all controllers");
    }
    for (id, unit, class) in units.classes() {
        let is_plain = !class.is(&unit.code, "abstract")
            && !class.is(&unit.code, "interface")
            && class.is(&unit.code, "class");
        let is_named = class.name.ends_with("Controller");
        let is_marked = ["ApiController", "Controller"].iter().any(|name| class.annotation(name).is_some());
        if is_plain && (is_named || is_marked) && class.annotation("NonController").is_none() {
            controller(units, (id, unit, class), bases, doubt, listing);
        }
    }
}

/// `options.Conventions.Add(…)`: what changes the routes of all controllers.
fn convention(units: &Units) -> Option<Span> {
    units.all().iter().find_map(|Unit { code, .. }| {
        let adds = |at: &usize| {
            code.is_word(*at, "Conventions")
                && code.is_mark(at + 1, '.')
                && code.word(at + 2).is_some_and(|name| matches!(name, "Add" | "Insert"))
        };
        let at = (0..code.len()).find(adds)?;
        Some(code.span(at..code.after(at + 3)))
    })
}

fn controller(
    units: &Units,
    (id, unit, class): (ClassId, &Unit, &Class),
    bases: &[Option<String>],
    doubt: Option<&'static str>,
    listing: &mut Listing,
) {
    let family = family(units, id);
    let at = unit.code.span(class.modifiers.clone());
    // The nearest class that has routes says them.
    let routed = family.classes.iter().find_map(|id| {
        let (unit, class) = units.class(*id)?;
        let routes: Vec<&Annotation> = class.annotations.iter().filter(|own| own.name == "Route").collect();
        let first = routes.first()?;
        Some((*id, unit, unit.code.span(first.at.clone()), routes))
    });
    let area = class.annotation("Area").and_then(|area| template(units, id, unit, area).known());
    let name = class.name.strip_suffix("Controller").unwrap_or(&class.name);
    let mut controller = Controller { units, name, area, doubt, mounts: Vec::new(), bases };
    let mut prefixes: Vec<Option<String>> = Vec::new();
    if let Some((owner, unit, at, routes)) = &routed {
        for route in routes {
            let template = template(units, *owner, unit, route).known();
            prefixes.push(template.and_then(|template| controller.filled(&template, "")));
        }
        if let [Some(prefix)] = prefixes.as_slice()
            && let Some((prefix, _)) =
                ASP_NET.paths(&ASP_NET.joined("", prefix)).and_then(|paths| paths.into_iter().next())
        {
            controller.mounts.push(Mount { prefix, at: *at });
        }
    }
    if let Some(name) =
        family.missing.iter().find(|name| !PLAIN_PARENTS.contains(name) && !is_interface(name))
    {
        let why =
            format!("`{}` may inherit handlers from `{name}`, which is not in the repository", class.name);
        let below = prefixes.iter().map(|prefix| {
            let written = prefix.as_ref().map(|prefix| ASP_NET.joined("", prefix));
            written.filter(|written| !written.contains('{')).and_then(|written| PathPattern::prefix(&written))
        });
        let below: Vec<PathPattern> =
            below.map(|below| below.unwrap_or_else(PathPattern::everything)).collect();
        for below in if below.is_empty() { vec![PathPattern::everything()] } else { below } {
            listing.may_serve(below, at, &why);
        }
    }
    let mut seen: HashSet<(&str, usize)> = HashSet::new();
    for id in &family.classes {
        let Some((unit, class)) = units.class(*id) else { continue };
        for member in &class.members {
            let Some(open) = member.parameters else { continue };
            let key = (member.name.as_str(), unit.code.arguments(open).len());
            if !seen.contains(&key) && controller.action(*id, unit, member, &prefixes, listing) {
                seen.insert(key);
            }
        }
    }
}

/// Whether a name is that of an interface, by the convention that all follow.
fn is_interface(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next() == Some('I') && letters.next().is_some_and(char::is_uppercase)
}

/// The template of an attribute.
enum Template {
    /// It has none.
    None,
    Known(String),
    Unknown,
}

impl Template {
    fn known(self) -> Option<String> {
        if let Self::Known(template) = self { Some(template) } else { None }
    }
}

fn template(units: &Units, id: ClassId, unit: &Unit, attribute: &Annotation) -> Template {
    match attribute.arguments(&unit.code).find(|(name, _)| matches!(*name, "" | "Template")) {
        Some((_, written)) => units.text(id, written).map_or(Template::Unknown, Template::Known),
        None => Template::None,
    }
}

impl Controller<'_> {
    /// A template with the names of the controller and of a method filled in.
    fn filled(&self, template: &str, action: &str) -> Option<String> {
        let filled = template.replace("[controller]", self.name);
        let filled = if action.is_empty() { filled } else { filled.replace("[action]", action) };
        match &self.area {
            Some(area) => Some(filled.replace("[area]", area)),
            None if filled.contains("[area]") => None,
            None => Some(filled),
        }
    }

    /// Lists a method of it. Whether it handles requests.
    fn action(
        &self,
        id: ClassId,
        unit: &Unit,
        member: &Member,
        prefixes: &[Option<String>],
        listing: &mut Listing,
    ) -> bool {
        let verbs: Vec<(&Annotation, &str)> =
            VERBS.iter().flat_map(|(name, verb)| named(member, name).map(|own| (own, *verb))).collect();
        let routes: Vec<&Annotation> = named(member, "Route").chain(named(member, "AcceptVerbs")).collect();
        if verbs.is_empty() && routes.is_empty() || named(member, "NonAction").next().is_some() {
            return false;
        }
        let action = member.name.strip_suffix("Async").unwrap_or(&member.name);
        let mut own: Vec<(Template, Answers, Span)> = Vec::new();
        let all: Vec<&str> = verbs.iter().map(|(_, verb)| *verb).collect();
        for route in &routes {
            let at = unit.code.span(route.at.clone());
            own.push((template(self.units, id, unit, route), methods(&all), at));
        }
        for (attribute, verb) in &verbs {
            let written = template(self.units, id, unit, attribute);
            // A verb without a path says the method of the routes beside it.
            if !matches!(written, Template::None) || routes.is_empty() {
                own.push((written, methods(&[verb]), unit.code.span(attribute.at.clone())));
            }
        }
        let is_ignored = named(member, "Conditional").next().is_some();
        for (template, answers, at) in own {
            let doubt = self.doubt.or(is_ignored.then_some("a condition decides whether it is there"));
            for path in self.paths(&template, action, prefixes) {
                self.handler(path.as_deref(), &answers, at, doubt, listing);
            }
        }
        true
    }

    /// The paths of a method behind each prefix of its controller.
    fn paths(&self, own: &Template, action: &str, prefixes: &[Option<String>]) -> Vec<Option<String>> {
        let own = match own {
            Template::Unknown => return vec![None],
            Template::Known(own) => own.as_str(),
            // Without any template it is mapped by its name, if at all.
            Template::None if prefixes.is_empty() => return Vec::new(),
            Template::None => "",
        };
        if let Some(whole) = own.strip_prefix("~/").or_else(|| own.strip_prefix('/')) {
            return vec![self.filled(whole, action)];
        }
        let plain = [Some(String::new())];
        let prefixes = if prefixes.is_empty() { &plain } else { prefixes };
        let joined =
            prefixes.iter().map(|prefix| self.filled(&ASP_NET.joined(prefix.as_deref()?, own), action));
        joined.collect()
    }

    /// Lists a handler below each base.
    fn handler(
        &self,
        path: Option<&str>,
        answers: &Answers,
        at: Span,
        doubt: Option<&'static str>,
        listing: &mut Listing,
    ) {
        for base in self.bases {
            let written =
                base.as_ref().zip(path).map(|(base, path)| ASP_NET.joined(base, &ASP_NET.joined("", path)));
            let Some(found) =
                written.filter(|path| !path.contains('[')).and_then(|path| ASP_NET.paths(&path))
            else {
                listing.may_serve(PathPattern::everything(), at, "its path is not written as text");
                continue;
            };
            for (path, meant) in found {
                if let Some(why) = doubt {
                    listing.may_serve(path, at, why);
                    continue;
                }
                let answers = if meant == Meant::Yes { answers.clone() } else { Answers::Redirect };
                listing.serves(path, answers, at, &self.mounts);
            }
        }
    }
}

/// The attributes of that name that a method carries.
fn named<'m>(member: &'m Member, name: &'m str) -> impl Iterator<Item = &'m Annotation> {
    member.annotations.iter().filter(move |own| own.name == name)
}
