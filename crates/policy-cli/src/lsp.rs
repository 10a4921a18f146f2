//! `portcullis lsp`: the language server, which speaks over standard input and output.
//!
//! One loop takes messages as they come, all that are there at once, and checks when none is left: keystrokes that come during
//! a check cost one check together.

mod answers;
mod encoding;
mod transport;
mod workspace;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{
    Cancel, DidChangeTextDocument, DidChangeWatchedFiles, DidChangeWorkspaceFolders, DidCloseTextDocument,
    DidOpenTextDocument, DidSaveTextDocument, Notification as _, Progress, PublishDiagnostics, ShowMessage,
};
use lsp_types::request::{
    CodeActionRequest, HoverRequest, RegisterCapability, Request as _, WorkDoneProgressCreate,
};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProviderCapability, Diagnostic,
    DidChangeWatchedFilesRegistrationOptions, FileChangeType, FileSystemWatcher, GlobPattern, HoverParams,
    HoverProviderCapability, InitializeParams, MessageType, NumberOrString, OneOf, ProgressParams,
    ProgressParamsValue, PublishDiagnosticsParams, Registration, RegistrationParams, ServerCapabilities,
    ServerInfo, ShowMessageParams, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions, Uri, WorkDoneProgress, WorkDoneProgressBegin, WorkDoneProgressCreateParams,
    WorkDoneProgressEnd, WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};
use policy_core::rule::Rule;
use policy_core::source::RepoPath;
use serde_json::{Value, json};

use crate::address;
use crate::exit::{Failure, Outcome};
use crate::root::is_in_repository;
use crate::workers::{ThreadCount, Workers};
use answers::Answers;
use encoding::Encoding;
use workspace::Workspace;

/// Serves one client until it says that it is done.
pub(crate) fn serve() -> Result<Outcome, Failure> {
    let (connection, threads) = transport::connect();
    let broken = |error: &dyn std::fmt::Display| Failure::Protocol(error.to_string());
    let (id, parameters) = connection.initialize_start().map_err(|error| broken(&error))?;
    let client: InitializeParams = serde_json::from_value(parameters).map_err(|error| broken(&error))?;
    let encoding = Encoding::agreed(&client);
    let info =
        ServerInfo { name: "portcullis".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) };
    let result = json!({ "capabilities": capabilities(encoding), "serverInfo": info });
    connection.initialize_finish(id, result).map_err(|error| broken(&error))?;
    let mut server = Server {
        client: &connection,
        shows_progress: shows_progress(&client),
        encoding,
        workers: Workers::new(ThreadCount::default())?,
        rules: policy_rules::all(),
        workspaces: Vec::new(),
        open: BTreeMap::new(),
        published: BTreeMap::new(),
        requests: 0,
    };
    server.start(&client);
    server.run();
    drop(connection);
    threads.join().map_err(|error| broken(&error))?;
    Ok(Outcome::Clean)
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::FULL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        })),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
}

fn shows_progress(client: &InitializeParams) -> bool {
    client.capabilities.window.as_ref().and_then(|window| window.work_done_progress).unwrap_or_default()
}

fn can_watch(client: &InitializeParams) -> bool {
    let workspace = client.capabilities.workspace.as_ref();
    let watched = workspace.and_then(|workspace| workspace.did_change_watched_files);
    watched.and_then(|watched| watched.dynamic_registration).unwrap_or_default()
}

/// The folders that the client has open.
fn folders(client: &InitializeParams) -> Vec<PathBuf> {
    let folders = client.workspace_folders.as_deref().unwrap_or_default();
    let mut paths: Vec<PathBuf> =
        folders.iter().filter_map(|folder| address::path(folder.uri.as_str())).collect();
    #[expect(deprecated, reason = "clients that know no folders say it this way")]
    if paths.is_empty() {
        paths.extend(client.root_uri.as_ref().and_then(|root| address::path(root.as_str())));
    }
    paths
}

/// What is known of the client and of its files.
struct Server<'c> {
    client: &'c Connection,
    shows_progress: bool,
    encoding: Encoding,
    workers: Workers,
    rules: Vec<Rule>,
    workspaces: Vec<Workspace>,
    /// The versions of open files, by address.
    open: BTreeMap<String, i32>,
    /// What the client was told last, by address.
    published: BTreeMap<String, Vec<Diagnostic>>,
    /// How many requests were made to the client.
    requests: i32,
}

