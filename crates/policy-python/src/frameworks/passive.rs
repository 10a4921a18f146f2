//! Code outside of the tree that is known to do no more than look on: packages whose functions take an application and
//! register no handlers in it, and middleware that passes on every request.

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
];

/// Middleware that passes on every request with its path, and gives back the answer from behind with its status, or refuses or
/// redirects the request: by the beginning of its dotted name, with the ends of the names that do so and where they are
/// described, as far as that was looked up. No name stands for all of them.
const PASSES: &[(&str, &[&str], Option<&str>)] = &[
    ("a2wsgi.", &[], Some("https://pypi.org/project/a2wsgi/1.10.9/")),
    (
        "allauth.account.middleware.",
        &[],
        Some("https://docs.allauth.org/en/latest/installation/quickstart.html"),
    ),
    (
        "asgi_correlation_id.",
        &["CorrelationIdMiddleware"],
        Some("https://github.com/snok/asgi-correlation-id"),
    ),
    ("asgiref.wsgi.WsgiToAsgi", &[], Some("https://pypi.org/project/asgiref/3.3.4")),
    ("auditlog.middleware.", &[], Some("https://django-auditlog.readthedocs.io/en/latest/installation.html")),
    (
        "aws_xray_sdk.ext.",
        &[],
        Some("https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-python-middleware.html"),
    ),
    ("axes.middleware.", &[], None),
    ("brotli_asgi.", &[], Some("https://pypi.org/project/brotli-asgi/")),
    (
        "channels.auth.",
        &[],
        Some("https://sources.debian.org/src/python-django-channels/4.0.0-1/docs/topics/authentication.rst"),
    ),
    ("channels.security.websocket.", &[], None),
    ("channels.sessions.", &[], None),
    ("corsheaders.middleware.", &[], Some("https://pypi.org/project/django-cors-headers/")),
    ("csp.middleware.", &[], Some("https://raw.githubusercontent.com/mozilla/django-csp/main/README.rst")),
    ("ddtrace.contrib.", &[], None),
    (
        "debug_toolbar.middleware.",
        &[],
        Some("https://django-debug-toolbar.readthedocs.io/en/latest/installation.html"),
    ),
    ("django.contrib.admindocs.middleware.", &[], None),
    ("django.contrib.auth.middleware.", &[], None),
    ("django.contrib.messages.middleware.", &[], None),
    ("django.contrib.sessions.middleware.", &[], None),
    ("django.contrib.sites.middleware.", &[], None),
    ("django.middleware.", &[], None),
    ("django_htmx.middleware.", &[], Some("https://pypi.org/project/django-htmx/1.8.0/")),
    ("django_otp.middleware.", &[], None),
    ("django_prometheus.middleware.", &[], Some("https://pypi.org/project/django-prometheus/2.3.0")),
    (
        "django_structlog.middlewares.",
        &[],
        Some("https://raw.githubusercontent.com/jrobichaud/django-structlog/main/README.rst"),
    ),
    ("elasticapm.contrib.", &[], Some("https://elastic.co/docs/reference/apm/agents/python/flask-support")),
    ("fastapi.middleware.", OF_STARLETTE, Some("https://fastapi.tiangolo.com/advanced/middleware/")),
    (
        "newrelic.agent.",
        &["ApplicationWrapper"],
        Some(
            "https://docs.newrelic.com/docs/apm/agents/python-agent/python-agent-api/asgiapplication-python-agent-api/",
        ),
    ),
    (
        "opentelemetry.instrumentation.",
        &["Middleware"],
        Some("https://pypi.org/project/opentelemetry-instrumentation-asgi/0.25b1"),
    ),
    (
        "sentry_sdk.integrations.",
        &["Middleware"],
        Some("https://docs.sentry.io/platforms/python/integrations/asgi/"),
    ),
    (
        "simple_history.middleware.",
        &[],
        Some("https://github.com/treyhunner/django-simple-history/blob/2.7.1/docs/quick_start.rst"),
    ),
    ("slowapi.middleware.", &[], Some("https://slowapi.readthedocs.io")),
    ("starlette.middleware.", OF_STARLETTE, Some("https://www.starlette.io/middleware")),
    (
        "starlette_context.middleware.",
        &[],
        Some("https://starlette-context.readthedocs.io/en/latest/middleware.html"),
    ),
    (
        "starlette_exporter.",
        &["PrometheusMiddleware"],
        Some("https://pypi.org/project/starlette-exporter/0.8.0"),
    ),
    (
        "starlette_prometheus.",
        &["PrometheusMiddleware"],
        Some("https://pypi.org/project/starlette-prometheus/0.8.0"),
    ),
    ("uvicorn.middleware.proxy_headers.", &[], None),
    ("waffle.middleware.", &[], Some("https://pypi.org/project/django-waffle/0.4")),
    (
        "werkzeug.",
        &["LintMiddleware", "ProfilerMiddleware", "ProxyFix"],
        Some("https://werkzeug.palletsprojects.com/en/3.0.x/middleware/proxy_fix/"),
    ),
];

