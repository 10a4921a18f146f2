//! What opens a socket: the browser's own class, what extends it, and libraries, each in the forms that their users write.

use indoc::indoc;
use policy_core::source::SourceText;

use crate::tree::of_sockets;

/// The lines of a module with a port that is closed.
fn lines(script: &str) -> Vec<usize> {
    let text = SourceText::new(script.to_owned());
    let found = of_sockets(&[("src/live.tsx", script)]).into_iter();
    let ports = found.filter(|found| found.rule == "websocket/hardcoded-port");
    ports.map(|found| text.line_of(found.finding.primary.span.range().start)).collect()
}

/// The last line of `script` opens a socket to the address `ADDRESS`.
#[track_caller]
fn assert_opens(script: &str) {
    let line = script.lines().count();
    let of = |url: &str| lines(&format!("{}\ndocument.title;", script.replace("ADDRESS", url)));
    assert_eq!(of("`wss://${location.hostname}:8000/x`"), [line], "{script}");
    assert_eq!(of("`wss://${location.host}/x`"), [0_usize; 0], "{script}");
}

#[test]
fn classes_that_extend_a_socket_open_one() {
    assert_opens("class Live extends WebSocket {}\nnew Live(ADDRESS);");
    assert_opens(
        "class Live extends WebSocket { constructor(url: string) { super(url); } }\nnew Live(ADDRESS);",
    );
    assert_opens("class Base extends WebSocket {}\nclass Live extends Base {}\nnew Live(ADDRESS);");
    assert_eq!(
        lines("class Live extends EventTarget {}\nnew Live(`wss://${location.hostname}:8000`);"),
        [0_usize; 0]
    );
}

#[test]
fn an_address_that_a_subclass_decides_lies_there() {
    let script = indoc! {"
        class Live extends WebSocket {
          constructor(path: string) {
            super(`wss://${location.hostname}:8000${path}`);
          }
        }
        new Live('/x');"};
    assert_eq!(lines(script), [3]);
}

#[test]
fn a_broker_can_be_assigned_later() {
    assert_opens(
        "import { Client } from '@stomp/stompjs';\nconst client = new Client();\nclient.brokerURL = ADDRESS;",
    );
    let other = "const settings = {};\nsettings.brokerURL = `wss://${location.hostname}:8000`;";
    assert_eq!(lines(other), [0_usize; 0]);
}

#[test]
fn an_import_is_in_force_before_the_text_reaches_it() {
    assert_eq!(lines("new SockJS('https://example.org:8000/x');\nimport SockJS from 'sockjs-client';"), [1]);
}

#[test]
fn libraries_are_known_by_their_exports() {
    for script in [
        "import VueSocketIO from 'vue-socket.io';\napp.use(new VueSocketIO({ debug: true, connection: ADDRESS }));",
        "import { Socket as Phoenix } from 'phoenix';\nnew Phoenix(ADDRESS);",
        "import * as phoenix from \"phoenix\";\nnew phoenix.Socket(ADDRESS);",
        "import { Client } from 'colyseus.js';\nnew Client(ADDRESS);",
        "import { Centrifuge } from 'centrifuge';\nnew Centrifuge(ADDRESS);",
        "import { SocketIoModule } from 'ngx-socket-io';\nSocketIoModule.forRoot({ url: ADDRESS, options: {} });",
        "import { Socket } from 'ngx-socket-io';\nclass Live extends Socket { constructor() { super({ url: ADDRESS }); } }",
    ] {
        assert_opens(script);
    }
}

#[test]
fn components_of_libraries_are_given_the_address_as_an_attribute() {
    for script in [
        "import SockJsClient from 'react-stomp';\nconst view = () => <SockJsClient url={ADDRESS} topics={[]} />;",
        "import { SocketIOProvider } from 'use-socketio';\nconst view = () => <SocketIOProvider url={ADDRESS} />;",
    ] {
        assert_opens(script);
    }
}

#[test]
fn a_class_of_a_library_that_is_given_the_address_of_a_socket_opens_it() {
    assert_opens("import { Live } from 'some-websocket-client';\nnew Live(ADDRESS);");
    assert_opens("import { createConnection } from 'some-websocket-client';\ncreateConnection(ADDRESS);");
    assert_eq!(lines("import { z } from 'zod';\nz.literal('wss://example.org:8000');"), [0_usize; 0]);
    assert_eq!(
        lines("import { Api } from 'some-websocket-client';\nnew Api('https://example.org:8000');"),
        [0_usize; 0]
    );
    assert_eq!(
        lines("import { Live } from './websocket';\nnew Live('wss://example.org:8000');"),
        [0_usize; 0]
    );
}

#[test]
fn hosts_and_ports_can_be_options() {
    for script in [
        "import Peer from 'peerjs';\nnew Peer(undefined, { host: '/', port: 8000 });",
        "import { Peer } from 'peerjs';\nnew Peer({ host: location.hostname, port: '8000' });",
        "import PartySocket from 'partysocket';\nnew PartySocket({ host: `${location.hostname}:8000`, room: 'x' });",
        "import Echo from 'laravel-echo';\nnew Echo({ broadcaster: 'socket.io', host: location.hostname + ':8000' });",
    ] {
        assert_eq!(lines(script), [2], "{script}");
        assert_eq!(lines(&script.replace("8000", "443")), [0_usize; 0], "{script}");
    }
}

#[test]
fn of_two_ports_the_one_for_pages_over_tls_counts() {
    let options = |plain: u16, tls: u16| {
        lines(&format!(
            "import Echo from 'laravel-echo';\nnew Echo({{\n  wsHost: location.hostname,\n  wsPort: {plain},\n  wssPort: {tls},\n}});"
        ))
    };
    assert_eq!(options(6001, 6002), [5]);
    assert_eq!(options(6001, 443), [0_usize; 0]);
}
