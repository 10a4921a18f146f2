//! What middleware, plug-ins and modules of packages do with requests, from the documentation of each. Only those that are
//! known to pass requests on, or to refuse them, do not answer.

/// Packages whose middleware and plug-ins answer no request with success by themselves.
const PASSING: [&str; 128] = [
    // Express and what works like it.
    "body-parser",
    "celebrate",
    "cls-rtracer",
    "compression",
    "connect-busboy",
    "connect-flash",
    "connect-timeout",
    "cookie-parser",
    "cookie-session",
    "cors",
    "csrf-csrf",
    "csurf",
    "dd-trace",
    "elastic-apm-node",
    "errorhandler",
    "express-basic-auth",
    "express-correlation-id",
    "express-ejs-layouts",
    "express-fileupload",
    "express-flash",
    "express-http-context",
    "express-jwt",
    "express-mongo-sanitize",
    "express-oauth2-jwt-bearer",
    "express-pino-logger",
    "express-rate-limit",
    "express-request-id",
    "express-session",
    "express-slow-down",
    "express-useragent",
    "express-validator",
    "express-winston",
    "express-xss-sanitizer",
    "helmet",
    "helmet-csp",
    "hide-powered-by",
    "hpp",
    "hsts",
    "jwks-rsa",
    "lusca",
    "method-override",
    "morgan",
    "multer",
    "newrelic",
    "nocache",
    "on-finished",
    "on-headers",
    "passport",
    "permissions-policy",
    "pino-http",
    "referrer-policy",
    "request-ip",
    "response-time",
    "winston",
    "x-xss-protection",
    "xss-clean",
    // Koa.
    "@koa/bodyparser",
    "@koa/cors",
    "@koa/multer",
    "kcors",
    "koa-body",
    "koa-bodyparser",
    "koa-compress",
    "koa-conditional-get",
    "koa-csrf",
    "koa-etag",
    "koa-generic-session",
    "koa-helmet",
    "koa-jwt",
    "koa-logger",
    "koa-morgan",
    "koa-passport",
    "koa-pino-logger",
    "koa-ratelimit",
    "koa-requestid",
    "koa-response-time",
    "koa-session",
    "koa2-cors",
    "koa2-ratelimit",
    // Hono.
    "hono/basic-auth",
    "hono/bearer-auth",
    "hono/body-limit",
    "hono/compress",
    "hono/context-storage",
    "hono/cors",
    "hono/csrf",
    "hono/etag",
    "hono/ip-restriction",
    "hono/jwk",
    "hono/jwt",
    "hono/language",
    "hono/logger",
    "hono/pretty-json",
    "hono/request-id",
    "hono/secure-headers",
    "hono/timeout",
    "hono/timing",
    "@hono/zod-validator",
    // Fastify.
    "@fastify/accepts",
    "@fastify/auth",
    "@fastify/awilix",
    "@fastify/basic-auth",
    "@fastify/bearer-auth",
    "@fastify/caching",
    "@fastify/circuit-breaker",
    "@fastify/compress",
    "@fastify/cookie",
    "@fastify/cors",
    "@fastify/csrf-protection",
    "@fastify/env",
    "@fastify/etag",
    "@fastify/flash",
    "@fastify/formbody",
    "@fastify/helmet",
    "@fastify/jwt",
    "@fastify/middie",
    "@fastify/mongodb",
    "@fastify/multipart",
    "@fastify/mysql",
    "@fastify/postgres",
    "@fastify/rate-limit",
    "@fastify/redis",
    "@fastify/request-context",
    "@fastify/secure-session",
    "@fastify/sensible",
    "@fastify/session",
    "@fastify/view",
    "@fastify/websocket",
];

/// What `express` itself makes that reads requests.
const READERS: [&str; 4] = ["json", "urlencoded", "raw", "text"];

/// Whether middleware or a plug-in of a package leaves every request to what comes after it, or refuses it.
pub(crate) fn passes_on(package: &str, export: &str) -> bool {
    let last = export.rsplit('.').next().unwrap_or(export);
    match package {
        "express" => return READERS.contains(&last),
        // It refuses methods that the router does not know.
        "@koa/router" | "koa-router" if last == "allowedMethods" => return true,
        _ => {}
    }
    // The packages of Fastify had other names once.
    let scoped = package.strip_prefix("fastify-").map(|name| format!("@fastify/{name}"));
    let is_listed = |name: &str| PASSING.contains(&name);
    let watches = ["@sentry/", "@opentelemetry/", "aws-xray-sdk"];
    is_listed(package)
        || scoped.is_some_and(|name| is_listed(&name))
        || watches.iter().any(|start| package.starts_with(start))
}

