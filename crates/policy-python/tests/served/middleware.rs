//! Middleware that may answer by itself, and middleware that passes on.

use super::lines;

const ANSWERS: &str = "? *: middleware of it may answer by itself";
const HIDES: &str = "? *: it has an answer of its own where nothing is";

const FASTAPI: &str = "from fastapi import FastAPI, HTTPException\nfrom fastapi.middleware.cors import CORSMiddleware\nfrom fastapi.responses import FileResponse, JSONResponse\nfrom starlette.middleware import Middleware\nfrom starlette.middleware.base import BaseHTTPMiddleware\nimport other\nclass Logs(BaseHTTPMiddleware):\n    async def dispatch(self, request, call_next):\n        response = await call_next(request)\n        response.headers['a'] = 'b'\n        return response\nclass Alive:\n    def __init__(self, app):\n        self.app = app\n    async def __call__(self, scope, receive, send):\n        if scope['path'] == '/health':\n            await JSONResponse({})(scope, receive, send)\n        else:\n            await self.app(scope, receive, send)\nclass Headers:\n    def __init__(self, app):\n        self.app = app\n    async def __call__(self, scope, receive, send):\n        async def also(message):\n            await send(message)\n        await self.app(scope, receive, also)\n";

#[track_caller]
fn assert_unknown(framework: &str, app: &str, expected: &[&str]) {
    let main = format!("{framework}{app}\n");
    let command = if framework.contains("flask") { "gunicorn main:app" } else { "uvicorn main:app" };
    let all = lines(command, &[("main.py", &main)]);
    let unknown: Vec<&String> = all.iter().filter(|line| line.starts_with('?')).collect();
    assert_eq!(unknown, expected, "{app}");
}

#[test]
fn middleware_of_fastapi_is_read() {
    let app = "app = FastAPI(openapi_url=None)";
    for (added, expected) in [
        ("app.add_middleware(CORSMiddleware, allow_origins=['*'])", &[][..]),
        ("app.add_middleware(Logs)", &[]),
        ("app.add_middleware(Headers)", &[]),
        ("app.add_middleware(Alive)", &[ANSWERS]),
        ("app.add_middleware(other.Health)", &[ANSWERS]),
        (
            "@app.middleware('http')\nasync def m(request, call_next):\n    return await call_next(request)",
            &[],
        ),
        (
            "@app.middleware('http')\nasync def m(request, call_next):\n    if request.url.path == '/health':\n        return JSONResponse({})\n    return await call_next(request)",
            &[ANSWERS],
        ),
        (
            "@app.middleware('http')\nasync def m(request, call_next):\n    if not request.headers.get('a'):\n        return JSONResponse({}, status_code=401)\n    response = await call_next(request)\n    return with_headers(response)",
            &[],
        ),
        (
            "@app.middleware('http')\nasync def m(request, call_next):\n    if late():\n        return JSONResponse({}, status_code=status.HTTP_429_TOO_MANY_REQUESTS)\n    return await call_next(request)",
            &[],
        ),
        (
            "@app.middleware('http')\nasync def m(request, call_next):\n    if late():\n        return JSONResponse({}, status_code=status.HTTP_200_OK)\n    return await call_next(request)",
            &[ANSWERS],
        ),
        (
            "@app.middleware('http')\nasync def m(request, call_next):\n    secure = request.url.replace(scheme='https')\n    if is_plain(request):\n        return RedirectResponse(str(secure), status_code=308)\n    return await call_next(request)",
            &[],
        ),
        (
            "@app.middleware('http')\nasync def m(request, call_next):\n    return RedirectResponse('/elsewhere', status_code=308)",
            &[ANSWERS],
        ),
        (
            "@app.middleware('http')\nasync def m(request, call_next):\n    request.scope['path'] = shorter(request.scope['path'])\n    return await call_next(request)",
            &[ANSWERS],
        ),
        (
            "class Strips:\n    def __init__(self, app):\n        self.app = app\n    async def __call__(self, scope, receive, send):\n        await self.app({**scope, 'path': scope['path'][4:]}, receive, send)\napp.add_middleware(Strips)",
            &[ANSWERS],
        ),
        (
            "class Strips:\n    def __init__(self, app):\n        self.app = app\n    async def __call__(self, scope, receive, send):\n        short = dict(scope, path=scope['path'][4:])\n        await self.app(short, receive, send)\napp.add_middleware(Strips)",
            &[ANSWERS],
        ),
        (
            "@app.exception_handler(404)\nasync def lost(request, error):\n    return FileResponse('index.html')",
            &[HIDES],
        ),
        (
            "@app.exception_handler(HTTPException)\nasync def lost(request, error):\n    return JSONResponse(status_code=error.status_code, content={})",
            &[],
        ),
        (
            "@app.exception_handler(ValueError)\nasync def wrong(request, error):\n    return JSONResponse({})",
            &[],
        ),
    ] {
        assert_unknown(FASTAPI, &format!("{app}\n{added}"), expected);
    }
    assert_unknown(FASTAPI, "app = FastAPI(openapi_url=None, middleware=[Middleware(Alive)])", &[ANSWERS]);
    assert_unknown(FASTAPI, "app = FastAPI(openapi_url=None, middleware=[Middleware(Logs)])", &[]);
}

