//! The table of packages that servers are put together with.

pub(crate) mod packages;

/// How a framework takes what it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dialect {
    Express,
    Fastify,
    Hono,
    Koa,
}

/// What one export of a package makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Maker {
    pub(crate) dialect: Dialect,
    pub(crate) makes: Makes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Makes {
    /// A program's whole application, unless another one mounts it.
    App,
    /// The application of a framework whose classes say what it serves.
    Nest,
    /// Routes for an application to mount.
    Router,
    /// The routes of one path, whose methods take handlers alone.
    Route,
}

struct Row {
    packages: &'static [&'static str],
    /// The exports that make it, without `default`; empty for the default export itself.
    exports: &'static [&'static str],
    dialect: Dialect,
    makes: Makes,
}

const ROWS: [Row; 12] = [
    row(&["@nestjs/core"], &["NestFactory.create"], Dialect::Express, Makes::Nest),
    row(&["express"], &["", "express"], Dialect::Express, Makes::App),
    row(&["express"], &["Router"], Dialect::Express, Makes::Router),
    row(&["express"], &["route"], Dialect::Express, Makes::Route),
    row(&["express-promise-router", "router"], &["", "Router"], Dialect::Express, Makes::Router),
    row(&["express-promise-router", "router"], &["route"], Dialect::Express, Makes::Route),
    row(&["fastify"], &["", "fastify", "Fastify"], Dialect::Fastify, Makes::App),
    row(&["hono", "hono/quick", "hono/tiny"], &["Hono"], Dialect::Hono, Makes::App),
    row(&["@hono/zod-openapi"], &["OpenAPIHono"], Dialect::Hono, Makes::App),
    row(
        &["hono", "hono/quick", "hono/tiny", "@hono/zod-openapi"],
        &["basePath"],
        Dialect::Hono,
        Makes::Router,
    ),
    row(&["koa"], &["", "Koa"], Dialect::Koa, Makes::App),
    row(&["@koa/router", "koa-router"], &["", "Router"], Dialect::Koa, Makes::Router),
];

const fn row(
    packages: &'static [&'static str],
    exports: &'static [&'static str],
    dialect: Dialect,
    makes: Makes,
) -> Row {
    Row { packages, exports, dialect, makes }
}

/// Methods that register handlers of one kind of request, and what that kind is called. `all` is every kind.
pub(crate) const VERBS: [&str; 9] = ["get", "post", "put", "patch", "delete", "head", "options", "all", "ws"];

/// The other methods with which something is registered.
const REGISTERS: [&str; 14] = [
    "use",
    "route",
    "register",
    "on",
    "mount",
    "basePath",
    "prefix",
    "openapi",
    "addRoute",
    "addHook",
    "setNotFoundHandler",
    "notFound",
    "onError",
    "setErrorHandler",
];

/// What an export of a package makes. `None` for what is no part of a server.
pub(crate) fn maker(package: &str, export: &str) -> Option<Maker> {
    let name = export.strip_prefix("default").or_else(|| export.strip_prefix('*')).unwrap_or(export);
    let name = name.trim_start_matches('.');
    let name = name.strip_prefix("default").map_or(name, |name| name.trim_start_matches('.'));
    let row = ROWS.iter().find(|row| row.packages.contains(&package) && row.exports.contains(&name))?;
    Some(Maker { dialect: row.dialect, makes: row.makes })
}

/// Whether what a package exports may make a part of a server.
pub(crate) fn is_package(name: &str) -> bool {
    let bare = name.strip_prefix("node:").unwrap_or(name);
    ROWS.iter().any(|row| row.packages.contains(&name))
        || matches!(bare, "http" | "https" | "http2" | "socket.io" | "ws")
        || answers_probes(name)
}

/// Whether a method of this name may register something.
pub(crate) fn may_register(name: &str) -> bool {
    VERBS.contains(&name) || REGISTERS.contains(&name)
}

/// Whether a method returns the very thing that it is called on.
pub(crate) fn gives_itself(package: &str, export: &str, method: &str) -> bool {
    let Some(maker) = maker(package, export) else { return false };
    match (maker.dialect, method) {
        // What an application of Nest is asked for is a provider.
        _ if maker.makes == Makes::Nest && method == "get" => false,
        (Dialect::Express, "route") | (Dialect::Hono, "basePath") => false,
        // `router.routes()` is what mounts a router of Koa.
        _ if maker.makes == Makes::Nest && matches!(method, "getHttpAdapter" | "getInstance") => true,
        (
            Dialect::Fastify,
            "withTypeProvider"
            | "setSchemaController"
            | "setValidatorCompiler"
            | "setSerializerCompiler"
            | "addSchema"
            | "addContentTypeParser"
            | "decorateRequest"
            | "decorateReply",
        )
        | (Dialect::Koa, "routes" | "middleware")
        | (_, "after" | "ready" | "decorate" | "addHook") => true,
        _ => may_register(method),
    }
}

