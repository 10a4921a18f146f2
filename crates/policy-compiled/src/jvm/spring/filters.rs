//! What requests pass in a program of Spring before they reach controllers.

use std::ops::Range;

use crate::code::Code;
use crate::declarations::{Class, Member};
use crate::listing::Listing;
use crate::passing::Passing;
use crate::units::Units;

/// What a class is that requests pass.
const PARENTS: [&str; 9] = [
    "AsyncHandlerInterceptor",
    "Filter",
    "GenericFilterBean",
    "HandlerInterceptor",
    "HandlerInterceptorAdapter",
    "HttpFilter",
    "OncePerRequestFilter",
    "WebFilter",
    "WebRequestInterceptor",
];

/// What registers filters.
const MAKERS: [&str; 2] = ["DelegatingFilterProxyRegistrationBean", "FilterRegistrationBean"];

/// The tokens before the parameters of a method among which its type stands.
const TYPES: usize = 8;

/// The methods that requests pass.
const METHODS: [&str; 4] = ["doFilter", "doFilterInternal", "filter", "preHandle"];

/// The members of a request that say its path, in Java and in Kotlin.
const PATHS: &[&str] = &[
    "getPath",
    "getPathInfo",
    "getRequestURI",
    "getRequestURL",
    "getServletPath",
    "getURI",
    "path",
    "pathInfo",
    "requestURI",
    "requestURL",
    "servletPath",
];

/// Lists that anything may be served, where a filter does not pass on every request, as its path decides.
pub(super) fn list(units: &Units, listing: &mut Listing) {
    for (_, unit, class) in units.classes() {
        let code = &unit.code;
        let is_filter = is_filter(code, class);
        let methods = class.members.iter().filter(|member| {
            if is_filter { METHODS.contains(&member.name.as_str()) } else { makes_filter(code, member) }
        });
        for body in methods.filter_map(|member| body(code, member)) {
            if decides(code, body.clone()) {
                listing.anything(code.span(body), "this code looks at paths before controllers do");
            }
        }
    }
}

fn is_filter(code: &Code, class: &Class) -> bool {
    class.parents(code).iter().any(|parent| PARENTS.contains(parent))
}

/// Whether a method has a filter within it that is a function, or a class without a name.
fn makes_filter(code: &Code, member: &Member) -> bool {
    let Some(open) = member.parameters else { return false };
    let declared = open.saturating_sub(TYPES)..open;
    let body = body(code, member).unwrap_or_default();
    code.words(declared).chain(code.words(body)).any(|word| MAKERS.contains(&word) || PARENTS.contains(&word))
}

fn body(code: &Code, member: &Member) -> Option<Range<usize>> {
    match member.body {
        Some(open) => Some(open + 1..code.closing(open, '{')?),
        None => member.value.clone(),
    }
}

fn decides(code: &Code, body: Range<usize>) -> bool {
    let passes = |at: usize| match code.word(at) {
        Some("doFilter" | "filter") => {
            code.is_mark(at.wrapping_sub(1), '.') && code.closing(at + 1, '(').is_some()
        }
        Some("return") => code.is_word(at + 1, "true"),
        _ => false,
    };
    Passing { code, paths: PATHS, passes: &passes, reads: &|_| false }.decides(body)
}
