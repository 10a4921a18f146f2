//! The requests that scripts send: from files to what production asks for, and where nothing is known.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use policy_http::served::Methods;
use policy_script::endpoint::Host;
use policy_script::request::Request;
use policy_script::{ImportedNames, Scripts, requests};
use policy_text::source::{FileId, MemoryTree, RepoPath, Sources};
use policy_text::value::Text;

/// What a tree sends, one line a request: where, by what, with which method, and what it asks for in production.
fn sent(files: &[(&str, &str)], set_by_builds: &[(&str, &str, &str)]) -> Vec<String> {
    let tree = MemoryTree::of(files);
    let sources = Sources::open(&tree);
    let text = |file: FileId| sources.read(file).unwrap().text;
    let imports: Vec<(FileId, ImportedNames)> =
        sources.files().map(|(file, path)| (file, ImportedNames::of(path, &text(file)))).collect();
    let images = |name: &str| {
        let at = policy_text::source::Span::start_of(FileId(0));
        let set = |(folder, own, value): &(&str, &str, &str)| {
            let values = if *own == name { vec![Text::literal(*value, at)] } else { Vec::new() };
            (RepoPath::new(folder).unwrap(), values)
        };
        set_by_builds.iter().map(set).collect()
    };
    let scripts = Scripts::new(&[], &imports, &images, &sources);
    let line = |request: &Request| {
        let code = text(request.at.file);
        let line = code[..request.at.range().start].lines().count().max(1);
        let line = if code[..request.at.range().start].ends_with('\n') { line + 1 } else { line };
        let methods = match &request.methods {
            Methods::Any => "any".to_owned(),
            Methods::Only(methods) => methods.join("|"),
        };
        let asked = match request.target() {
            Some(target) => match &target.host {
                Host::Page => target.path.to_string(),
                Host::Named(host) | Host::Private(host) => format!("{host} {}", target.path),
                _ => unreachable!(),
            },
            None => {
                request.addresses.urls().iter().map(|url| format!("? {url}")).collect::<Vec<_>>().join(" ")
            }
        };
        format!("{}:{line} {methods} {asked}", sources.path(request.at.file))
    };
    requests(&scripts).iter().map(line).collect()
}

/// What one module of a page sends.
#[track_caller]
fn assert_sent(code: &str, expected: &[&str]) {
    let found = sent(&[("src/app.ts", &format!("{code}\ndocument.title = '';"))], &[]);
    let found: Vec<&str> = found.iter().map(|line| line.strip_prefix("src/app.ts:").unwrap()).collect();
    assert_eq!(found, expected, "{code}");
}

#[test]
fn a_call_asks_for_what_is_written_before_query_and_fragment() {
    assert_sent("fetch('/api/users')", &["1 GET /api/users"]);
    assert_sent("window.fetch('/api/users?a=1#b')", &["1 GET /api/users"]);
    assert_sent("fetch('https://api.example.org/v1')", &["1 GET api.example.org /v1"]);
    assert_sent("fetch(`${location.origin}/api`, { method: 'post' })", &["1 POST /api"]);
    assert_sent("fetch('data/list.json')", &["1 GET *data/list.json"]);
    assert_sent("fetch('http://localhost:8000/api')", &["1 GET ? http://localhost:8000/api"]);
    assert_sent("fetch('data:text/plain,x'); fetch(blob)", &["1 GET ? data:text/plain,x", "1 GET ? ${…}"]);
    assert_sent("prefetch('/api'); new Map().get('/api'); form.get('/x')", &[]);
}

#[test]
fn a_hole_is_a_parameter_between_slashes_and_ends_what_is_known_elsewhere() {
    let within = |code: &str| format!("export function f(a, b) {{ return {code} }}");
    assert_sent(&within("fetch(`/users/${a}/posts`)"), &["1 GET /users/{}/posts"]);
    assert_sent(&within("fetch(`/users/${encodeURIComponent(a)}?x=${b}`)"), &["1 GET /users/{}"]);
    assert_sent(&within("fetch(`/users/${a}`)"), &["1 GET /users/*"]);
    assert_sent(&within("fetch(`/traces${a}`)"), &["1 GET /traces*"]);
    assert_sent(&within("fetch(`/traces${a}/spans`)"), &["1 GET /traces*"]);
    assert_sent(&within("fetch(`/files/${a}.json`)"), &["1 GET /files/*"]);
    assert_sent(&within("fetch(a ? `/list?page=${b}` : '/list')"), &["1 GET /list"]);
}