/// Packages that give back the handler that is their first argument, or run those in it one after the other.
const WRAPPERS: [&str; 5] =
    ["express-async-handler", "fastify-plugin", "koa-compose", "koa-convert", "hono/factory"];

/// Whether what a package makes of a handler does what the handler does.
pub(crate) fn wraps_handlers(package: &str) -> bool {
    WRAPPERS.contains(&package)
}

/// Packages whose modules for Nest have no controllers.
const MODULES: [&str; 37] = [
    "@golevelup/nestjs-rabbitmq",
    "@liaoliaots/nestjs-redis",
    "@mikro-orm/nestjs",
    "@nestjs-modules/ioredis",
    "@nestjs-modules/mailer",
    "@nestjs/axios",
    "@nestjs/bull",
    "@nestjs/bullmq",
    "@nestjs/cache-manager",
    "@nestjs/common",
    "@nestjs/config",
    "@nestjs/core",
    "@nestjs/cqrs",
    "@nestjs/elasticsearch",
    "@nestjs/event-emitter",
    "@nestjs/jwt",
    "@nestjs/microservices",
    "@nestjs/mongoose",
    "@nestjs/passport",
    "@nestjs/platform-express",
    "@nestjs/schedule",
    "@nestjs/sequelize",
    "@nestjs/terminus",
    "@nestjs/throttler",
    "@nestjs/typeorm",
    "@ntegral/nestjs-sentry",
    "@sentry/nestjs",
    "nest-winston",
    "nestjs-cls",
    "nestjs-i18n",
    "nestjs-pino",
    "nestjs-prisma",
    "nestjs-redis",
    "nestjs-s3",
    "nestjs-typegoose",
    "nestjs-zod",
    "typeorm",
];

/// Whether the modules for Nest that a package brings along register no paths.
pub(crate) fn is_module_without_paths(package: &str) -> bool {
    let package = package.strip_suffix("/setup").unwrap_or(package);
    MODULES.contains(&package)
}

/// Names of the statuses from 400 on, as the tables of packages have them.
const ERRORS: [(&str, u16); 28] = [
    ("BAD_REQUEST", 400),
    ("UNAUTHORIZED", 401),
    ("PAYMENT_REQUIRED", 402),
    ("FORBIDDEN", 403),
    ("NOT_FOUND", 404),
    ("METHOD_NOT_ALLOWED", 405),
    ("NOT_ACCEPTABLE", 406),
    ("PROXY_AUTHENTICATION_REQUIRED", 407),
    ("REQUEST_TIMEOUT", 408),
    ("CONFLICT", 409),
    ("GONE", 410),
    ("LENGTH_REQUIRED", 411),
    ("PRECONDITION_FAILED", 412),
    ("PAYLOAD_TOO_LARGE", 413),
    ("REQUEST_TOO_LONG", 413),
    ("UNSUPPORTED_MEDIA_TYPE", 415),
    ("IM_A_TEAPOT", 418),
    ("UNPROCESSABLE_ENTITY", 422),
    ("LOCKED", 423),
    ("FAILED_DEPENDENCY", 424),
    ("PRECONDITION_REQUIRED", 428),
    ("TOO_MANY_REQUESTS", 429),
    ("INTERNAL_SERVER_ERROR", 500),
    ("INTERNAL_ERROR", 500),
    ("NOT_IMPLEMENTED", 501),
    ("BAD_GATEWAY", 502),
    ("SERVICE_UNAVAILABLE", 503),
    ("GATEWAY_TIMEOUT", 504),
];

/// The status from 400 on that a name says: `NOT_FOUND`, `notFound`.
pub(crate) fn error_of_name(name: &str) -> Option<u16> {
    let mut words = String::new();
    let is_upper = !name.contains(|c: char| c.is_ascii_lowercase());
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !is_upper && !words.is_empty() {
            words.push('_');
        }
        words.push(letter.to_ascii_uppercase());
    }
    ERRORS.iter().find(|(error, _)| *error == words).map(|(_, status)| *status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_passes_requests_on() {
        for (package, export) in [
            ("helmet", "default"),
            ("express", "default.json"),
            ("@sentry/node", "Handlers.requestHandler"),
            ("@fastify/cors", "default"),
            ("fastify-cors", "*"),
        ] {
            assert!(passes_on(package, export), "{package}");
        }
        for (package, export) in [
            ("express", "default.static"),
            ("http-proxy-middleware", "createProxyMiddleware"),
            ("fastify-metrics", "*.default"),
            ("unheard-of", "default"),
        ] {
            assert!(!passes_on(package, export), "{package}");
        }
    }

    #[test]
    fn errors_are_known_by_name() {
        let found = ["NOT_FOUND", "notFound", "internalServerError", "OK", "ok", "found"].map(error_of_name);
        assert_eq!(found, [Some(404), Some(404), Some(500), None, None, None]);
    }
}
