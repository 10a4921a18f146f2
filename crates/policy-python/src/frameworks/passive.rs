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
/// redirects the request: by the beginning of its dotted name, with the ends of the names that do so and where that is
/// documented. No name stands for all of them.
const PASSES: &[(&str, &[&str], &str)] = &[
    ("a2wsgi.", &[], "https://github.com/abersheeran/a2wsgi#readme"),
    ("allauth.account.middleware.", &[], "https://docs.allauth.org/en/latest/installation/quickstart.html"),
    (
        "asgi_correlation_id.",
        &["CorrelationIdMiddleware"],
        "https://github.com/snok/asgi-correlation-id#readme",
    ),
    ("asgiref.wsgi.WsgiToAsgi", &[], "https://github.com/django/asgiref#readme"),
    ("auditlog.middleware.", &[], "https://django-auditlog.readthedocs.io/en/latest/usage.html"),
    (
        "aws_xray_sdk.ext.",
        &[],
        "https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-python-middleware.html",
    ),
    ("axes.middleware.", &[], "https://django-axes.readthedocs.io/en/latest/2_installation.html"),
    ("brotli_asgi.", &[], "https://github.com/fullonic/brotli-asgi#readme"),
    ("channels.auth.", &[], "https://channels.readthedocs.io/en/latest/topics/authentication.html"),
    ("channels.security.websocket.", &[], "https://channels.readthedocs.io/en/latest/topics/security.html"),
    ("channels.sessions.", &[], "https://channels.readthedocs.io/en/latest/topics/sessions.html"),
    ("corsheaders.middleware.", &[], "https://github.com/adamchainz/django-cors-headers#readme"),
    ("csp.middleware.", &[], "https://django-csp.readthedocs.io/en/latest/installation.html"),
    ("ddtrace.contrib.", &[], "https://ddtrace.readthedocs.io/en/stable/integrations.html"),
    (
        "debug_toolbar.middleware.",
        &[],
        "https://django-debug-toolbar.readthedocs.io/en/latest/installation.html",
    ),
    (
        "django.contrib.admindocs.middleware.",
        &[],
        "https://docs.djangoproject.com/en/stable/ref/contrib/admin/admindocs/",
    ),
    ("django.contrib.auth.middleware.", &[], "https://docs.djangoproject.com/en/stable/ref/middleware/"),
    ("django.contrib.messages.middleware.", &[], "https://docs.djangoproject.com/en/stable/ref/middleware/"),
    ("django.contrib.sessions.middleware.", &[], "https://docs.djangoproject.com/en/stable/ref/middleware/"),
    ("django.contrib.sites.middleware.", &[], "https://docs.djangoproject.com/en/stable/ref/middleware/"),
    ("django.middleware.", &[], "https://docs.djangoproject.com/en/stable/ref/middleware/"),
    ("django_htmx.middleware.", &[], "https://django-htmx.readthedocs.io/en/latest/middleware.html"),
    ("django_otp.middleware.", &[], "https://django-otp-official.readthedocs.io/en/stable/overview.html"),
    ("django_prometheus.middleware.", &[], "https://github.com/django-commons/django-prometheus#readme"),
    (
        "django_structlog.middlewares.",
        &[],
        "https://django-structlog.readthedocs.io/en/latest/getting_started.html",
    ),
    (
        "elasticapm.contrib.",
        &[],
        "https://www.elastic.co/guide/en/apm/agent/python/current/supported-technologies.html",
    ),
    ("fastapi.middleware.", OF_STARLETTE, "https://fastapi.tiangolo.com/advanced/middleware/"),
    ("newrelic.agent.", &["ApplicationWrapper"], "https://docs.newrelic.com/docs/apm/agents/python-agent/"),
    (
        "opentelemetry.instrumentation.",
        &["Middleware"],
        "https://opentelemetry-python-contrib.readthedocs.io/",
    ),
    ("sentry_sdk.integrations.", &["Middleware"], "https://docs.sentry.io/platforms/python/integrations/"),
    (
        "simple_history.middleware.",
        &[],
        "https://django-simple-history.readthedocs.io/en/latest/quick_start.html",
    ),
    ("slowapi.middleware.", &[], "https://slowapi.readthedocs.io/en/latest/"),
    ("starlette.middleware.", OF_STARLETTE, "https://www.starlette.io/middleware/"),
    (
        "starlette_context.middleware.",
        &[],
        "https://starlette-context.readthedocs.io/en/latest/middleware.html",
    ),
    (
        "starlette_exporter.",
        &["PrometheusMiddleware"],
        "https://github.com/stephenhillier/starlette_exporter#readme",
    ),
    (
        "starlette_prometheus.",
        &["PrometheusMiddleware"],
        "https://github.com/perdy/starlette-prometheus#readme",
    ),
    ("uvicorn.middleware.proxy_headers.", &[], "https://www.uvicorn.org/settings/#http"),
    ("waffle.middleware.", &[], "https://waffle.readthedocs.io/en/stable/starting/configuring.html"),
    (
        "werkzeug.",
        &["LintMiddleware", "ProfilerMiddleware", "ProxyFix"],
        "https://werkzeug.palletsprojects.com/en/stable/middleware/",
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
    PACKAGES.binary_search_by_key(&package, |(name, _)| name).is_ok() || passes_on(dotted)
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
        assert!(PASSES.iter().all(|(_, _, documented)| documented.starts_with("https://")));
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
