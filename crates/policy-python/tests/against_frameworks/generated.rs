//! Programs made at random, the same ones each time.

use indoc::indoc;

/// The files of a program, by path.
pub(crate) type Files = Vec<(String, String)>;

/// Numbers that look random and come again.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, limit: usize) -> usize {
        // Knuth's multiplier; the upper bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.below(from.len())).copied().unwrap_or_default()
    }

    /// A text as one of the ways to write it.
    fn written(&mut self, text: &str) -> String {
        match self.below(5) {
            0 => format!("f\"{text}\"").replace('{', "{{").replace('}', "}}"),
            1 if text.len() > 1 => format!("'{}' + '{}'", &text[..1], &text[1..]),
            2 if text == "/a" => "PREFIX".to_owned(),
            3 if text == "/api/v1" => "f'{BASE}/v1'".to_owned(),
            _ => format!("'{text}'"),
        }
    }
}

const CONSTANTS: &str = "PREFIX = '/a'\nBASE = '/api'\n";

/// Routers that hold one another, and an application that holds them.
pub(crate) fn fastapi(random: &mut Random) -> Files {
    let routers = 1 + random.below(4);
    let mut parts =
        format!("from fastapi import APIRouter, FastAPI\n{CONSTANTS}def handler():\n    return {{}}\n");
    for index in 0..routers {
        let prefix = random.pick(&["", "", "/a", "/api/v1", "/b/{tenant}"]);
        let prefix =
            if prefix.is_empty() { String::new() } else { format!("prefix={}", random.written(prefix)) };
        parts += &format!("r{index} = APIRouter({prefix})\n");
        parts += &fastapi_routes(random, &format!("r{index}"));
        for inner in 0..index {
            if random.below(3) == 0 {
                parts += &format!("r{index}.include_router(r{inner}{})\n", fastapi_prefix(random));
            }
        }
        parts += &fastapi_routes(random, &format!("r{index}"));
    }
    let options = random.pick(&["", "", "docs_url=None", "redirect_slashes=False", "openapi_url=None"]);
    let mut main = format!("from .parts import *\napp = FastAPI({options})\n");
    main += &fastapi_routes(random, "app");
    match random.below(3) {
        0 => main += &format!("for router in [{}]:\n    app.include_router(router)\n", names(routers)),
        1 => {
            main += "def install(app, router, prefix=''):\n    app.include_router(router, prefix=prefix)\n";
            for index in 0..routers {
                main += &format!("install(app, r{index}{})\n", fastapi_prefix(random));
            }
        }
        _ => {
            for index in 0..routers {
                main += &format!("app.include_router(r{index}{})\n", fastapi_prefix(random));
            }
        }
    }
    if random.below(2) == 0 {
        main += "sub = FastAPI()\n";
        let mounted = random.pick(&["/sub", "/sub/", "/m/n"]);
        main += &fastapi_routes(random, "sub");
        main += &format!("app.mount({}, sub)\n", random.written(mounted));
    }
    main += &fastapi_routes(random, "app");
    vec![
        ("app/__init__.py".to_owned(), String::new()),
        ("app/parts.py".to_owned(), parts),
        ("app/main.py".to_owned(), main),
    ]
}

fn names(routers: usize) -> String {
    (0..routers).map(|index| format!("r{index}")).collect::<Vec<_>>().join(", ")
}

fn fastapi_prefix(random: &mut Random) -> String {
    match random.pick(&["", "/a", "/api/v1", "/c/{id}"]) {
        "" => String::new(),
        prefix => format!(", prefix={}", random.written(prefix)),
    }
}

fn fastapi_routes(random: &mut Random, group: &str) -> String {
    let mut text = String::new();
    for _ in 0..random.below(4) {
        let path = random.pick(&["/", "/x", "/x/", "/{id}", "/{id}/y", "/f/{rest:path}", "/x/y/z", ""]);
        // An application has no empty path.
        let path = random.written(if path.is_empty() && group != "sub" && group.starts_with('r') {
            ""
        } else if path.is_empty() {
            "/e"
        } else {
            path
        });
        text += &match random.below(5) {
            0 => format!("{group}.add_api_route({path}, handler)\n"),
            1 => format!("@{group}.api_route({path}, methods=['GET', 'POST'])\ndef h():\n    return {{}}\n"),
            2 => format!("@{group}.websocket({path})\nasync def w(websocket):\n    ...\n"),
            3 => format!("@{group}.post({path})\ndef h():\n    return {{}}\n"),
            _ => format!("@{group}.get({path})\ndef h():\n    return {{}}\n"),
        };
    }
    text
}

