//! `portcullis lsp` as an editor talks to it: the program is started, and messages of the protocol go back and forth.

use std::io::BufReader;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::project::project;

const LATEST: &str = "services:\n  web:\n    image: nginx:latest\n";
const PINNED: &str = "services:\n  web:\n    image: nginx:1.29.1\n";

/// How long an answer may take on a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(1);

struct Editor {
    server: Child,
    input: ChildStdin,
    messages: Receiver<Message>,
    /// What came while something else was waited for.
    waiting: Vec<Message>,
    requests: i32,
    capabilities: Value,
}

fn address(folder: &Path, path: &str) -> String {
    let folder = std::fs::canonicalize(folder).unwrap();
    format!("file://{}/{path}", folder.display()).trim_end_matches('/').to_owned()
}

impl Editor {
    /// An editor that has these folders open and can do what `capabilities` say.
    #[expect(clippy::disallowed_methods, reason = "an editor starts the server")]
    fn new(folders: &[&Path], capabilities: &Value) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_portcullis"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, messages) = channel();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        thread::spawn(move || {
            while let Ok(Some(message)) = Message::read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = server.stdin.take().unwrap();
        let mut editor =
            Self { server, input, messages, waiting: Vec::new(), requests: 0, capabilities: Value::Null };
        let folders: Vec<Value> =
            folders.iter().map(|folder| json!({ "uri": address(folder, ""), "name": "a" })).collect();
        let parameters = json!({ "capabilities": capabilities, "workspaceFolders": folders });
        editor.capabilities =
            editor.ask("initialize", parameters).response_result.unwrap()["capabilities"].take();
        editor.tell("initialized", json!({}));
        editor
    }

    fn tell(&mut self, method: &str, parameters: Value) {
        self.send(&Message::Notification(Notification::new(method.to_owned(), parameters)));
    }

    fn send(&mut self, message: &Message) {
        message.write(&mut self.input).unwrap();
    }

    fn ask(&mut self, method: &str, parameters: Value) -> Response {
        self.requests += 1;
        let id = RequestId::from(self.requests);
        self.send(&Message::Request(Request::new(id.clone(), method.to_owned(), parameters)));
        self.wait(|message| match message {
            Message::Response(response) if response.id == id => Some(response.clone()),
            _ => None,
        })
    }

    /// The first message that is wanted, of those that came and those that come.
    #[track_caller]
    fn wait<T>(&mut self, wanted: impl Fn(&Message) -> Option<T>) -> T {
        let came = self.waiting.iter().enumerate().find_map(|(at, message)| Some((at, wanted(message)?)));
        if let Some((at, found)) = came {
            self.waiting.remove(at);
            return found;
        }
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let message = self.messages.recv_timeout(left).unwrap();
            match wanted(&message) {
                Some(found) => return found,
                None => self.waiting.push(message),
            }
        }
    }

    /// The next diagnostics of a file.
    #[track_caller]
    fn diagnostics(&mut self, uri: &str) -> Value {
        self.wait(|message| match message {
            Message::Notification(it) if it.method == "textDocument/publishDiagnostics" => {
                (it.params["uri"] == uri).then(|| it.params.clone())
            }
            _ => None,
        })
    }

    #[track_caller]
    fn rules(&mut self, uri: &str) -> Vec<String> {
        let found = self.diagnostics(uri)["diagnostics"].take();
        found.as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
    }

    fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "a", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    fn change(&mut self, uri: &str, version: i32, text: &str) {
        let document = json!({ "uri": uri, "version": version });
        let change = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        self.tell("textDocument/didChange", change);
    }

    fn actions(&mut self, uri: &str, line: u32, character: u32) -> Vec<Value> {
        let at = json!({ "line": line, "character": character });
        let parameters = json!({
            "textDocument": { "uri": uri },
            "range": { "start": at, "end": at },
            "context": { "diagnostics": [] },
        });
        let response = self.ask("textDocument/codeAction", parameters);
        serde_json::from_value(response.response_result.unwrap()).unwrap()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn repository(files: &[(&str, &str)]) -> TempDir {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    project(&[&files[..], &[(".git/HEAD", b"")]].concat())
}

#[test]
fn findings_follow_the_text_that_is_not_saved() {
    let folder = repository(&[("compose.yaml", LATEST)]);
    let uri = address(folder.path(), "compose.yaml");
    let mut editor = Editor::new(&[folder.path()], &json!({}));
    let found = editor.diagnostics(&uri)["diagnostics"][0].take();
    assert_eq!(found["code"], "image/latest-tag");
    assert_eq!(found["source"], "portcullis");
    assert_eq!(found["severity"], 2);
    assert_eq!(found["range"]["start"], json!({ "line": 2, "character": 17 }));
    assert!(found["codeDescription"]["href"].as_str().unwrap().ends_with("/image/latest-tag/"), "{found}");
    editor.open(&uri, PINNED);
    assert!(editor.rules(&uri).is_empty());
    editor.change(&uri, 2, &format!("# moved\n{LATEST}"));
    let found = editor.diagnostics(&uri);
    assert_eq!(
        (&found["version"], &found["diagnostics"][0]["range"]["start"]["line"]),
        (&json!(2), &json!(3))
    );
    editor.change(&uri, 3, PINNED);
    assert!(editor.rules(&uri).is_empty());
    // What was not saved is gone with its window.
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(editor.rules(&uri), ["image/latest-tag"]);
}

#[test]
fn a_keystroke_in_one_file_is_seen_in_another_with_the_place_that_proves_it() {
    let ecr = |mutability: &str| {
        format!(
            "resource \"aws_ecr_repository\" \"web\" {{\n  name = \"web\"\n  image_tag_mutability = \"{mutability}\"\n}}\n"
        )
    };
    let registry = "1.dkr.ecr.eu-west-1.amazonaws.com";
    let push = format!("docker build -t {registry}/web:latest .\ndocker push {registry}/web:latest\n");
    let folder =
        repository(&[("deploy.sh", &push), ("ecr.tf", &ecr("MUTABLE")), ("Dockerfile", "FROM scratch\n")]);
    let (script, terraform) = (address(folder.path(), "deploy.sh"), address(folder.path(), "ecr.tf"));
    let mut editor = Editor::new(&[folder.path()], &json!({}));
    assert!(!editor.rules(&script).contains(&"image/push-to-immutable-repository".to_owned()));
    editor.open(&terraform, &ecr("MUTABLE"));
    editor.change(&terraform, 2, &ecr("IMMUTABLE"));
    let found = editor.diagnostics(&script)["diagnostics"].take();
    let pushes = found.as_array().unwrap().iter();
    let mut pushes = pushes.filter(|it| it["code"] == "image/push-to-immutable-repository");
    let related = &pushes.next().unwrap()["relatedInformation"];
    let is_there = related
        .as_array()
        .unwrap()
        .iter()
        .any(|it| it["location"]["uri"] == terraform && it["location"]["range"]["start"]["line"] == 2);
    assert!(is_there, "{related:#}");
    editor.change(&terraform, 3, &ecr("MUTABLE"));
    assert!(!editor.rules(&script).contains(&"image/push-to-immutable-repository".to_owned()));
}

#[test]
fn columns_are_counted_in_what_the_client_knows() {
    let folder =
        repository(&[("compose.yaml", "services:\n  web: {container_name: 'ü😀', image: 'nginx:latest'}\n")]);
    let uri = address(folder.path(), "compose.yaml");
    let column = |capabilities: Value| {
        let mut editor = Editor::new(&[folder.path()], &capabilities);
        let encoding = editor.capabilities["positionEncoding"].as_str().unwrap().to_owned();
        (
            encoding,
            editor.diagnostics(&uri)["diagnostics"][0]["range"]["start"]["character"].as_u64().unwrap(),
        )
    };
    let (encoding, units) = column(json!({}));
    assert_eq!(encoding, "utf-16");
    let (encoding, bytes) = column(json!({ "general": { "positionEncodings": ["utf-16", "utf-8"] } }));
    assert_eq!((encoding.as_str(), bytes), ("utf-8", units + 3));
}

#[test]
fn fixes_and_comments_are_offered_and_the_card_is_shown() {
    let folder = repository(&[
        ("app/Dockerfile", "FROM python:3.13.1-slim\nCOPY . .\nUSER 1000\n"),
        ("app/pyproject.toml", "[tool.ruff]\n"),
        ("app/.dockerignore", ".git\n"),
        ("compose.yaml", LATEST),
    ]);
    let mut editor = Editor::new(&[folder.path()], &json!({}));
    let ignore = address(folder.path(), "app/.dockerignore");
    let found = editor.diagnostics(&ignore)["diagnostics"][0].take();
    let line = found["range"]["start"]["line"].as_u64().unwrap() as u32;
    let actions = editor.actions(&ignore, line, 0);
    assert_eq!(actions[0]["isPreferred"], true);
    assert!(actions[0]["edit"]["changes"][&ignore][0]["newText"].as_str().unwrap().contains("ruff_cache"));

    let compose = address(folder.path(), "compose.yaml");
    let actions = editor.actions(&compose, 2, 20);
    assert_eq!(actions.len(), 1);
    assert_eq!(actions[0]["title"], "allow `image/latest-tag` here, with a reason");
    assert_eq!(actions[0]["diagnostics"][0]["code"], "image/latest-tag");
    let edit = &actions[0]["edit"]["changes"][&compose][0];
    assert_eq!(edit["newText"], "    # portcullis: allow(image/latest-tag) TODO: say why\n");
    assert_eq!(edit["range"]["start"], json!({ "line": 2, "character": 0 }));
    assert!(editor.actions(&compose, 0, 0).is_empty());

    let hover = |editor: &mut Editor, line| {
        let at = json!({ "line": line, "character": 20 });
        let parameters = json!({ "textDocument": { "uri": compose }, "position": at });
        editor.ask("textDocument/hover", parameters).response_result.unwrap()
    };
    let card = hover(&mut editor, 2)["contents"]["value"].as_str().unwrap().to_owned();
    assert!(card.starts_with("**[image/latest-tag](") && card.contains("### How to fix"), "{card}");
    assert!(hover(&mut editor, 0).is_null());
}

#[test]
fn an_editor_is_told_of_a_secret_and_not_the_secret() {
    let text = "resource \"aws_ecs_task_definition\" \"shop\" {\n  family = \"shop\"\n  container_definitions = jsonencode([{\n    \
                name = \"shop\"\n    image = \"r.example.org/shop:1\"\n    environment = [{ name = \"SECRET_KEY_BASE\", \
                value = \"hunter-q8Zr71\" }]\n  }])\n}\n";
    let folder = repository(&[("main.tf", text)]);
    let uri = address(folder.path(), "main.tf");
    let mut editor = Editor::new(&[folder.path()], &json!({}));
    let found = editor.diagnostics(&uri).to_string();
    assert!(found.contains("ecs/plaintext-secret"), "{found}");
    let at = json!({ "line": 5, "character": 30 });
    let asked = json!({ "textDocument": { "uri": uri }, "position": at });
    let hover = editor.ask("textDocument/hover", asked).response_result.unwrap();
    assert!(hover.to_string().contains("plaintext-secret"), "{hover:#}");
    let actions = editor.actions(&uri, 5, 30);
    let said = format!("{found}{hover}{}", json!(actions));
    assert!(!said.contains("hunter"), "{said}");
}

#[test]
fn a_fix_may_make_a_file() {
    let folder = repository(&[
        ("app/Dockerfile", "FROM python:3.13.1-slim\nCOPY . .\nUSER 1000\n"),
        ("app/pyproject.toml", "[tool.ruff]\n"),
    ]);
    let mut editor = Editor::new(&[folder.path()], &json!({}));
    let dockerfile = address(folder.path(), "app/Dockerfile");
    let found = editor.diagnostics(&dockerfile)["diagnostics"][0].take();
    let line = found["range"]["start"]["line"].as_u64().unwrap() as u32;
    let actions = editor.actions(&dockerfile, line, 0);
    let changes = &actions[0]["edit"]["documentChanges"];
    assert_eq!(
        (&changes[0]["kind"], &changes[0]["uri"]),
        (&json!("create"), &json!(address(folder.path(), "app/.dockerignore")))
    );
    assert!(changes[1]["edits"][0]["newText"].as_str().unwrap().contains("ruff_cache"));
}

#[test]
fn what_changes_on_disk_is_read_and_so_is_the_configuration() {
    let folder = repository(&[("compose.yaml", PINNED), ("other.yaml", LATEST)]);
    let capabilities = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let mut editor = Editor::new(&[folder.path()], &capabilities);
    editor.wait(|message| match message {
        Message::Request(request) if request.method == "client/registerCapability" => Some(()),
        _ => None,
    });
    let (compose, other) = (address(folder.path(), "compose.yaml"), address(folder.path(), "other.yaml"));
    assert_eq!(editor.rules(&other), ["image/latest-tag"]);
    let write = |editor: &mut Editor, path: &str, text: &str, kind: u32| {
        std::fs::write(folder.path().join(path), text).unwrap();
        let change = json!({ "uri": address(folder.path(), path), "type": kind });
        editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    };
    write(&mut editor, "compose.yaml", LATEST, 2);
    assert_eq!(editor.rules(&compose), ["image/latest-tag"]);
    write(&mut editor, "portcullis.toml", "exclude = ['other.yaml']\n", 1);
    assert!(editor.rules(&other).is_empty());
    // A mistake in the configuration is said, and what was found before stands.
    write(&mut editor, "portcullis.toml", "exlude = []\n", 2);
    let said = editor.wait(|message| match message {
        Message::Notification(it) if it.method == "window/showMessage" => Some(it.params["message"].clone()),
        _ => None,
    });
    assert!(said.as_str().unwrap().contains("did you mean `exclude`?"), "{said}");
    write(&mut editor, "portcullis.toml", "", 2);
    assert_eq!(editor.rules(&other), ["image/latest-tag"]);
    std::fs::remove_file(folder.path().join("other.yaml")).unwrap();
    let change = json!({ "uri": other, "type": 3 });
    editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    assert!(editor.rules(&other).is_empty());
}

#[test]
fn several_folders_are_checked_each_by_itself_and_a_file_of_none_brings_its_own() {
    let folders = [(); 3].map(|()| repository(&[("compose.yaml", LATEST)]));
    let uris = folders.each_ref().map(|folder| address(folder.path(), "compose.yaml"));
    let mut editor = Editor::new(&[folders[0].path(), folders[1].path()], &json!({}));
    for uri in &uris[..2] {
        assert_eq!(editor.rules(uri), ["image/latest-tag"]);
    }
    editor.open(&uris[2], LATEST);
    assert_eq!(editor.rules(&uris[2]), ["image/latest-tag"]);
    let removed = json!([{ "uri": address(folders[0].path(), ""), "name": "a" }]);
    let event = json!({ "event": { "added": [], "removed": removed } });
    editor.tell("workspace/didChangeWorkspaceFolders", event);
    assert!(editor.rules(&uris[0]).is_empty());
}

#[test]
fn a_file_of_no_repository_has_nothing_around_it_read() {
    let (alone, other) =
        (project(&[("compose.yaml", LATEST.as_bytes())]), repository(&[("compose.yaml", LATEST)]));
    let mut editor = Editor::new(&[], &json!({}));
    editor.open(&address(alone.path(), "compose.yaml"), LATEST);
    let uri = address(other.path(), "compose.yaml");
    editor.open(&uri, LATEST);
    assert_eq!(editor.rules(&uri), ["image/latest-tag"]);
    assert!(editor.waiting.iter().all(|message| !matches!(message, Message::Notification(_))));
}

#[test]
fn a_file_that_is_not_on_disk_yet_is_checked() {
    let folder = repository(&[("a.yaml", PINNED), ("z.yaml", LATEST)]);
    let (new, last) = (address(folder.path(), "compose.yaml"), address(folder.path(), "z.yaml"));
    let mut editor = Editor::new(&[folder.path()], &json!({}));
    assert_eq!(editor.rules(&last), ["image/latest-tag"]);
    editor.open(&new, LATEST);
    assert_eq!(editor.rules(&new), ["image/latest-tag"]);
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": new } }));
    assert!(editor.rules(&new).is_empty());
}

#[test]
fn reading_a_repository_is_shown_as_progress() {
    let folder = repository(&[("compose.yaml", LATEST)]);
    let mut editor = Editor::new(&[folder.path()], &json!({ "window": { "workDoneProgress": true } }));
    for kind in ["begin", "end"] {
        editor.wait(|message| match message {
            Message::Notification(it) if it.method == "$/progress" => {
                (it.params["value"]["kind"] == kind).then_some(())
            }
            _ => None,
        });
    }
}

#[test]
fn what_is_not_understood_or_cancelled_is_answered_and_the_end_is_clean() {
    let folder = repository(&[("compose.yaml", LATEST)]);
    let mut editor = Editor::new(&[folder.path()], &json!({}));
    let code = |response: Response| response.response_result.unwrap_err().code;
    assert_eq!(code(editor.ask("textDocument/rename", json!({}))), -32601);
    assert_eq!(code(editor.ask("textDocument/hover", json!({ "no": "position" }))), -32602);
    editor.tell("textDocument/didOpen", json!({ "no": "document" }));
    editor.tell("$/cancelRequest", json!({ "id": 99 }));
    let elsewhere =
        json!({ "textDocument": { "uri": "untitled:a" }, "position": { "line": 0, "character": 0 } });
    assert!(editor.ask("textDocument/hover", elsewhere).response_result.unwrap().is_null());
    assert!(editor.ask("shutdown", Value::Null).response_result.is_ok());
    editor.tell("exit", Value::Null);
    assert!(editor.server.wait().unwrap().success());
}

#[test]
#[ignore = "measures the program as it is released: cargo test --release --test cli -- --ignored keystroke"]
fn a_keystroke_among_ten_thousand_files() {
    let terraform = |at: usize| {
        format!(
            "resource \"aws_ecs_task_definition\" \"t{at}\" {{\n  family = \"t{at}\"\n  container_definitions = jsonencode([{{ name = \"t\", image = \"r.example.org/t{at}:1.{at}\" }}])\n}}\n"
        )
    };
    let mut files: Vec<(String, String)> = Vec::new();
    for at in 0..10_000 {
        files.push(match at % 10 {
            0 => (format!("infra/m{at}/main.tf"), terraform(at)),
            1 => (format!("deploy/d{at}/compose.yaml"), PINNED.to_owned()),
            2 => (format!("services/s{at}/Dockerfile"), "FROM node:22.1\nCOPY src .\nUSER node\n".to_owned()),
            3 => (format!("scripts/s{at}.sh"), format!("docker push r.example.org/t{at}:1.2\n")),
            _ => (format!("web/src/m{at}.ts"), format!("export const a{at} = {at};\n")),
        });
    }
    files.push(("compose.yaml".to_owned(), LATEST.to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let folder = repository(&files);
    let uri = address(folder.path(), "compose.yaml");
    let start = Instant::now();
    let mut editor = Editor::new(&[folder.path()], &json!({}));
    editor.diagnostics(&uri);
    let first = start.elapsed();
    editor.open(&uri, PINNED);
    editor.diagnostics(&uri);
    let mut times: Vec<Duration> = Vec::new();
    for version in 2..22 {
        let start = Instant::now();
        editor.change(&uri, version, if version % 2 == 0 { LATEST } else { PINNED });
        editor.diagnostics(&uri);
        times.push(start.elapsed());
    }
    times.sort();
    let said = format!("first check {first:?}, keystroke {:?}, the slowest {:?}", times[10], times[19]);
    assert!(times[10] < Duration::from_millis(50), "{said}");
}