/// The options of an application that change which paths its routes take.
pub(crate) fn matching_options(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Fastify => &[
            "caseSensitive",
            "ignoreTrailingSlash",
            "ignoreDuplicateSlashes",
            "routerOptions",
            "rewriteUrl",
            "serverFactory",
        ],
        Dialect::Hono => &["strict", "getPath", "router"],
        Dialect::Express | Dialect::Koa => &[],
    }
}

/// Where a server of sockets takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sockets {
    /// Below the path in its options, or else below this one.
    Below(&'static str),
    /// At the path in its options, or else at every path.
    At,
}

/// Where the server of sockets takes them that an export makes. `None` where it makes none.
pub(crate) fn sockets(package: &str, export: &str) -> Option<Sockets> {
    let is_server = export.ends_with("Server");
    match package {
        "socket.io" if is_server || matches!(export, "default" | "*") => Some(Sockets::Below("/socket.io")),
        "ws" if is_server => Some(Sockets::At),
        _ => None,
    }
}

/// Whether an export makes a server that hands every request to a function.
pub(crate) fn is_bare(package: &str, export: &str) -> bool {
    let package = package.strip_prefix("node:").unwrap_or(package);
    matches!(package, "http" | "https" | "http2") && export.contains("create") && export.ends_with("Server")
}

/// Whether a package answers probes for a server that it is given, before the application of that server.
pub(crate) fn answers_probes(package: &str) -> bool {
    matches!(package, "@godaddy/terminus" | "lightship")
}

/// Packages that do not answer requests by themselves although they are given the whole application.
const PASSIVE: [&str; 25] = [
    "@nestjs/swagger",
    "@nestjs/platform-ws",
    "http",
    "https",
    "http2",
    "node:http",
    "node:https",
    "node:http2",
    "socket.io",
    "ws",
    "express-ws",
    "express-async-errors",
    "serverless-http",
    "@vendia/serverless-express",
    "aws-serverless-express",
    "@hono/node-server",
    "http-terminator",
    "http-graceful-shutdown",
    "stoppable",
    "spdy",
    "server-destroy",
    "fastify-plugin",
    "koa-compose",
    "koa-mount",
    "console",
];

/// Whether a package that is given a whole application registers nothing with it.
pub(crate) fn is_passive(package: &str) -> bool {
    PASSIVE.contains(&package) || package.starts_with("@sentry/") || package.starts_with("@opentelemetry/")
}

/// How middleware that passes all requests on is made.
pub(crate) struct Forwarder {
    package: &'static str,
    /// The exports that make it.
    exports: &'static [&'static str],
    /// Where its options stand.
    pub(crate) options: usize,
    /// Options by which it passes only some requests on.
    pub(crate) choosing: &'static [&'static str],
}

const FORWARDERS: [Forwarder; 2] = [
    Forwarder {
        package: "http-proxy-middleware",
        exports: &["createProxyMiddleware", "legacyCreateProxyMiddleware"],
        options: 0,
        choosing: &["pathFilter"],
    },
    Forwarder {
        package: "express-http-proxy",
        exports: &["default", "*"],
        options: 1,
        choosing: &["filter"],
    },
];

/// The forwarder that an export of a package makes.
pub(crate) fn forwarder(package: &str, export: &str) -> Option<&'static Forwarder> {
    let is_own = |export: &str, own: &str| export == own || export.ends_with(&format!(".{own}"));
    let makes = |forwarder: &&Forwarder| {
        forwarder.package == package && forwarder.exports.iter().any(|own| is_own(export, own))
    };
    FORWARDERS.iter().find(makes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_is_known_by_whichever_import() {
        for export in ["default", "*", "express", "*.default"] {
            let makes = maker("express", export).map(|maker| maker.makes);
            assert_eq!(makes, Some(Makes::App), "{export}");
        }
        for export in ["Router", "default.Router", "*.Router"] {
            assert_eq!(maker("express", export).map(|maker| maker.makes), Some(Makes::Router), "{export}");
        }
        assert_eq!(maker("express", "json"), None);
        assert_eq!(maker("@koa/cors", "default"), None);
    }
}
