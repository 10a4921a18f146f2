//! What methods of texts, templates and libraries of views make of an address.

use crate::tree::{assert_in_module, assert_port, assert_quiet};

#[test]
fn a_text_is_cut_and_changed_as_its_methods_do() {
    let local = |code: &str| {
        assert_in_module(
            &format!("const a = 'http://localhost:8000/';\nnew WebSocket({code})"),
            &["localhost-url:1"],
        );
    };
    local("a.replace(/\\/$/, '') + '/ws'");
    local("a.replace(/\\/+$/, '') + '/ws'");
    local("'ws://' + a.replace(/^https?:\\/\\//, '')");
    local("'ws://' + a.replace(/(^\\w+:|^)\\/\\//, '')");
    local("'ws:' + '//' + a.split('//')[1]");
    local("'ws://' + a.slice(7)");
    local("'ws://' + a.substring(7)");
    local("a.split('/ws')[0]");
    local("a.substring(0, a.lastIndexOf('/'))");
    local("a.replace(/^http(s?):/, 'ws$1:')");
    assert_in_module("new WebSocket('ws://' + '//localhost:8000' + '/ws')", &["localhost-url:1"]);
    assert_port("const o = location.origin.split(':'); new WebSocket(o[0] + ':' + o[1] + ':3000')");
    assert_port("new WebSocket('wss://' + location.host.replace(/(:\\d+)?$/, ':8000'))");
    assert_port("new WebSocket('wss://' + location.host.replace(/:\\d+$/, '') + ':8000')");
    // The page's host has no port to replace behind a load balancer.
    assert_quiet("new WebSocket('wss://' + location.host.replace(/:\\d+/, ':8000'))");
    assert_quiet("new WebSocket('wss://' + location.host.replace('3000', '8000'))");
    assert_quiet("new WebSocket('ws://example.org'.replace(/(?<=ws)/, 's'))");
    assert_quiet("new WebSocket('http://example.org:8000/x'.replace(/:\\d+/, ''))");
}

#[test]
fn what_a_template_fills_in_is_no_name() {
    assert_quiet("new WebSocket('ws://{{ host }}:{{ port }}/x')");
    assert_quiet("new WebSocket('ws://{{ host }}/x')");
    assert_quiet("new WebSocket(\"ws://{% url 'x' %}\")");
    assert_quiet("new WebSocket('ws://<%= host %>:8000/x')");
    assert_quiet("new WebSocket('ws://__HOST__:8000/x')");
    assert_in_module("new WebSocket('ws://live.example.org/{{ room }}')", &["insecure-scheme:1"]);
    assert_port("new WebSocket('wss://' + location.hostname + ':8000/{{ room }}')");
}

#[test]
fn a_condition_that_hangs_on_the_socket_is_no_reason_to_give_up() {
    assert_port(
        "class S { isOpen() { return this.ws && this.ws.readyState === 1 } open() { if (!this.isOpen()) { this.ws = new WebSocket('wss://example.org:8000') } } }",
    );
    assert_port(
        "class S { get isOpen() { return this.ws && this.ws.readyState === 1 } open() { if (this.isOpen) return; this.ws = new WebSocket('wss://example.org:8000') } }",
    );
    assert_port(
        "let ws = null; const isOpen = () => ws && ws.readyState === 1; function open() { if (!isOpen()) { ws = new WebSocket('wss://example.org:8000') } }",
    );
}

#[test]
fn flags_that_hang_on_each_other_do_not_hide_the_address() {
    let flags = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let all = |form: &str| flags.map(|flag| form.replace("FLAG", flag)).join(" ");
    let sets =
        all(&format!("if ({}) this.FLAG = get();", flags.map(|flag| format!("this.{flag}")).join(" && ")));
    let code = format!(
        "class S {{ set() {{ {sets} }} open() {{ {} new WebSocket('wss://example.org:8000') }} }}",
        all("if (this.FLAG) return;")
    );
    assert_port(&code);
}

#[test]
fn a_flag_that_is_set_later_is_not_set_yet() {
    assert_port(
        "class S { isOpen() { return !!this.c } open() { if (this.isOpen()) { return } this.ws = new WebSocket('wss://example.org:8000'); this.c = true } }",
    );
    assert_port(
        "let c; function done() { c = true } function open() { if (c) return; new WebSocket('wss://example.org:8000') }",
    );
    assert_quiet(
        "class S { c = true; isOpen() { return this.c } open() { if (this.isOpen()) return; new WebSocket('wss://example.org:8000') } }",
    );
}

#[test]
fn what_a_library_of_views_keeps_is_followed() {
    assert_port(
        "import { computed, ref } from 'vue'; const p = ref(8000); const url = computed(() => `wss://example.org:${p.value}`); new WebSocket(url.value)",
    );
    assert_port(
        "import { computed, signal } from '@angular/core'; const p = signal(8000); const url = computed(() => `wss://example.org:${p()}`); new WebSocket(url())",
    );
    assert_port(
        "import { reactive } from 'vue'; const s = reactive({ p: 8000 }); new WebSocket(`wss://example.org:${s.p}`)",
    );
    assert_port("const url = ref('wss://example.org:8000'); new WebSocket(unref(url))");
    assert_quiet(
        "import { computed } from 'vue'; const url = computed(() => '/ws'); new WebSocket(url.value)",
    );
}

#[test]
fn a_function_that_keeps_a_value_is_known_with_and_without_its_import() {
    for (package, name) in
        [("vue", "readonly"), ("vue", "shallowReactive"), ("vue", "reactive"), ("react", "useCallback")]
    {
        let code = |port: u16| {
            format!("const kept = {name}({{ url: 'wss://example.org:{port}' }}); new WebSocket(kept.url)")
        };
        let import = format!("import {{ {name} }} from '{package}'; ");
        for import in [import.as_str(), ""] {
            assert_port(&format!("{import}{}", code(8000)));
            assert_quiet(&format!("{import}{}", code(443)));
        }
    }
    let memo = |port: u16| {
        format!("const kept = createMemo(() => 'wss://example.org:{port}'); new WebSocket(kept())")
    };
    assert_port(&memo(8000));
    assert_quiet(&memo(443));
}

#[test]
fn the_page_s_own_port_plus_a_number_is_never_open() {
    let port = "const page = parseInt(location.port, 10) || (location.protocol === 'https:' ? 443 : 80);";
    let socket = |port: &str| format!("new WebSocket('wss://' + location.hostname + ':' + ({port}) + '/x');");
    assert_in_module(&format!("{port}\n{}", socket("page + 1")), &["hardcoded-port:2"]);
    assert_in_module(&format!("{port}\n{}", socket("page")), &[]);
    assert_in_module(&socket("8000 + 1"), &["hardcoded-port:1"]);
    assert_in_module(&socket("442 + 1"), &[]);
    assert_in_module(&socket("settings.port + 1"), &[]);
}
