//! The rows of the table of requesters.

use super::{Asks, Client, Function, Verb};
use crate::openers::Kind;

const BY_OPTIONS: Asks = Asks { address: 0, method: Verb::Option };

const fn first(method: &'static str) -> Asks {
    Asks { address: 0, method: Verb::Is(method) }
}

/// Functions and classes that send a request by themselves.
pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        kind: Kind::Function,
        globals: &["fetch"],
        packages: &[
            "node-fetch",
            "cross-fetch",
            "isomorphic-fetch",
            "isomorphic-unfetch",
            "unfetch",
            "whatwg-fetch",
            "undici",
            "@vueuse/core",
            "@tauri-apps/plugin-http",
        ],
        names: &["default", "fetch", "*", "useFetch"],
        asks: BY_OPTIONS,
        needles: &["etch"],
    },
    Function {
        kind: Kind::Function,
        globals: &[],
        packages: &["@microsoft/fetch-event-source"],
        names: &["fetchEventSource"],
        asks: BY_OPTIONS,
        needles: &["fetchEventSource"],
    },
    Function {
        kind: Kind::Class,
        globals: &["EventSource"],
        packages: &[
            "event-source-polyfill",
            "eventsource",
            "reconnecting-eventsource",
            "extended-eventsource",
        ],
        names: &["EventSource", "EventSourcePolyfill", "NativeEventSource", "default", "*"],
        asks: first("GET"),
        needles: &["EventSource"],
    },
];

/// Libraries of clients.
pub(super) const CLIENTS: &[Client] = &[
    Client {
        packages: &["axios", "redaxios", "xior"],
        names: &["axios"],
        globals: &["axios"],
        makers: &["create", "Axios"],
        called: Some(BY_OPTIONS),
        methods: &[
            ("get", first("GET")),
            ("delete", first("DELETE")),
            ("head", first("HEAD")),
            ("options", first("OPTIONS")),
            ("post", first("POST")),
            ("put", first("PUT")),
            ("patch", first("PATCH")),
            ("postForm", first("POST")),
            ("putForm", first("PUT")),
            ("patchForm", first("PATCH")),
            ("request", BY_OPTIONS),
        ],
        needles: &["axios", "xior"],
    },
    Client {
        packages: &["ky", "ky-universal"],
        names: &["ky"],
        globals: &["ky"],
        makers: &["create", "extend"],
        called: Some(BY_OPTIONS),
        methods: &[
            ("get", first("GET")),
            ("delete", first("DELETE")),
            ("head", first("HEAD")),
            ("post", first("POST")),
            ("put", first("PUT")),
            ("patch", first("PATCH")),
        ],
        needles: &["'ky", "\"ky"],
    },
    Client {
        packages: &["ofetch", "#imports", "#app"],
        names: &["ofetch", "$fetch", "useFetch", "useLazyFetch"],
        globals: &["$fetch", "useFetch", "useLazyFetch"],
        makers: &["create", "createFetch"],
        called: Some(BY_OPTIONS),
        methods: &[],
        needles: &["etch"],
    },
    Client {
        packages: &["superagent"],
        names: &["superagent", "request"],
        globals: &["superagent"],
        makers: &[],
        called: None,
        methods: &[
            ("get", first("GET")),
            ("delete", first("DELETE")),
            ("del", first("DELETE")),
            ("head", first("HEAD")),
            ("post", first("POST")),
            ("put", first("PUT")),
            ("patch", first("PATCH")),
        ],
        needles: &["superagent"],
    },
    Client {
        packages: &["@angular/common/http"],
        names: &["HttpClient"],
        globals: &[],
        makers: &[],
        called: None,
        methods: &[
            ("get", first("GET")),
            ("delete", first("DELETE")),
            ("head", first("HEAD")),
            ("options", first("OPTIONS")),
            ("post", first("POST")),
            ("put", first("PUT")),
            ("patch", first("PATCH")),
            ("request", Asks { address: 1, method: Verb::Argument(0) }),
        ],
        needles: &["HttpClient"],
    },
    Client {
        packages: &["jquery"],
        names: &["$", "jQuery"],
        globals: &["$", "jQuery"],
        makers: &[],
        called: None,
        methods: &[
            ("get", first("GET")),
            ("getJSON", first("GET")),
            ("post", first("POST")),
            ("ajax", BY_OPTIONS),
        ],
        needles: &["$.ajax(", "$.get(", "$.getJSON(", "$.post(", "jQuery."],
    },
    Client {
        packages: &[],
        names: &[],
        globals: &["navigator"],
        makers: &[],
        called: None,
        methods: &[("sendBeacon", first("POST"))],
        needles: &["sendBeacon"],
    },
];
