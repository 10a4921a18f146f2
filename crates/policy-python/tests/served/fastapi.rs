//! What programs on `FastAPI` and Starlette serve.

use indoc::indoc;

use super::{lines, lines_in};

/// The lines without what `FastAPI` serves by itself.
fn served(files: &[(&str, &str)]) -> Vec<String> {
    without_documentation(lines("uvicorn main:app", files))
}

fn without_documentation(lines: Vec<String>) -> Vec<String> {
    let own = ["/openapi.json", "/docs", "/docs/", "/docs/oauth2-redirect", "/redoc"];
    let is_own = |line: &String| {
        let path = line.split(' ').nth(1).unwrap_or_default();
        own.iter().any(|own| path.trim_end_matches('/') == *own) || line.starts_with("REDIRECT")
    };
    lines.into_iter().filter(|line| !is_own(line)).collect()
}

#[test]
fn prefixes_of_all_routers_stand_before_a_path() {
    let files = [
        (
            "main.py",
            "from fastapi import FastAPI\nfrom app import api\napp = FastAPI()\napp.include_router(api.router, prefix='/api')\n",
        ),
        ("app/__init__.py", ""),
        (
            "app/api.py",
            indoc! {"
                from fastapi import APIRouter
                from .users import router as users
                V = 'v1'
                router = APIRouter(prefix=f'/{V}')
                router.include_router(users, prefix='/users')
            "},
        ),
        (
            "app/users.py",
            indoc! {"
                from fastapi import APIRouter
                router = APIRouter()
                @router.get('')
                async def all(): ...
                @router.delete('/{id}/files/{path:path}')
                async def one(): ...
                @router.websocket('/live')
                async def live(): ...
            "},
        ),
    ];
    assert_eq!(
        served(&files),
        ["GET /api/v1/users", "DELETE /api/v1/users/{}/files/*", "SOCKET /api/v1/users/live"]
    );
}

#[test]
fn a_path_that_differs_by_the_last_slash_is_redirected() {
    let redirected = |app: &str, path: &str| {
        let main = format!(
            "from fastapi import FastAPI\napp = FastAPI({app})\n@app.get('{path}')\ndef one(): ...\n"
        );
        let lines = lines("uvicorn main:app", &[("main.py", &main)]);
        lines
            .into_iter()
            .filter(|line| line.starts_with("REDIRECT") && line.contains("one"))
            .collect::<Vec<_>>()
    };
    assert_eq!(redirected("", "/one"), ["REDIRECT /one/"]);
    assert_eq!(redirected("", "/one/"), ["REDIRECT /one"]);
    assert_eq!(redirected("", "/one/{rest:path}"), [] as [String; 0]);
    assert_eq!(redirected("redirect_slashes=False", "/one/"), [] as [String; 0]);
}

#[test]
fn documentation_is_served_unless_it_is_turned_off() {
    let app = |arguments: &str| {
        let main = format!("import os\nfrom fastapi import FastAPI\napp = FastAPI({arguments})\n");
        let lines = lines("uvicorn main:app", &[("main.py", &main)]);
        lines.into_iter().filter(|line| !line.starts_with("REDIRECT")).collect::<Vec<_>>()
    };
    assert_eq!(app(""), ["GET /openapi.json", "GET /docs", "GET /docs/oauth2-redirect", "GET /redoc"]);
    assert_eq!(app("openapi_url=None"), [] as [String; 0]);
    assert_eq!(
        app("docs_url='/api/docs', redoc_url=None"),
        ["GET /openapi.json", "GET /api/docs", "GET /docs/oauth2-redirect"]
    );
    assert!(app("docs_url=os.environ['DOCS']")[2].starts_with("? /docs: "));
}

#[test]
fn factories_helpers_and_loops_are_followed() {
    let files = [
        (
            "main.py",
            indoc! {"
                from fastapi import FastAPI
                from routers import ROUTERS
                def register(app: FastAPI) -> None:
                    for prefix, router in ROUTERS:
                        app.include_router(router, prefix=prefix)
                def create_app():
                    app = FastAPI()
                    register(app)
                    return app
            "},
        ),
        (
            "routers.py",
            indoc! {"
                from fastapi import APIRouter
                a = APIRouter()
                b = APIRouter()
                @a.get('/a')
                def f(): ...
                @b.get('/b')
                def g(): ...
                ROUTERS = [('/one', a), ('/two', b)]
            "},
        ),
    ];
    let expected = ["GET /one/a", "GET /two/b"];
    assert_eq!(without_documentation(lines("uvicorn --factory main:create_app", &files)), expected);
    assert_eq!(without_documentation(lines("gunicorn main:create_app()", &files)), expected);
}

#[test]
fn a_router_hands_on_what_it_holds_when_it_is_included() {
    let main = indoc! {"
        from fastapi import APIRouter, FastAPI
        app = FastAPI()
        r = APIRouter()
        @r.get('/before')
        def f(): ...
        app.include_router(r)
        @r.get('/after')
        def g(): ...
    "};
    let may_see =
        "? /after: only some versions of its framework see what is registered after its router is included";
    assert_eq!(served(&[("main.py", main)]), ["GET /before", may_see]);
}

#[test]
fn mounted_applications_and_routes_in_lists_are_served() {
    let main = indoc! {"
        from starlette.applications import Starlette
        from starlette.routing import Mount, Route, WebSocketRoute
        from starlette.staticfiles import StaticFiles
        import handlers as h
        sub = Starlette(routes=[Route('/x', h.x)])
        app = Starlette(routes=[Route('/', h.home), Route('/p', h.p, methods=['POST']), Mount('/sub', app=sub), WebSocketRoute('/ws', h.ws), Mount('/in', routes=[Route('/y', h.y)])])
        app.mount('/static/', StaticFiles(directory='static'))
    "};
    assert_eq!(
        served(&[("main.py", main)]),
        [
            "GET,HEAD /",
            "POST /p",
            "GET,HEAD /sub/x",
            "SOCKET /ws",
            "GET,HEAD /in/y",
            "? /static*: it depends on which files there are"
        ]
    );
}

#[test]
fn what_is_registered_under_a_condition_may_be_there() {
    let main = indoc! {"
        import os
        from fastapi import FastAPI
        from config import settings
        app = FastAPI()
        if settings.debug_key:
            @app.get('/debug')
            def debug(): ...
        @app.get('/always')
        def always(): ...
    "};
    let config = "import os\nclass S:\n    debug_key = os.environ['KEY']\nsettings = S()\n";
    assert_eq!(
        served(&[("main.py", main), ("config.py", config)]),
        ["GET /always", "? /debug: it is registered only where a condition holds"]
    );
}

#[test]
fn a_program_is_given_what_it_asks_for() {
    let main = indoc! {"
        import os
        from fastapi import FastAPI
        KEY = os.environ.get('KEY', '')
        if not KEY:
            raise RuntimeError('no key')
        app = FastAPI()
        @app.get('/one')
        def one(): ...
    "};
    assert_eq!(served(&[("main.py", main)]), ["GET /one"]);
}

#[test]
fn constants_of_settings_count_unless_the_environment_sets_them() {
    let files = [
        (
            "main.py",
            indoc! {"
                from fastapi import APIRouter, FastAPI
                from config import get_settings
                settings = get_settings()
                app = FastAPI()
                r = APIRouter()
                @r.get('/a')
                def a(): ...
                app.include_router(r, prefix=settings.API_V1_STR)
            "},
        ),
        (
            "config.py",
            indoc! {"
                from functools import lru_cache
                from pydantic_settings import BaseSettings
                class Settings(BaseSettings):
                    API_V1_STR: str = '/api/v1'
                @lru_cache
                def get_settings():
                    return Settings()
            "},
        ),
    ];
    assert_eq!(served(&files), ["GET /api/v1/a"]);
    let set = lines_in("uvicorn main:app", &files, &[("APP_API_V1_STR", "/v2")]);
    assert_eq!(without_documentation(set), ["? */a: its path is not written as text"]);
}

#[test]
fn what_is_not_in_the_repository_is_unknown_where_it_is_mounted() {
    let main = indoc! {"
        from fastapi import FastAPI
        from fastapi_users import auth_router
        from flask_cors import CORS
        import plugin
        app = FastAPI()
        app.include_router(auth_router, prefix='/auth')
        CORS(app)
    "};
    assert_eq!(served(&[("main.py", main)]), ["? /auth*: the router is not in the repository"]);
    let handed = format!("{main}plugin.install(app)\n");
    let all = "? *: it is handed to code that is not in the repository";
    assert_eq!(served(&[("main.py", &handed)])[1..], [all]);
}

#[test]
fn a_prefix_that_the_application_is_told_of_may_be_there_or_not() {
    let main = "from fastapi import FastAPI\napp = FastAPI(root_path='/api', openapi_url=None)\n@app.get('/a')\ndef a(): ...\n";
    let why = "the application is told of a prefix that its load balancer may take away";
    assert_eq!(
        lines("uvicorn main:app", &[("main.py", main)]),
        [
            "GET /a".to_owned(),
            "REDIRECT /a/".to_owned(),
            format!("? /api/a: {why}"),
            format!("? /api/a/: {why}")
        ]
    );
}

#[test]
fn scripts_serve_what_they_start() {
    let text = indoc! {"
        import uvicorn
        from fastapi import FastAPI
        app = FastAPI()
        @app.get('/a')
        def a(): ...
        def main():
            uvicorn.run('main:app', port=80)
        if __name__ == '__main__':
            main()
    "};
    assert_eq!(without_documentation(lines("python main.py", &[("main.py", text)])), ["GET /a"]);
    for started in ["uvicorn.run(app)", "uvicorn.Server(uvicorn.Config(app)).run()"] {
        let object = text.replace("uvicorn.run('main:app', port=80)", started);
        assert_eq!(without_documentation(lines("python main.py", &[("main.py", &object)])), ["GET /a"]);
    }
}

#[test]
fn an_application_registers_more_when_it_starts() {
    let main = indoc! {"
        from contextlib import asynccontextmanager
        from fastapi import APIRouter, FastAPI
        r = APIRouter()
        @r.get('/late')
        def late(): ...
        @asynccontextmanager
        async def lifespan(app):
            app.include_router(r)
            yield
        app = FastAPI(lifespan=lifespan)
    "};
    assert_eq!(served(&[("main.py", main)]), ["GET /late"]);
}

#[test]
fn modules_that_import_one_another_come_to_an_end() {
    let files = [
        (
            "main.py",
            indoc! {"
                from fastapi import FastAPI
                import other
                x = main = 1
                while True:
                    x = x + x
                def f(): return f()
                f()
                l = [1]
                for i in l: l.append(i)
                app = FastAPI()
            "},
        ),
        ("other.py", "from main import app\n@app.get('/a')\ndef a(): ...\n"),
    ];
    assert!(served(&files).last().unwrap().ends_with("it would take too much work to follow its code"));
}

#[test]
fn an_instrumentator_serves_its_metrics_alone() {
    let with = |code: &str| {
        let code = format!(
            "from fastapi import FastAPI\nfrom prometheus_fastapi_instrumentator import Instrumentator\n\
             app = FastAPI()\n{code}\n"
        );
        served(&[("main.py", &code)])
    };
    assert_eq!(with("Instrumentator().instrument(app).expose(app)"), ["GET /metrics"]);
    assert_eq!(
        with(
            "made = Instrumentator(excluded_handlers=['x'])\nmade.instrument(app)\nmade.expose(app, endpoint='/m')"
        ),
        ["GET /m"]
    );
    assert!(with("Instrumentator().instrument(app)").is_empty());
    assert_eq!(
        with("Instrumentator().other(app)"),
        ["? *: it is handed to code that is not in the repository"]
    );
}
