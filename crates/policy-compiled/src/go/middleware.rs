//! What requests pass in a program of Go before they reach handlers.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use policy_text::source::Span;

use super::answers::Success;
use super::packages::Packages;
use crate::code::Code;
use crate::flow::{Function, FunctionId};
use crate::passing::Passing;

/// The members of a request, or of what a framework makes of it, that say its path.
const PATHS: &[&str] =
    &["EscapedPath", "FullPath", "OriginalURL", "Path", "RawPath", "RequestURI", "RoutePath"];

/// What a middleware says that answers what nothing else does.
const NOT_FOUND: [&str; 4] = ["404", "ErrNotFound", "NotFound", "StatusNotFound"];

/// Packages whose functions pass every request on, by the beginnings and the ends of their paths, with the beginnings of the
/// functions that do so. None stands for all. What no row names may answer by itself.
const OUTSIDE: &[(&str, &str, &[&str])] = &[
    (
        "github.com/go-chi/chi",
        "/middleware",
        &[
            "AllowContent",
            "BasicAuth",
            "Compress",
            "ContentCharset",
            "Logger",
            "NoCache",
            "RealIP",
            "Recoverer",
            "RequestID",
            "RequestLogger",
            "RequestSize",
            "SetHeader",
            "Sunset",
            "Throttle",
            "Timeout",
            "WithValue",
        ],
    ),
    ("github.com/go-chi/cors", "", &[]),
    ("github.com/go-chi/httplog", "", &[]),
    ("github.com/go-chi/httprate", "", &[]),
    ("github.com/go-chi/jwtauth", "", &[]),
    ("github.com/go-chi/render", "", &[]),
    ("github.com/gin-gonic/gin", "", &["BasicAuth", "CustomRecovery", "ErrorLogger", "Logger", "Recovery"]),
    ("github.com/gin-contrib/", "cors", &[]),
    ("github.com/gin-contrib/", "gzip", &[]),
    ("github.com/gin-contrib/", "logger", &[]),
    ("github.com/gin-contrib/", "requestid", &[]),
    ("github.com/gin-contrib/", "secure", &[]),
    ("github.com/gin-contrib/", "sessions", &[]),
    ("github.com/gin-contrib/", "size", &[]),
    ("github.com/gin-contrib/", "timeout", &[]),
    ("github.com/gin-contrib/", "zap", &[]),
    (
        "github.com/labstack/echo",
        "/middleware",
        &[
            "BasicAuth",
            "BodyDump",
            "BodyLimit",
            "CORS",
            "CSRF",
            "ContextTimeout",
            "Decompress",
            "Gzip",
            "JWT",
            "KeyAuth",
            "Logger",
            "RateLimiter",
            "Recover",
            "RequestID",
            "RequestLogger",
            "Secure",
            "Timeout",
        ],
    ),
    ("github.com/labstack/echo-contrib", "session", &[]),
    ("github.com/labstack/echo-jwt", "", &[]),
    ("github.com/gofiber/contrib/", "jwt", &[]),
    ("github.com/gofiber/contrib/", "otelfiber", &[]),
    ("github.com/gofiber/fiber", "/middleware/basicauth", &[]),
    ("github.com/gofiber/fiber", "/middleware/compress", &[]),
    ("github.com/gofiber/fiber", "/middleware/cors", &[]),
    ("github.com/gofiber/fiber", "/middleware/csrf", &[]),
    ("github.com/gofiber/fiber", "/middleware/encryptcookie", &[]),
    ("github.com/gofiber/fiber", "/middleware/etag", &[]),
    ("github.com/gofiber/fiber", "/middleware/helmet", &[]),
    ("github.com/gofiber/fiber", "/middleware/idempotency", &[]),
    ("github.com/gofiber/fiber", "/middleware/keyauth", &[]),
    ("github.com/gofiber/fiber", "/middleware/limiter", &[]),
    ("github.com/gofiber/fiber", "/middleware/logger", &[]),
    ("github.com/gofiber/fiber", "/middleware/recover", &[]),
    ("github.com/gofiber/fiber", "/middleware/requestid", &[]),
    ("github.com/gofiber/fiber", "/middleware/timeout", &[]),
    (
        "github.com/gorilla/handlers",
        "",
        &["CORS", "CombinedLogging", "Compress", "ContentType", "Logging", "ProxyHeaders", "Recovery"],
    ),
    ("github.com/gorilla/csrf", "", &[]),
    ("github.com/alexedwards/scs", "", &[]),
    ("github.com/appleboy/gin-jwt", "", &[]),
    ("github.com/auth0/go-jwt-middleware", "", &[]),
    ("github.com/getsentry/sentry-go", "", &[]),
    ("github.com/newrelic/go-agent", "", &[]),
    ("github.com/riandyrn/otelchi", "", &[]),
    ("github.com/rs/cors", "", &[]),
    ("github.com/rs/zerolog", "", &[]),
    ("github.com/samber/slog-", "", &[]),
    ("github.com/ulule/limiter", "", &[]),
    ("github.com/unrolled/secure", "", &[]),
    ("go.opentelemetry.io/", "", &[]),
    ("gopkg.in/DataDog/dd-trace-go", "", &[]),
];

/// Whether a function of a package outside of the program passes every request on.
fn is_known(package: &str, name: &str) -> bool {
    OUTSIDE.iter().any(|(start, end, names)| {
        package.starts_with(start)
            && package.ends_with(end)
            && (names.is_empty() || names.iter().any(|own| name.starts_with(own)))
    })
}

