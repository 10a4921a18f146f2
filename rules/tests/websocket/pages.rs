//! Sockets that pages open: scripts with the tags of templates, scripts that share their names, and what is broken.

use indoc::indoc;
use policy_core::config::Settings;

use crate::tree::{Files, assert_found, check, found};

const SOCKET: &str = "new WebSocket('ws://' + window.location.hostname + ':8000/ws');";

#[test]
fn tags_of_templates_cost_nothing_of_the_script_around_them() {
    let port = ["hardcoded-port templates/room.html:2"];
    for tag in [
        "var user = {{ user|tojson }};",
        "{% if debug %} log(1); {% endif %}",
        "const room = <%= JSON.stringify(room) %>;",
        "var a = <?= $a ?>; <?php if ($b): ?> log(1); <?php endif; ?>",
        "{{ range .Rooms }} add({{ . }}); {{ end }}",
        "var csrf = '{% url \'room\' %}';",
    ] {
        let page = format!("<script>\n{SOCKET}\n{tag}\n</script>");
        assert_found(&[("templates/room.html", &page)], &port);
        let open = page.replace("hostname + ':8000/ws'", "host + '/ws'");
        assert_found(&[("templates/room.html", &open)], &[]);
    }
}

#[test]
fn a_port_that_a_template_fills_in_is_not_known() {
    let page = "<script>\nconst port = {{ port }};\nnew WebSocket(`ws://${location.hostname}:${port}/ws`);\n</script>";
    assert_found(&[("templates/room.html", page)], &[]);
}

#[test]
fn what_a_page_says_of_itself_is_read_by_its_scripts() {
    let page = |content: &str| {
        format!("<meta name=\"ws-port\" content=\"{content}\">\n<script src=\"/app.js\"></script>")
    };
    for read in [".content", "?.content", ".getAttribute('content')"] {
        for selector in ["meta[name=\"ws-port\"]", "meta[name=ws-port]"] {
            let script = format!(
                "const port = document.querySelector('{selector}'){read};\nnew WebSocket(`ws://${{location.hostname}}:${{port}}/ws`);"
            );
            let found = |content: &str, expected: &[&str]| {
                assert_found(&[("public/index.html", &page(content)), ("public/app.js", &script)], expected);
            };
            found("6001", &["hardcoded-port public/index.html:1"]);
            found("443", &[]);
            found("<%= port %>", &[]);
            found("{{ port }}", &[]);
        }
    }
    let other = "const port = document.querySelector('meta[name=\"x\"]').content;\nnew WebSocket(`ws://${location.hostname}:${port}/ws`);";
    assert_found(&[("public/index.html", &page("6001")), ("public/app.js", other)], &[]);
}

#[test]
fn templates_are_pages_whatever_their_ending() {
    let page = format!("<html><script>\nvar user = {{{{ user }}}};\n{SOCKET}\n</script></html>");
    for path in [
        "views/room.ejs",
        "views/room.hbs",
        "app/room.html.erb",
        "views/room.blade.php",
        "web/room.jinja2",
        "web/room.html.j2",
    ] {
        assert_found(&[(path, &page)], &[&format!("hardcoded-port {path}:3")]);
    }
    assert_found(&[("deploy/room.conf.j2", &page)], &[]);
}

#[test]
fn what_a_template_makes_of_a_script_is_not_called_broken() {
    let page = format!("<script>\nconst a = [{{{{ a }}}} {{{{ b }}}}];\n{SOCKET}\n</script>");
    let files: Files<'_> = &[("templates/room.html", &page)];
    assert_found(files, &["hardcoded-port templates/room.html:3"]);
    let unresolved = check(files, &Settings::default()).unresolved;
    assert!(unresolved.iter().any(|value| value.why.contains("template tags")), "{unresolved:?}");
}

#[test]
fn a_broken_statement_costs_that_statement() {
    let script =
        "const broken = ;\nconst PORT = 8000;\nnew WebSocket(`wss://${location.hostname}:${PORT}`);\n";
    assert_found(
        &[("src/live.ts", script)],
        &["input/unreadable src/live.ts:1", "hardcoded-port src/live.ts:2"],
    );
    let commented = "const broken = ;\n/*\nnew WebSocket('wss://example.org:8000');\n*/\n";
    assert_found(&[("src/live.ts", commented)], &["input/unreadable src/live.ts:1"]);
}

#[test]
fn flow_types_are_not_called_broken() {
    let script = "// @flow\nconst name: ?string = 'x';\nnew WebSocket('wss://example.org:8000');\n";
    assert_found(&[("src/live.js", script)], &["hardcoded-port src/live.js:3"]);
}

