//! What the configuration of a program of Spring registers beside its controllers: sockets, files, pages.

use std::ops::Range;

use policy_http::path::PathPattern;
use policy_http::served::Answers;
use policy_text::source::Span;

use super::super::facts::{below, joined};
use super::Around;
use crate::code::Code;
use crate::listing::{Listing, methods};
use crate::template::{Style, paths};
use crate::units::{ClassId, Unit};

/// Words by which a program handles requests in a way that is not followed.
const OTHER_WAYS: [&str; 10] = [
    "AbstractUrlHandlerMapping",
    "HttpRequestHandler",
    "HttpExchange",
    "RequestMappingInfo",
    "RouterFunction",
    "RouterFunctions",
    "ServletRegistrationBean",
    "SimpleUrlHandlerMapping",
    "SpringBootServletInitializer",
    "WebServlet",
];

/// A call of a registry.
struct Call {
    name: &'static str,
    /// The word that shows that it is meant.
    registry: &'static str,
    /// How many arguments stand before the paths.
    before: usize,
    registers: Registers,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Registers {
    Sockets,
    Files,
    Page,
}

const fn call(name: &'static str, registry: &'static str, before: usize, registers: Registers) -> Call {
    Call { name, registry, before, registers }
}

const CALLS: [Call; 6] = [
    call("addEndpoint", "StompEndpointRegistry", 0, Registers::Sockets),
    call("addHandler", "WebSocketHandlerRegistry", 1, Registers::Sockets),
    call("addResourceHandler", "ResourceHandlerRegistry", 0, Registers::Files),
    call("addRedirectViewController", "ViewControllerRegistry", 0, Registers::Page),
    call("addStatusController", "ViewControllerRegistry", 0, Registers::Page),
    call("addViewController", "ViewControllerRegistry", 0, Registers::Page),
];

/// Lists what it registers.
pub(super) fn list(around: &Around<'_>, listing: &mut Listing) {
    let units = &around.jvm.units;
    for (id, unit, class) in units.classes() {
        if let Some(endpoint) = class.annotation("ServerEndpoint") {
            let at = unit.code.span(endpoint.at.clone());
            let paths = endpoint.arguments(&unit.code).filter(|(name, _)| matches!(*name, "" | "value"));
            for (_, value) in paths {
                around.path(units.text(id, value), Registers::Sockets, at, listing);
            }
        }
        // What stands outside of classes stands for the file.
        if class.name.is_empty() {
            around.calls(id, unit, listing);
        }
    }
}

impl Around<'_> {
    fn calls(&self, id: ClassId, unit: &Unit, listing: &mut Listing) {
        let code = &unit.code;
        if let Some(at) = (0..code.len()).find(|at| OTHER_WAYS.iter().any(|way| code.is_word(*at, way))) {
            let why = format!("what `{}` handles is not followed", code.written(at));
            listing.anything(code.span(at..at + 1), &why);
        }
        for call in CALLS.iter().filter(|call| code.mentions(call.registry)) {
            let is_call = |at: &usize| code.is_mark(*at, '.') && code.is_word(at + 1, call.name);
            for open in (0..code.len()).filter(is_call).map(|dot| dot + 2) {
                let place = code.span(open - 1..code.after(open));
                let falls_back = falls_back(code, open);
                for argument in code.arguments(open).into_iter().skip(call.before) {
                    let text = self.text(id, argument);
                    if call.registers == Registers::Sockets && falls_back {
                        self.below_endpoint(text, place, listing);
                    } else {
                        self.path(text, call.registers, place, listing);
                    }
                }
            }
        }
    }

    fn text(&self, id: ClassId, argument: Range<usize>) -> Option<String> {
        self.jvm.settings.fill(&self.jvm.units.text(id, argument)?)
    }

    /// `SockJS` has its sockets below the path, and greets whoever asks for the path itself.
    fn below_endpoint(&self, text: Option<String>, at: Span, listing: &mut Listing) {
        let Some(path) = text.and_then(|text| Some(joined(self.prefix.as_deref()?, &text))) else {
            return listing.anything(at, "the path of a socket is not written as text");
        };
        if let Some(below) = PathPattern::prefix(&format!("{}/", path.trim_end_matches('/'))) {
            listing.serves(below, Answers::Sockets, at, &[]);
        }
        if let Some(own) = PathPattern::literal(&path) {
            listing.may_serve(own, at, "SockJS greets there");
        }
    }

    fn path(&self, text: Option<String>, registers: Registers, at: Span, listing: &mut Listing) {
        let path = text.and_then(|text| Some(joined(self.prefix.as_deref()?, &text)));
        let Some(found) = path.and_then(|path| paths(&path, Style::Spring)) else {
            return listing.may_serve(below(self.prefix.as_deref()), at, "its path is not written as text");
        };
        for path in found {
            match registers {
                Registers::Sockets => listing.serves(path, Answers::Sockets, at, &[]),
                Registers::Files => listing.may_serve(path, at, "a folder of files is served there"),
                Registers::Page => listing.serves(path, methods(&["GET"]), at, &[]),
            }
        }
    }
}

/// Whether a call is followed by `.withSockJS()`.
fn falls_back(code: &Code, open: usize) -> bool {
    let mut at = code.after(open);
    while code.is_mark(at, '.') && code.closing(at + 2, '(').is_some() {
        if code.is_word(at + 1, "withSockJS") {
            return true;
        }
        at = code.after(at + 2);
    }
    false
}
