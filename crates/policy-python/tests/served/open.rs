//! What code does to applications beside giving them routes: what leaves them open, and what does not.

use indoc::indoc;

use super::{lines, lines_in};

const CHANGED: &str = "? *: code of the repository changes what decides its answers";
const OWN_CLASS: &str = "? *: a class of the repository decides what it answers";
const BEFORE: &str = "? *: what stands before it may answer by itself";
const METHOD: &str = "? *: what one of its methods does is not known";

const FASTAPI: &str = indoc! {"
    from functools import partial
    from fastapi import APIRouter, FastAPI
    from fastapi.routing import APIRoute
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route
    async def alive(request): ...
    router = APIRouter()
    app = FastAPI(openapi_url=None)
"};
const FLASK: &str = indoc! {"
    from flask import Blueprint, Flask
    from werkzeug.middleware.dispatcher import DispatcherMiddleware
    from werkzeug.middleware.proxy_fix import ProxyFix
    from werkzeug.middleware.shared_data import SharedDataMiddleware
    from whitenoise import WhiteNoise
    class Times:
        def __init__(self, inner):
            self.inner = inner
        def __call__(self, environ, start_response):
            return self.inner(environ, start_response)
    class Alive:
        def __init__(self, inner):
            self.inner = inner
        def __call__(self, environ, start_response):
            if environ['PATH_INFO'] == '/alive':
                start_response('200 OK', [])
                return [b'']
            return self.inner(environ, start_response)
    blueprint = Blueprint('part', __name__, url_prefix='/part')
    app = Flask(__name__, static_folder=None)
    @app.get('/a')
    def a(): ...
"};

#[track_caller]
fn assert_serves(before: &str, code: &str, expected: &[&str]) {
    let main = format!("{before}{code}\n");
    let command = if before == FLASK { "gunicorn main:app" } else { "uvicorn main:app" };
    let mut found = lines(command, &[("main.py", &main)]);
    found.retain(|line| !line.starts_with("REDIRECT"));
    assert_eq!(found, expected, "{code}");
}

#[test]
fn what_code_changes_of_a_fastapi_application_is_followed_or_leaves_it_open() {
    for (code, expected) in [
        ("app.router.routes.append(Route('/alive', alive))", &["GET,HEAD /alive"][..]),
        ("print(len(app.routes))\nfor route in app.routes:\n    print(route.path)", &[]),
        ("app.router.routes.clear()", &[CHANGED]),
        ("app.router.default = alive", &[CHANGED]),
        ("app.state.ready = True\napp.title = 'x'", &[]),
        ("app.router.route_class = type('Own', (APIRoute,), {})", &[CHANGED]),
        ("app.extra_routes_of('/alive')", &[METHOD]),
        ("app.url_path_for('alive')", &[]),
        ("FastAPI.include_router(app, router)", &["? *: it is handed to code that is not in the repository"]),
        ("get = partial(app.get, tags=['x'])\n@get('/alive')\ndef f(): ...", &["GET /alive"]),
        (
            "router.prefix = '/below'\n@router.get('/alive')\ndef f(): ...\napp.include_router(router)",
            &["GET /below/alive"],
        ),
    ] {
        assert_serves(FASTAPI, code, expected);
    }
}

#[test]
fn what_a_decorator_of_the_repository_makes_of_middleware_is_judged() {
    let with = |answer: &str| {
        format!(
            "def decorated(inner):\n    async def around(request, call_next):\n        if request.url.path == '/alive':\n            {answer}\n        return await inner(request, call_next)\n    return around\n@app.middleware('http')\n@decorated\nasync def own(request, call_next):\n    return await call_next(request)"
        )
    };
    assert_serves(FASTAPI, &with("print('alive')"), &[]);
    let answers = ["? *: middleware of it may answer by itself"];
    assert_serves(FASTAPI, &with("return PlainTextResponse('')"), &answers);
}

#[test]
fn a_class_of_the_repository_that_decides_what_is_answered_leaves_it_open() {
    let class = |own: &str| format!("class App(FastAPI):\n{own}\napp = App(openapi_url=None)");
    for (own, expected) in [
        ("    name = 'own'", &[][..]),
        (
            "    async def __call__(self, scope, receive, send):\n        await super().__call__(scope, receive, send)",
            &[],
        ),
        (
            "    async def __call__(self, scope, receive, send):\n        if scope['path'] == '/alive':\n            await PlainTextResponse('')(scope, receive, send)\n        else:\n            await super().__call__(scope, receive, send)",
            &[OWN_CLASS],
        ),
        ("    def build_middleware_stack(self):\n        return alive", &[OWN_CLASS]),
    ] {
        assert_serves(FASTAPI, &class(own), expected);
    }
}

#[test]
fn what_stands_before_a_flask_application_is_followed_or_leaves_it_open() {
    const OWN: &str = "GET,HEAD,OPTIONS /a";
    const FILES: &str = "it depends on which files there are";
    let files = |path: &str| format!("? {path}: {FILES}");
    for (code, expected) in [
        ("app.wsgi_app = Times(app.wsgi_app)", vec![OWN]),
        ("app.wsgi_app = ProxyFix(app.wsgi_app)", vec![OWN]),
        ("app.wsgi_app = Alive(app.wsgi_app)", vec![OWN, BEFORE]),
        ("app.wsgi_app = ProxyFix(Alive(app.wsgi_app))", vec![OWN, BEFORE]),
        ("app = Times(app)", vec![OWN]),
        ("app = WhiteNoise(app)", vec![OWN]),
        ("app = WhiteNoise(app, root='public', prefix='files')", vec![OWN, &files("/files*")]),
        ("app = SharedDataMiddleware(app, {'/public': 'public'})", vec![OWN, &files("/public*")]),
        (
            "app = DispatcherMiddleware(Flask('b', static_folder=None), {'/below': app})",
            vec!["GET,HEAD,OPTIONS /below/a"],
        ),
    ] {
        let main = format!("{FLASK}{code}\n");
        let mut found = lines("gunicorn main:app", &[("main.py", &main)]);
        found.sort_by_key(|line| line.starts_with('?'));
        assert_eq!(found, expected, "{code}");
    }
}

#[test]
fn what_is_done_to_a_blueprint_counts_for_the_whole_application() {
    const OWN: &str = "GET,HEAD,OPTIONS /a";
    let with = |code: &str| format!("{code}\napp.register_blueprint(blueprint)");
    for (code, expected) in [
        ("@blueprint.record\ndef more(state):\n    state.app.add_url_rule('/b', 'b', a)", &[OWN, METHOD][..]),
        ("blueprint.record_once(lambda state: None)", &[OWN, METHOD]),
        ("@blueprint.context_processor\ndef names(): ...", &[OWN]),
        ("@blueprint.before_request\ndef login(): ...", &[OWN]),
        (
            "blueprint.url_prefix = '/late'\n@blueprint.get('/b')\ndef b(): ...",
            &[OWN, "GET,HEAD,OPTIONS /late/b"],
        ),
    ] {
        assert_serves(FLASK, &with(code), expected);
    }
}

#[test]
fn a_prefix_that_the_server_takes_off_leaves_the_program_open() {
    let files = [("main.py", FLASK)];
    let off = "? *: its server takes the prefix in `SCRIPT_NAME` off the paths";
    let served = |value| lines_in("gunicorn main:app", &files, &[("SCRIPT_NAME", value)]);
    assert_eq!(served("/below"), ["GET,HEAD,OPTIONS /a", off]);
    assert_eq!(served(""), ["GET,HEAD,OPTIONS /a"]);
}

#[test]
fn resources_and_middleware_of_aiohttp_are_read() {
    let aiohttp = "from aiohttp import web\napp = web.Application()\n";
    for (code, expected) in [
        ("found = app.router.add_resource('/b')\nfound.add_route('GET', web.View)", &["GET /b"][..]),
        (
            "@web.middleware\nasync def logs(request, handler):\n    return await handler(request)\napp.middlewares.append(logs)",
            &[],
        ),
        (
            "@web.middleware\nasync def alive(request, handler):\n    return web.Response()\napp.middlewares.append(alive)",
            &["? *: middleware of it may answer by itself"],
        ),
    ] {
        let main = format!("{aiohttp}{code}\nweb.run_app(app)\n");
        assert_eq!(lines("python main.py", &[("main.py", &main)]), expected, "{code}");
    }
}

#[test]
fn the_page_of_django_for_what_is_missing_leaves_it_open_unless_it_says_so() {
    let served = |urls: &str, settings: &str| {
        let urls = format!(
            "from django.http import HttpResponse\nfrom django.shortcuts import render\nfrom django.urls import path\nurlpatterns = [path('a', lambda request: None)]\n{urls}\n"
        );
        let settings = format!("ROOT_URLCONF = 'site.urls'\n{settings}\n");
        let files = [
            (
                "site/wsgi.py",
                "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\napplication = get_wsgi_application()\n",
            ),
            ("site/settings.py", &settings),
            ("site/urls.py", &urls),
            (
                "site/pages.py",
                "from django.http import HttpResponse\ndef page(request, exception):\n    return HttpResponse('')\n",
            ),
        ];
        let all = lines("gunicorn site.wsgi", &files);
        all.into_iter().filter(|line| line.starts_with('?')).collect::<Vec<_>>()
    };
    let hides = ["? /*: it has an answer of its own where nothing is"];
    let page =
        |answer: &str| format!("def missing(request, exception):\n    return {answer}\nhandler404 = missing");
    let none = "MIDDLEWARE = []";
    assert_eq!(served(&page("HttpResponse('')"), none), hides);
    assert_eq!(served("handler404 = 'site.pages.page'", none), hides);
    assert_eq!(served(&page("render(request, '404.html', status=404)"), none), [] as [&str; 0]);
    assert_eq!(served("handler404 = 'django.views.defaults.page_not_found'", none), [] as [&str; 0]);

    let files = "MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\nSTATIC_URL = '/static/'";
    let below = "? /static/*: it depends on which files there are";
    let root = "? /*: it depends on which files there are";
    assert_eq!(served("", files), [below]);
    assert_eq!(served("", &format!("{files}\nWHITENOISE_ROOT = 'public'")), [below, root]);
    assert_eq!(served("", &format!("{files}\nWHITENOISE_ROOT = None")), [below]);
}

#[test]
fn what_runs_beside_a_script_is_part_of_it() {
    let start = indoc! {"
        import threading
        import uvicorn
        from fastapi import FastAPI
        from http.server import BaseHTTPRequestHandler, HTTPServer
        from multiprocessing import Process
        app = FastAPI(openapi_url=None, redirect_slashes=False)
        other = FastAPI()
        class Alive(BaseHTTPRequestHandler): ...
        def add():
            app.add_api_route('/late', print)
        def serve(app, port):
            uvicorn.run(app, port=port)
        def work():
            print('at work')
        @app.get('/a')
        def a(): ...
    "};
    let served = |beside: &str| {
        let main = format!("{start}{beside}\nuvicorn.run(app, port=8000)\n");
        lines("python main.py", &[("main.py", &main)])
    };
    assert_eq!(served("threading.Thread(target=work, daemon=True).start()"), ["GET /a"]);
    assert_eq!(served("threading.Thread(target=add).start()"), ["GET /a", "GET /late"]);
    let either = ["? *: the object that answers its requests was not found"];
    assert_eq!(served("Process(target=serve, args=(other, 9000)).start()"), either);
    assert_eq!(
        served("threading.Thread(target=HTTPServer(('', 9000), Alive).serve_forever).start()"),
        either
    );
}

#[test]
fn a_router_with_a_default_and_files_beside_sockets_answer_more_than_is_written() {
    let starlette = "from starlette.routing import Route, Router\ndef a(request): ...\n";
    let router = |more: &str| {
        let main = format!("{starlette}app = Router([Route('/a', a)], redirect_slashes=False{more})\n");
        lines("uvicorn main:app", &[("main.py", &main)])
    };
    assert_eq!(router(""), ["GET,HEAD /a"]);
    assert_eq!(router(", default=a"), ["GET,HEAD /a", "? *: what it does with all other paths is not known"]);
    let files =
        "import socketio\napp = socketio.ASGIApp(socketio.AsyncServer(), static_files={'/a': 'a.html'})\n";
    let served = lines("uvicorn main:app", &[("main.py", files)]);
    assert!(served.contains(&"? *: which files it answers with is not known".to_owned()), "{served:?}");
}
