//! Where a script runs: in a browser, on a server, or only on the machines of those who develop it. Decided by what the
//! script itself uses before what its package depends on, and never by the name of a folder alone where code speaks.

mod client;
mod dependencies;
mod free_names;
mod imports;
mod location;
mod pages;

use std::borrow::Cow;

use policy_text::source::FileId;

use super::Tooling;
use crate::parse::embedded::PageKind;
use imports::Side;

/// What a script itself says about where it runs. The parser fills it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ScriptFacts<'a> {
    /// The specifiers of its imports, re-exports, `import()` and `require()` calls, without those that only types need.
    pub imports: &'a [&'a str],
    /// The names that it uses and binds nowhere: `document`, `process`, `__dirname`.
    pub globals: &'a [&'a str],
    /// Whether it holds JSX.
    pub jsx: bool,
    /// Its directives: `use client`, `use server`.
    pub directives: &'a [&'a str],
    /// Whether it begins with `#!`.
    pub is_command: bool,
}

/// Where a script runs, with the reason worded to follow "because": "it imports `react`".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// It ships to browsers, or to devices that stand where browsers do.
    Browser(Cow<'static, str>),
    /// It runs in a server's, a desktop's or a command's process.
    Server(Cow<'static, str>),
    /// It runs only where people develop, test or build, or is a copy whose source is elsewhere.
    Development(Cow<'static, str>),
    /// Nothing tells.
    Unknown,
}

impl Tooling<'_> {
    /// Whether the name of `file` alone says that it does not ship: a test, a story, a tool's configuration.
    pub(crate) fn is_for_development(&self, file: FileId) -> bool {
        location::development(self.files.sources.path(file)).is_some()
    }

    /// Where the code of `file` runs, and how that is known.
    pub(crate) fn delivery(&self, file: FileId, facts: &ScriptFacts<'_>) -> Delivery {
        let path = self.files.sources.path(file);
        let first_import =
            |side: Side| facts.imports.iter().find(|name| imports::side_of(name) == Some(side));
        let imports = |side: Side| first_import(side).map(|name| format!("it imports `{name}`"));
        let is_page = PageKind::of(path).is_some_and(|kind| kind != PageKind::Astro);

        let decided = None
            .or_else(|| self.replacements.left_out(&self.files, file).map(development))
            .or_else(|| location::copied(&self.files, file).map(development))
            .or_else(|| location::example(path).map(development))
            .or_else(|| facts.directives.contains(&"use client").then(|| browser("it says `use client`")))
            .or_else(|| location::development(path).map(development))
            .or_else(|| imports(Side::Test).map(development))
            .or_else(|| free_names::of_tests(facts.globals).map(development))
            .or_else(|| facts.directives.contains(&"use server").then(|| server("it says `use server`")))
            .or_else(|| facts.is_command.then(|| server("it begins with `#!`")))
            .or_else(|| location::server(path).map(server))
            .or_else(|| imports(Side::Server).map(server))
            .or_else(|| is_page.then(|| browser("it is a page or a component")))
            .or_else(|| facts.jsx.then(|| browser("it holds JSX")))
            .or_else(|| imports(Side::Browser).map(browser))
            .or_else(|| location::likely_development(path).map(development))
            .or_else(|| dependencies::command(&self.files, file).map(server))
            .or_else(|| imports(Side::Node).map(server))
            .or_else(|| free_names::of_servers(facts.globals).map(server))
            .or_else(|| free_names::of_browsers(facts.globals).map(browser))
            .or_else(|| pages::loading(self, file).map(|page| browser(format!("`{page}` loads it"))))
            .or_else(|| imports(Side::NodeHint).map(server))
            .or_else(|| location::served(path).map(browser))
            .or_else(|| location::script(path).map(development))
            .or_else(|| location::beside_sources(&self.files, file).map(development));
        decided.unwrap_or_else(|| dependencies::judge(&self.files, file))
    }
}

fn browser(why: impl Into<Cow<'static, str>>) -> Delivery {
    Delivery::Browser(why.into())
}

fn server(why: impl Into<Cow<'static, str>>) -> Delivery {
    Delivery::Server(why.into())
}

fn development(why: impl Into<Cow<'static, str>>) -> Delivery {
    Delivery::Development(why.into())
}

#[cfg(test)]
mod tests {
    use policy_text::source::{RepoPath, Sources};

    use super::super::tree;
    use super::*;

    /// One letter for each side.
    #[track_caller]
    fn assert_side(files: &[(&str, &str)], path: &str, facts: ScriptFacts<'_>, expected: char) {
        let mut files = files.to_vec();
        files.push((path, ""));
        let tree = tree(&files);
        let sources = Sources::open(&tree);
        let file = sources.find(&RepoPath::new(path).unwrap()).unwrap();
        let delivery = Tooling::new(&sources).delivery(file, &facts);
        let side = match delivery {
            Delivery::Browser(_) => 'b',
            Delivery::Server(_) => 's',
            Delivery::Development(_) => 'd',
            Delivery::Unknown => '?',
        };
        assert_eq!(side, expected, "{path}: {delivery:?}");
    }

    fn importing<'a>(imports: &'a [&'a str]) -> ScriptFacts<'a> {
        ScriptFacts { imports, ..ScriptFacts::default() }
    }

    fn using<'a>(globals: &'a [&'a str]) -> ScriptFacts<'a> {
        ScriptFacts { globals, ..ScriptFacts::default() }
    }

    #[test]
    fn code_speaks_before_the_name_of_its_folder() {
        let view = ScriptFacts { jsx: true, ..importing(&["react"]) };
        assert_side(&[], "server/App.tsx", view, 'b');
        assert_side(&[], "frontend/index.js", importing(&["express", "./routes"]), 's');
        assert_side(&[], "client/io.js", importing(&["socket.io"]), 's');
        assert_side(&[], "scripts/admin.js", using(&["document", "WebSocket"]), 'b');
    }

    #[test]
    fn server_code_is_known_by_what_only_servers_have() {
        assert_side(&[], "a.ts", importing(&["node:fs/promises"]), 's');
        assert_side(&[], "a.ts", importing(&["@nestjs/websockets"]), 's');
        assert_side(&[], "a.ts", importing(&["react-dom/server", "react"]), 's');
        assert_side(&[], "a.js", importing(&["socket.io-client", "child_process"]), 's');
        assert_side(&[], "a.ts", using(&["Deno", "WebSocket"]), 's');
        assert_side(&[], "cli.tsx", ScriptFacts { jsx: true, ..importing(&["ink", "react"]) }, 's');
        assert_side(&[], "a.js", ScriptFacts { is_command: true, ..ScriptFacts::default() }, 's');
        assert_side(&[], "app/pages/api/socket.ts", importing(&[]), 's');
    }

    #[test]
    fn a_polyfilled_module_does_not_make_a_server() {
        assert_side(&[], "a.ts", importing(&["path", "react"]), 'b');
        assert_side(&[], "a.ts", ScriptFacts { imports: &["events"], ..using(&["window"]) }, 'b');
        assert_side(&[], "a.ts", importing(&["path", "events"]), '?');
    }

    #[test]
    fn tests_stories_mocks_and_tools_stay_at_home() {
        for path in [
            "src/a.test.tsx",
            "src/a.stories.tsx",
            "src/__mocks__/ws.ts",
            "web-e2e/src/a.ts",
            "vite.config.ts",
        ] {
            assert_side(&[], path, ScriptFacts { jsx: true, ..importing(&["react"]) }, 'd');
        }
        assert_side(
            &[],
            "src/render.tsx",
            ScriptFacts { jsx: true, ..importing(&["@testing-library/react"]) },
            'd',
        );
        assert_side(&[], "src/a.js", using(&["describe", "it", "window"]), 'd');
        assert_side(&[], "src/app/app.config.ts", importing(&["@angular/core"]), 'b');
        assert_side(&[], "src/test/Quiz.tsx", ScriptFacts { jsx: true, ..ScriptFacts::default() }, 'b');
        assert_side(&[], "src/test/run.ts", importing(&[]), 'd');
    }

    #[test]
    fn the_package_decides_where_the_code_is_silent() {
        let react = ("web/package.json", r#"{"dependencies": {"react": "18"}}"#);
        let express = ("api/package.json", r#"{"dependencies": {"express": "4"}}"#);
        let files =
            [react, express, ("package.json", r#"{"private": true}"#), ("web/src/package.json", "{}")];
        assert_side(&files, "web/src/url.ts", importing(&["./x"]), 'b');
        assert_side(&files, "api/url.ts", importing(&["./x"]), 's');
        assert_side(&files, "other/url.ts", importing(&["./x"]), '?');
        let both = ("package.json", r#"{"dependencies": {"react": "18", "express": "4"}}"#);
        assert_side(&[both], "src/url.ts", importing(&[]), '?');
        assert_side(&[both], "server/url.ts", importing(&[]), 's');
        assert_side(&[both], "src/client/url.ts", importing(&[]), 'b');
        let habit = ("package.json", r#"{"dependencies": {"react": "18", "dotenv": "16", "cors": "2"}}"#);
        assert_side(&[habit], "src/url.ts", importing(&[]), 'b');
        let client = ("client/package.json", both.1);
        assert_side(&[client], "client/src/url.ts", importing(&[]), 'b');
        assert_side(&[client], "client/src/api/url.ts", importing(&[]), 'b');
        let built =
            ("package.json", r#"{"dependencies": {"express": "4"}, "devDependencies": {"vite": "5"}}"#);
        assert_side(&[built], "src/url.ts", importing(&[]), 'b');
        assert_side(&[built], "server/src/url.ts", importing(&[]), 's');
        assert_side(&[built], "lib/url.ts", importing(&[]), '?');
        let library = ("package.json", r#"{"dependencies": {"ws": "8"}}"#);
        assert_side(&[library], "src/url.ts", importing(&[]), '?');
        let command = ("package.json", r#"{"bin": {"x": "./cli.js"}, "dependencies": {"react": "18"}}"#);
        assert_side(&[command], "cli.js", importing(&[]), 's');
        assert_side(&[command], "src/url.js", importing(&[]), 'b');
    }

    #[test]
    fn copies_and_outputs_are_judged_at_their_source() {
        let manifest = ("web/package.json", "{}");
        let source = ("web/src/main.js", "");
        assert_side(&[manifest, source], "web/dist/js/app.js", using(&["document"]), 'd');
        assert_side(&[manifest], "web/dist/js/app.js", using(&["document"]), 'b');
        assert_side(&[], "static/vendor/sockjs.js", using(&["document"]), 'd');
    }

    #[test]
    fn what_a_package_runs_with_node_is_a_command() {
        let deps = r#""dependencies": {"socket.io-client": "4", "vue-socket.io": "3", "express": "4"}"#;
        let agent = format!(r#"{{"scripts": {{"start": "NODE_ENV=production node ./index.js"}}, {deps}}}"#);
        let agent = [("agent/package.json", agent.as_str())];
        assert_side(&agent, "agent/index.js", importing(&["socket.io-client", "./run"]), 's');
        assert_side(&agent, "agent/view.js", importing(&["socket.io-client"]), '?');
    }

    #[test]
    fn a_script_beside_the_sources_does_not_ship() {
        let react = [("package.json", r#"{"dependencies": {"react": "18"}}"#), ("src/main.jsx", "")];
        assert_side(&react, "try.js", importing(&[]), 'd');
        assert_side(&react, "tools/test_connection.js", importing(&[]), 'd');
        assert_side(&react, "src/check-in.js", importing(&[]), 'b');
        assert_side(&react, "src/connection.js", importing(&[]), 'b');
        assert_side(&react, "App.js", importing(&["react"]), 'b');
        assert_side(&react[..1], "connection.js", importing(&[]), 'b');
    }

    #[test]
    fn what_shows_how_to_use_a_library_stays_at_home() {
        let view = || ScriptFacts { jsx: true, ..importing(&["react"]) };
        assert_side(&[], "server/example/chat/index.html", importing(&[]), 'd');
        assert_side(&[], "examples/chat/assets/script.js", using(&["document"]), 'd');
        assert_side(&[], "packages/client/samples/App.tsx", view(), 'd');
        assert_side(&[], "web/src/examples/Chat.tsx", view(), 'b');
        assert_side(&[], "server/src/main/java/com/example/Chat.html", importing(&[]), 'b');
        assert_side(&[], "demo/Chat.tsx", view(), 'b');
    }

    #[test]
    fn files_served_as_they_are_ship() {
        assert_side(&[], "app/static/live.js", importing(&[]), 'b');
        assert_side(&[], "scripts/live.js", importing(&[]), 'd');
        assert_side(&[], "templates/index.html", importing(&[]), 'b');
        assert_side(&[], "templates/contest.html", importing(&[]), 'b');
        assert_side(&[], "ws-test.html", using(&["document"]), 'd');
        assert_side(&[], "src/Test.vue", importing(&[]), 'b');
        assert_side(&[], "src/App.vue", importing(&[]), 'b');
    }
}
