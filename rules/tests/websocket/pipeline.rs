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

/// A page whose socket falls back to a port of the page's host.
fn falls_back(url: &str) -> String {
    format!(
        "const given = process.env.REACT_APP_API_URL;\nconst own = location.hostname + ':8000';\nnew WebSocket({url});\n"
    )
}

#[test]
fn what_stands_in_for_a_variable_that_a_pipeline_sets_is_not_what_runs() {
    let react = ("package.json", r#"{"dependencies": {"react-scripts": "5.0.1"}}"#);
    let build = "on: push\njobs:\n  a:\n    steps:\n      - run: npm run build\n        env:\n          REACT_APP_API_URL: ${{ secrets.API_URL }}\n";
    for url in [
        "given || 'wss://' + own",
        "given ?? 'wss://' + own",
        "given ? given.replace('http', 'ws') : 'wss://' + own",
        "given ? new URL(given).origin : 'wss://' + own",
    ] {
        let page = falls_back(url);
        let page = ("src/live.js", page.as_str());
        assert_found(&[page, react, (".github/workflows/build.yml", build)], &[]);
        let found = &["hardcoded-port src/live.js:2"];
        assert_found(&[page, react], found);
        let mention = "on: push\njobs:\n  a:\n    steps:\n      - run: echo set REACT_APP_API_URL first\n";
        assert_found(&[page, react, (".github/workflows/build.yml", mention)], found);
    }
}

#[test]
fn what_a_pipeline_gives_to_an_image_is_in_it_whatever_compose_gives() {
    let page =
        ("page/src/live.js", "new WebSocket(import.meta.env.VITE_WS || `ws://${location.hostname}:8000`);\n");
    let vite = ("page/package.json", r#"{"dependencies": {"vite": "7.0.0"}}"#);
    let image = ("page/Dockerfile", "FROM node\nARG VITE_WS\nENV VITE_WS=$VITE_WS\nRUN npm run build\n");
    let compose = (
        "compose.prod.yml",
        "services:\n  page:\n    build:\n      context: page\n      args:\n        VITE_WS: ${VITE_WS:-ws://localhost:8000}\n",
    );
    let push = "on: push\njobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: page\n          push: true\n          tags: acme/page:1\n          build-args: VITE_WS=${{ vars.VITE_WS }}\n";
    assert_found(&[page, vite, image, compose, (".github/workflows/push.yml", push)], &[]);
    assert_found(&[page, vite, image, compose], &["localhost-url compose.prod.yml:6"]);
}