#[test]
fn the_path_of_a_function_around_is_what_its_callers_give() {
    let api = "const BASE = '/api';
        export async function request(path, options = {}) { return fetch(`${BASE}${path}`, options) }
        export const get = (path) => request(path);
        export const post = (path, body) => request(path, { method: 'POST', body });";
    let users = "import { get, post } from './api';
        export const list = () => get('/users');
        export const one = (id) => get(`/users/${id}`);
        export const add = (user) => post('/users', user);";
    let found = sent(&[("src/api.js", api), ("src/users.js", users), ("package.json", "{}")], &[]);
    assert_eq!(
        found,
        [
            "src/users.js:2 GET /api/users",
            "src/users.js:3 GET /api/users/*",
            "src/users.js:4 POST /api/users"
        ]
    );
}

#[test]
fn a_class_around_a_call_is_given_its_base_where_it_is_made() {
    let api = "export class Api {
          constructor(base) { this.base = base }
          request(path, options) { return fetch(this.base + path, options) }
          get(path) { return this.request(path, { method: 'GET' }) }
        }
        export const api = new Api('/api/v1');";
    let users = "import { api } from './api';\nexport const list = () => api.get('/users');";
    let found = sent(&[("src/api.js", api), ("src/users.js", users), ("package.json", "{}")], &[]);
    assert_eq!(found, ["src/users.js:2 GET /api/v1/users"]);
}

