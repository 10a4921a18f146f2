//! Variables that a pipeline sets where it builds the code: what the code falls back to is not what visitors get.

use crate::tree::assert_found;

const SOCKET: (&str, &str) =
    ("web/src/live.ts", "new WebSocket(import.meta.env.VITE_WS_URL || 'ws://localhost:5000');\n");

const PAGE: (&str, &str) = ("web/index.html", "<script type=\"module\" src=\"/src/live.ts\"></script>\n");

const FOUND: &[&str] = &["localhost-url web/src/live.ts:1"];

fn workflow(step: &str) -> String {
    format!("on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - {step}\n")
}

#[test]
fn what_a_step_sets_is_what_visitors_get() {
    for step in [
        "{run: npm run build, env: {VITE_WS_URL: '${{ vars.WS_URL }}'}}",
        "run: VITE_WS_URL=wss://live.example.org npm run build",
        "run: echo \"VITE_WS_URL=$URL\" >> .env.production && npm run build",
    ] {
        let text = workflow(step);
        assert_found(&[SOCKET, PAGE, (".github/workflows/build.yml", &text)], &[]);
    }
}

#[test]
fn a_variable_that_no_pipeline_sets_leaves_the_fallback() {
    assert_found(&[SOCKET, PAGE], FOUND);
    for step in [
        "{run: npm run build, env: {VITE_API_URL: '${{ vars.API_URL }}'}}",
        "run: echo \"set VITE_WS_URL first\"",
    ] {
        let text = workflow(step);
        assert_found(&[SOCKET, PAGE, (".github/workflows/build.yml", &text)], FOUND);
    }
    let literal = ("web/src/live.ts", "new WebSocket('ws://localhost:5000');\n");
    let text = workflow("{run: npm run build, env: {VITE_WS_URL: 'wss://live.example.org'}}");
    assert_found(&[literal, PAGE, (".github/workflows/build.yml", &text)], FOUND);
}