/// The names of the functions that look at the path of a request.
pub(super) fn readers(packages: &Packages) -> HashSet<String> {
    let readers = packages.functions.all().map(|(_, function)| function).filter(|function| {
        let code = packages.code(function.file);
        code.is_some_and(|code| passing(code, &|_| false, &|_| false).looks(function.body.clone()))
    });
    readers.map(|function| function.name.clone()).collect()
}

/// What a function does with requests.
pub(super) struct Habit {
    /// Whether it passes on some.
    passes: bool,
    /// Whether the path decides which it passes on, or what else it does.
    decides: bool,
    /// Whether it says that something is not found.
    refuses: bool,
    success: Success,
}

/// What each function does with requests.
pub(super) fn habits(packages: &Packages) -> HashMap<FunctionId, Habit> {
    let all = packages.functions.all();
    let habits = all.filter_map(|(id, function)| {
        let code = packages.code(function.file)?;
        Some((id, habit(packages, code, function.body.clone(), &next_of(code, function))))
    });
    habits.collect()
}

fn habit(packages: &Packages, code: &Code, body: Range<usize>, next: &HashSet<&str>) -> Habit {
    let passes = |at| passes(code, at, next);
    let reads = |name: &str| packages.readers.contains(name);
    let passing = passing(code, &passes, &reads);
    Habit {
        passes: passing.passes_on(body.clone()),
        decides: passing.decides(body.clone()),
        refuses: body.clone().any(|at| NOT_FOUND.contains(&code.written(at))),
        success: Success::of(code, body, &passes),
    }
}

/// A function that passes requests on, but not all of them, as their paths decide, or answers some of them with success.
pub(super) fn deciding(packages: &Packages) -> Option<Span> {
    packages.functions.all().find_map(|(id, function)| {
        packages
            .habits
            .get(&id)
            .filter(|habit| habit.passes && habit.decides || habit.success == Success::BesidePassing)?;
        Some(packages.code(function.file)?.span(function.body.clone()))
    })
}

fn passing<'p>(
    code: &'p Code,
    passes: &'p dyn Fn(usize) -> bool,
    reads: &'p dyn Fn(&str) -> bool,
) -> Passing<'p> {
    Passing { code, paths: PATHS, passes, reads }
}

/// The parameters by which a function, or one within it, has the handler behind it: `next echo.HandlerFunc`.
fn next_of<'c>(code: &'c Code, function: &'c Function) -> HashSet<&'c str> {
    let is_handler = |kind: &str| matches!(kind, "Handler" | "HandlerFunc");
    let own = function.parameters.iter().filter(|(_, kind)| is_handler(kind)).map(|(name, _)| name.as_str());
    let literals = function.body.clone().filter(|at| code.is_word(*at, "func"));
    let inner = literals.flat_map(|at| code.arguments(at + 1)).filter_map(|parameter| {
        let name = code.word(parameter.start)?;
        code.words(parameter).last().is_some_and(is_handler).then_some(name)
    });
    own.chain(inner).collect()
}

/// `next.ServeHTTP(w, r)`, `c.Next()`, `next(c)`. The rows of a database have `for rows.Next() {`.
fn passes(code: &Code, at: usize, next: &HashSet<&str>) -> bool {
    let is_member = code.is_mark(at.wrapping_sub(1), '.');
    code.closing(at + 1, '(').is_some()
        && code.word(at).is_some_and(|word| match word {
            "ServeHTTP" => is_member,
            "Next" => is_member && code.closing(code.after(at + 1), '{').is_none(),
            word => !is_member && next.contains(word),
        })
}

/// Whether what a router is given with `Use` passes on every request, but those that it refuses. What a function of the
/// program decides by the path is found without it. `must_pass` says that one which never passes requests on answers them.
pub(super) fn passes_on(packages: &Packages, file: usize, given: Range<usize>, must_pass: bool) -> bool {
    let Some(code) = packages.code(file) else { return false };
    // What passes them on and decides is found without it.
    let goes_on = |habit: &Habit| {
        (habit.passes || !habit.decides)
            && (!must_pass || habit.passes || habit.refuses)
            && habit.success == Success::None
    };
    if code.pieces(given.start).is_some() {
        return true;
    }
    if code.is_word(given.start, "func") {
        return goes_on(&habit(packages, code, given, &HashSet::new()));
    }
    named_passes(packages, (file, code), given.start, true, &goes_on)
}

/// The same of what is named at a place: a function, or a variable that is set to what one gives.
fn named_passes(
    packages: &Packages,
    (file, code): (usize, &Code),
    start: usize,
    may_be_variable: bool,
    goes_on: &dyn Fn(&Habit) -> bool,
) -> bool {
    let start = start + usize::from(code.is_mark(start, '&'));
    let Some(first) = code.word(start) else { return false };
    let (mut at, mut last) = (start, first);
    while let Some(next) = code.word(at + 2).filter(|_| code.is_mark(at + 1, '.')) {
        (at, last) = (at + 2, next);
    }
    if let Some(package) = packages.import(file, first)
        && packages.own(file, first).is_none()
    {
        let name = code.word(start + 2).unwrap_or_default();
        return is_known(package, name);
    }
    let mut own = packages.functions.named(last).filter_map(|(id, _)| packages.habits.get(&id)).peekable();
    if own.peek().is_some() {
        return own.all(goes_on);
    }
    let is_set = |at: &usize| {
        code.is_word(*at, first)
            && (code.is_mark(at + 1, '=') || code.is_mark(at + 1, ':') || code.is_mark(at + 1, ','))
    };
    let value = (0..code.len()).filter(is_set).find_map(|at| {
        let equals = (at + 1..at + 8).find(|at| code.is_mark(*at, '='))?;
        Some(equals + 1)
    });
    may_be_variable && value.is_some_and(|value| named_passes(packages, (file, code), value, false, goes_on))
}
