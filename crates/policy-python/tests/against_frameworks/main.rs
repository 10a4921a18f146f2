//! What we say that programs serve, against the programs themselves: generated ones are run with their frameworks and asked.
//! Skipped with a notice where Python or a framework is missing.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the environment says whether a comparison may be skipped")]
#![expect(clippy::format_push_string, reason = "a program is written line after line")]
#![expect(clippy::print_stderr, reason = "what was compared and what was skipped is said")]

mod generated;

use std::io::Write as _;
use std::process::{Command, Stdio};

use generated::{Files, Random};
use policy_http::path::{Part, PathPattern};
use policy_http::served::{Answers, Served};
use policy_python::program::program;
use policy_python::{Directory, Environment, Modules, Runs};
use policy_text::source::{MemoryTree, RepoPath, Sources};
use serde_json::{Value, json};

/// Programs for each framework.
const PROGRAMS: u64 = 150;

/// Runs each program, and prints the status of the answer to each path. `null` where it does not run.
const PYTHON: &str = r"
import asyncio, importlib, json, os, sys, tempfile
from urllib.parse import urlsplit
root = tempfile.mkdtemp()
sys.path.insert(0, root)
def ask_asgi(app, path):
    head = {}
    async def receive():
        return {'type': 'http.request', 'body': b'', 'more_body': False}
    async def send(message):
        if message['type'] == 'http.response.start':
            head.update(message)
    scope = {'type': 'http', 'asgi': {'version': '3.0'}, 'http_version': '1.1', 'method': 'GET', 'scheme': 'http',
             'path': path, 'raw_path': path.encode(), 'query_string': b'', 'root_path': '', 'headers': [(b'host', b'x')],
             'server': ('x', 80), 'client': ('y', 1)}
    asyncio.run(app(scope, receive, send))
    places = [value.decode() for name, value in head['headers'] if name == b'location']
    return head['status'], places[0] if places else ''
def status(ask, path):
    status, place = ask(path)
    # A redirect to what is not there is no answer.
    return 404 if 300 <= status < 400 and ask(urlsplit(place).path)[0] == 404 else status
def asker(case):
    if case['framework'] == 'django':
        import django
        from django.conf import settings
        if not settings.configured:
            settings.configure(ALLOWED_HOSTS=['*'], ROOT_URLCONF='', MIDDLEWARE=['django.middleware.common.CommonMiddleware'])
            django.setup()
        from django.test import Client, override_settings
        importlib.import_module(case['name'] + '.urls')
        def ask(path):
            with override_settings(ROOT_URLCONF=case['name'] + '.urls'):
                answer = Client(raise_request_exception=False).get(path)
                return answer.status_code, answer.headers.get('location', '')
        return ask
    app = importlib.import_module(case['name'] + '.main').app
    if case['framework'] == 'flask':
        client = app.test_client()
        def ask(path):
            answer = client.get(path)
            return answer.status_code, answer.headers.get('location', '')
        return ask
    return lambda path: ask_asgi(app, path)
for line in sys.stdin:
    case = json.loads(line)
    folder = os.path.join(root, case['name'])
    os.mkdir(folder)
    for name, text in [('__init__.py', '')] + list(case['files'].items()):
        with open(os.path.join(folder, name), 'w') as f:
            f.write(text)
    importlib.invalidate_caches()
    try:
        ask = asker(case)
    except Exception as error:
        print('null')
        continue
    print(json.dumps([status(ask, path) for path in case['paths']]))
";

