//! What programs on Django serve.

use super::{lines, lines_in};

const MANAGE: (&str, &str) = (
    "manage.py",
    "import os, sys\ndef main():\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n    from django.core.management import execute_from_command_line\n    execute_from_command_line(sys.argv)\nif __name__ == '__main__':\n    main()\n",
);
const WSGI: (&str, &str) = (
    "site/wsgi.py",
    "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\napplication = get_wsgi_application()\n",
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
    let urls = "from django.contrib import admin\nfrom django.urls import include, path, re_path\nurlpatterns = [path('admin/', admin.site.urls), path('app/', include('app.urls'))]\nurlpatterns += [re_path(r'^old/(?P<id>\\d+)$', lambda request: None)]\n";
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
    let urls = "from django.conf import settings\nfrom django.conf.urls.i18n import i18n_patterns\nfrom django.conf.urls.static import static\nfrom django.urls import include, path\nfrom django.views.generic import TemplateView\nurlpatterns = [path('auth/', include('other.urls')), path('about/', TemplateView.as_view(template_name='a'))]\nif settings.DEBUG:\n    urlpatterns.append(path('debug/', lambda request: None))\nurlpatterns += static('/media/', document_root='x')\nurlpatterns += i18n_patterns(path('x/', lambda request: None), prefix_default_language=False)\n";
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
    let urls = "from django.urls import include, path\nfrom rest_framework.decorators import action\nfrom rest_framework.routers import DefaultRouter, SimpleRouter\nfrom rest_framework import mixins, viewsets\nclass Users(viewsets.ModelViewSet):\n    @action(detail=True, methods=['post'], url_path='log-in')\n    def log_in(self, request): ...\n    @action(detail=False)\n    def recent(self, request): ...\nclass Things(mixins.ListModelMixin, viewsets.GenericViewSet): ...\nrouter = DefaultRouter()\nrouter.register(r'users', Users)\nother = SimpleRouter(trailing_slash=False)\nother.register('things', Things, basename='thing')\nrouter.registry.extend(other.registry)\nurlpatterns = [path('api/', include(router.urls))]\n";
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
    let asgi = "import os\nfrom channels.auth import AuthMiddlewareStack\nfrom channels.routing import ProtocolTypeRouter, URLRouter\nfrom django.core.asgi import get_asgi_application\nfrom app import routing\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\napplication = ProtocolTypeRouter({'http': get_asgi_application(), 'websocket': AuthMiddlewareStack(URLRouter(routing.websocket_urlpatterns))})\n";
    let routing = "from django.urls import re_path\nfrom . import consumers\nwebsocket_urlpatterns = [re_path(r'^ws/chat/(?P<room>\\w+)/$', consumers.Chat.as_asgi())]\n";
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
