//! What development servers send to a backend, from the configurations of their tools.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use policy_script::development_proxy::Rewrite;
use policy_script::{Scripts, development_proxies};
use policy_text::source::{MemoryTree, RepoPath, Sources};

#[track_caller]
fn assert_proxies(path: &str, text: &str, expected: &[&str]) {
    let tree = MemoryTree::new().with(RepoPath::new(path).unwrap(), text);
    let sources = Sources::open(&tree);
    let images = |_: &str| Vec::new();
    let scripts = Scripts::new(&[], &[], &images, &sources);
    let lines = development_proxies(&scripts).into_iter().map(|proxy| {
        let rewrite = match proxy.rewrite {
            Rewrite::None => String::new(),
            Rewrite::Strips(start) => format!(" without {start}"),
            Rewrite::Unknown => " rewritten".to_owned(),
        };
        let targets: Vec<String> = proxy.targets.iter().map(ToString::to_string).collect();
        format!("{} to {}{rewrite}", proxy.paths, targets.join(" or "))
    });
    assert_eq!(lines.collect::<Vec<_>>(), expected, "{path}: {text}");
}

#[test]
fn the_proxy_of_vite_is_a_table_of_beginnings() {
    let config = "import { defineConfig } from 'vite';
        const target = 'http://localhost:8000';
        export default defineConfig(({ mode }) => ({
          server: { proxy: {
            '/api': target,
            '/auth': { target, rewrite: (path) => path.replace(/^\\/auth/, '') },
            '/odd': { target, rewrite: (path) => other(path) },
            '^/(a|b)': target,
          } },
          preview: { proxy: { '/preview': target } },
        }));";
    assert_proxies(
        "web/vite.config.ts",
        config,
        &[
            "/api* to http://localhost:8000",
            "/auth* to http://localhost:8000 without /auth",
            "/odd* to http://localhost:8000 rewritten",
        ],
    );
}

#[test]
fn other_tools_have_lists_files_and_middleware() {
    let webpack =
        "module.exports = { devServer: { proxy: [{ context: ['/api', '/ws'], target: 'http://a' }] } }";
    assert_proxies("webpack.dev.js", webpack, &["/api* to http://a", "/ws* to http://a"]);
    let angular = r#"{"/api/*": {"target": "http://a", "pathRewrite": {"^/api": ""}}}"#;
    assert_proxies("proxy.conf.json", angular, &["/api* to http://a without /api"]);
    let react =
        "module.exports = (app) => { app.use('/api', createProxyMiddleware({ target: 'http://a' })) }";
    assert_proxies("src/setupProxy.js", react, &["/api* to http://a"]);
    assert_proxies("src/proxy.js", react, &[]);
}
