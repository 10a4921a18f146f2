//! One program in several environments: it may serve the same in all of them, or what one of their variables decides.

use policy_python::{Environment, Runs};

use super::{MemoryTree, Modules, Sources, described, started};

/// What `main:app` answers in each of these environments, one after the other.
fn lines_in_each(files: &[(&str, &str)], environments: &[&[(&str, &str)]]) -> Vec<Vec<String>> {
    let tree = MemoryTree::of(files);
    let sources = Sources::open(&tree);
    let modules = Modules::new(&sources);
    let mut runs = Runs::default();
    let lines = environments.iter().map(|variables| {
        let (program, environment) = started("uvicorn main:app", variables, &modules);
        described(&runs.served(&modules, &program, &environment))
    });
    lines.collect()
}

#[test]
fn a_variable_decides_only_where_the_program_asks_for_it() {
    let app = "import os\nfrom fastapi import FastAPI\napp = FastAPI(openapi_url=None, redirect_slashes=False)\n\
               @app.get(os.environ['PREFIX'] + '/items')\ndef items(): ...\n\
               if os.getenv('EXTRA', 'no') == 'yes':\n    @app.get('/extra')\n    def extra(): ...\n";
    let both = [("PREFIX", "/a"), ("STAGE", "dev")];
    let found = lines_in_each(
        &[("main.py", app)],
        &[
            &both,
            &[("PREFIX", "/a"), ("STAGE", "prod")],
            &[("PREFIX", "/b"), ("STAGE", "dev")],
            &[("PREFIX", "/a"), ("EXTRA", "yes")],
            &both,
        ],
    );
    let items = |prefix| format!("GET {prefix}/items");
    assert_eq!(found[0], [items("/a")]);
    assert_eq!(found[1], found[0]);
    assert_eq!(found[2], [items("/b")]);
    assert_eq!(found[3], [items("/a"), "GET /extra".to_owned()]);
    assert_eq!(found[4], found[0]);
}

#[test]
fn a_field_of_settings_is_unknown_only_where_a_variable_may_set_it() {
    let app = "from fastapi import FastAPI\nfrom pydantic_settings import BaseSettings\n\
               class Settings(BaseSettings):\n    prefix: str = '/api'\n\
               app = FastAPI(openapi_url=None, redirect_slashes=False)\nsettings = Settings()\n\
               @app.get(settings.prefix + '/items')\ndef items(): ...\n";
    let found = lines_in_each(&[("main.py", app)], &[&[("STAGE", "dev")], &[("APP_PREFIX", "/x")], &[]]);
    assert_eq!(found[0], ["GET /api/items"]);
    assert!(found[1].iter().all(|line| line.starts_with('?')), "{:?}", found[1]);
    assert_eq!(found[2], found[0]);
}

#[test]
fn nothing_is_known_of_a_variable_where_others_may_be_set() {
    let app = "import os\nfrom fastapi import FastAPI\napp = FastAPI(openapi_url=None, redirect_slashes=False)\n\
               @app.get(os.getenv('PREFIX', '/a') + '/items')\ndef items(): ...\n";
    let tree = MemoryTree::of(&[("main.py", app)]);
    let sources = Sources::open(&tree);
    let modules = Modules::new(&sources);
    let mut runs = Runs::default();
    let (program, whole) = started("uvicorn main:app", &[], &modules);
    assert_eq!(described(&runs.served(&modules, &program, &whole)), ["GET /a/items"]);
    let open = described(&runs.served(&modules, &program, &Environment::unknown()));
    assert!(open.iter().all(|line| line.starts_with('?')), "{open:?}");
}

#[test]
fn a_variable_that_a_file_beside_the_program_gives_is_not_what_the_program_falls_back_to() {
    let app = "import os\nfrom dotenv import load_dotenv\nfrom fastapi import FastAPI\nload_dotenv()\n\
               app = FastAPI(openapi_url=None, redirect_slashes=False)\n\
               @app.get(os.getenv('PREFIX', '/a') + '/items')\ndef items(): ...\n";
    let found = |file: &str| lines_in_each(&[("main.py", app), (".env", file)], &[&[]]);
    assert_eq!(found("STAGE=dev\n"), [["GET /a/items"]]);
    let unknown = "? */items: its path is not written as text";
    for file in ["PREFIX=/b\n", "# a prefix\nexport PREFIX = /b\n"] {
        assert_eq!(found(file), [[unknown]], "{file}");
    }
    assert_eq!(
        lines_in_each(&[("main.py", app), (".env", "PREFIX=/b")], &[&[("PREFIX", "/c")]]),
        [["GET /c/items"]]
    );
}