/// Those of Starlette, which `FastAPI` has as well.
const OF_STARLETTE: &[&str] = &[
    "AuthenticationMiddleware",
    "CORSMiddleware",
    "ExceptionMiddleware",
    "GZipMiddleware",
    "HTTPSRedirectMiddleware",
    "ServerErrorMiddleware",
    "SessionMiddleware",
    "TrustedHostMiddleware",
    "WSGIMiddleware",
];

/// Classes outside of the tree that do nothing with requests but call what the classes which inherit from them say.
const BASES: [&str; 8] = [
    "abc.ABC",
    "builtins.object",
    "django.utils.deprecation.MiddlewareMixin",
    "fastapi.middleware.base.BaseHTTPMiddleware",
    "fastapi.middleware.BaseHTTPMiddleware",
    "starlette.middleware.base.BaseHTTPMiddleware",
    "typing.Generic",
    "typing.Protocol",
];

/// Packages whose functions give back the answer that they are given.
const GIVE_BACK: [&str; 7] = [
    "anyio.",
    "asyncio.",
    "builtins.",
    "django.",
    "fastapi.exception_handlers.",
    "flask.make_response",
    "starlette.",
];

/// Whether a function outside of the tree adds no handlers to an application that it is given.
pub(super) fn adds_nothing(dotted: &str) -> bool {
    let package = dotted.split('.').next().unwrap_or(dotted);
    let is_known = PACKAGES.binary_search_by_key(&package, |(name, _)| name).is_ok();
    is_known && !is_method_of_framework(package, dotted) || passes_on(dotted)
}

/// `FastAPI.include_router(app, router)`: what a class of a framework does to an application, called by the class.
fn is_method_of_framework(package: &str, dotted: &str) -> bool {
    let mut names = dotted.rsplit('.');
    let (method, class) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
    ["fastapi", "flask", "starlette"].contains(&package)
        && class.starts_with(char::is_uppercase)
        && method.starts_with(char::is_lowercase)
}

/// Whether middleware outside of the tree passes on every request.
pub(super) fn passes_on(dotted: &str) -> bool {
    PASSES.iter().any(|(start, ends, _)| {
        dotted.starts_with(start) && (ends.is_empty() || ends.iter().any(|end| dotted.ends_with(end)))
    })
}

/// Whether what inherits from a class outside of the tree does with requests what it says itself.
pub(super) fn passes_as_base(dotted: &str) -> bool {
    BASES.contains(&dotted) || passes_on(dotted)
}

/// Whether a function outside of the tree that is given an answer gives it back.
pub(super) fn gives_back(dotted: &str) -> bool {
    let name = dotted.rsplit('.').next().unwrap_or(dotted);
    let is_function = name.starts_with(|first: char| first.is_lowercase() || first == '_');
    is_function && GIVE_BACK.iter().any(|start| dotted.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(PACKAGES.is_sorted_by_key(|(name, _)| name));
        assert!(PASSES.is_sorted_by_key(|(start, _, _)| start));
        let mut documented = PASSES.iter().filter_map(|(_, _, documented)| *documented);
        assert!(documented.all(|address| address.starts_with("https://")));
    }

    #[test]
    fn what_is_named_by_no_row_may_answer() {
        assert!(adds_nothing("flask_cors.CORS") && !adds_nothing("flask_admin.Admin"));
        assert!(passes_on("starlette.middleware.gzip.GZipMiddleware"));
        for other in [
            "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
            "flask_cors.CORS",
            "starlette.middleware.base.BaseHTTPMiddleware",
            "werkzeug.middleware.http_proxy.ProxyMiddleware",
        ] {
            assert!(!passes_on(other), "{other}");
        }
        assert!(gives_back("django.utils.cache.patch_response_headers"));
        assert!(!gives_back("django.http.HttpResponse") && !gives_back("other.answer"));
    }
}
