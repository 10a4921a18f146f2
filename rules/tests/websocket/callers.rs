//! How the address of a socket is followed to those who give it: callers of functions, classes and components.

use indoc::indoc;

use crate::tree::assert_found;

const HOOK: (&str, &str) = (
    "src/useStream.ts",
    "import { useEffect } from 'react';\nexport function useStream(url: string) {\n  useEffect(() => { new WebSocket(url); }, [url]);\n}",
);

#[test]
fn a_call_in_another_module_gives_the_address() {
    let call = "import { useStream } from './useStream';\nuseStream(`wss://${location.hostname}:8000`);";
    assert_found(&[HOOK, ("src/view.ts", call)], &["hardcoded-port src/view.ts:2"]);
    let open = "import { useStream } from './useStream';\nuseStream(`wss://${location.host}/stream`);";
    assert_found(&[HOOK, ("src/view.ts", open)], &[]);
    let other =
        "import { useStream } from './mine/useStream';\nuseStream(`wss://${location.hostname}:8000`);";
    assert_found(
        &[HOOK, ("src/mine/useStream.ts", "export const useStream = console.log"), ("src/view.ts", other)],
        &[],
    );
}

#[test]
fn a_default_counts_only_where_a_call_leaves_it() {
    let hook = (
        "src/useTicks.ts",
        "export function useTicks(url = 'ws://localhost:8080/ticks') {\n  new WebSocket(url);\n}\ndocument.title = 'x';",
    );
    let own = "import { useTicks } from './useTicks';\nuseTicks(`wss://${location.host}/ticks`);";
    assert_found(&[hook, ("src/view.ts", own)], &[]);
    let without = "import { useTicks } from './useTicks';\nuseTicks();";
    let default = ["localhost-url src/useTicks.ts:1"];
    assert_found(&[hook, ("src/view.ts", own), ("src/other.ts", without)], &default);
    assert_found(&[hook], &default);
    let unknown = "import { useTicks } from './useTicks';\nuseTicks(window.settings.ticks);";
    assert_found(&[hook, ("src/view.ts", unknown)], &default);
}

#[test]
fn modules_that_pass_a_function_on_lead_to_its_callers() {
    let call = "import { useLive } from './hooks';\nuseLive(`wss://${location.hostname}:8000`);";
    let all = [("src/hooks/index.ts", "export * from './live';"), ("src/view.ts", call)];
    let hook = ("src/hooks/live.ts", "export const useLive = (url) => new WebSocket(url);");
    assert_found(&[hook, all[0], all[1]], &["hardcoded-port src/view.ts:2"]);
    let renamed = ("src/hooks/index.ts", "export { default as useLive } from './live';");
    let default = ("src/hooks/live.ts", "export default function (url) { return new WebSocket(url); }");
    assert_found(&[default, renamed, all[1]], &["hardcoded-port src/view.ts:2"]);
    assert_found(&[hook, all[1]], &[]);
}

#[test]
fn a_component_is_given_what_its_element_says() {
    let component =
        ("src/Chat.tsx", "export function Chat({ url }) {\n  new WebSocket(url);\n  return <p />;\n}");
    let view = |attributes: &str| {
        format!("import {{ Chat }} from './Chat';\nexport const View = () => <Chat {attributes} />;")
    };
    let port = ["hardcoded-port src/View.tsx:2"];
    assert_found(&[component, ("src/View.tsx", &view("url=\"wss://example.org:8000\""))], &port);
    assert_found(&[component, ("src/View.tsx", &view("url={`wss://${location.hostname}:8000`}"))], &port);
    assert_found(&[component, ("src/View.tsx", &view("{...{ url: 'wss://example.org:8000' }}"))], &port);
    assert_found(&[component, ("src/View.tsx", &view("url={`wss://${location.host}`}"))], &[]);
    assert_found(&[component, ("src/View.tsx", &view("title=\"wss://example.org:8000\""))], &[]);
    let whole = (
        "src/Chat.tsx",
        "import { memo } from 'react';\nconst Chat = memo((props) => { new WebSocket(props.url); });\nexport { Chat };",
    );
    assert_found(&[whole, ("src/View.tsx", &view("url=\"wss://example.org:8000\""))], &port);
}

