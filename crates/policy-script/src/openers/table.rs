//! The rows of the table of openers.

use super::{Form, Kind, Opener, Takes};

/// The options of Pusher and of Laravel's Echo; socket.io as the broadcaster takes `host`. The port for pages over TLS
/// goes before the other, which then is never used.
const PUSHER_OPTIONS: Takes =
    Takes::HostAndPort { host: "wsHost", ports: &["wssPort", "wsPort"], both: Some("host") };

const PEER_OPTIONS: Takes = Takes::HostAndPort { host: "host", ports: &["port"], both: None };

/// What opens sockets. The first row that fits a call counts.
pub(crate) const OPENERS: &[Opener] = &[
    Opener {
        form: Form::Global(Kind::Class, &["WebSocket", "ReconnectingWebSocket", "MozWebSocket"]),
        takes: Takes::Argument(0),
        needles: &["ebSocket"],
        example: "new WebSocket('wss://example.org:8000');",
    },
    Opener {
        form: Form::Global(Kind::Class, &["SockJS"]),
        takes: Takes::Argument(0),
        needles: &["SockJS"],
        example: "new SockJS('https://example.org:8000');",
    },
    Opener {
        form: Form::Global(Kind::Class, &["SubscriptionClient"]),
        takes: Takes::Argument(0),
        needles: &["SubscriptionClient"],
        example: "new SubscriptionClient('wss://example.org:8000');",
    },
    Opener {
        form: Form::Global(Kind::Function, &["io"]),
        takes: Takes::Argument(0),
        needles: &[" io(", "=io(", ".io("],
        example: "const socket = io('https://example.org:8000');",
    },
    Opener {
        form: Form::Global(Kind::Class, &["Pusher", "Echo"]),
        takes: PUSHER_OPTIONS,
        needles: &["wsHost", "socket.io"],
        example: "new Pusher('key', { wsHost: location.hostname, wsPort: 8000 });",
    },
    Opener {
        form: Form::Global(Kind::Class, &["Peer"]),
        takes: PEER_OPTIONS,
        needles: &["new Peer("],
        example: "new Peer({ host: location.hostname, port: 8000 });",
    },
    Opener {
        form: Form::GlobalMethod(&["io"], "connect"),
        takes: Takes::Argument(0),
        needles: &["io.connect("],
        example: "io.connect('https://example.org:8000');",
    },
    Opener {
        form: Form::GlobalMethod(&["Stomp", "webstomp"], "client"),
        takes: Takes::Argument(0),
        needles: &["Stomp.client(", "stomp"],
        example: "const client = Stomp.client('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export { kind: Kind::Function, packages: &["graphql-ws"], names: &["createClient"] },
        takes: Takes::Option("url"),
        needles: &["graphql-ws"],
        example: "import { createClient } from 'graphql-ws';\ncreateClient({ url: 'wss://example.org:8000' });",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Class,
            packages: &["apollo-link-ws", "@apollo/client/link/ws", "@apollo/link-ws"],
            names: &["WebSocketLink"],
        },
        takes: Takes::Option("uri"),
        needles: &["ebSocket"],
        example: "import { WebSocketLink } from 'apollo-link-ws';\nnew WebSocketLink({ uri: 'wss://example.org:8000' });",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Class,
            packages: &["subscriptions-transport-ws"],
            names: &["SubscriptionClient"],
        },
        takes: Takes::Argument(0),
        needles: &["SubscriptionClient"],
        example: "import { SubscriptionClient } from 'subscriptions-transport-ws';\nnew SubscriptionClient('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Class,
            packages: &["@stomp/stompjs", "@stomp/rx-stomp", "@stomp/ng2-stompjs"],
            names: &["Client", "RxStomp"],
        },
        takes: Takes::Option("brokerURL"),
        needles: &["stomp", "brokerURL"],
        example: "import { Client } from '@stomp/stompjs';\nnew Client({ brokerURL: 'wss://example.org:8000' });",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Function,
            packages: &["@stomp/stompjs", "stompjs", "webstomp-client"],
            names: &["client"],
        },
        takes: Takes::Argument(0),
        needles: &["stomp"],
        example: "import * as broker from '@stomp/stompjs';\nbroker.client('wss://example.org:8000');",
    },
    Opener {
        form: Form::Property { package_part: "stomp", name: "brokerURL" },
        takes: Takes::Argument(0),
        needles: &["stomp"],
        example: "import { Client } from '@stomp/stompjs';\nconst client = new Client();\nclient.brokerURL = 'wss://example.org:8000';",
    },
    Opener {
        form: Form::Method { package_part: "stomp", name: "configure" },
        takes: Takes::Option("brokerURL"),
        needles: &["stomp"],
        example: "import { Client } from '@stomp/stompjs';\nconst client = new Client();\nclient.configure({ brokerURL: 'wss://example.org:8000' });",
    },
    Opener {
        form: Form::Method { package_part: "signalr", name: "withUrl" },
        takes: Takes::Argument(0),
        needles: &["signalr"],
        example: "import { HubConnectionBuilder } from '@microsoft/signalr';\nnew HubConnectionBuilder().withUrl('https://example.org:8000');",
    },
    Opener {
        form: Form::Export { kind: Kind::Class, packages: &["pusher-js", "laravel-echo"], names: &[] },
        takes: PUSHER_OPTIONS,
        needles: &["wsHost", "socket.io"],
        example: "import Live from 'pusher-js';\nnew Live('key', { wsHost: location.hostname, wsPort: 8000 });",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Class,
            packages: &[
                "isomorphic-ws",
                "partysocket/ws",
                "reconnecting-websocket",
                "reconnectingwebsocket",
                "robust-websocket",
                "sockette",
                "websocket-as-promised",
            ],
            names: &[],
        },
        takes: Takes::Argument(0),
        needles: &["isomorphic-ws", "partysocket", "ebsocket", "sockette"],
        example: "import Live from 'isomorphic-ws';\nnew Live('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export { kind: Kind::Class, packages: &["phoenix"], names: &["Socket"] },
        takes: Takes::Argument(0),
        needles: &["phoenix", "new Socket("],
        example: "import { Socket } from 'phoenix';\nnew Socket('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export { kind: Kind::Class, packages: &["vue-socket.io", "vue-3-socket.io"], names: &[] },
        takes: Takes::Option("connection"),
        needles: &["socket.io"],
        example: "import Live from 'vue-socket.io';\nnew Live({ connection: 'https://example.org:8000' });",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Class,
            packages: &["colyseus.js", "@colyseus/sdk"],
            names: &["Client"],
        },
        takes: Takes::Argument(0),
        needles: &["colyseus"],
        example: "import { Client } from 'colyseus.js';\nnew Client('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export { kind: Kind::Class, packages: &["centrifuge"], names: &[] },
        takes: Takes::Argument(0),
        needles: &["centrifuge"],
        example: "import { Centrifuge } from 'centrifuge';\nnew Centrifuge('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export { kind: Kind::Class, packages: &["partysocket"], names: &[] },
        takes: Takes::Option("host"),
        needles: &["partysocket"],
        example: "import Live from 'partysocket';\nnew Live({ host: `${location.hostname}:8000` });",
    },
    Opener {
        form: Form::Export { kind: Kind::Class, packages: &["peerjs"], names: &["Peer", "default"] },
        takes: PEER_OPTIONS,
        needles: &["peerjs"],
        example: "import { Peer } from 'peerjs';\nnew Peer({ host: location.hostname, port: 8000 });",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Either,
            packages: &["sockjs-client", "sockjs-client/dist/sockjs"],
            names: &[],
        },
        takes: Takes::Argument(0),
        needles: &["sockjs"],
        example: "import Live from 'sockjs-client';\nnew Live('https://example.org:8000');",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Function,
            packages: &["ngx-socket-io"],
            names: &["forRoot", "provideSocketIo"],
        },
        takes: Takes::Option("url"),
        needles: &["socket-io"],
        example: "import * as live from 'ngx-socket-io';\nlive.forRoot({ url: 'https://example.org:8000' });",
    },
    Opener {
        form: Form::Export { kind: Kind::Class, packages: &["ngx-socket-io"], names: &["Socket"] },
        takes: Takes::Option("url"),
        needles: &["socket-io"],
        example: "import { Socket } from 'ngx-socket-io';\nnew Socket({ url: 'https://example.org:8000' });",
    },
    Opener {
        form: Form::Export { kind: Kind::Function, packages: &["@trpc/client"], names: &["createWSClient"] },
        takes: Takes::Option("url"),
        needles: &["createWSClient"],
        example: "import { createWSClient } from '@trpc/client';\ncreateWSClient({ url: 'wss://example.org:8000' });",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Class,
            packages: &["@hocuspocus/provider"],
            names: &["HocuspocusProvider"],
        },
        takes: Takes::Option("url"),
        needles: &["hocuspocus"],
        example: "import { HocuspocusProvider } from '@hocuspocus/provider';\nnew HocuspocusProvider({ url: 'wss://example.org:8000' });",
    },
    Opener {
        form: Form::Export { kind: Kind::Class, packages: &["roslib"], names: &["Ros"] },
        takes: Takes::Option("url"),
        needles: &["roslib"],
        example: "import { Ros } from 'roslib';\nnew Ros({ url: 'wss://example.org:8000' });",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Function,
            packages: &["mqtt", "mqtt/dist/mqtt"],
            names: &["connect", "connectAsync"],
        },
        takes: Takes::Argument(0),
        needles: &["mqtt"],
        example: "import { connect } from 'mqtt';\nconnect('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export { kind: Kind::Class, packages: &["websocket"], names: &["w3cwebsocket"] },
        takes: Takes::Argument(0),
        needles: &["ebsocket"],
        example: "import { w3cwebsocket } from 'websocket';\nnew w3cwebsocket('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Either,
            packages: &["socket.io-client"],
            names: &["connect", "io", "default", "lookup", "Manager", "*"],
        },
        takes: Takes::Argument(0),
        needles: &["socket.io"],
        example: "import { connect } from 'socket.io-client';\nconnect('https://example.org:8000');",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Function,
            packages: &["react-use-websocket"],
            names: &["useWebSocket", "default", "useSocketIO"],
        },
        takes: Takes::Argument(0),
        needles: &["ebsocket"],
        example: "import { useWebSocket } from 'react-use-websocket';\nuseWebSocket('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export { kind: Kind::Function, packages: &["@vueuse/core"], names: &["useWebSocket"] },
        takes: Takes::Argument(0),
        needles: &["ebSocket"],
        example: "import { useWebSocket } from '@vueuse/core';\nuseWebSocket('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Function,
            packages: &["rxjs", "rxjs/webSocket", "rxjs/websocket", "rxjs/observable/dom/webSocket"],
            names: &["webSocket"],
        },
        takes: Takes::Argument(0),
        needles: &["ebSocket"],
        example: "import { webSocket } from 'rxjs';\nwebSocket('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Class,
            packages: &["rxjs", "rxjs/webSocket"],
            names: &["WebSocketSubject"],
        },
        takes: Takes::Argument(0),
        needles: &["ebSocket"],
        example: "import { WebSocketSubject } from 'rxjs';\nnew WebSocketSubject('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export { kind: Kind::Class, packages: &["y-websocket"], names: &["WebsocketProvider"] },
        takes: Takes::Argument(0),
        needles: &["ebsocket"],
        example: "import { WebsocketProvider } from 'y-websocket';\nnew WebsocketProvider('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Function,
            packages: &["@rails/actioncable"],
            names: &["createConsumer"],
        },
        takes: Takes::ArgumentOrCable,
        needles: &["actioncable"],
        example: "import { createConsumer } from '@rails/actioncable';\ncreateConsumer('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Class,
            packages: &[
                "@novnc/novnc",
                "@novnc/novnc/lib/rfb",
                "@novnc/novnc/lib/rfb.js",
                "@novnc/novnc/core/rfb",
                "@novnc/novnc/core/rfb.js",
            ],
            names: &["default", "RFB"],
        },
        takes: Takes::Argument(1),
        needles: &["novnc"],
        example: "import RFB from '@novnc/novnc';\nnew RFB(document.body, 'wss://example.org:8000');",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Function,
            packages: &["nats.ws", "@nats-io/nats-core"],
            names: &["connect", "wsconnect"],
        },
        takes: Takes::Option("servers"),
        needles: &["nats.ws", "@nats-io"],
        example: "import { connect } from 'nats.ws';\nconnect({ servers: 'wss://example.org:8000' });",
    },
    Opener {
        form: Form::Method { package_part: "livekit-client", name: "connect" },
        takes: Takes::Argument(0),
        needles: &["livekit"],
        example: "import { Room } from 'livekit-client';\nconst room = new Room();\nroom.connect('wss://example.org:8000', token);",
    },
    Opener {
        form: Form::Component { packages: &["@livekit/components-react"] },
        takes: Takes::Option("serverUrl"),
        needles: &["livekit"],
        example: "import { LiveKitRoom } from '@livekit/components-react';\nconst view = () => <LiveKitRoom serverUrl={'wss://example.org:8000'} />;",
    },
    Opener {
        form: Form::Export { kind: Kind::Class, packages: &["paho-mqtt"], names: &["Client"] },
        takes: Takes::HostThenPort,
        needles: &["paho-mqtt"],
        example: "import { Client } from 'paho-mqtt';\nnew Client(location.hostname, 8000, 'page');",
    },
    Opener {
        form: Form::GlobalMethod(&["Paho", "Paho.MQTT"], "Client"),
        takes: Takes::HostThenPort,
        needles: &["Paho."],
        example: "new Paho.Client('wss://example.org:8000/mqtt', 'page');",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Class,
            packages: &["sip.js/lib/platform/web", "sip.js"],
            names: &["SimpleUser", "SessionManager"],
        },
        takes: Takes::Argument(0),
        needles: &["sip.js"],
        example: "import { SimpleUser } from 'sip.js/lib/platform/web';\nnew SimpleUser('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export { kind: Kind::Class, packages: &["sip.js"], names: &["UserAgent"] },
        takes: Takes::OptionWithin("transportOptions", "server"),
        needles: &["sip.js"],
        example: "import { UserAgent } from 'sip.js';\nnew UserAgent({ transportOptions: { server: 'wss://example.org:8000' } });",
    },
    Opener {
        form: Form::Export { kind: Kind::Class, packages: &["jssip"], names: &["WebSocketInterface"] },
        takes: Takes::Argument(0),
        needles: &["jssip"],
        example: "import * as phone from 'jssip';\nnew phone.WebSocketInterface('wss://example.org:8000');",
    },
    Opener {
        form: Form::GlobalMethod(&["JsSIP"], "WebSocketInterface"),
        takes: Takes::Argument(0),
        needles: &["ebSocket"],
        example: "new JsSIP.WebSocketInterface('wss://example.org:8000');",
    },
    Opener {
        form: Form::Export {
            kind: Kind::Class,
            packages: &["guacamole-common-js"],
            names: &["WebSocketTunnel"],
        },
        takes: Takes::Argument(0),
        needles: &["ebSocket"],
        example: "import * as desktop from 'guacamole-common-js';\nnew desktop.WebSocketTunnel('wss://example.org:8000');",
    },
    Opener {
        form: Form::GlobalMethod(&["Guacamole"], "WebSocketTunnel"),
        takes: Takes::Argument(0),
        needles: &["ebSocket"],
        example: "new Guacamole.WebSocketTunnel('wss://example.org:8000');",
    },
    Opener {
        form: Form::GlobalMethod(&["ActionCable"], "createConsumer"),
        takes: Takes::ArgumentOrCable,
        needles: &["ActionCable."],
        example: "ActionCable.createConsumer('wss://example.org:8000');",
    },
    Opener {
        form: Form::Component {
            packages: &[
                "react-stomp",
                "react-stomp-hooks",
                "use-socketio",
                "react-websocket",
                "react-actioncable-provider",
            ],
        },
        takes: Takes::Option("url"),
        needles: &["stomp", "socketio", "ebsocket", "actioncable"],
        example: "import Live from 'react-stomp';\nconst view = () => <Live url={'wss://example.org:8000'} />;",
    },
    Opener {
        form: Form::Plugin { package_part: "socket" },
        takes: Takes::Argument(1),
        needles: &["ebsocket", "socket.io", "socketio", "socket-io"],
        example: "import Live from 'vue-native-websocket';\napp.use(Live, 'wss://example.org:8000');",
    },
    Opener {
        form: Form::OtherExport,
        takes: Takes::SocketAddress,
        needles: &["ebsocket", "ebSocket"],
        example: "import { Live } from 'some-websocket-client';\nnew Live('wss://example.org:8000');",
    },
];
