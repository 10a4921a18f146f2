//! What is chosen under a condition, and what libraries are given: development is quiet and production counts.

use indoc::indoc;

use crate::tree::of_sockets;

/// The rules about sockets that find fault with a module, without their family.
fn found(code: &str) -> Vec<&'static str> {
    let code = format!("document.title = 'x';\n{code}");
    of_sockets(&[("src/app.ts", &code)]).into_iter().map(|found| found.rule.problem).collect()
}

/// `DEV` and `PROD` in `code` stand for an address that only development opens and one that production does.
#[track_caller]
fn assert_guards(code: &str) {
    let (closed, open) = ("'wss://example.org:8000'", "'wss://example.org'");
    let guarded = code.replace("DEV_URL", closed).replace("PROD_URL", open);
    assert_eq!(found(&guarded), [""; 0], "{guarded}");
    let ships = code.replace("PROD_URL", closed).replace("DEV_URL", open);
    assert_eq!(found(&ships), ["hardcoded-port"], "{ships}");
}

#[test]
fn a_condition_may_be_negated() {
    assert_guards("new WebSocket(!import.meta.env.DEV ? PROD_URL : DEV_URL)");
    assert_guards("new WebSocket(!(process.env.NODE_ENV === 'production') ? DEV_URL : PROD_URL)");
    assert_guards(
        "const local = location.hostname === 'localhost'; new WebSocket(!local ? PROD_URL : DEV_URL)",
    );
    assert_guards(
        "const live = !import.meta.env.DEV; let u = DEV_URL; if (live) { u = PROD_URL } new WebSocket(u)",
    );
    assert_guards(
        "if (location.hostname !== 'localhost') { new WebSocket(PROD_URL) } else { new WebSocket(DEV_URL) }",
    );
}

#[test]
fn conditions_may_be_combined() {
    assert_guards("new WebSocket(import.meta.env.DEV && debug ? DEV_URL : PROD_URL)");
    assert_guards(
        "new WebSocket(location.hostname === 'localhost' || location.hostname === '127.0.0.1' ? DEV_URL : PROD_URL)",
    );
    assert_guards(
        "new WebSocket(!(location.hostname === 'localhost' || location.hostname === '127.0.0.1') ? PROD_URL : DEV_URL)",
    );
    assert_guards(
        "new WebSocket(location.hostname !== 'localhost' && location.hostname !== '127.0.0.1' ? PROD_URL : DEV_URL)",
    );
    assert_eq!(
        found(
            "new WebSocket(import.meta.env.DEV || forced ? 'wss://example.org:8000' : 'wss://example.org')"
        ),
        ["hardcoded-port"]
    );
}

#[test]
fn a_switch_chooses() {
    assert_guards(
        "let u; switch (import.meta.env.MODE) { case 'development': u = DEV_URL; break; default: u = PROD_URL } new WebSocket(u)",
    );
    assert_guards(
        "function url() { switch (process.env.NODE_ENV) { case 'production': return PROD_URL; default: return DEV_URL } } new WebSocket(url())",
    );
    assert_guards(
        "function url() { switch (location.hostname) { case 'localhost': case '127.0.0.1': return DEV_URL } return PROD_URL } new WebSocket(url())",
    );
}

#[test]
fn an_early_return_leaves_the_rest_to_production() {
    assert_guards(
        "function url() { if (import.meta.env.DEV) { return DEV_URL } return PROD_URL } new WebSocket(url())",
    );
    assert_guards(
        "function url() { if (import.meta.env.PROD) return PROD_URL; return DEV_URL } new WebSocket(url())",
    );
    assert_guards(
        "function open() { if (!import.meta.env.DEV) { new WebSocket(PROD_URL); return } new WebSocket(DEV_URL) }",
    );
    assert_guards(
        "function url() { if (location.port === '5173') { if (x) { return DEV_URL } return DEV_URL } return PROD_URL } new WebSocket(url())",
    );
    assert_guards("function url() { if (__DEV__) throw DEV_URL; return PROD_URL } new WebSocket(url())");
}

#[test]
fn a_property_that_production_overwrites_is_gone() {
    assert_guards(
        "const to = { url: DEV_URL }; if (!window.location.port) to.url = PROD_URL; new WebSocket(to.url)",
    );
    assert_guards(
        "const to = { url: DEV_URL }; if (import.meta.env.PROD) { to.url = PROD_URL } new WebSocket(to.url)",
    );
    assert_guards(
        "class S { constructor() { this.url = DEV_URL; if (import.meta.env.PROD) this.url = PROD_URL } open() { new WebSocket(this.url) } }",
    );
    assert_eq!(
        found("const to = { url: 'wss://example.org:8000' }; if (x) to.url = '/ws'; new WebSocket(to.url)"),
        ["hardcoded-port"]
    );
    assert_eq!(
        found(
            "class S { constructor() { this.url = 'wss://example.org:8000'; if (x) this.url = '/ws' } open() { new WebSocket(this.url) } }"
        ),
        ["hardcoded-port"]
    );
    assert_eq!(
        found(
            "class S { constructor() { this.url = 'wss://example.org:8000'; new WebSocket(this.url); this.url = '/ws' } }"
        ),
        ["hardcoded-port"]
    );
}

