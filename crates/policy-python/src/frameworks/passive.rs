//! Packages whose functions take an application and register no handlers in it.

/// By the name that is imported, each with what it is for.
const PACKAGES: &[(&str, &str)] = &[
    ("a2wsgi", "adapters between servers"),
    ("allauth", "accounts, whose addresses are included by themselves"),
    ("asgi_correlation_id", "identifiers of requests"),
    ("asgiref", "adapters between servers"),
    ("aws_lambda_powertools", "logs and traces"),
    ("aws_xray_sdk", "traces"),
    ("axes", "limits"),
    ("builtins", "Python itself"),
    ("channels", "sockets, whose functions that register are known by themselves"),
    ("corsheaders", "headers"),
    ("csp", "headers"),
    ("ddtrace", "traces"),
    ("django", "the framework, whose functions that register are known by themselves"),
    ("django_prometheus", "metrics, whose addresses are included by themselves"),
    ("django_structlog", "logs"),
    ("elasticapm", "traces"),
    ("fastapi", "the framework, whose functions that register are known by themselves"),
    ("fastapi_pagination", "pages of results"),
    ("flask", "the framework, whose functions that register are known by themselves"),
    ("flask_bcrypt", "passwords"),
    ("flask_caching", "a cache"),
    ("flask_compress", "compression"),
    ("flask_cors", "headers"),
    ("flask_jwt_extended", "tokens"),
    ("flask_limiter", "limits"),
    ("flask_login", "sessions"),
    ("flask_mail", "mail"),
    ("flask_marshmallow", "serialisation"),
    ("flask_migrate", "migrations"),
    ("flask_session", "sessions"),
    ("flask_sqlalchemy", "a database"),
    ("flask_talisman", "headers"),
    ("functools", "Python's own"),
    ("hypercorn", "a server"),
    ("logging", "Python's own"),
    ("mangum", "an adapter to Lambda"),
    ("newrelic", "traces"),
    ("opentelemetry", "traces"),
    ("sentry_sdk", "reports of errors"),
    ("simple_history", "a history of records"),
    ("slowapi", "limits"),
    ("starlette", "the framework, whose functions that register are known by themselves"),
    ("typing", "Python's own"),
    ("uvicorn", "a server"),
    ("werkzeug", "middleware"),
];

/// Whether a function outside of the tree adds no handlers to an application that it is given.
pub(super) fn adds_nothing(dotted: &str) -> bool {
    let package = dotted.split('.').next().unwrap_or(dotted);
    PACKAGES.binary_search_by_key(&package, |(name, _)| name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(PACKAGES.is_sorted_by_key(|(name, _)| name));
        assert!(adds_nothing("flask_cors.CORS") && !adds_nothing("flask_admin.Admin"));
    }
}
