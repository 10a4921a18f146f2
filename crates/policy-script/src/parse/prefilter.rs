//! Which files can open a socket, decided without parsing.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use policy_text::purpose;
use policy_text::source::RepoPath;

use crate::{openers, requesters};

/// Whether a name of something that opens sockets occurs.
pub(super) fn may_open_socket(text: &str) -> bool {
    static SEARCHER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(openers::needles()).ok()
    });
    SEARCHER.as_ref().is_none_or(|searcher| searcher.is_match(text))
}

/// Whether a name of something that sends requests occurs, or of a method of what may be a client.
pub(super) fn may_send_request(text: &str) -> bool {
    static SEARCHER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let own = requesters::needles().into_iter().map(str::to_owned);
        AhoCorasick::new(own.chain(requesters::method_needles())).ok()
    });
    SEARCHER.as_ref().is_none_or(|searcher| searcher.is_match(text))
}

/// How a module hands on what another one exports.
const HANDING_ON: [&str; 6] =
    ["export {", "export{", "export *", "export*", "module.exports = require(", "exports.default = require("];

/// Whether something that opens sockets, and not what calls it, can be exported.
pub(super) fn may_export_opener(text: &str) -> bool {
    may_open_socket(text)
        || HANDING_ON.iter().any(|start| memchr::memmem::find(text.as_bytes(), start.as_bytes()).is_some())
}

/// Whether a tool wrote the file: a bundle, a minified library, type declarations.
pub(super) fn is_generated(path: &RepoPath, text: &str) -> bool {
    let name = path.file_name();
    if name.ends_with(".d.ts") || name.ends_with(".d.mts") || purpose::is_name_of_generated(name) {
        return true;
    }
    // People do not write half a file into lines of a thousand bytes.
    let long: usize = text.split('\n').map(str::len).filter(|&length| length > 1000).sum();
    long > 5_000 && long * 2 > text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minified_file_is_left_out_and_a_long_literal_is_not() {
        let path = RepoPath::new("web/app.js").unwrap();
        assert!(is_generated(&path, &"var a=1;".repeat(2_000)));
        assert!(!is_generated(&path, &format!("const icon = '{}';\n", "x".repeat(4_000))));
        assert!(is_generated(&RepoPath::new("lib/sockjs.min.js").unwrap(), "x"));
    }

    #[test]
    fn an_opener_is_exported_where_it_is_named_or_handed_on() {
        assert!(may_export_opener("export const connect = (url) => new WebSocket(url)"));
        assert!(may_export_opener("export { connect } from './net'"));
        assert!(!may_export_opener("export const connect = (host) => open(host)"));
    }

    #[test]
    fn only_files_that_name_a_socket_are_candidates() {
        assert!(may_open_socket("new WebSocket(url)"));
        assert!(may_open_socket("var socket = io('http://example.org:8000')"));
        assert!(may_open_socket("window.io(url)"));
        assert!(!may_open_socket("new Audio(url); const size = ratio(1)"));
        assert!(!may_open_socket("export const PORT = 8000"));
    }
}
