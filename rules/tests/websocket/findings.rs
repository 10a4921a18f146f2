//! Where a socket's address can come from, both ways: what breaks in production is found where it is decided, and what
//! does not is left alone.

use indoc::indoc;
use policy_core::finding::Edit;

use crate::tree::{assert_in_module, assert_port, assert_quiet, found, of_sockets};

/// What is left of a module once the fix of its only finding is applied.
fn fixed(code: &str) -> Option<String> {
    let fix = of_sockets(&[("src/app.ts", code)]).into_iter().find_map(|found| found.finding.fix)?;
    let mut text = code.to_owned();
    // From the end, so that places before stay what they are.
    for edit in fix.edits.into_iter().rev() {
        let Edit::Replace { span, text: replacement } = edit else { return None };
        text.replace_range(span.range(), &replacement);
    }
    Some(text)
}

#[test]
fn a_port_after_the_pages_host_gives_way_to_the_pages_own() {
    let fixed_to =
        |code: &str, expected: Option<&str>| assert_eq!(fixed(code).as_deref(), expected, "{code}");
    fixed_to(
        "new WebSocket(`wss://${location.hostname}:8000/api`)",
        Some("new WebSocket(`wss://${location.host}/api`)"),
    );
    fixed_to(
        "new WebSocket('wss://' + location.hostname + ':8000')",
        Some("new WebSocket('wss://' + location.host + '')"),
    );
    fixed_to(
        "new WebSocket(`wss://${window.location.hostname}:8000/api`)",
        Some("new WebSocket(`wss://${window.location.host}/api`)"),
    );
    // The name may be used elsewhere, without a port.
    fixed_to("const host = location.hostname;\nnew WebSocket(`wss://${host}:8000/api`)", None);
    fixed_to("new WebSocket('wss://example.org:8000')", None);
    fixed_to("new WebSocket(`wss://${location.hostname}:${8000}`)", None);
}

#[test]
fn a_message_shows_no_secret_of_an_address() {
    let code = "document.title = 'x';\nnew WebSocket('ws://me:pass@localhost:8000/ws/0123456789abcdef0123/x?token=abc')";
    let found = of_sockets(&[("src/app.ts", code)]);
    let messages: Vec<&str> = found.iter().map(|found| found.finding.message.as_str()).collect();
    assert_eq!(
        messages,
        ["the socket to `ws://localhost:8000/ws/…/x?…` connects every visitor to their own machine"]
    );
}

#[test]
fn texts_are_put_together() {
    assert_port("new WebSocket(`ws://${location.hostname}:8000/api`)");
    assert_port("new WebSocket('ws://' + location.hostname + ':8000/api')");
    assert_port("new WebSocket('ws://'.concat(window.location.hostname, ':8000'))");
    assert_port("new WebSocket(['ws://', location.hostname, ':', 8000].join(''))");
    assert_port("new WebSocket('http://example.org:8000/api'.replace('http', 'ws'))");
    assert_port("new WebSocket(String(`ws://example.org:${(8000).toString()}`))");
    assert_port("new WebSocket(('wss://example.org:8443' as string)!)");
    assert_port("new WebSocket(location.origin.replace(/^http/, 'ws') + ':8000')");
    assert_port("new WebSocket('ws://' + location.host.split(':')[0] + ':8000')");
    assert_quiet("new WebSocket(location.origin.replace(/^http/, 'ws') + '/api')");
    assert_quiet("new WebSocket(`wss://${location.host}/a:8000`)");
    assert_quiet("new WebSocket(`wss://example.org:443/api`)");
    assert_quiet("new WebSocket(`wss://${location.hostname}:${location.port}/api`)");
    assert_quiet("const cast = 1 as 8000; new WebSocket(`wss://${location.hostname}:${other as 8000}`)");
}

#[test]
fn a_module_of_angular_can_be_given_the_address() {
    let import = "import { SocketIoModule } from 'ngx-socket-io';\n";
    let config = "const config = { url: 'http://api.example.com:3000', options: {} };\n";
    let module = "@NgModule({ imports: [SocketIoModule.forRoot(config)] })\nexport class AppModule {}\n";
    assert_in_module(&format!("{import}{config}{module}"), &["hardcoded-port:2"]);
}

