//! Modules that a bundler leaves out, because nothing imports them, and all the ways in which something does.

use crate::tree::assert_found;

const PACKAGE: (&str, &str) =
    ("package.json", r#"{ "dependencies": { "react": "18" }, "devDependencies": { "vite": "5" } }"#);
const PAGE: (&str, &str) = ("index.html", "<script type=\"module\" src=\"/src/main.tsx\"></script>");
const APP: (&str, &str) = ("src/App.tsx", "export const App = () => <p/>;");
const MAIN: (&str, &str) = ("src/main.tsx", "import { App } from './App';\nApp();");
const LIVE: (&str, &str) =
    ("src/lib/live.ts", "export const live = () => new WebSocket('ws://localhost:4000');");
const FOUND: &[&str] = &["localhost-url src/lib/live.ts:1"];

#[track_caller]
fn assert_with(more: &[(&str, &str)], expected: &[&str]) {
    assert_found(&[&[PACKAGE, PAGE, APP, MAIN, LIVE], more].concat(), expected);
}

#[test]
fn what_nothing_imports_is_in_no_bundle() {
    assert_with(&[], &[]);
    let unused =
        ("src/components/Room.tsx", "import { live } from '../lib/live';\nexport const Room = () => live();");
    assert_with(&[unused], &[]);
    let test = ("src/lib/live.test.ts", "import { live } from './live';\nlive();");
    assert_with(&[test], &[]);
    assert_with(&[("README.md", "See `src/lib/live.ts`: `import './lib/live'`.")], &[]);
}

#[test]
fn a_part_of_a_project_does_not_say_what_is_imported() {
    assert_found(&[PACKAGE, LIVE], FOUND);
    assert_found(&[PACKAGE, LIVE, ("vite.config.ts", "export default {};")], FOUND);
}

#[test]
fn whatever_names_a_module_may_bring_it() {
    for more in [
        ("src/other.ts", "import { live } from './lib/live';\nexport { live };\n"),
        ("src/Room.vue", "<script setup>\nimport { live } from '@/lib/live';\n</script>"),
    ] {
        // Nothing imports these either.
        assert_with(&[more], &[]);
    }
    for more in [
        ("src/router.ts", "import { live } from './lib/live';\nlive();"),
        ("src/routes/room.tsx", "import { live } from '../lib/live';\nlive();"),
        ("src/room.ts", "export const room = () => import('./lib/live');"),
        ("src/room.ts", "export const all = import.meta.glob('./lib/*.ts');"),
        ("vite.config.ts", "export default { build: { lib: { entry: 'src/lib/live.ts' } } };"),
        ("live.html", "<script type=\"module\" src=\"/src/lib/live.ts\"></script>"),
        ("server/page.php", "<?php vite('src/lib/live.ts');"),
    ] {
        assert_with(&[more], FOUND);
    }
    // A program of Node that nothing starts is run by people.
    let repairs = (
        "repair.mjs",
        "import fs from 'node:fs';\nfor (const f of ['src/lib/live.ts', ...fs.readdirSync('src')]) fs.rmSync(f);",
    );
    assert_with(&[repairs], &[]);
    let package = r#"{ "scripts": { "prebuild": "node ./repair.mjs" }, "devDependencies": { "vite": "5" } }"#;
    assert_with(&[repairs, ("web/package.json", package)], FOUND);
    let through = [
        ("src/main.tsx", "import { App } from './App';\nimport './net';\nApp();"),
        ("src/net/index.ts", "export * from './room';"),
        ("src/net/room.ts", "import { live } from '../lib/live';\nlive();"),
    ];
    let rest = [PACKAGE, PAGE, APP, LIVE];
    assert_found(&[&rest[..], &through].concat(), FOUND);
}

#[test]
fn what_frameworks_bring_by_themselves_ships() {
    let with = |package: &str, path: &str| {
        let code = "window.x = new WebSocket('ws://localhost:4000');";
        assert_found(&[("package.json", package), (path, code)], &[&format!("localhost-url {path}:1")]);
    };
    let vite = r#"{ "devDependencies": { "vite": "5" } }"#;
    for path in
        ["src/main.ts", "src/index.js", "index.js", "src/pages/chat.tsx", "public/live.js", "src/sw.ts"]
    {
        with(vite, path);
    }
    with(r#"{ "dependencies": { "next": "15", "react": "18" } }"#, "app/chat/page.tsx");
    with(r#"{ "dependencies": { "nuxt": "3" } }"#, "utils/live.ts");
    // Without a bundler a page may load it by an address that somebody makes.
    with("{}", "lib/live.js");
}
