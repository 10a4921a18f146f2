//! What a program of Spring answers where no controller does: its own controllers and handlers of errors.

use std::ops::Range;

use crate::code::Code;
use crate::declarations::{Annotation, Class, Member};
use crate::listing::Listing;
use crate::units::Units;

/// What a class is that answers errors in the place of Spring.
const CONTROLLERS: [&str; 3] = ["AbstractErrorController", "BasicErrorController", "ErrorController"];

/// What a class has that handles the exceptions of all controllers.
const ADVICE: [&str; 2] = ["ControllerAdvice", "RestControllerAdvice"];

/// The exceptions that stand for a path which nothing serves, or for any.
const ABSENCE: [&str; 5] =
    ["Exception", "NoHandlerFoundException", "NoResourceFoundException", "ServletException", "Throwable"];

/// The types of answers that carry a status of their own.
const CARRIERS: [&str; 3] = ["ErrorResponse", "ProblemDetail", "ResponseEntity"];

/// The words by which the status of an error is given.
const REFUSALS: [&str; 16] = [
    "BAD_GATEWAY",
    "BAD_REQUEST",
    "CONFLICT",
    "FORBIDDEN",
    "INTERNAL_SERVER_ERROR",
    "METHOD_NOT_ALLOWED",
    "NOT_FOUND",
    "SERVICE_UNAVAILABLE",
    "UNAUTHORIZED",
    "UNPROCESSABLE_ENTITY",
    "badRequest",
    "getStatusCode",
    "internalServerError",
    "notFound",
    "sendError",
    "unprocessableEntity",
];

/// Lists that anything may be answered, where errors are not certain to stay errors.
pub(super) fn list(units: &Units, listing: &mut Listing) {
    for (_, unit, class) in units.classes() {
        let code = &unit.code;
        if class.parents(code).iter().any(|parent| CONTROLLERS.contains(parent)) {
            listing.anything(code.span(class.modifiers.clone()), "it answers errors by itself");
        }
        if !ADVICE.iter().any(|name| class.annotation(name).is_some()) {
            continue;
        }
        for member in &class.members {
            let handles = member.annotations.iter().find(|own| own.name == "ExceptionHandler");
            let Some(handles) = handles.filter(|own| is_of_absence(code, own, member)) else { continue };
            if !refuses(code, class, member) {
                let at = code.span(handles.at.clone());
                listing.anything(at, "this code may answer paths that no controller serves");
            }
        }
    }
}

/// Whether a method handles what stands for an absent path: what its annotation names, or else its parameters.
fn is_of_absence(code: &Code, handles: &Annotation, member: &Member) -> bool {
    let mut named = handles.arguments(code).map(|(_, range)| range).peekable();
    let is_absence = |range: Range<usize>| code.words(range).any(|word| ABSENCE.contains(&word));
    if named.peek().is_some() {
        return named.any(is_absence);
    }
    member.parameters.is_some_and(|open| is_absence(open..code.after(open)))
}

/// Whether a method is seen to answer with the status of an error.
fn refuses(code: &Code, class: &Class, member: &Member) -> bool {
    let says = |range: Range<usize>, words: &[&str]| code.words(range).any(|word| words.contains(&word));
    let by_annotation = |annotations: &[Annotation]| {
        let status = annotations.iter().find(|own| own.name == "ResponseStatus");
        status.is_some_and(|own| says(own.at.clone(), &REFUSALS))
    };
    if by_annotation(&member.annotations) || by_annotation(&class.annotations) {
        return true;
    }
    let body = match member.body {
        Some(open) => open..code.after(open),
        None => member.value.clone().unwrap_or_default(),
    };
    // What it returns is written before its name, with what stands between angles; in Kotlin behind the parameters.
    let declared = member.parameters.map_or(body.clone(), |open| open.saturating_sub(8)..body.start);
    let carries =
        says(declared, &CARRIERS) || says(body.clone(), &CARRIERS) || says(body.clone(), &["sendError"]);
    carries && says(body, &REFUSALS)
}
