//! What programs on Django serve.

use indoc::indoc;

use super::{lines, lines_in};

const MANAGE: (&str, &str) = (
    "manage.py",
    indoc! {"
        import os, sys
        def main():
            os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')
            from django.core.management import execute_from_command_line
            execute_from_command_line(sys.argv)
        if __name__ == '__main__':
            main()
    "},
);
const WSGI: (&str, &str) = (
    "site/wsgi.py",
    indoc! {"
        import os
        from django.core.wsgi import get_wsgi_application
        os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')
        application = get_wsgi_application()
    "},
);
const SETTINGS: (&str, &str) = (
    "site/settings.py",
    "ROOT_URLCONF = 'site.urls'\nMIDDLEWARE = ['django.middleware.common.CommonMiddleware']\n",
);

fn served(urls: &str) -> Vec<String> {
    lines("gunicorn site.wsgi", &[WSGI, SETTINGS, ("site/urls.py", urls), APP])
}

const APP: (&str, &str) = (
    "app/urls.py",
    "from django.urls import path\nfrom . import views\nurlpatterns = [path('', views.home), path('<int:id>/', views.one)]\n",
);

#[test]
fn the_settings_name_the_configuration() {
    let urls = indoc! {r"
        from django.contrib import admin
        from django.urls import include, path, re_path
        urlpatterns = [path('admin/', admin.site.urls), path('app/', include('app.urls'))]
        urlpatterns += [re_path(r'^old/(?P<id>\d+)$', lambda request: None)]
    "};
    let expected =
        ["ANY /admin/*", "ANY /app/", "ANY /app/{}/", "ANY /old/{}", "REDIRECT /app", "REDIRECT /app/{}"];
    // `views` is not in the tree: what it names is unknown.
    let views = ("app/views.py", "def home(request): ...\ndef one(request, id): ...\n");
    let files = [MANAGE, WSGI, SETTINGS, ("site/urls.py", urls), APP, views];
    assert_eq!(lines("gunicorn site.wsgi:application", &files), expected);
    assert_eq!(lines("python manage.py runserver 0.0.0.0:80", &files), expected);
    let set = [("DJANGO_SETTINGS_MODULE", "site.other")];
    let other = [
        MANAGE,
        WSGI,
        SETTINGS,
        ("site/urls.py", urls),
        APP,
        views,
        ("site/other.py", "from .settings import *\nAPPEND_SLASH = False\n"),
    ];
    assert_eq!(lines_in("gunicorn site.wsgi", &other, &set), expected[..4]);
}

#[test]
fn what_is_not_in_the_repository_is_unknown_below_its_prefix() {
    let urls = indoc! {"
        from django.conf import settings
        from django.conf.urls.i18n import i18n_patterns
        from django.conf.urls.static import static
        from django.urls import include, path
        from django.views.generic import TemplateView
        urlpatterns = [path('auth/', include('other.urls')), path('about/', TemplateView.as_view(template_name='a'))]
        if settings.DEBUG:
            urlpatterns.append(path('debug/', lambda request: None))
        urlpatterns += static('/media/', document_root='x')
        urlpatterns += i18n_patterns(path('x/', lambda request: None), prefix_default_language=False)
    "};
    let language = "whether a language stands before it is not known";
    assert_eq!(
        served(urls),
        [
            "ANY /about/".to_owned(),
            "REDIRECT /about".to_owned(),
            "? /auth/*: an element of a list is not known".to_owned(),
            "? /debug/: it is registered only where a condition holds".to_owned(),
            "? /media/*: it depends on which files there are".to_owned(),
            format!("? /{{}}/x/: {language}"),
            format!("? /x/: {language}"),
        ]
    );
}

#[test]
fn routers_of_the_rest_framework_serve_the_actions_of_their_views() {
    let urls = indoc! {"
        from django.urls import include, path
        from rest_framework.decorators import action
        from rest_framework.routers import DefaultRouter, SimpleRouter
        from rest_framework import mixins, viewsets
        class Users(viewsets.ModelViewSet):
            @action(detail=True, methods=['post'], url_path='log-in')
            def log_in(self, request): ...
            @action(detail=False)
            def recent(self, request): ...
        class Things(mixins.ListModelMixin, viewsets.GenericViewSet): ...
        router = DefaultRouter()
        router.register(r'users', Users)
        other = SimpleRouter(trailing_slash=False)
        other.register('things', Things, basename='thing')
        router.registry.extend(other.registry)
        urlpatterns = [path('api/', include(router.urls))]
    "};
    let lines = served(urls);
    let certain: Vec<_> =
        lines.iter().filter(|line| !line.starts_with('?') && !line.starts_with("REDIRECT")).collect();
    assert_eq!(
        certain,
        [
            "GET /api/",
            "GET,POST /api/users/",
            "GET,PUT,PATCH,DELETE /api/users/{}/",
            "ANY /api/users/{}/log-in/",
            "ANY /api/users/recent/",
            "GET /api/things",
        ]
    );
}

#[test]
fn channels_serve_sockets_beside_requests() {
    let asgi = indoc! {"
        import os
        from channels.auth import AuthMiddlewareStack
        from channels.routing import ProtocolTypeRouter, URLRouter
        from django.core.asgi import get_asgi_application
        from app import routing
        os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')
        application = ProtocolTypeRouter({'http': get_asgi_application(), 'websocket': AuthMiddlewareStack(URLRouter(routing.websocket_urlpatterns))})
    "};
    let routing = indoc! {r"
        from django.urls import re_path
        from . import consumers
        websocket_urlpatterns = [re_path(r'^ws/chat/(?P<room>\w+)/$', consumers.Chat.as_asgi())]
    "};
    let consumers =
        "from channels.generic.websocket import WebsocketConsumer\nclass Chat(WebsocketConsumer): ...\n";
    let urls = "from django.urls import path\nurlpatterns = [path('a/', lambda request: None)]\n";
    let files = [
        SETTINGS,
        ("site/urls.py", urls),
        ("site/asgi.py", asgi),
        ("app/routing.py", routing),
        ("app/consumers.py", consumers),
    ];
    assert_eq!(
        lines("daphne -b 0.0.0.0 site.asgi:application", &files),
        ["ANY /a/", "SOCKET /ws/chat/{}/", "REDIRECT /a"]
    );
}

#[test]
fn the_site_of_django_has_files_where_whitenoise_serves_them() {
    let urls = "from django.contrib import admin\nfrom django.urls import path\nurlpatterns = [path('admin/', admin.site.urls)]\n";
    for (settings, expected) in [
        (
            "MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\nSTATIC_URL = 'static/'\n",
            &["ANY /admin/*", "GET,HEAD /static/admin/*"][..],
        ),
        (
            "MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware', *others()]\nSTATIC_URL = '/files/'\n",
            &["ANY /admin/*", "GET,HEAD /files/admin/*"],
        ),
        (
            "MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\nSTATIC_URL = 'https://cdn.example.com/'\n",
            &["ANY /admin/*"],
        ),
        ("MIDDLEWARE = []\nSTATIC_URL = 'static/'\n", &["ANY /admin/*"]),
    ] {
        let settings = format!("ROOT_URLCONF = 'site.urls'\n{settings}");
        let wsgi = "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\napplication = get_wsgi_application()\n";
        let files = [("site/settings.py", settings.as_str()), ("site/urls.py", urls), ("site/wsgi.py", wsgi)];
        let all = lines("gunicorn site.wsgi:application", &files);
        let mut certain: Vec<&String> = all.iter().filter(|line| !line.starts_with('?')).collect();
        certain.sort();
        assert_eq!(certain, expected, "{settings}");
    }
}
