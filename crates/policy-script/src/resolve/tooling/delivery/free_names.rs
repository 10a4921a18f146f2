//! Names that a script takes from where it runs, without importing them.

/// Names that only pages and their workers have. `WebSocket`, `fetch` and `URL` are in servers as well.
const BROWSER: [&str; 30] = [
    "window",
    "document",
    "navigator",
    "localStorage",
    "sessionStorage",
    "location",
    "history",
    "alert",
    "confirm",
    "customElements",
    "HTMLElement",
    "HTMLCanvasElement",
    "HTMLInputElement",
    "Element",
    "Node",
    "DOMParser",
    "MutationObserver",
    "ResizeObserver",
    "IntersectionObserver",
    "requestAnimationFrame",
    "indexedDB",
    "caches",
    "importScripts",
    "self",
    "matchMedia",
    "getComputedStyle",
    "XMLHttpRequest",
    "FileReader",
    "jQuery",
    "$",
];

const SERVER: [&str; 6] =
    ["Deno", "Bun", "__dirname", "__filename", "defineEventHandler", "defineNitroPlugin"];

/// Names that a test runner gives, alone decisive.
const RUNNERS: [&str; 7] = ["cy", "Cypress", "jest", "vi", "jasmine", "__VU", "__ENV"];

pub(super) fn of_browsers(globals: &[&str]) -> Option<String> {
    first_of(&BROWSER, globals).map(|name| format!("it uses `{name}`"))
}

pub(super) fn of_servers(globals: &[&str]) -> Option<String> {
    first_of(&SERVER, globals).map(|name| format!("it uses `{name}`"))
}

pub(super) fn of_tests(globals: &[&str]) -> Option<String> {
    let has = |name: &str| globals.contains(&name);
    let cases =
        (has("describe") && (has("it") || has("test"))) || ((has("it") || has("test")) && has("expect"));
    let runner = first_of(&RUNNERS, globals).map(|name| format!("it uses `{name}` of a test runner"));
    runner.or_else(|| cases.then(|| "it describes test cases".to_owned()))
}

/// The first of `names` among the globals: the order of the table, so that the reason does not hang on the script's.
fn first_of<'n>(names: &[&'n str], globals: &[&str]) -> Option<&'n str> {
    names.iter().copied().find(|name| globals.contains(name))
}