/// What Python prints, or `None` where the framework is missing.
fn python(framework: &str, input: &str) -> Option<String> {
    let available = Command::new("python3").args(["-c", &format!("import {framework}")]).output().ok()?;
    if !available.status.success() {
        return None;
    }
    let mut child = Command::new("python3")
        .args(["-W", "ignore", "-c", PYTHON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    String::from_utf8(output.stdout).ok()
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Answered,
    Redirected,
    Lacking,
}

impl Outcome {
    fn of_status(status: u64) -> Self {
        match status {
            404 => Self::Lacking,
            300..400 => Self::Redirected,
            _ => Self::Answered,
        }
    }
}

/// What may become of a request for a path, as we say it. Where an answer and a redirect are possible, the frameworks prefer
/// what has fewer parameters. `None` where it is unknown.
fn said(served: &Served, path: &str) -> Option<Vec<Outcome>> {
    let path = PathPattern::literal(path)?;
    let of_requests = served.certain(&path).filter(|registration| registration.answers != Answers::Sockets);
    let possible: Vec<Outcome> = of_requests
        .map(|registration| match registration.answers {
            Answers::Redirect => Outcome::Redirected,
            Answers::Requests(_) | Answers::Page | Answers::Sockets => Outcome::Answered,
        })
        .collect();
    if !possible.is_empty() {
        Some(possible)
    } else if served.unknown.iter().any(|unknown| unknown.below.meets(&path)) {
        None
    } else {
        Some(vec![Outcome::Lacking])
    }
}

/// Paths that are worth asking for: one of each registration, and its neighbours.
fn worth_asking(served: &Served) -> Vec<String> {
    let mut paths: Vec<String> = served
        .registrations
        .iter()
        .flat_map(|registration| {
            let parts = registration.path.parts().iter();
            let path: String = parts
                .map(|part| match part {
                    Part::Literal(text) => text.as_str(),
                    Part::Character | Part::Segment => "7",
                    Part::Rest => "q/r",
                })
                .collect();
            let shorter = path.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
            [format!("{path}/8"), format!("{path}/"), format!("/8{path}"), shorter, path]
        })
        .filter(|path| path.starts_with('/') && !path.contains("//"))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

fn served_by(command: &str, files: &[(&str, &str)]) -> Served {
    let tree = MemoryTree::of(files);
    let sources = Sources::open(&tree);
    let modules = Modules::new(&sources);
    let directory = Directory { in_image: "/app", folder: RepoPath::root() };
    let environment = Environment::of([]);
    let words: Vec<&str> = command.split(' ').collect();
    let program = program(&words, &directory, &environment, &modules).expect("a program in the tree");
    Runs::default().served(&modules, &program, &environment)
}

fn compare(framework: &str, command: &str, generate: fn(&mut Random) -> Files) {
    let mut random = Random::new(framework.len() as u64);
    let cases: Vec<(Files, Served, Vec<String>)> = (0..PROGRAMS)
        .map(|_| {
            let files = generate(&mut random);
            let owned: Vec<(&str, &str)> = files.iter().map(|(name, text)| (&**name, &**text)).collect();
            let served = served_by(command, &owned);
            let paths = worth_asking(&served);
            (files, served, paths)
        })
        .collect();
    let lines = cases.iter().enumerate().map(|(index, (files, _, paths))| {
        let files: serde_json::Map<String, Value> = files
            .iter()
            .filter_map(|(name, text)| Some((name.strip_prefix("app/")?.to_owned(), json!(text))))
            .collect();
        json!({"name": format!("case{index}"), "framework": framework, "files": files, "paths": paths})
            .to_string()
            + "\n"
    });
    let Some(output) = python(framework, &lines.collect::<String>()) else {
        let reason = format!("there is no Python with {framework}");
        assert!(std::env::var_os("PORTCULLIS_COMPARE").is_none(), "{reason}");
        // What `eprintln!` writes is captured, and nobody sees it.
        let _ = std::io::stderr().write_all(format!("SKIPPED: {reason}\n").as_bytes());
        return;
    };
    let (mut asked, mut run) = (0, 0);
    for ((files, served, paths), line) in cases.iter().zip(output.lines()) {
        let Some(statuses) = serde_json::from_str::<Option<Vec<u64>>>(line).expect("a list") else {
            continue;
        };
        run += 1;
        for (path, status) in paths.iter().zip(statuses) {
            let Some(said) = said(served, path) else { continue };
            asked += 1;
            let texts: Vec<_> = files.iter().map(|(name, text)| format!("# {name}\n{text}")).collect();
            assert!(
                said.contains(&Outcome::of_status(status)),
                "{path} is {status}, not {said:?}, of\n{}",
                texts.join("\n")
            );
        }
    }
    assert_eq!(output.lines().count(), cases.len());
    eprintln!("{framework}: asked {run} programs for {asked} paths");
    assert!(
        run > PROGRAMS / 2 && asked > 1_000,
        "{framework}: {run} programs ran, and were asked for {asked} paths"
    );
}

#[test]
fn fastapi_answers_what_we_say() {
    compare("fastapi", "uvicorn app.main:app", generated::fastapi);
}

#[test]
fn flask_answers_what_we_say() {
    compare("flask", "gunicorn app.main:app", generated::flask);
}

#[test]
fn django_answers_what_we_say() {
    compare("django", "gunicorn wsgi", generated::django);
}
