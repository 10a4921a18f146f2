//! What the code around a socket is part of: pages, applications that people install, and what never ships.

use crate::tree::{Files, of_sockets};

/// The rules about sockets that find fault, without their family, and what they say.
fn findings(files: Files<'_>) -> Vec<(&'static str, String, String)> {
    let of_sockets = of_sockets(files)
        .into_iter()
        .map(|found| (found.rule.problem, found.finding.message, found.finding.help.unwrap_or_default()));
    of_sockets.collect()
}

#[track_caller]
fn assert_found(files: Files<'_>, expected: &[&str]) {
    let found: Vec<&str> = findings(files).into_iter().map(|(rule, ..)| rule).collect();
    assert_eq!(found, expected, "{files:#?}");
}

const LOCAL: &str = "import React from 'react'; export const s = new WebSocket('ws://127.0.0.1:9000');";
const WEB: (&str, &str) = ("package.json", r#"{ "dependencies": { "react": "18" } }"#);

#[test]
fn a_desktop_application_may_talk_to_its_own_machine() {
    for tool in ["electron", "electron-vite", "@tauri-apps/api"] {
        let package =
            format!(r#"{{ "dependencies": {{ "react": "18" }}, "devDependencies": {{ "{tool}": "1" }} }}"#);
        let package = ("package.json", package.as_str());
        assert_found(&[package, ("src/renderer/App.tsx", LOCAL)], &[]);
        let own = "document; new WebSocket(`ws://${location.hostname}:3131`)";
        assert_found(&[package, ("src/App.ts", own)], &[]);
        let remote = "document; new WebSocket('wss://example.org:8000')";
        assert_found(&[package, ("src/App.ts", remote)], &["hardcoded-port"]);
        // A page that the application serves to others.
        let page = ("web/package.json", WEB.1);
        assert_found(&[package, page, ("web/src/App.tsx", LOCAL)], &["localhost-url"]);
    }
    assert_found(&[WEB, ("src/renderer/App.tsx", LOCAL)], &["localhost-url"]);
}

#[test]
fn a_browser_extension_may_talk_to_its_own_machine() {
    let code = "const s = new WebSocket('ws://127.0.0.1:9222');";
    let manifest = ("extension/manifest.json", r#"{ "manifest_version": 3, "name": "x" }"#);
    assert_found(&[manifest, ("extension/background.js", code)], &[]);
    assert_found(&[("a.js", &format!("chrome.runtime.onInstalled.addListener(() => {{}}); {code}"))], &[]);
    let of_page = ("web/manifest.json", r#"{ "name": "x", "start_url": "/" }"#);
    let page = format!("document; {code}");
    assert_found(&[of_page, ("web/page.js", &page)], &["localhost-url"]);
    // Another package of the same repository is no part of the extension.
    let root = ("manifest.json", manifest.1);
    let web = ("web/package.json", WEB.1);
    assert_found(&[root, web, ("web/src/page.js", &page)], &["localhost-url"]);
}

#[test]
fn a_shell_around_a_front_end_makes_an_application() {
    let page = ("frontend/package.json", WEB.1);
    let app = ("frontend/src/App.tsx", LOCAL);
    assert_found(&[page, app], &["localhost-url"]);
    assert_found(&[page, app, ("wails.json", "{}")], &[]);
    assert_found(&[page, app, ("frontend/src-tauri/tauri.conf.json", "{}")], &[]);
    assert_found(&[page, app, ("src-tauri/tauri.conf.json", "{}")], &["localhost-url"]);
}

#[test]
fn code_that_nothing_shows_to_ship_may_connect_to_its_own_machine() {
    let agent = r#"{ "scripts": { "start": "node index.js" }, "dependencies": { "socket.io-client": "4", "vue-socket.io": "3", "express": "4" } }"#;
    let code = "const io = require('socket.io-client'); io('http://localhost:3000');";
    assert_found(&[("agent/package.json", agent), ("agent/index.js", code)], &[]);
    assert_found(&[("agent/package.json", agent), ("agent/other.js", code)], &[]);
    let port = "const io = require('socket.io-client'); io('http://example.org:3000');";
    assert_found(&[("agent/package.json", agent), ("agent/other.js", port)], &["hardcoded-port"]);
    let driver = r#"{ "dependencies": { "socket.io-client": "4", "puppeteer": "10" } }"#;
    assert_found(&[WEB, ("agent/package.json", driver), ("agent/other.js", code)], &[]);
    let by_hand = "const test = () => { const ws = new WebSocket('ws://localhost:5001/ws'); }; test();";
    let main = ("src/main.jsx", "");
    assert_found(&[WEB, main, ("test_connection.js", by_hand)], &[]);
    assert_found(&[WEB, main, ("check_ws.js", by_hand)], &[]);
    assert_found(&[WEB, main, ("src/connection.js", by_hand)], &["localhost-url"]);
    let route = "export default defineEventHandler(() => { io('http://localhost:4000') }); // socket.io\nimport { io } from 'socket.io-client';";
    let nuxt = ("package.json", r#"{ "dependencies": { "nuxt": "3" } }"#);
    assert_found(&[nuxt, ("server/api/chat.ts", route)], &[]);
}

#[test]
fn an_example_of_use_does_not_ship() {
    let page = "<script>const s = new WebSocket('ws://localhost:3000/ws');</script>";
    assert_found(&[("server/example/websocket/index.html", page)], &[]);
    assert_found(&[("server/websocket/index.html", page)], &["localhost-url"]);
    assert_found(&[WEB, ("examples/chat/App.tsx", LOCAL)], &[]);
    assert_found(&[WEB, ("src/examples/App.tsx", LOCAL)], &["localhost-url"]);
}

#[track_caller]
fn assert_said(files: Files<'_>, message: &str, help: &str) {
    let found = findings(files);
    let said: Vec<_> = found.iter().map(|(_, message, help)| (message.as_str(), help.as_str())).collect();
    assert_eq!(said, [(message, help)], "{files:#?}");
}

#[test]
fn a_message_claims_no_more_than_the_code_does() {
    let either = "document; new WebSocket(x ? '/ws' : 'ws://localhost:8000')";
    assert_said(
        &[("app.js", either)],
        "the socket to `ws://localhost:8000` can connect visitors to their own machine",
        "use `location.host`",
    );
    let fallback = "document; new WebSocket(import.meta.env.VITE_WS ?? 'ws://localhost:8000')";
    let vite = ("package.json", r#"{ "devDependencies": { "vite": "5" } }"#);
    assert_said(
        &[vite, ("app.js", fallback)],
        "the socket to `ws://localhost:8000` can connect visitors to their own machine",
        "use `location.host`, or use this address only under `import.meta.env.DEV`",
    );
    let always = "document; new WebSocket((x ? 'ws' : 'wss') + '://localhost:8000/ws?room=' + room)";
    let next = ("package.json", r#"{ "dependencies": { "next": "15" } }"#);
    let found = findings(&[next, ("app.js", always)]);
    let (_, message, help) = found.first().unwrap();
    assert_eq!(
        message,
        "the socket to `ws://localhost:8000/ws?…` connects every visitor to their own machine"
    );
    assert!(help.ends_with("under `process.env.NODE_ENV === 'development'`"), "{help}");
}

#[test]
fn help_fits_the_file_that_gives_the_address() {
    let vite =
        ("package.json", r#"{ "devDependencies": { "vite": "5" }, "scripts": { "build": "vite build" } }"#);
    let app = ("src/app.ts", "document; new WebSocket(import.meta.env.VITE_WS)");
    assert_said(
        &[vite, app, (".env.production", "VITE_WS=ws://localhost:8000")],
        "the socket to `ws://localhost:8000` connects every visitor to their own machine",
        "set the address of the deployment here",
    );
}

#[test]
fn a_device_is_no_page() {
    let native = ("package.json", r#"{ "dependencies": { "react-native": "0.7" } }"#);
    let help = "take the whole address from a build-time environment variable, or use this address only under `__DEV__`";
    assert_said(
        &[native, ("App.tsx", "import 'react-native'; new WebSocket('ws://localhost:8000')")],
        "the socket to `ws://localhost:8000` connects every device to itself",
        help,
    );
    assert_said(
        &[native, ("App.tsx", "import 'react-native'; new WebSocket('ws://10.0.2.2:8000')")],
        "the socket to `ws://10.0.2.2:8000` connects to the developer's machine",
        help,
    );
}

#[test]
fn a_private_host_is_what_is_wrong_and_not_its_port() {
    for host in ["192.168.1.20", "10.1.2.3", "172.16.0.9", "backend", "printer.local"] {
        assert_said(
            &[("app.js", &format!("document; new WebSocket('ws://{host}:9222')"))],
            &format!(
                "the socket to `ws://{host}:9222` connects to `{host}`, which is reachable only in a private network"
            ),
            "use `location.host`, or take the whole address from a build-time environment variable",
        );
    }
    assert_said(
        &[("app.js", "document; new WebSocket('ws://172.32.0.9:9222')")],
        "the socket to `ws://172.32.0.9:9222` uses port 9222, which is closed behind a load balancer",
        "remove the port, or take the whole address from a build-time environment variable",
    );
}
