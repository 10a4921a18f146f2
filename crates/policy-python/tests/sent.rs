//! Requests to addresses that a program is told by variables: from where the variable is read to the call that sends one.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use policy_http::served::Methods;
use policy_python::program::program;
use policy_python::{Directory, Environment, Modules, Sent, function, sent};
use policy_text::source::{MemoryTree, RepoPath, Sources};

/// What the program of `main.py` sends to the address in `STOCK_URL`.
fn lines(files: &[(&str, &str)]) -> Vec<String> {
    let tree = MemoryTree::of(files);
    let sources = Sources::open(&tree);
    let modules = Modules::new(&sources);
    let directory = Directory { in_image: "/app", folder: RepoPath::root() };
    let environment = Environment::unknown();
    let program = program(&["uvicorn", "main:app"], &directory, &environment, &modules).expect("a program");
    let found = sent(&modules, &program, &environment, &BTreeSet::from(["STOCK_URL"]));
    found.iter().map(described).collect()
}

fn described(sent: &Sent) -> String {
    let methods = match &sent.methods {
        Methods::Any => "ANY".to_owned(),
        Methods::Only(methods) => methods.join("|"),
    };
    format!("{methods} {}{}", sent.variable, sent.rest)
}

/// What a module sends that begins with these imports.
fn of(code: &str) -> Vec<String> {
    lines(&[(
        "main.py",
        &format!("import os, httpx, requests\nfrom fastapi import FastAPI\napp = FastAPI()\n{code}\n"),
    )])
}

#[test]
fn what_follows_the_variable_is_asked_for() {
    for read in ["os.environ[\"STOCK_URL\"]", "os.getenv(\"STOCK_URL\", \"http://localhost\")"] {
        assert_eq!(
            of(&format!(
                "URL = {read}\n@app.get('/x')\nasync def x(id: int):\n    async with httpx.AsyncClient() as client:\n        \
                 return await client.post(f\"{{URL}}/items/{{id}}\", json={{}})"
            )),
            ["POST STOCK_URL/items/${…}"],
            "{read}"
        );
    }
    assert_eq!(
        of("def f():\n  base = os.environ['STOCK_URL'].rstrip('/')\n  requests.get(base + '/items')"),
        ["GET STOCK_URL/items"]
    );
    assert_eq!(
        of(
            "def f(kind):\n  requests.request('PUT', os.environ['STOCK_URL'] + '/items')\n  requests.request(kind, url=os.environ['STOCK_URL'])"
        ),
        ["PUT STOCK_URL/items", "ANY STOCK_URL"]
    );
}

#[test]
fn what_only_looks_like_a_request_is_none() {
    assert!(of("cache = {}\ncache.get(os.environ['STOCK_URL'] + '/items')").is_empty());
    assert!(of("print(os.environ['STOCK_URL'] + '/items')").is_empty());
    assert!(of("requests.get(os.environ['OTHER_URL'] + '/items')").is_empty());
    assert!(of("def get(url): pass\nget(os.environ['STOCK_URL'] + '/items')").is_empty());
}

#[test]
fn settings_and_clients_hand_the_address_on() {
    let found = lines(&[
        ("main.py", "from fastapi import FastAPI\nfrom clients.stock import Stock\napp = FastAPI()\n"),
        (
            "settings.py",
            "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n  stock_url: str\nsettings = Settings()\n",
        ),
        ("clients/__init__.py", ""),
        (
            "clients/stock.py",
            "import httpx\nfrom settings import settings\nclass Stock:\n  def __init__(self, base=settings.stock_url):\n    \
             self.base = base\n  def check(self):\n    return self._ask('POST', '/check')\n  def _ask(self, method, path):\n    \
             with httpx.Client() as client:\n      return client.request(method, f'{self.base}{path}')\n",
        ),
    ]);
    assert!(found.contains(&"POST STOCK_URL/check".to_owned()), "{found:?}");
}

#[test]
fn a_function_of_lambda_is_the_one_module_of_its_name() {
    let code = "import os, urllib.request\nURL = os.environ.get('STOCK_URL', '')\ndef run(event, context):\n  \
                api = f\"{URL.rstrip('/')}/items\"\n  urllib.request.urlopen(urllib.request.Request(api))\n";
    let of = |files: &[(&str, &str)], handler: &str| {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        let modules = Modules::new(&sources);
        let program = function(&modules, handler)?;
        let found = sent(&modules, &program, &Environment::unknown(), &BTreeSet::from(["STOCK_URL"]));
        Some(found.iter().map(described).collect::<Vec<String>>())
    };
    let found = Some(vec!["ANY STOCK_URL/items".to_owned()]);
    assert_eq!(of(&[("lambda/bot.py", code)], "bot.run"), found);
    assert_eq!(of(&[("lambda/src/bot.py", code)], "src.bot.run"), found);
    assert_eq!(of(&[("a/bot.py", code), ("b/bot.py", code)], "bot.run"), None);
    assert_eq!(of(&[("lambda/robot.py", code)], "bot.run"), None);
}