#[test]
fn callers_are_followed_through_several_calls() {
    let socket = ("src/socket.ts", "export const open = (url: string) => new WebSocket(url);");
    let client = (
        "src/client.ts",
        "import { open } from './socket';\nexport function connect(port: number) { return open(`wss://${location.hostname}:${port}`); }",
    );
    let main = ("src/main.ts", "import { connect } from './client';\nconnect(8000);");
    assert_found(&[socket, client, main], &["hardcoded-port src/main.ts:2"]);
    assert_found(
        &[socket, client, ("src/main.ts", "import { connect } from './client';\nconnect(443);")],
        &[],
    );
}

#[test]
fn a_class_is_given_what_constructs_it() {
    let class = (
        "src/client.ts",
        "export class Client {\n  constructor(private options: { url: string }) {}\n  open() { return new WebSocket(this.options.url); }\n}",
    );
    let main = (
        "src/main.ts",
        "import { Client } from './client';\nnew Client({ url: 'wss://example.org:8000' }).open();",
    );
    assert_found(&[class, main], &["hardcoded-port src/main.ts:2"]);
    let singleton = (
        "src/client.ts",
        "class Client { connect(url: string) { this.socket = new WebSocket(url); } }\nexport default new Client();",
    );
    let main = ("src/main.ts", "import client from './client';\nclient.connect('wss://example.org:8000');");
    assert_found(&[singleton, main], &["hardcoded-port src/main.ts:2"]);
    let other = (
        "src/main.ts",
        "import client from './client';\nimport db from 'db';\ndb.connect('http://example.org:8000'); client.connect(db.url);",
    );
    assert_found(&[singleton, other], &[]);
}

#[test]
fn an_injected_object_is_of_the_class_that_its_parameter_names() {
    let service = (
        "src/socket.service.ts",
        "export class SocketService { connect(url: string) { return new WebSocket(url); } }",
    );
    let component = (
        "src/chat.component.ts",
        indoc! {"
            import { SocketService } from './socket.service';
            export class Chat {
              constructor(private sockets: SocketService) {}
              start() { this.sockets.connect('wss://example.org:8000'); }
            }"},
    );
    assert_found(&[service, component], &["hardcoded-port src/chat.component.ts:4"]);
    let asking = (
        "src/chat.component.ts",
        indoc! {"
            import { inject } from '@angular/core';
            import { SocketService } from './socket.service';
            export class Chat {
              private sockets = inject(SocketService);
              start() { this.sockets.connect('wss://example.org:8000'); }
            }"},
    );
    assert_found(&[service, asking], &["hardcoded-port src/chat.component.ts:5"]);
    let settings = ("src/settings.ts", "export class Settings { port = 8000; }");
    let reader = (
        "src/socket.ts",
        indoc! {"
            import { Settings } from './settings';
            export class Socket {
              constructor(private settings: Settings) {}
              open() { return new WebSocket(`wss://${location.hostname}:${this.settings.port}`); }
            }"},
    );
    assert_found(&[settings, reader], &["hardcoded-port src/settings.ts:1"]);
}

#[test]
fn calls_that_never_reach_production_give_nothing() {
    let import = "import { useStream } from './useStream';\n";
    let call = "useStream(`wss://${location.hostname}:8000`);";
    let guarded = format!("{import}if (import.meta.env.DEV) {{ {call} }}");
    assert_found(&[HOOK, ("src/view.ts", &guarded)], &[]);
    let test = format!("{import}{call}");
    assert_found(&[HOOK, ("src/view.test.ts", &test)], &[]);
    let server = format!("import fs from 'node:fs';\n{test}");
    assert_found(&[HOOK, ("src/tool.ts", &server)], &[]);
}