#[test]
fn url_objects_are_read_and_written() {
    assert_port(
        "const u = new URL('/api', location.href); u.protocol = 'wss:'; u.port = '8000'; new WebSocket(u)",
    );
    assert_port("const u = new URL(location.href); u.port = '8000'; new WebSocket(u.toString())");
    assert_port(
        "const u = new URL('ws://example.org:8000/x'); u.searchParams.set('a', 'b'); new WebSocket(u.href)",
    );
    assert_port("const u = new URL('ws://example.org:8000/x'); new WebSocket(`ws://${u.host}/y`)");
    assert_quiet("const u = new URL('ws://example.org:8000/x'); new WebSocket(`wss://${u.hostname}/y`)");
    assert_quiet("const u = new URL('/api', location.href); u.protocol = 'wss:'; new WebSocket(u)");
    assert_quiet("const u = new URL(location.href); u.port = '8000'; u.port = ''; new WebSocket(u)");
    assert_port("const p = new URLSearchParams({ a: '1' }); new WebSocket('wss://example.org:8000/x?' + p)");
}

#[test]
fn names_have_the_values_that_reach_them() {
    assert_in_module(
        indoc! {"
            let url = 'ws://example.org:1/a';
            if (x) {
             url = 'ws://example.org:8000/b';
            } else {
             url = 'wss://example.org/c';
            }
            new WebSocket(url)"},
        &["hardcoded-port:3"],
    );
    assert_quiet("let url = 'ws://example.org:8000'; url = 'wss://example.org'; new WebSocket(url)");
    assert_in_module(
        "let url = 'ws://example.org:8000';\nif (x) url = 'wss://example.org';\nnew WebSocket(url)",
        &["hardcoded-port:1"],
    );
    assert_quiet(
        "let url; if (x) { url = 'ws://example.org:8000'; return; } url = 'wss://example.org'; new WebSocket(url)",
    );
    assert_in_module(
        "let port;\nfunction set() { port = 8000 }\nnew WebSocket(`wss://example.org:${port}`)",
        &["hardcoded-port:2"],
    );
    assert_in_module(
        "let url = 'wss://example.org';\nfor (;;) {\n new WebSocket(url);\n url = 'ws://example.org:8000';\n}",
        &["hardcoded-port:4"],
    );
    // What is settled before a function is made has its value in it.
    assert_quiet(
        "let url = 'ws://example.org:8000'; url = 'wss://example.org'; const open = () => new WebSocket(url)",
    );
    assert_quiet(
        "let url = 'ws://example.org:8000'; if (!location.port) url = 'wss://example.org'; function open() { new WebSocket(url) }",
    );
    assert_port(
        "let url = 'wss://example.org'; function set() { url = 'ws://example.org:8000' } url = '/ws'; function open() { new WebSocket(url) }",
    );
    assert_port(
        "let url = 'ws://example.org:8000'; const open = () => new WebSocket(url); url = 'wss://example.org'",
    );
    // Either both were overwritten or none.
    assert_quiet(
        "let port = 8000, host = other(); if (x) { port = 443; host = 'example.org' } new WebSocket(`wss://${host}:${port}`)",
    );
    assert_port("const { port = 8000 } = options; new WebSocket(`wss://example.org:${port}`)");
    assert_port(
        "const { api: { port: p } } = { api: { port: 8000 } }; new WebSocket(`wss://example.org:${p}`)",
    );
    assert_port("const [a, b] = ['x', ':8000']; new WebSocket('wss://example.org' + b)");
    assert_port("let url = 'wss://example.org'; url += ':8000'; new WebSocket(url)");
}

#[test]
fn choices_keep_both_sides_and_what_belongs_together() {
    assert_port("new WebSocket(`wss://example.org:${settings.port ?? 8000}`)");
    assert_port("new WebSocket(`wss://${location.hostname}:${location.port || 8000}`)");
    assert_port("new WebSocket(x ? 'wss://example.org' : 'ws://example.org:8000')");
    assert_quiet(
        "const port = x ? 8000 : 443; const host = x ? y : 'example.org'; new WebSocket(`wss://${host}:${port}`)",
    );
    assert_quiet("new WebSocket('wss://example.org' || 'ws://example.org:8000')");
}

#[test]
fn objects_classes_and_enums_are_followed() {
    assert_port("const c = { a: { port: 8000 } } as const; new WebSocket(`wss://example.org:${c.a.port}`)");
    assert_port("const c = Object.freeze({ port: 8000 }); new WebSocket(`wss://example.org:${c['port']}`)");
    assert_port("const b = { port: 8000 }, c = { ...b, x: 1 }; new WebSocket(`wss://example.org:${c.port}`)");
    assert_quiet(
        "const b = { port: 8000 }, c = { ...b, port: 443 }; new WebSocket(`wss://example.org:${c.port}`)",
    );
    assert_port("enum Port { Api = 8000 }; new WebSocket(`wss://example.org:${Port.Api}`)");
    assert_port("class S { url = 'wss://example.org:8000'; open() { new WebSocket(this.url) } }");
    assert_port(
        "class S { #url; constructor() { this.#url = 'wss://example.org:8000' } open() { new WebSocket(this.#url) } }",
    );
    assert_port("class S { static PORT = 8000; open() { new WebSocket(`wss://example.org:${S.PORT}`) } }");
    assert_port(
        "class S { get url() { return 'wss://example.org:8000' } open() { new WebSocket(this.url) } }",
    );
    assert_port("class S { url() { return 'wss://example.org:8000' } open() { new WebSocket(this.url()) } }");
    assert_port(
        "class B { p = 8000 } class S extends B { open() { new WebSocket(`wss://example.org:${this.p}`) } }",
    );
    assert_port(
        "class S { constructor(private url = 'wss://example.org:8000') { new WebSocket(this.url) } }",
    );
    assert_port(
        "class B { open() { new WebSocket(this.url) } } class S extends B { url = 'wss://example.org:8000' }",
    );
    assert_port(
        "abstract class B { abstract url(): string; open() { new WebSocket(this.url()) } } class S extends B { url() { return 'wss://example.org:8000' } }",
    );
    assert_quiet(
        "class B { url = 'wss://example.org'; open() { new WebSocket(this.url) } } class S extends B { port = 'wss://example.org:8000' }",
    );
    assert_port("const c = {}; c.port = 8000; new WebSocket(`wss://example.org:${c.port}`)");
    assert_quiet(
        "class S { url = 'wss://example.org'; other = 'wss://example.org:8000'; open() { new WebSocket(this.url) } }",
    );
}

#[test]
fn functions_are_called_with_their_arguments() {
    assert_port("function url(port) { return `wss://example.org:${port}` } new WebSocket(url(8000))");
    assert_quiet(
        "function url(port) { return `wss://example.org:${port}` } new WebSocket(url(443)); url(8000)",
    );
    assert_port("const url = (port = 8000) => `wss://example.org:${port}`; new WebSocket(url())");
    assert_port("new WebSocket((() => { return 'wss://example.org:8000' })())");
    assert_port("const url = useMemo(() => 'wss://example.org:8000', []); new WebSocket(url)");
    assert_port("const [url, setUrl] = useState('wss://example.org:8000'); new WebSocket(url)");
    assert_port("const url = useRef('wss://example.org:8000'); new WebSocket(url.current)");
    assert_port("const open = useCallback(() => new WebSocket('wss://example.org:8000'), [])");
    assert_quiet("function open(url) { new WebSocket(url) }");
    assert_quiet("function f() { return f() } new WebSocket(f())");
    assert_quiet("let a = b, b = a; new WebSocket(a)");
}

#[test]
fn a_development_guard_makes_its_branch_quiet_and_the_other_one_counts() {
    for guard in [
        "import.meta.env.DEV",
        "!import.meta.env.PROD",
        "import.meta.env.MODE === 'development'",
        "process.env.NODE_ENV !== 'production'",
        "process.env['NODE_ENV'] == 'development'",
        "location.hostname === 'localhost'",
        "window.location.hostname.includes('localhost')",
        "['localhost', '127.0.0.1'].includes(location.hostname)",
        "/localhost|127\\.0\\.0\\.1/.test(location.hostname)",
        "location.port === '5173'",
        "location.host.indexOf('4200') > -1",
        "location.port === '3000' || location.port === '5173'",
        "x && import.meta.env.DEV",
        "__DEV__",
        "process.env.NODE_ENV === 'development' || localStorage.stage === 'dev'",
    ] {
        let (dev, prod) = ("'ws://example.org:8000'", "'wss://example.org'");
        assert_quiet(&format!("new WebSocket({guard} ? {dev} : {prod})"));
        assert_port(&format!("new WebSocket({guard} ? {prod} : {dev})"));
        assert_quiet(&format!("let u = {prod}; if ({guard}) {{ u = {dev} }} new WebSocket(u)"));
        assert_quiet(&format!("const dev = {guard}; if (dev) new WebSocket({dev})"));
        assert_quiet(&format!(
            "function url() {{ if ({guard}) return {dev}; return {prod} }} new WebSocket(url())"
        ));
        assert_port(&format!(
            "function url() {{ if ({guard}) return {prod}; return {dev} }} new WebSocket(url())"
        ));
    }
    assert_quiet(
        "let u; switch (location.port) { case '3000': case '5173': u = 'ws://example.org:8000'; break; default: u = 'wss://example.org' } new WebSocket(u)",
    );
    assert_port(
        "let u; switch (location.port) { case '3000': u = 'wss://example.org'; break; default: u = 'ws://example.org:8000' } new WebSocket(u)",
    );
    assert_quiet(
        "if (process.env.NODE_ENV === 'production') { open('wss://example.org') } else { new WebSocket('ws://example.org:8000') }",
    );
}

#[test]
fn a_local_host_is_said_once_and_so_is_a_fallback() {
    assert_in_module("new WebSocket('ws://localhost:8000')", &["localhost-url:1"]);
    assert_in_module("new WebSocket(import.meta.env.VITE_WS ?? 'ws://127.0.0.1:8000')", &["localhost-url:1"]);
    assert_in_module(
        "const url = 'ws://localhost:8000';\nnew WebSocket(url);\nnew WebSocket(url)",
        &["localhost-url:1"],
    );
    assert_in_module("new WebSocket('ws://stream.example.org/x')", &["insecure-scheme:1"]);
    assert_quiet("new WebSocket(location.protocol === 'https:' ? 'wss://example.org' : 'ws://example.org')");
}

#[test]
fn sockets_are_known_by_their_library() {
    let port = |code: &str| assert_in_module(code, &["hardcoded-port:2"]);
    port("import { io } from 'socket.io-client';\nio('http://example.org:3001')");
    port("import * as client from 'socket.io-client';\nclient.connect('https://example.org:3001')");
    port("import SockJS from 'sockjs-client';\nnew SockJS('http://example.org:9005/ws')");
    port("var S = require('sockjs-client');\nnew S('http://example.org:9005/ws')");
    port("import RWS from 'reconnecting-websocket';\nnew RWS(() => 'wss://example.org:9005/ws')");
    port(
        "import { createClient } from 'graphql-ws';\ncreateClient({ url: 'wss://example.org:4000/graphql' })",
    );
    port(
        "import { SubscriptionClient } from 'subscriptions-transport-ws';\nnew SubscriptionClient('wss://example.org:4000', {})",
    );
    port(
        "import { WebSocketLink } from '@apollo/client/link/ws';\nnew WebSocketLink({ uri: 'wss://example.org:4000' })",
    );
    port("import useWebSocket from 'react-use-websocket';\nuseWebSocket('wss://example.org:4000')");
    port("import { webSocket } from 'rxjs/webSocket';\nwebSocket('wss://example.org:4000')");
    port("import { webSocket } from 'rxjs/webSocket';\nwebSocket({ url: 'wss://example.org:4000' })");
    port("import Sock from 'vue-native-websocket';\nVue.use(Sock, 'wss://' + location.hostname + ':8500')");
    port("import { Socket } from 'phoenix';\nnew Socket('wss://example.org:4000/socket')");
    port(
        "import { HubConnectionBuilder } from '@microsoft/signalr';\nnew HubConnectionBuilder().withUrl('https://example.org:5001/hub').build()",
    );
    port("import { Client } from '@stomp/stompjs';\nnew Client({ brokerURL: 'wss://example.org:15674/ws' })");
    port("import Pusher from 'pusher-js';\nnew Pusher('k', { wsHost: location.hostname, wsPort: 6001 })");
    port(
        "import Echo from 'laravel-echo';\nnew Echo({ broadcaster: 'pusher', wsHost: location.hostname, wsPort: 6001 })",
    );
    assert_quiet("import { createClient } from 'redis';\ncreateClient({ url: 'redis://example.org:6379' })");
    assert_quiet("import { createClient } from './db';\ncreateClient({ url: 'wss://example.org:6379' })");
    assert_quiet("new Audio('ws://example.org:8000'); // WebSocket");
    assert_quiet("console.log('WebSocket on ws://example.org:8000')");
    assert_quiet("import { io } from 'socket.io-client';\nio('/chat', { path: '/ws' }); io()");
}

#[test]
fn modules_are_read_where_a_socket_needs_them() {
    let socket =
        "import { PORT } from './config';\ndocument;\nnew WebSocket(`wss://${location.hostname}:${PORT}`)";
    for (path, config) in [
        ("src/config.ts", "export const PORT = 8000"),
        ("src/config/index.ts", "export { PORT } from './ports'"),
        ("src/config/index.ts", "export * from './ports'"),
        ("src/config.js", "module.exports = { PORT: 8000 }"),
        ("src/config.js", "exports.PORT = 8000"),
        ("src/config.ts", "const p = 8000; export { p as PORT }"),
        ("src/config.ts", "const p = 1; export let PORT; PORT = 8000"),
    ] {
        let ports = ("src/config/ports.ts", "export const PORT = 8000");
        let expected = if config.contains("./ports") { "src/config/ports.ts" } else { path };
        let found = found(&[("src/app.ts", socket), (path, config), ports]);
        assert_eq!(found, [format!("hardcoded-port {expected}:1")], "{config}");
    }
    let quiet =
        found(&[("src/app.ts", socket), ("src/config.ts", "export type PORT = 8000; import './app'")]);
    assert_eq!(quiet, [""; 0]);
    let cycle = found(&[
        ("src/app.ts", socket),
        ("src/config.ts", "export * from './config'; export { PORT } from './app'"),
    ]);
    assert_eq!(cycle, [""; 0]);
}

#[test]
fn pages_and_components_are_read_in_place() {
    let vue = indoc! {"
        <template><p/></template>
        <script>
        export default {
          data() { return { url: 'wss://example.org:8000' } },
          methods: { open() { this.s = new WebSocket(this.url) } },
        }
        </script>"};
    assert_eq!(found(&[("src/App.vue", vue)]), ["hardcoded-port src/App.vue:4"]);
    let setup = "<script setup lang=\"ts\">\nconst url = ref<string>('wss://example.org:8000');\nnew WebSocket(url.value)\n</script>";
    assert_eq!(found(&[("src/App.vue", setup)]), ["hardcoded-port src/App.vue:2"]);
    let html = "<html>\n<script>\nconst c = { url: 'wss://example.org:8000' };\n</script>\n<script>new WebSocket(c.url)</script>";
    assert_eq!(found(&[("index.html", html)]), ["hardcoded-port index.html:3"]);
}

#[test]
fn code_that_does_not_ship_is_quiet() {
    let code = "const s = new WebSocket('wss://example.org:8000')";
    for path in [
        "src/app.test.ts",
        "src/__mocks__/socket.ts",
        "src/Chat.stories.tsx",
        "cypress/e2e/chat.ts",
        "vite.config.ts",
    ] {
        assert_eq!(found(&[(path, code)]), [""; 0], "{path}");
    }
    let server =
        "import WebSocket from 'ws';\nimport fs from 'node:fs';\nnew WebSocket('wss://example.org:8000')";
    assert_eq!(found(&[("server/index.ts", server)]), [""; 0]);
}

#[test]
fn a_function_that_is_given_an_address_opens_what_its_callers_give() {
    assert_in_module(
        "function open(url) { new WebSocket(url) }\nopen('wss://example.org:8000')",
        &["hardcoded-port:2"],
    );
    assert_in_module(
        "const open = (host, port) => new WebSocket(`wss://${host}:${port}`);\nopen(x, 8000);\nopen('example.org', 443)",
        &[],
    );
    assert_in_module(
        "class S { constructor(private url) {} open() { new WebSocket(this.url) } }\nnew S('wss://example.org:8000')",
        &["hardcoded-port:2"],
    );
    let found = found(&[
        ("src/socket.ts", "document; export const open = (url) => new WebSocket(url)"),
        ("src/app.ts", "import { open } from './socket';\n// WebSocket\nopen('wss://example.org:8000')"),
    ]);
    assert_eq!(found, ["hardcoded-port src/app.ts:3"]);
}

#[test]
fn the_environment_of_the_build_gives_values() {
    let socket = "document;\nnew WebSocket(import.meta.env.VITE_SOCKET_URL)";
    let package =
        ("package.json", r#"{ "devDependencies": { "vite": "5" }, "scripts": { "build": "vite build" } }"#);
    let production = [
        ("src/app.ts", socket),
        package,
        (".env.production", "A=1\nVITE_SOCKET_URL=wss://example.org:8000\n"),
    ];
    assert_eq!(found(&production), ["hardcoded-port .env.production:2"]);
    let development =
        [("src/app.ts", socket), package, (".env.development", "VITE_SOCKET_URL=wss://example.org:8000\n")];
    assert_eq!(found(&development), [""; 0]);
    assert_quiet("new WebSocket(import.meta.env.VITE_SOCKET_URL)");
    assert_quiet("new WebSocket(`wss://example.org:${process.env.REACT_APP_PORT}`)");
    assert_port("new WebSocket(`wss://${process.env.REACT_APP_HOST}:8000`)");
}
