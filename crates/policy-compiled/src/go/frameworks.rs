//! The frameworks of Go: which function makes a router, and what its methods do.

use crate::flow::{Effect, Framework, Joins, LAUNCHERS, Row, Slash, row};
use crate::template::Style;

/// The router that a function of a package makes.
pub(super) fn made_by(package: &str, function: &str) -> Option<&'static Framework> {
    let framework = of_package(package)?;
    let makes = |(_, makers, own): &&(&str, &[&str], &Framework)| {
        own.name == framework.name && makers.contains(&function)
    };
    MAKERS.iter().find(makes).map(|_| framework)
}

/// The framework that a package is.
pub(super) fn of_package(package: &str) -> Option<&'static Framework> {
    let is_version = |rest: &str| rest.is_empty() || rest.starts_with("/v");
    let (.., framework) =
        MAKERS.iter().find(|(start, ..)| package.strip_prefix(start).is_some_and(is_version))?;
    Some(framework)
}

/// Whether a function in which this one is called may concern routers.
pub(super) fn may_concern_routers(function: &str) -> bool {
    let makes = |(_, makers, framework): &(&str, &[&str], &Framework)| {
        makers.contains(&function) || framework.effect(function).is_some()
    };
    LAUNCHERS.contains(&function) || MAKERS.iter().any(makes)
}

const MAKERS: &[(&str, &[&str], &Framework)] = &[
    ("net/http", &["NewServeMux"], &MUX),
    ("github.com/gorilla/mux", &["NewRouter"], &GORILLA),
    ("github.com/go-chi/chi", &["NewRouter", "NewMux"], &CHI),
    ("github.com/gin-gonic/gin", &["Default", "New"], &GIN),
    ("github.com/labstack/echo", &["New"], &ECHO),
    ("github.com/gofiber/fiber", &["New"], &FIBER),
];

/// The multiplexer of Go itself.
pub(super) static MUX: Framework = Framework {
    name: "net/http",
    style: Style::Mux,
    joins: Joins::Plainly,
    slash: Slash::IsTree,
    ignores_case: false,
    rows: &[row(&["Handle", "HandleFunc"], Effect::HandlesPattern)],
    registers: &[],
    uses_handlers: false,
    is_open: false,
};

static GORILLA: Framework = Framework {
    name: "gorilla/mux",
    style: Style::Braces,
    joins: Joins::Plainly,
    slash: Slash::Counts,
    ignores_case: false,
    rows: &[
        row(&["Handle", "HandleFunc"], Effect::Handles(&[])),
        row(&["Path"], Effect::Path),
        row(&["PathPrefix"], Effect::PathPrefix),
        row(&["Methods"], Effect::Methods),
        row(&["Handler", "HandlerFunc"], Effect::Handler),
        row(&["Subrouter"], Effect::Subrouter),
        row(&["Use"], Effect::Uses),
        row(
            &["StrictSlash", "SkipClean", "UseEncodedPath", "Headers", "Queries", "Schemes", "Name"],
            Effect::Nothing,
        ),
    ],
    registers: &["Build", "Match", "NewRoute", "Host"],
    uses_handlers: false,
    is_open: false,
};

static CHI: Framework = Framework {
    name: "chi",
    style: Style::Braces,
    joins: Joins::BySlash,
    slash: Slash::FreeAtGroups,
    ignores_case: false,
    rows: &[
        row(&["Get"], Effect::Handles(&["GET"])),
        row(&["Post"], Effect::Handles(&["POST"])),
        row(&["Put"], Effect::Handles(&["PUT"])),
        row(&["Delete"], Effect::Handles(&["DELETE"])),
        row(&["Patch"], Effect::Handles(&["PATCH"])),
        row(&["Head"], Effect::Handles(&["HEAD"])),
        row(&["Options"], Effect::Handles(&["OPTIONS"])),
        row(&["Handle", "HandleFunc"], Effect::Handles(&[])),
        row(&["Method", "MethodFunc"], Effect::HandlesNamed),
        row(&["Route"], Effect::Groups),
        row(&["Mount"], Effect::Mounts),
        row(&["Group", "With"], Effect::Same),
        row(&["NotFound"], Effect::Rest),
        row(&["Use"], Effect::Uses),
        row(&["MethodNotAllowed"], Effect::Nothing),
    ],
    registers: &[],
    uses_handlers: false,
    is_open: false,
};

static GIN: Framework = Framework {
    name: "gin",
    style: Style::Colons,
    joins: Joins::BySlash,
    slash: Slash::MayLead,
    ignores_case: false,
    rows: CAPITALS,
    registers: &[],
    uses_handlers: false,
    is_open: true,
};

static ECHO: Framework = Framework {
    name: "echo",
    style: Style::Colons,
    joins: Joins::Plainly,
    slash: Slash::Counts,
    ignores_case: false,
    rows: CAPITALS,
    registers: &["RouteNotFound", "Host"],
    uses_handlers: false,
    is_open: true,
};

/// gin and echo.
const CAPITALS: &[Row] = &[
    row(&["GET"], Effect::Handles(&["GET"])),
    row(&["POST"], Effect::Handles(&["POST"])),
    row(&["PUT"], Effect::Handles(&["PUT"])),
    row(&["DELETE"], Effect::Handles(&["DELETE"])),
    row(&["PATCH"], Effect::Handles(&["PATCH"])),
    row(&["HEAD"], Effect::Handles(&["HEAD"])),
    row(&["OPTIONS"], Effect::Handles(&["OPTIONS"])),
    row(&["Any"], Effect::Handles(&[])),
    row(&["Handle", "Add"], Effect::HandlesNamed),
    row(&["Match"], Effect::HandlesListed { path: 1, methods: 0 }),
    row(&["Group"], Effect::Groups),
    row(&["Static", "StaticFS"], Effect::Files),
    row(&["StaticFile", "StaticFileFS", "File"], Effect::Page),
    row(&["NoRoute"], Effect::Rest),
    row(&["Run", "Start", "StartServer"], Effect::Launches),
    row(&["Use", "Pre"], Effect::Uses),
    row(&["LoadHTMLGlob", "LoadHTMLFiles", "SetTrustedProxies", "NoMethod"], Effect::Nothing),
];

pub(super) static FIBER: Framework = Framework {
    name: "fiber",
    style: Style::Colons,
    joins: Joins::BySlash,
    slash: Slash::Free,
    ignores_case: true,
    rows: &[
        row(&["Get"], Effect::Handles(&["GET"])),
        row(&["Post"], Effect::Handles(&["POST"])),
        row(&["Put"], Effect::Handles(&["PUT"])),
        row(&["Delete"], Effect::Handles(&["DELETE"])),
        row(&["Patch"], Effect::Handles(&["PATCH"])),
        row(&["Head"], Effect::Handles(&["HEAD"])),
        row(&["Options"], Effect::Handles(&["OPTIONS"])),
        row(&["All"], Effect::Handles(&[])),
        row(&["Add"], Effect::HandlesNamed),
        row(&["Group", "Route"], Effect::Groups),
        row(&["Mount"], Effect::Mounts),
        row(&["Static"], Effect::Files),
        row(&["Listen"], Effect::Launches),
        row(&["Use"], Effect::Uses),
    ],
    registers: &[],
    uses_handlers: true,
    is_open: true,
};