impl Server<'_> {
    fn start(&mut self, client: &InitializeParams) {
        if can_watch(client) {
            let all = FileSystemWatcher { glob_pattern: GlobPattern::String("**/*".to_owned()), kind: None };
            let options = DidChangeWatchedFilesRegistrationOptions { watchers: vec![all] };
            let registration = Registration {
                id: "files".to_owned(),
                method: DidChangeWatchedFiles::METHOD.to_owned(),
                register_options: serde_json::to_value(options).ok(),
            };
            self.ask::<RegisterCapability>(RegistrationParams { registrations: vec![registration] });
        }
        for folder in folders(client) {
            self.open_folder(&folder);
        }
    }

    /// Takes messages until the client is done or gone.
    fn run(&mut self) {
        self.check();
        while let Ok(first) = self.client.receiver.recv() {
            let messages: Vec<Message> =
                std::iter::once(first).chain(self.client.receiver.try_iter()).collect();
            let cancelled: HashSet<RequestId> = messages.iter().filter_map(cancelled).collect();
            for message in messages {
                match message {
                    Message::Request(request) => {
                        if self.client.handle_shutdown(&request).unwrap_or(true) {
                            return;
                        }
                        let response = if cancelled.contains(&request.id) {
                            let code = ErrorCode::RequestCanceled as i32;
                            Response::new_err(request.id, code, "cancelled".to_owned())
                        } else {
                            self.answer(request)
                        };
                        self.send(Message::Response(response));
                    }
                    Message::Notification(notification) => self.notice(notification),
                    // Nothing is asked whose answer matters.
                    Message::Response(_) => {}
                }
            }
            self.check();
        }
    }

    fn answer(&mut self, request: Request) -> Response {
        // The answer is about the text that the client sees.
        self.check();
        let id = request.id.clone();
        let answered = match request.method.as_str() {
            CodeActionRequest::METHOD => self.actions(request.params),
            HoverRequest::METHOD => self.hover(request.params),
            _ => {
                let code = ErrorCode::MethodNotFound as i32;
                return Response::new_err(id, code, format!("{} is not understood", request.method));
            }
        };
        match answered {
            Ok(result) => Response::new_ok(id, result),
            Err(error) => Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string()),
        }
    }

    fn actions(&self, parameters: Value) -> serde_json::Result<Value> {
        let CodeActionParams { text_document, range, .. } = serde_json::from_value(parameters)?;
        let found = self.place(&text_document.uri).map(|(workspace, path)| {
            let address = |path: &RepoPath| self.address(workspace, path);
            self.answers(workspace, &address).actions(&path, range)
        });
        serde_json::to_value(found.unwrap_or_default())
    }

    fn hover(&self, parameters: Value) -> serde_json::Result<Value> {
        let parameters: HoverParams = serde_json::from_value(parameters)?;
        let at = parameters.text_document_position_params;
        let found = self.place(&at.text_document.uri).and_then(|(workspace, path)| {
            let address = |path: &RepoPath| self.address(workspace, path);
            self.answers(workspace, &address).hover(&path, at.position)
        });
        serde_json::to_value(found)
    }

    fn answers<'a>(&self, workspace: &'a Workspace, address: &'a dyn Fn(&RepoPath) -> String) -> Answers<'a> {
        Answers { report: workspace.report(), encoding: self.encoding, address }
    }

    /// A notification that is not understood, or not as it has to be, changes nothing.
    fn notice(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        let _ = match method.as_str() {
            DidOpenTextDocument::METHOD => read::<DidOpenTextDocument>(params).map(|it| {
                let document = it.text_document;
                self.edit(&document.uri, document.version, document.text);
            }),
            DidChangeTextDocument::METHOD => read::<DidChangeTextDocument>(params).map(|it| {
                if let Some(change) = it.content_changes.into_iter().next_back() {
                    self.edit(&it.text_document.uri, it.text_document.version, change.text);
                }
            }),
            DidSaveTextDocument::METHOD => read::<DidSaveTextDocument>(params).map(|it| {
                if let Some((workspace, path)) = self.place_mut(&it.text_document.uri) {
                    workspace.saved(&path);
                }
            }),
            DidCloseTextDocument::METHOD => read::<DidCloseTextDocument>(params).map(|it| {
                self.open.remove(it.text_document.uri.as_str());
                if let Some((workspace, path)) = self.place_mut(&it.text_document.uri) {
                    workspace.close(path);
                }
            }),
            DidChangeWatchedFiles::METHOD => read::<DidChangeWatchedFiles>(params).map(|it| {
                for change in it.changes {
                    // What is open is what the editor says it is.
                    if self.open.contains_key(change.uri.as_str()) && change.typ == FileChangeType::CHANGED {
                        continue;
                    }
                    if let Some((workspace, path)) = self.place_mut(&change.uri) {
                        workspace.changed_on_disk(path, change.typ != FileChangeType::CHANGED);
                    }
                }
            }),
            DidChangeWorkspaceFolders::METHOD => read::<DidChangeWorkspaceFolders>(params).map(|it| {
                for folder in it.event.removed {
                    self.close_folder(&folder.uri);
                }
                for folder in it.event.added {
                    if let Some(folder) = address::path(folder.uri.as_str()) {
                        self.open_folder(&folder);
                    }
                }
            }),
            _ => Ok(()),
        };
    }

    fn edit(&mut self, uri: &Uri, version: i32, text: String) {
        if self.place(uri).is_none()
            && let Some(folder) = address::path(uri.as_str()).as_deref().and_then(Path::parent)
            && is_in_repository(folder)
        {
            // A file by itself: its repository is opened with it. Without one, nobody means to have all around it read.
            self.open_folder(folder);
        }
        self.open.insert(uri.as_str().to_owned(), version);
        if let Some((workspace, path)) = self.place_mut(uri) {
            workspace.edit(path, text);
        }
    }

    fn open_folder(&mut self, folder: &Path) {
        match Workspace::around(folder) {
            Ok(new) if self.workspaces.iter().all(|known| known.root() != new.root()) => {
                self.workspaces.push(new);
            }
            Ok(_) => {}
            Err(failure) => self.complain(&failure),
        }
    }

    fn close_folder(&mut self, uri: &Uri) {
        let folder = address::path(uri.as_str()).and_then(|folder| std::fs::canonicalize(folder).ok());
        let (closed, kept) = std::mem::take(&mut self.workspaces)
            .into_iter()
            .partition::<Vec<_>, _>(|workspace| Some(workspace.root()) == folder.as_deref());
        self.workspaces = kept;
        for workspace in closed {
            let start = address::of(workspace.root()) + "/";
            let gone: Vec<String> =
                self.published.keys().filter(|address| address.starts_with(&start)).cloned().collect();
            for address in gone {
                self.publish(&address, Vec::new());
            }
        }
    }

    /// The repository that the file at an address lies in, the innermost, and its path there.
    fn place(&self, uri: &Uri) -> Option<(&Workspace, RepoPath)> {
        let (index, path) = self.index(uri)?;
        Some((self.workspaces.get(index)?, path))
    }

    fn place_mut(&mut self, uri: &Uri) -> Option<(&mut Workspace, RepoPath)> {
        let (index, path) = self.index(uri)?;
        Some((self.workspaces.get_mut(index)?, path))
    }

    fn index(&self, uri: &Uri) -> Option<(usize, RepoPath)> {
        let file = address::path(uri.as_str())?;
        let places = self.workspaces.iter().enumerate();
        let places = places.filter_map(|(index, workspace)| Some((index, workspace.path_of(&file)?)));
        places.min_by_key(|(_, path)| path.as_str().len())
    }

    /// The address of a file: the client's own where it has the file open.
    fn address(&self, workspace: &Workspace, path: &RepoPath) -> String {
        let on_disk = workspace.root().join(path.as_str());
        let is_it = |uri: &&String| {
            let file = address::path(uri);
            file.is_some_and(|file| file == on_disk || workspace.path_of(&file).as_ref() == Some(path))
        };
        self.open.keys().find(is_it).cloned().unwrap_or_else(|| address::of(&on_disk))
    }

    /// Checks what has changed, and tells the client what is different.
    fn check(&mut self) {
        for index in 0..self.workspaces.len() {
            let Some(workspace) = self.workspaces.get_mut(index) else { return };
            let slow = workspace.is_new() && self.shows_progress;
            if slow {
                self.begin();
            }
            let Some(workspace) = self.workspaces.get_mut(index) else { return };
            let checked = workspace.check(&self.workers, &self.rules);
            match checked {
                Ok(true) => self.tell(index),
                Ok(false) => {}
                Err(failure) => self.complain(&failure),
            }
            if slow {
                self.progress(WorkDoneProgress::End(WorkDoneProgressEnd { message: None }));
            }
        }
    }

    /// Tells the client what is found in a repository, where that is not what it was told last.
    fn tell(&mut self, index: usize) {
        let Some(workspace) = self.workspaces.get(index) else { return };
        let address = |path: &RepoPath| self.address(workspace, path);
        let found: BTreeMap<String, Vec<Diagnostic>> = self
            .answers(workspace, &address)
            .diagnostics()
            .into_iter()
            .map(|(path, diagnostics)| (address(&path), diagnostics))
            .collect();
        let is_here = |uri: &str| address::path(uri).is_some_and(|file| workspace.path_of(&file).is_some());
        let gone = self.published.keys().filter(|uri| !found.contains_key(*uri) && is_here(uri));
        let gone: Vec<(String, Vec<Diagnostic>)> = gone.map(|uri| (uri.clone(), Vec::new())).collect();
        for (uri, diagnostics) in found.into_iter().chain(gone) {
            self.publish(&uri, diagnostics);
        }
    }

    fn publish(&mut self, address: &str, diagnostics: Vec<Diagnostic>) {
        let Ok(uri) = Uri::from_str(address) else { return };
        let last = self.published.get(address).map_or(&[][..], Vec::as_slice);
        if last == diagnostics {
            return;
        }
        let version = self.open.get(address).copied();
        if diagnostics.is_empty() {
            self.published.remove(address);
        } else {
            self.published.insert(address.to_owned(), diagnostics.clone());
        }
        self.notify::<PublishDiagnostics>(PublishDiagnosticsParams { uri, diagnostics, version });
    }

    fn begin(&mut self) {
        self.ask::<WorkDoneProgressCreate>(WorkDoneProgressCreateParams { token: token() });
        self.progress(WorkDoneProgress::Begin(WorkDoneProgressBegin {
            title: "portcullis".to_owned(),
            message: Some("reading the repository".to_owned()),
            ..WorkDoneProgressBegin::default()
        }));
    }

    fn progress(&self, progress: WorkDoneProgress) {
        let value = ProgressParamsValue::WorkDone(progress);
        self.notify::<Progress>(ProgressParams { token: token(), value });
    }

    fn complain(&self, failure: &Failure) {
        let message = format!("portcullis: {failure}");
        self.notify::<ShowMessage>(ShowMessageParams { typ: MessageType::ERROR, message });
    }

    fn ask<R: lsp_types::request::Request>(&mut self, parameters: R::Params) {
        self.requests += 1;
        let request = Request::new(RequestId::from(self.requests), R::METHOD.to_owned(), parameters);
        self.send(Message::Request(request));
    }

    fn notify<N: lsp_types::notification::Notification>(&self, parameters: N::Params) {
        self.send(Message::Notification(Notification::new(N::METHOD.to_owned(), parameters)));
    }

    fn send(&self, message: Message) {
        // Who is gone is told nothing, and the loop ends when it hears no more.
        let _ = self.client.sender.send(message);
    }
}

fn token() -> NumberOrString {
    NumberOrString::String("portcullis/reading".to_owned())
}

/// The request that a message cancels.
fn cancelled(message: &Message) -> Option<RequestId> {
    let Message::Notification(Notification { method, params }) = message else { return None };
    (method == Cancel::METHOD).then_some(())?;
    serde_json::from_value(params.get("id")?.clone()).ok()
}

fn read<N: lsp_types::notification::Notification>(parameters: Value) -> serde_json::Result<N::Params> {
    serde_json::from_value(parameters)
}