#[test]
fn a_page_comes_over_http() {
    for guard in [
        "location.protocol.indexOf('http') === 0",
        "location.protocol.indexOf('http') !== -1",
        "location.protocol.startsWith('http')",
        "location.protocol.includes('http')",
        "/^https?:$/.test(location.protocol)",
        "location.protocol.match(/^http/)",
        "location.href.startsWith('http')",
        "window.origin.indexOf('http') === 0",
        "!location.protocol.startsWith('file')",
        "location.protocol !== 'chrome-extension:'",
        "['http:', 'https:'].includes(location.protocol)",
    ] {
        assert_guards(&format!("new WebSocket({guard} ? PROD_URL : DEV_URL)"));
    }
    for open in ["location.protocol.startsWith('https')", "location.protocol.indexOf('https') === 0"] {
        let either = format!("new WebSocket({open} ? 'wss://example.org:8000' : '/ws')");
        assert_eq!(found(&either), ["hardcoded-port"], "{open}");
        let other = format!("new WebSocket({open} ? '/ws' : 'wss://example.org:8000')");
        assert_eq!(found(&other), ["hardcoded-port"], "{open}");
    }
}

#[test]
fn only_a_desktop_or_a_phone_has_what_its_runtime_adds() {
    for guard in [
        "navigator.userAgent.indexOf('Electron') >= 0",
        "navigator.userAgent.toLowerCase().includes('electron')",
        "/electron/i.test(navigator.userAgent)",
        "window.process?.type === 'renderer'",
        "process.versions.electron",
        "typeof process !== 'undefined' && process.versions && !!process.versions.electron",
        "window.electronAPI",
        "window.electron.isDesktop()",
        "'__TAURI__' in window",
        "typeof window.__TAURI__ !== 'undefined'",
        "window.__TAURI_INTERNALS__ != null",
        "isElectron()",
        "platform.isDesktop()",
    ] {
        assert_guards(&format!("new WebSocket({guard} ? DEV_URL : PROD_URL)"));
    }
    assert_guards(
        "import { Capacitor } from '@capacitor/core'; new WebSocket(Capacitor.isNativePlatform() ? DEV_URL : PROD_URL)",
    );
    assert_guards(
        "import isElectron from 'is-electron'; let local = false; if (isElectron()) local = true; let u = PROD_URL; if (local) u = DEV_URL; new WebSocket(u)",
    );
    let other = "navigator.userAgent.includes('Firefox') ? 'wss://example.org:8000' : '/ws'";
    assert_eq!(found(&format!("new WebSocket({other})")), ["hardcoded-port"]);
    let other = "'showPicker' in window ? 'wss://example.org:8000' : '/ws'";
    assert_eq!(found(&format!("new WebSocket({other})")), ["hardcoded-port"]);
}