#[test]
fn a_client_puts_its_base_before_its_addresses() {
    let api = "import axios from 'axios';\nexport const api = axios.create({ baseURL: '/api/' });";
    let users = "import { api } from './api';
        export const list = () => api.get('/users');
        export const add = (user) => api.post('users', user, {});
        export const other = () => api.get('https://example.org/x');
        export const whole = () => api({ url: '/all', method: 'delete' });
        export const own = () => api.request({ baseURL: '/v2', url: '/all' });";
    let package = ("package.json", r#"{"dependencies": {"react": "19"}}"#);
    let found = sent(&[("src/api.ts", api), ("src/users.ts", users), package], &[]);
    assert_eq!(
        found,
        [
            "src/users.ts:2 GET /api/users",
            "src/users.ts:3 POST /api/users",
            "src/users.ts:4 GET example.org /x",
            "src/users.ts:5 DELETE /api/all",
            "src/users.ts:6 GET /v2/all"
        ]
    );
}

#[test]
fn the_defaults_of_a_client_are_those_of_its_application() {
    let main = "import axios from 'axios';\naxios.defaults.baseURL = '/api';\ndocument.title = '';";
    let users = "import axios from 'axios';\nexport const list = () => axios.get('/users');";
    let package = |name| (name, r#"{"dependencies": {"react": "19"}}"#);
    let one = [("a/main.js", main), ("a/users.js", users), package("a/package.json")];
    assert_eq!(sent(&one, &[]), ["a/users.js:2 GET /api/users"]);
    let two =
        [("a/main.js", main), package("a/package.json"), ("b/users.js", users), package("b/package.json")];
    assert_eq!(sent(&two, &[]), ["b/users.js:2 GET /users"]);
}

#[test]
fn what_browsers_and_frameworks_provide_sends_requests_too() {
    assert_sent("new EventSource('/api/stream')", &["1 GET /api/stream"]);
    assert_sent("const x = new XMLHttpRequest(); x.open('PUT', '/api/x')", &["1 PUT /api/x"]);
    assert_sent("window.open('/x'); dialog.open('GET')", &[]);
    assert_sent(
        "$.ajax({ url: '/api/x', type: 'POST' }); $.getJSON('/api/y')",
        &["1 POST /api/x", "1 GET /api/y"],
    );
    assert_sent("navigator.sendBeacon('/api/log', '')", &["1 POST /api/log"]);
    assert_sent("$fetch('/users', { baseURL: '/api' })", &["1 GET /api/users"]);
    assert_sent("useFetch('/users', options())", &["1 any ? ${options()}/users"]);
    assert_sent("import ky from 'ky'; ky.extend({ prefixUrl: '/api' }).get('x')", &["1 GET /api/x"]);
    let service = "import { HttpClient } from '@angular/common/http';
        export class Users {
          base = '/api';
          constructor(private http: HttpClient, private store: Map) {}
          list() { this.store.get('/store'); return this.http.get<User[]>(`${this.base}/users`) }
        }";
    assert_sent(service, &["5 GET /api/users"]);
}

#[test]
fn a_base_is_what_the_build_of_the_image_is_given() {
    let api =
        "const BASE = import.meta.env.VITE_API ?? '/none';\nexport const f = () => fetch(`${BASE}/users`)";
    let files = [("web/src/api.ts", api), ("web/package.json", r#"{"dependencies": {"react": "19"}}"#)];
    assert_eq!(sent(&files, &[("web", "VITE_API", "/api")]), ["web/src/api.ts:2 GET /api/users"]);
    let two = [("web", "VITE_API", "/api"), ("web", "VITE_API", "/v2")];
    assert_eq!(sent(&files, &two), ["web/src/api.ts:2 GET ? /api/users ? /v2/users"]);
}

#[test]
fn what_no_build_sets_is_what_the_code_falls_back_to() {
    let api =
        "const BASE = import.meta.env.VITE_API || '/api';\nexport const f = () => fetch(`${BASE}/users`)";
    let package = ("web/package.json", r#"{"dependencies": {"react": "19"}}"#);
    let files = [("web/src/api.ts", api), package];
    assert_eq!(sent(&files, &[]), ["web/src/api.ts:2 GET ? ${VITE_API}/users ? /api/users"]);
    assert_eq!(sent(&files, &[("web", "", "")]), ["web/src/api.ts:2 GET /api/users"]);
    let workflow = (".github/workflows/ci.yml", "env:\n  VITE_API: ${{ vars.API }}\n");
    let said = [workflow, files[0], files[1]];
    assert_eq!(sent(&said, &[("web", "", "")]), ["web/src/api.ts:2 GET ? ${VITE_API}/users ? /api/users"]);
}

#[test]
fn a_cache_of_requests_asks_for_its_keys() {
    let code = "import useSWR from 'swr';
        const fetcher = (url) => fetch(`/api${url}`);
        export const useUsers = () => useSWR('/users', fetcher);
        export const useUser = (id) => useSWR(id ? `/users/${id}/posts` : null, fetcher);
        export const useOther = () => useSWR('/others', other);";
    let keys = "import useSWR from 'swr';
        export const useUsers = () => useSWR(() => '/users', (key) => fetch(key));";
    assert_sent(code, &["3 GET /api/users", "4 GET /api/users/{}/posts"]);
    assert_sent(keys, &["2 GET /users"]);
}

#[test]
fn what_does_not_ship_to_a_browser_asks_nothing() {
    let call = "fetch('/api/users')";
    for (path, package) in [
        ("src/users.test.ts", r#"{"dependencies": {"react": "19"}}"#),
        ("src/users.ts", r#"{"dependencies": {"express": "5"}}"#),
        ("vite.config.ts", r#"{"dependencies": {"react": "19"}}"#),
    ] {
        assert_eq!(sent(&[(path, call), ("package.json", package)], &[]), [""; 0], "{path}");
    }
    assert_sent("if (import.meta.env.DEV) fetch('/api/mock')", &[]);
}

#[test]
fn a_name_that_many_branches_set_is_known_where_all_of_them_do() {
    let lines = |line: &dyn Fn(usize) -> String| (1..20).map(line).collect::<String>();
    let branches = lines(&|at| format!("else if (k === {at}) {{ u = '/p{at}'; }} "));
    let paths = lines(&|at| format!(" ? /p{at}"));
    let code = format!("let u; if (k === 0) {{ u = '/p0'; }} {branches}");
    assert_sent(&format!("{code}else {{ u = '/p'; }} fetch(u);"), &[&*format!("1 GET ? /p0{paths} ? /p")]);
    let far = "k.on(() => { u = '/2'; });\n".repeat(200);
    assert_sent(&format!("let u = '/1'; {far}fetch(u);"), &["201 GET ? ${…}"]);
    let overwritten = "if (k()) { u = '/2'; }\n".repeat(200);
    assert_sent(&format!("let u; {overwritten}u = '/1'; fetch(u);"), &["201 GET /1"]);
}

#[test]
fn a_dear_script_is_cut_off_and_no_other() {
    let chosen = |at: usize| format!("const a{} = q{at} ? a{at} + 'l' : a{at} + 'r';\n", at + 1);
    let chosen: String = (0..60).map(chosen).collect();
    let dear = format!("const a0 = '/x';\n{chosen}{}", "fetch('/' + a60);\n".repeat(400));
    let files = [("src/dear.ts", &*dear), ("src/b.ts", "fetch('/b');"), ("src/z.ts", "fetch('/z');")];
    let tree = MemoryTree::of(&files);
    let sources = Sources::open(&tree);
    let scripts = Scripts::new(&[], &[], &|_: &str| Vec::new(), &sources);
    let found = requests(&scripts);
    let in_file =
        |name: &str| found.iter().filter(|sent| sources.path(sent.at.file).as_str() == name).count();
    assert_eq!((in_file("src/b.ts"), in_file("src/z.ts")), (1, 1));
    assert!((1..400).contains(&in_file("src/dear.ts")), "{}", in_file("src/dear.ts"));
    let problems = scripts.problems();
    let said: Vec<&str> = problems.iter().map(|problem| &*problem.message).collect();
    assert_eq!(said, ["requests from here on would take too many steps to follow; they were left out"]);
}
