//! The table of calls that send a request over HTTP. Both the quick search of a text and the check of a call use it.

mod table;

use std::collections::BTreeSet;

use crate::openers::Kind;
use table::{CLIENTS, FUNCTIONS};

/// A function or class that sends a request when it is called or made.
pub(crate) struct Function {
    kind: Kind,
    /// The names under which the browser or a framework provides it.
    globals: &'static [&'static str],
    /// The packages that export it, and its names there.
    packages: &'static [&'static str],
    names: &'static [&'static str],
    asks: Asks,
    /// Words of which one stands in every text that uses it.
    needles: &'static [&'static str],
}

/// A library whose clients have a method for each kind of request.
pub(crate) struct Client {
    /// Packages whose default export, and whose exports of these names, are a client.
    packages: &'static [&'static str],
    names: &'static [&'static str],
    /// The names of the client where a page has it without an import.
    globals: &'static [&'static str],
    /// Methods that make another client, with options that hold what its addresses begin with.
    makers: &'static [&'static str],
    /// What a call of the client itself does.
    called: Option<Asks>,
    methods: &'static [(&'static str, Asks)],
    needles: &'static [&'static str],
}

/// What a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asks {
    /// Which argument is the address, or has it as `url`.
    pub(crate) address: usize,
    pub(crate) method: Verb,
}

/// Where a call takes the method of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    /// It is always this.
    Is(&'static str),
    /// A property of an argument that is an object; without one it is GET.
    Option,
    /// The argument at this place.
    Argument(usize),
}

/// Properties of options that hold what all addresses of a client begin with.
pub(crate) const BASES: [&str; 4] = ["baseURL", "baseUrl", "prefixUrl", "prefix"];

/// Whether to assign a property of this name can change what all addresses of a client begin with.
pub(crate) fn is_base(name: &str) -> bool {
    name == BASES[0]
}

/// Properties of options that hold the method.
pub(crate) const METHODS: [&str; 2] = ["method", "type"];

/// The words of which one stands in every text that sends a request by itself.
pub(crate) fn needles() -> BTreeSet<&'static str> {
    let functions = FUNCTIONS.iter().flat_map(|function| function.needles);
    let clients = CLIENTS.iter().flat_map(|client| client.needles);
    functions.chain(clients).copied().chain([XHR_NEEDLE]).collect()
}

/// The words of which one stands in every text that uses a client which it imports from elsewhere in the repository.
pub(crate) fn method_needles() -> BTreeSet<String> {
    let names = CLIENTS.iter().flat_map(|client| client.methods.iter().map(|(name, _)| *name));
    names.flat_map(|name| [format!(".{name}("), format!(".{name}<")]).collect()
}

/// What a global function or class of this name asks for.
pub(crate) fn global(name: &str, made: bool) -> Option<Asks> {
    let function =
        FUNCTIONS.iter().find(|function| function.kind.is(made) && function.globals.contains(&name));
    function.map(|function| function.asks)
}

/// Whether a global of this name sends requests.
pub(crate) fn is_global(name: &str) -> bool {
    FUNCTIONS.iter().any(|function| function.globals.contains(&name)) || global_client(name).is_some()
}

/// The client that a global of this name is.
pub(crate) fn global_client(name: &str) -> Option<&'static Client> {
    CLIENTS.iter().find(|client| client.globals.contains(&name))
}

/// What an export of a package asks for when it is called or made.
pub(crate) fn export(package: &str, name: &str, made: bool) -> Option<Asks> {
    let function = FUNCTIONS.iter().find(|function| {
        function.kind.is(made) && function.packages.contains(&package) && function.names.contains(&name)
    });
    function.map(|function| function.asks)
}

/// The client of a package, and the rest of the name of an export: what is asked of the client.
pub(crate) fn client<'n>(package: &str, name: &'n str) -> Option<(&'static Client, &'n str)> {
    let client = CLIENTS.iter().find(|client| client.packages.contains(&package))?;
    let (first, rest) = name.split_once('.').unwrap_or((name, ""));
    let is_client = matches!(first, "default" | "*") || client.names.contains(&first);
    // `import { get } from "axios"` and `require("axios").default.get` are methods too.
    let rest = rest.strip_prefix("default").map_or(rest, |rest| rest.trim_start_matches('.'));
    if is_client { Some((client, rest)) } else { (!client.methods.is_empty()).then_some((client, name)) }
}

/// Whether an export of a package makes a client.
pub(crate) fn is_maker(package: &str, name: &str) -> bool {
    client(package, name).is_some_and(|(client, maker)| client.makers.contains(&maker))
}

/// Whether a call of a member of this name can send a request.
pub(crate) fn may_be_member(name: &str, made: bool) -> bool {
    name == XHR_METHOD
        || global(name, made).is_some()
        || FUNCTIONS.iter().any(|function| function.kind.is(made) && function.names.contains(&name))
        || (!made && CLIENTS.iter().any(|client| client.method(name).is_some()))
}

impl Client {
    /// What a call of the method asks for; that of the client itself where there is no name.
    pub(crate) fn method(&self, name: &str) -> Option<Asks> {
        if name.is_empty() {
            return self.called;
        }
        self.methods.iter().find(|(own, _)| *own == name).map(|(_, asks)| *asks)
    }
}

const XHR_NEEDLE: &str = "XMLHttpRequest";
const XHR_METHOD: &str = "open";

/// What a call of `open` asks for whose first argument is this text: only requests of a browser begin so.
pub(crate) fn opened(method: &str, verb: &str) -> Option<Asks> {
    let is_verb = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(verb));
    (method == XHR_METHOD && is_verb).then_some(Asks { address: 1, method: Verb::Argument(0) })
}

/// Whether a package exports what sends requests.
pub(crate) fn is_package(name: &str) -> bool {
    CLIENTS.iter().any(|client| client.packages.contains(&name))
        || FUNCTIONS.iter().any(|function| function.packages.contains(&name))
}
