//! What an annotation of Spring maps: the paths, and the methods of requests.

use std::ops::Range;

use super::super::facts::Jvm;
use crate::code::Code;
use crate::declarations::{Annotation, Class, Member};
use crate::units::{ClassId, Units};

/// The annotations of methods that handle requests, each with the method that it is for.
const HANDLERS: [(&str, Option<&str>); 6] = [
    ("RequestMapping", None),
    ("GetMapping", Some("GET")),
    ("PostMapping", Some("POST")),
    ("PutMapping", Some("PUT")),
    ("DeleteMapping", Some("DELETE")),
    ("PatchMapping", Some("PATCH")),
];

/// The methods of requests that Spring knows.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

/// What an annotation maps.
pub(super) struct Mapping {
    /// The paths; `None` for one that is not known. One that is empty where it names none.
    pub(super) paths: Vec<Option<String>>,
    /// The methods; none at all where it takes all. `None` where they are not known.
    pub(super) methods: Option<Vec<String>>,
}

impl Mapping {
    pub(super) fn of(class: ClassId, code: &Code, annotation: &Annotation, jvm: &Jvm) -> Self {
        let own = HANDLERS.iter().find(|(name, _)| *name == annotation.name).and_then(|(_, method)| *method);
        let mut mapping =
            Self { paths: Vec::new(), methods: Some(own.map(ToOwned::to_owned).into_iter().collect()) };
        for (name, value) in annotation.arguments(code) {
            match name {
                "" | "path" | "value" => {
                    let texts = jvm.units.texts(class, value).into_iter();
                    mapping.paths.extend(texts.map(|text| jvm.settings.fill(&text?)));
                }
                "method" => mapping.methods = request_methods(code, value),
                _ => {}
            }
        }
        if mapping.paths.is_empty() {
            mapping.paths.push(Some(String::new()));
        }
        mapping
    }
}

/// `RequestMethod.GET`, `{GET, RequestMethod.POST}`. `None` where something else stands there.
fn request_methods(code: &Code, value: Range<usize>) -> Option<Vec<String>> {
    let names = code.words(value).filter(|word| !matches!(*word, "RequestMethod" | "arrayOf"));
    let names: Vec<String> = names.map(ToOwned::to_owned).collect();
    let all_known = !names.is_empty() && names.iter().all(|name| METHODS.contains(&name.as_str()));
    all_known.then_some(names)
}

/// The annotation by which a method handles requests.
pub(super) fn of_method(member: &Member) -> Option<&Annotation> {
    member.parameters?;
    member.annotations.iter().find(|own| HANDLERS.iter().any(|(name, _)| *name == own.name))
}

/// The annotation of the program's own by which a method handles requests. Its arguments are not followed.
pub(super) fn hidden<'m>(units: &Units, member: &'m Member) -> Option<&'m Annotation> {
    member.parameters?;
    let maps = |class: &Class| HANDLERS.iter().any(|(name, _)| class.annotation(name).is_some());
    let is_own = |own: &&Annotation| {
        let declared = units.named(&own.name).and_then(|id| units.class(id));
        declared.is_some_and(|(unit, class)| class.is(&unit.code, "interface") && maps(class))
    };
    member.annotations.iter().find(is_own)
}

/// An annotation that a class carries.
pub(super) enum Carried<'u> {
    /// It stands there.
    Own(&'u Annotation),
    /// One of the program's own stands for it, whose arguments are not followed.
    Hidden,
}

/// The annotation of that name that a class carries, itself or through one of the program's own.
pub(super) fn carried<'u>(units: &'u Units, class: &'u Class, name: &str) -> Option<Carried<'u>> {
    if let Some(own) = class.annotation(name) {
        return Some(Carried::Own(own));
    }
    class.annotations.iter().find_map(|own| {
        let (unit, declared) = units.class(units.named(&own.name)?)?;
        let is_annotation = declared.is(&unit.code, "interface");
        declared.annotation(name).filter(|_| is_annotation).map(|_| Carried::Hidden)
    })
}