#[test]
fn what_flask_runs_before_each_request_is_read() {
    let flask = "from flask import Flask, abort, jsonify, redirect, send_file\n";
    let app = "app = Flask(__name__, static_folder=None)";
    for (added, expected) in [
        ("@app.before_request\ndef count():\n    total = 1", &[][..]),
        (
            "@app.before_request\ndef login():\n    if not user:\n        return redirect('/login')",
            &[ANSWERS],
        ),
        ("@app.before_request\ndef login():\n    if not user:\n        abort(401)", &[]),
        ("@app.errorhandler(404)\ndef lost(error):\n    return jsonify({}), 404", &[]),
        ("@app.errorhandler(404)\ndef lost(error):\n    return send_file('index.html')", &[HIDES]),
        ("@app.errorhandler(500)\ndef broken(error):\n    return 'sorry'", &[]),
    ] {
        assert_unknown(flask, &format!("{app}\n{added}"), expected);
    }
}

#[test]
fn middleware_of_django_is_read() {
    let urls =
        ("site/urls.py", "from django.urls import path\nurlpatterns = [path('a', lambda request: None)]\n");
    let alive = (
        "site/alive.py",
        "from django.http import HttpResponse\nclass Alive:\n    def __init__(self, get_response):\n        self.get_response = get_response\n    def __call__(self, request):\n        if request.path == '/health':\n            return HttpResponse('ok')\n        return self.get_response(request)\ndef logs(get_response):\n    def logged(request):\n        return get_response(request)\n    return logged\ndef alive(get_response):\n    def answered(request):\n        if request.path == '/health':\n            return HttpResponse('ok')\n        return get_response(request)\n    return answered\n",
    );
    let wsgi = (
        "site/wsgi.py",
        "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\napplication = get_wsgi_application()\n",
    );
    for (middleware, expected) in [
        (
            "['django.middleware.security.SecurityMiddleware', 'corsheaders.middleware.CorsMiddleware']",
            &[][..],
        ),
        ("['site.alive.logs']", &[]),
        ("['site.alive.Alive']", &[ANSWERS]),
        ("['site.alive.alive']", &[ANSWERS]),
        ("['easy_health_check.middleware.HealthCheckMiddleware']", &[ANSWERS]),
    ] {
        let settings = format!("ROOT_URLCONF = 'site.urls'\nMIDDLEWARE = {middleware}\n");
        let files = [("site/settings.py", settings.as_str()), urls, wsgi, alive];
        let all = lines("gunicorn site.wsgi:application", &files);
        let unknown: Vec<&String> = all.iter().filter(|line| line.starts_with('?')).collect();
        // All that Django serves begins with a slash.
        let expected: Vec<String> = expected.iter().map(|line| line.replacen('*', "/*", 1)).collect();
        assert_eq!(unknown, expected.iter().collect::<Vec<_>>(), "{middleware}");
    }
}