/// Blueprints that hold one another, and an application that holds them.
pub(crate) fn flask(random: &mut Random) -> Files {
    let blueprints = 1 + random.below(4);
    let mut parts =
        format!("from flask import Blueprint, Flask\n{CONSTANTS}def handler(**rest):\n    return ''\n");
    for index in 0..blueprints {
        let prefix = flask_prefix(random);
        parts += &format!("r{index} = Blueprint('b{index}', __name__{prefix})\n");
        parts += &flask_routes(random, &format!("r{index}"), index);
        for inner in 0..index {
            if random.below(4) == 0 {
                let prefix = flask_prefix(random);
                parts += &format!("r{index}.register_blueprint(r{inner}, name='n{index}{inner}'{prefix})\n");
            }
        }
    }
    let mut main = "from .parts import *\ndef create_app():\n    app = Flask(__name__)\n".to_owned();
    for index in 0..blueprints {
        let prefix = flask_prefix(random);
        main += &format!("    app.register_blueprint(r{index}{prefix})\n");
    }
    main += "    return app\napp = create_app()\n";
    main += &flask_routes(random, "app", 9);
    vec![
        ("app/__init__.py".to_owned(), String::new()),
        ("app/parts.py".to_owned(), parts),
        ("app/main.py".to_owned(), main),
    ]
}

fn flask_prefix(random: &mut Random) -> String {
    match random.pick(&["", "/a", "/api/v1", "/c/<tenant>", "/d/"]) {
        "" => String::new(),
        prefix => format!(", url_prefix={}", random.written(prefix)),
    }
}

fn flask_routes(random: &mut Random, group: &str, number: usize) -> String {
    let mut text = String::new();
    for index in 0..random.below(4) {
        let path = random.pick(&[
            "/",
            "/x",
            "/x/",
            "/<id>",
            "/<string:id>/y",
            "/f/<path:rest>",
            "/x/y/z/",
            "/<id>/",
        ]);
        let path = random.written(path);
        let name = format!("h{number}{index}");
        text += &match random.below(4) {
            0 => format!("{group}.add_url_rule({path}, '{name}', handler)\n"),
            1 => format!(
                "@{group}.route({path}, methods=['GET', 'PUT'])\ndef {name}(**rest):\n    return ''\n"
            ),
            2 => {
                let path = random.pick(&["/l/", "/m"]);
                format!(
                    "@{group}.route('{path}', strict_slashes=False)\ndef {name}(**rest):\n    return ''\n"
                )
            }
            _ => format!("@{group}.get({path})\ndef {name}(**rest):\n    return ''\n"),
        };
    }
    text
}

/// Lists of paths that include one another, with routers of the REST framework.
pub(crate) fn django(random: &mut Random) -> Files {
    let lists = 1 + random.below(3);
    let mut urls = format!(
        "from django.http import HttpResponse\nfrom django.urls import include, path, re_path\nfrom django.views import View\n\
         {CONSTANTS}def view(request, *args, **rest):\n    return HttpResponse('')\nclass Home(View):\n    def get(self, request, **rest):\n        return HttpResponse('')\n"
    );
    for index in 0..lists {
        let paths = django_paths(random);
        urls += &format!("l{index} = [{paths}]\n");
        for inner in 0..index {
            if random.below(3) == 0 {
                let prefix = random.pick(&["", "a/", "api/v1/", "<tenant>/"]);
                urls += &format!("l{index} += [path('{prefix}', include(l{inner}))]\n");
            }
        }
    }
    let paths = django_paths(random);
    urls += &format!(
        "urlpatterns = [{paths}, path('top/', include(l{})), re_path(r'^re/', include((l0, 'app')))]\n",
        lists - 1
    );
    let settings = "ROOT_URLCONF = 'app.urls'\nMIDDLEWARE = ['django.middleware.common.CommonMiddleware']\n";
    let wsgi = indoc! {"
        import os
        from django.core.wsgi import get_wsgi_application
        os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')
        application = get_wsgi_application()
    "};
    let files =
        [("app/__init__.py", ""), ("app/urls.py", &urls), ("settings.py", settings), ("wsgi.py", wsgi)];
    files.map(|(name, text)| (name.to_owned(), text.to_owned())).into()
}

fn django_paths(random: &mut Random) -> String {
    let paths: Vec<String> = (0..=random.below(4))
        .map(|_| {
            let view = random.pick(&["view", "Home.as_view()"]);
            if random.below(3) == 0 {
                let regex = random.pick(&[
                    "^r/$",
                    "^r/(?P<id>[0-9]+)/$",
                    "^s/?$",
                    "^t/(a|b)/$",
                    "^u/.*$",
                    "^v/(?:w/)?x$",
                ]);
                format!("re_path(r'{regex}', {view})")
            } else {
                let path = random.pick(&["", "x", "x/", "<id>/", "<str:id>/y", "f/<path:rest>", "x/y/z/"]);
                format!("path('{path}', {view})")
            }
        })
        .collect();
    paths.join(", ")
}
