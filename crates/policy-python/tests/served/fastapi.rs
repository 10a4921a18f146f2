//! What programs on `FastAPI` and Starlette serve.

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
            "from fastapi import APIRouter\nfrom .users import router as users\nV = 'v1'\nrouter = APIRouter(prefix=f'/{V}')\nrouter.include_router(users, prefix='/users')\n",
        ),
        (
            "app/users.py",
            "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('')\nasync def all(): ...\n@router.delete('/{id}/files/{path:path}')\nasync def one(): ...\n@router.websocket('/live')\nasync def live(): ...\n",
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
            "from fastapi import FastAPI\nfrom routers import ROUTERS\ndef register(app: FastAPI) -> None:\n    for prefix, router in ROUTERS:\n        app.include_router(router, prefix=prefix)\ndef create_app():\n    app = FastAPI()\n    register(app)\n    return app\n",
        ),
        (
            "routers.py",
            "from fastapi import APIRouter\na = APIRouter()\nb = APIRouter()\n@a.get('/a')\ndef f(): ...\n@b.get('/b')\ndef g(): ...\nROUTERS = [('/one', a), ('/two', b)]\n",
        ),
    ];
    let expected = ["GET /one/a", "GET /two/b"];
    assert_eq!(without_documentation(lines("uvicorn --factory main:create_app", &files)), expected);
    assert_eq!(without_documentation(lines("gunicorn main:create_app()", &files)), expected);
}

#[test]
fn a_router_hands_on_what_it_holds_when_it_is_included() {
    let main = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\nr = APIRouter()\n@r.get('/before')\ndef f(): ...\napp.include_router(r)\n@r.get('/after')\ndef g(): ...\n";
    assert_eq!(served(&[("main.py", main)]), ["GET /before"]);
}

#[test]
fn mounted_applications_and_routes_in_lists_are_served() {
    let main = "from starlette.applications import Starlette\nfrom starlette.routing import Mount, Route, WebSocketRoute\nfrom starlette.staticfiles import StaticFiles\nimport handlers as h\nsub = Starlette(routes=[Route('/x', h.x)])\napp = Starlette(routes=[Route('/', h.home), Route('/p', h.p, methods=['POST']), Mount('/sub', app=sub), WebSocketRoute('/ws', h.ws), Mount('/in', routes=[Route('/y', h.y)])])\napp.mount('/static/', StaticFiles(directory='static'))\n";
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
    let main = "import os\nfrom fastapi import FastAPI\nfrom config import settings\napp = FastAPI()\nif settings.debug_key:\n    @app.get('/debug')\n    def debug(): ...\n@app.get('/always')\ndef always(): ...\n";
    let config = "import os\nclass S:\n    debug_key = os.environ['KEY']\nsettings = S()\n";
    assert_eq!(
        served(&[("main.py", main), ("config.py", config)]),
        ["GET /always", "? /debug: it is registered only where a condition holds"]
    );
}

#[test]
fn a_program_is_given_what_it_asks_for() {
    let main = "import os\nfrom fastapi import FastAPI\nKEY = os.environ.get('KEY', '')\nif not KEY:\n    raise RuntimeError('no key')\napp = FastAPI()\n@app.get('/one')\ndef one(): ...\n";
    assert_eq!(served(&[("main.py", main)]), ["GET /one"]);
}

#[test]
fn constants_of_settings_count_unless_the_environment_sets_them() {
    let files = [
        (
            "main.py",
            "from fastapi import APIRouter, FastAPI\nfrom config import get_settings\nsettings = get_settings()\napp = FastAPI()\nr = APIRouter()\n@r.get('/a')\ndef a(): ...\napp.include_router(r, prefix=settings.API_V1_STR)\n",
        ),
        (
            "config.py",
            "from functools import lru_cache\nfrom pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    API_V1_STR: str = '/api/v1'\n@lru_cache\ndef get_settings():\n    return Settings()\n",
        ),
    ];
    assert_eq!(served(&files), ["GET /api/v1/a"]);
    let set = lines_in("uvicorn main:app", &files, &[("APP_API_V1_STR", "/v2")]);
    assert_eq!(without_documentation(set), ["? */a: its path is not written as text"]);
}

#[test]
fn what_is_not_in_the_repository_is_unknown_where_it_is_mounted() {
    let main = "from fastapi import FastAPI\nfrom fastapi_users import auth_router\nfrom flask_cors import CORS\nimport plugin\napp = FastAPI()\napp.include_router(auth_router, prefix='/auth')\nCORS(app)\n";
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
    let text = "import uvicorn\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/a')\ndef a(): ...\ndef main():\n    uvicorn.run('main:app', port=80)\nif __name__ == '__main__':\n    main()\n";
    assert_eq!(without_documentation(lines("python main.py", &[("main.py", text)])), ["GET /a"]);
    for started in ["uvicorn.run(app)", "uvicorn.Server(uvicorn.Config(app)).run()"] {
        let object = text.replace("uvicorn.run('main:app', port=80)", started);
        assert_eq!(without_documentation(lines("python main.py", &[("main.py", &object)])), ["GET /a"]);
    }
}

#[test]
fn an_application_registers_more_when_it_starts() {
    let main = "from contextlib import asynccontextmanager\nfrom fastapi import APIRouter, FastAPI\nr = APIRouter()\n@r.get('/late')\ndef late(): ...\n@asynccontextmanager\nasync def lifespan(app):\n    app.include_router(r)\n    yield\napp = FastAPI(lifespan=lifespan)\n";
    assert_eq!(served(&[("main.py", main)]), ["GET /late"]);
}

#[test]
fn modules_that_import_one_another_come_to_an_end() {
    let files = [
        (
            "main.py",
            "from fastapi import FastAPI\nimport other\nx = main = 1\nwhile True:\n    x = x + x\ndef f(): return f()\nf()\nl = [1]\nfor i in l: l.append(i)\napp = FastAPI()\n",
        ),
        ("other.py", "from main import app\n@app.get('/a')\ndef a(): ...\n"),
    ];
    assert!(served(&files).last().unwrap().ends_with("it would take too much work to follow its code"));
}