#[test]
fn the_scripts_of_a_page_share_their_names() {
    let page = "<script src=\"js/ports.js\"></script><script src=\"js/live.js\"></script>";
    let live = "new WebSocket('ws://' + location.hostname + ':' + SOCKET.port);";
    let port = ["hardcoded-port js/ports.js:1"];
    let declared = ("js/ports.js", "const SOCKET = { port: 8000 };");
    assert_found(&[("index.html", page), declared, ("js/live.js", live)], &port);
    let written = ("js/ports.js", "window.SOCKET = { port: 8000 };");
    assert_found(&[("index.html", page), written, ("js/live.js", live)], &port);
    let inline = format!("<script src=\"js/ports.js\"></script><script>{live}</script>");
    assert_found(&[("index.html", &inline), declared], &port);
    assert_found(&[declared, ("js/live.js", live)], &[]);
    let module = ("js/ports.js", "export const SOCKET = { port: 8000 };");
    assert_found(&[("index.html", page), module, ("js/live.js", live)], &[]);
}

#[test]
fn what_the_start_of_a_container_writes_is_not_known() {
    let page = "<script src=\"env.js\"></script><script>new WebSocket(window.__ENV__.SOCKET)</script>";
    assert_found(
        &[("index.html", page), ("env.js", "window.__ENV__ = { SOCKET: 'wss://example.org:8000' };")],
        &[],
    );
}

#[test]
fn a_page_that_loads_socket_io_calls_it_by_its_global_name() {
    let page = "<script src=\"https://cdn.example.org/socket.io.min.js\"></script><script src=\"/static/live.js\"></script>";
    for call in ["io.connect", "io", "window.io"] {
        let live = format!("var socket = {call}('http://' + document.domain + ':5000');");
        assert_found(
            &[("templates/index.html", page), ("templates/static/live.js", &live)],
            &["hardcoded-port templates/static/live.js:1"],
        );
    }
    let own = "const io = (url) => fetch(url);\nio('http://' + document.domain + ':5000');";
    assert_found(&[("templates/index.html", page), ("templates/static/live.js", own)], &[]);
}

#[test]
fn values_are_followed_into_json() {
    let live = indoc! {"
        import settings from './settings.json';
        import { socket } from './settings.json';
        new WebSocket(`wss://${location.hostname}:${settings.socket.port}`);"};
    let files = [("src/live.ts", live), ("src/settings.json", "{\n  \"socket\": { \"port\": 8000 }\n}")];
    assert_found(&files, &["hardcoded-port src/settings.json:2"]);
    assert_found(&[("src/live.ts", live), ("src/settings.json", "{ \"socket\": { \"port\": 443 } }")], &[]);
    assert_found(&[("src/live.ts", live), ("src/settings.json", "{ \"socket\": ")], &[]);
}

#[test]
fn front_matter_decides_what_it_hands_to_a_script() {
    let page = |variables: &str, socket: &str| {
        format!(
            "---\nimport fs from 'node:fs';\nconst port = 8000;\nnew WebSocket('ws://localhost:1');\n---\n\
             <script define:vars={{{{ {variables} }}}}>\nnew WebSocket(`wss://${{location.hostname}}:${{{socket}}}`);\n</script>"
        )
    };
    let found = ["hardcoded-port src/pages/live.astro:3"];
    assert_found(&[("src/pages/live.astro", &page("port", "port"))], &found);
    assert_found(&[("src/pages/live.astro", &page("open: port", "open"))], &found);
    // What is not handed over the script does not see.
    assert_found(&[("src/pages/live.astro", &page("title: 'x'", "port"))], &[]);
    let own = page("title: 'x'", "port").replace("new WebSocket(`", "const port = 443;\nnew WebSocket(`");
    assert_found(&[("src/pages/live.astro", &own)], &[]);
}

#[test]
fn what_a_container_writes_when_it_starts_is_not_what_stands_in_the_page() {
    let found_in = |global: &str| {
        let set = format!("window.{global} = {{ socket: 'wss://example.org:8000' }};");
        let page = format!("<script>\n{set}\nnew WebSocket(window.{global}.socket);\n</script>");
        found(&[("index.html", &page)])
    };
    for global in [
        "env",
        "_env_",
        "__ENV",
        "__ENV__",
        "config",
        "runtimeConfig",
        "RUNTIME_CONFIG",
        "__RUNTIME_CONFIG__",
    ] {
        assert_eq!(found_in(global), [""; 0], "{global}");
    }
    for global in ["environment", "settings", "configuration"] {
        assert_eq!(found_in(global), ["hardcoded-port index.html:2"], "{global}");
    }
}

#[test]
fn a_page_configures_the_scripts_that_it_loads_from_the_root_of_the_site() {
    let script = "var shop = window.SHOP;\nnew WebSocket('wss://' + location.hostname + ':' + shop.port);\n";
    let page = "<script>\nwindow.SHOP = { port: 8081 };\n</script>\n<script src=\"/js/live.js\"></script>";
    let files: Files<'_> = &[("views/shop.ejs", page), ("public/js/live.js", script)];
    assert_found(files, &["hardcoded-port views/shop.ejs:2"]);
    let open = page.replace("8081", "443");
    assert_found(&[("views/shop.ejs", &open), ("public/js/live.js", script)], &[]);
    let other = page.replace("live.js", "other.js");
    assert_found(&[("views/shop.ejs", &other), ("public/js/live.js", script)], &[]);
    let filled = page.replace("8081", "<%= port %>");
    assert_found(&[("views/shop.ejs", &filled), ("public/js/live.js", script)], &[]);
}