#[test]
fn a_local_address_is_not_chosen_for_a_public_page() {
    for guard in [
        "location.hostname.endsWith('example.com')",
        "location.hostname === 'live.example.com'",
        "location.host.includes('example.com')",
        "location.protocol === 'https:'",
        "!(location.protocol === 'http:')",
        "location.hostname === 'example.com' || location.hostname === 'www.example.com'",
    ] {
        let (public, local) = ("'wss://live.example.com'", "'ws://localhost:8000'");
        assert_eq!(found(&format!("new WebSocket({guard} ? {public} : {local})")), [""; 0], "{guard}");
        assert_eq!(
            found(&format!("let u = {local}; if ({guard}) {{ u = {public} }} new WebSocket(u)")),
            [""; 0],
            "{guard}"
        );
        assert_eq!(found(&format!("if (!({guard})) new WebSocket({local})")), [""; 0], "{guard}");
        assert_eq!(
            found(&format!(
                "import {{ webSocket }} from 'rxjs/webSocket'; webSocket({{ url: {guard} ? {public} : {local} }})"
            )),
            [""; 0],
            "{guard}"
        );
        let local = format!("new WebSocket({guard} ? {local} : {public})");
        assert_eq!(found(&local), ["localhost-url"], "{guard}");
        let port = format!("new WebSocket({guard} ? {public} : 'wss://example.org:8000')");
        assert_eq!(found(&port), ["hardcoded-port"], "{guard}");
    }
    assert_eq!(
        found(indoc! {"
            function url() {
              if (import.meta.env.PROD && location.protocol === 'http:') { return '/a' }
              else if (import.meta.env.PROD && location.protocol === 'https:') { return '/b' }
              else { return 'ws://localhost:8000' }
            }
            new WebSocket(url())
        "}),
        [""; 0]
    );
    assert_eq!(
        found(
            "const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'; new WebSocket(`${scheme}//localhost:8000`)"
        ),
        ["localhost-url"]
    );
}

#[test]
fn a_switch_that_only_developers_throw_is_off() {
    for guard in [
        "module.hot",
        "import.meta.webpackHot",
        "Boolean(location.hostname === 'localhost' || location.hostname === '[::1]' || location.hostname.match(/^127(?:\\.(?:25[0-5]|[0-9]{1,2})){3}$/))",
        "import.meta.env.VITE_ENVIRONMENT !== 'production'",
        "process.env.NEXT_PUBLIC_USE_MOCK === 'true'",
        "import.meta.env.VITE_ENABLE_LOCAL",
        "localStorage.getItem('debug')",
        "localStorage.getItem('dev') === 'true'",
        "new URLSearchParams(location.search).has('dev')",
        "new URLSearchParams(location.search).get('debug') === '1'",
    ] {
        assert_guards(&format!("new WebSocket({guard} ? DEV_URL : PROD_URL)"));
    }
    assert_guards("import { dev } from '$app/environment'; new WebSocket(dev ? DEV_URL : PROD_URL)");
    assert_guards("import { DEV } from 'esm-env'; new WebSocket(DEV ? DEV_URL : PROD_URL)");
    for guard in [
        "localStorage.getItem('token')",
        "new URLSearchParams(location.search).has('room')",
        "process.env.NEXT_PUBLIC_SOCKET_KIND === 'direct'",
    ] {
        let either = format!("new WebSocket({guard} ? 'wss://example.org:8000' : '/ws')");
        assert_eq!(found(&either), ["hardcoded-port"], "{guard}");
    }
}

#[test]
fn every_library_is_quiet_about_an_open_port_and_speaks_of_a_closed_one() {
    let mut wrong = Vec::new();
    for code in [
        "import { io } from 'socket.io-client'; io('https://example.orgPORT')",
        "import io from 'socket.io-client'; io.connect('https://example.orgPORT')",
        "import { Manager } from 'socket.io-client'; new Manager('https://example.orgPORT').socket('/')",
        "import useWebSocket from 'react-use-websocket'; const { send } = useWebSocket('wss://example.orgPORT')",
        "import { useWebSocket } from '@vueuse/core'; useWebSocket('wss://example.orgPORT')",
        "import { createClient } from 'graphql-ws'; createClient({ url: () => 'wss://example.orgPORT' })",
        "import { GraphQLWsLink } from '@apollo/client/link/subscriptions'; import { createClient } from 'graphql-ws'; new GraphQLWsLink(createClient({ url: 'wss://example.orgPORT' }))",
        "import { WebSocketLink } from '@apollo/client/link/ws'; new WebSocketLink({ uri: 'wss://example.orgPORT' })",
        "import { WebSocketSubject } from 'rxjs/webSocket'; new WebSocketSubject('wss://example.orgPORT')",
        "import { webSocket } from 'rxjs/webSocket'; webSocket({ url: 'wss://example.orgPORT' })",
        "import { Socket } from 'phoenix'; new Socket('wss://example.orgPORT/socket', {}).connect()",
        "import * as signalR from '@microsoft/signalr'; new signalR.HubConnectionBuilder().withUrl('https://example.orgPORT/hub').build()",
        "import { Client } from '@stomp/stompjs'; const c = new Client(); c.configure({ brokerURL: 'wss://example.orgPORT/ws' })",
        "import { Client } from '@stomp/stompjs'; import SockJS from 'sockjs-client'; new Client({ webSocketFactory: () => new SockJS('https://example.orgPORT/ws') })",
        "import { Stomp } from '@stomp/stompjs'; Stomp.client('wss://example.orgPORT/ws')",
        "const u = new URL('wss://example.org/x'); if (y) { u.port = 'DIGITS' } new WebSocket(u)",
        "const u = new URL('/x', location.href); u.port = DIGITS; u.searchParams.append('a', 'b'); new WebSocket(u.toString())",
        "const p = new URLSearchParams(); p.append('a', 'b'); new WebSocket(`wss://example.orgPORT/x?${p.toString()}`)",
    ] {
        let with = |port: &str| code.replace("PORT", &format!(":{port}")).replace("DIGITS", port);
        let both = (found(&with("8000")), found(&with("443")));
        if both != (vec!["hardcoded-port"], Vec::new()) {
            wrong.push((code, both));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for code in [
        "import Pusher from 'pusher-js'; new Pusher('k', { wsHost: location.hostname, wsPort: 6001 })",
        "import Echo from 'laravel-echo'; new Echo({ broadcaster: 'reverb', wsHost: location.hostname, wssPort: 6001 })",
    ] {
        assert_eq!(found(code), ["hardcoded-port"], "{code}");
        assert_eq!(found(&code.replace("6001", "443")), [""; 0], "{code}");
    }
}
