//! How a socket's address is followed from file to file: modules, aliases, packages, environments and pages, both ways.

use crate::tree::{Files, found};

#[track_caller]
fn assert_ports(files: Files<'_>, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|place| format!("hardcoded-port {place}")).collect();
    assert_eq!(found(files), expected, "{files:#?}");
}

/// A module that imports `PORT` from `specifier`.
fn importing(specifier: &str) -> String {
    format!(
        "import {{ PORT }} from '{specifier}';\nnew WebSocket(`wss://${{window.location.hostname}}:${{PORT}}`)"
    )
}

const PORT: &str = "export const PORT = 8000";
const VITE: (&str, &str) =
    ("package.json", r#"{ "devDependencies": { "vite": "5" }, "scripts": { "build": "vite build" } }"#);

#[test]
fn paths_of_a_compiler_configuration_are_followed_through_extends() {
    let app = importing("@shared/ports");
    let base = (
        "tsconfig.shared.json",
        r#"{ "compilerOptions": { "baseUrl": ".", "paths": { "@shared/*": ["libs/shared/*"] } } }"#,
    );
    let own = ("web/tsconfig.json", r#"{ "extends": "../tsconfig.shared.json" }"#);
    let ports = ("libs/shared/ports.ts", PORT);
    assert_ports(&[base, own, ports, ("web/app.ts", &app)], &["libs/shared/ports.ts:1"]);
    assert_ports(&[("web/tsconfig.json", "{}"), base, ports, ("web/app.ts", &app)], &[]);
    let relative = importing("shared/ports");
    let base_url = ("web/jsconfig.json", r#"{ "compilerOptions": { "baseUrl": "src" } }"#);
    assert_ports(
        &[base_url, ("web/src/shared/ports.js", PORT), ("web/src/app.js", &relative)],
        &["web/src/shared/ports.js:1"],
    );
}

#[test]
fn packages_of_the_workspace_are_followed() {
    let root = ("package.json", r#"{ "workspaces": ["packages/*"] }"#);
    let config = (
        "packages/config/package.json",
        r#"{ "name": "@acme/config", "exports": { ".": "./src/main.ts" } }"#,
    );
    let web =
        ("packages/web/package.json", r#"{ "name": "@acme/web", "dependencies": { "@acme/config": "*" } }"#);
    let app = importing("@acme/config");
    let port = ("packages/config/src/main.ts", PORT);
    assert_ports(
        &[root, config, web, port, ("packages/web/app.ts", &app)],
        &["packages/config/src/main.ts:1"],
    );
    assert_ports(&[root, web, port, ("packages/web/app.ts", &app)], &[]);
    let private = ("web/package.json", r##"{ "imports": { "#ports": "./src/ports.ts" } }"##);
    assert_ports(
        &[private, ("web/src/ports.ts", PORT), ("web/src/app.ts", &importing("#ports"))],
        &["web/src/ports.ts:1"],
    );
}

#[test]
fn aliases_of_a_bundler_are_followed() {
    let alias = "import { defineConfig } from 'vite';\nexport default defineConfig({ resolve: { alias: { parts: '/src' } } })";
    let files =
        [VITE, ("vite.config.ts", alias), ("src/ports.ts", PORT), ("src/app.ts", &importing("parts/ports"))];
    assert_ports(&files, &["src/ports.ts:1"]);
    assert_ports(&[VITE, ("src/ports.ts", PORT), ("src/app.ts", &importing("parts/ports"))], &[]);
}

#[test]
fn constants_that_a_bundler_puts_in_are_followed() {
    let app = "document;\nnew WebSocket(`wss://${location.hostname}:${__PORT__}`)";
    let define = "export default { define: { __PORT__: '8000' } }";
    assert_ports(&[VITE, ("vite.config.ts", define), ("src/app.ts", app)], &["vite.config.ts:1"]);
    let declared = format!("declare const __PORT__: number;\n{app}");
    assert_ports(&[VITE, ("vite.config.ts", define), ("src/app.ts", &declared)], &["vite.config.ts:1"]);
    assert_ports(
        &[VITE, ("vite.config.ts", "export default { define: { __PORT__: port } }"), ("src/app.ts", app)],
        &[],
    );
}

#[test]
fn environment_files_go_before_each_other_in_the_bundlers_order() {
    let app = ("src/app.ts", "document;\nnew WebSocket(import.meta.env.VITE_SOCKET)");
    let (closed, open) = ("VITE_SOCKET=wss://example.org:8000\n", "VITE_SOCKET=wss://example.org\n");
    assert_ports(&[VITE, app, (".env", closed)], &[".env:1"]);
    assert_ports(&[VITE, app, (".env", closed), (".env.production", open)], &[]);
    assert_ports(&[VITE, app, (".env", open), (".env.production", closed)], &[".env.production:1"]);
    assert_ports(&[VITE, app, (".env", open), (".env.development", closed)], &[]);
}

#[test]
fn variables_that_sveltekit_puts_in_are_followed() {
    let kit = (
        "package.json",
        r#"{ "devDependencies": { "@sveltejs/kit": "2" }, "scripts": { "build": "vite build" } }"#,
    );
    let app = (
        "src/socket.ts",
        "import { PUBLIC_WS } from '$env/static/public';\ndocument;\nnew WebSocket(PUBLIC_WS)",
    );
    assert_ports(&[kit, app, (".env", "PUBLIC_WS=wss://example.org:8000")], &[".env:1"]);
    assert_ports(&[kit, app, (".env", "PUBLIC_WS=wss://example.org")], &[]);
    assert_ports(&[kit, app], &[]);
}

#[test]
fn settings_that_a_framework_hands_on_are_followed() {
    let next = ("package.json", r#"{ "dependencies": { "next": "13" } }"#);
    let page = (
        "pages/live.js",
        "import getConfig from 'next/config';\nconst { publicRuntimeConfig } = getConfig();\ndocument; new WebSocket(publicRuntimeConfig.ws);",
    );
    let config = "module.exports = {\n  publicRuntimeConfig: { ws: 'wss://example.org:8000' },\n};";
    assert_ports(&[next, page, ("next.config.js", config)], &["next.config.js:2"]);
    assert_ports(&[next, page], &[]);
}

#[test]
fn a_class_reads_what_its_subclasses_in_other_modules_set() {
    let base = (
        "src/base.ts",
        "export abstract class Base {\n  abstract url: string;\n  open() { document; return new WebSocket(this.url); }\n}",
    );
    let sub = (
        "src/live.ts",
        "import { Base } from './base';\nexport class Live extends Base {\n  url = 'wss://example.org:8000';\n}",
    );
    assert_ports(&[base, sub], &["src/live.ts:3"]);
    let other = (
        "src/live.ts",
        "import { Base } from './base';\nexport class Live extends Other {\n  url = 'wss://example.org:8000';\n}",
    );
    assert_ports(&[base, other], &[]);
}

#[test]
fn arguments_of_an_image_are_baked_into_the_bundle() {
    let app = ("src/app.ts", "document;\nnew WebSocket(import.meta.env.VITE_SOCKET)");
    let dockerfile = |argument: &str| {
        format!(
            "FROM node:22 AS build\n{argument}\nCOPY . .\nRUN npm run build\nFROM nginx:1.27\nCOPY --from=build /dist /usr/share/nginx/html\n"
        )
    };
    let baked = dockerfile("ARG VITE_SOCKET=wss://example.org:8000");
    assert_ports(&[VITE, app, ("Dockerfile", &baked)], &["Dockerfile:2"]);
    let given = dockerfile("ARG VITE_SOCKET");
    assert_ports(&[VITE, app, ("Dockerfile", &given)], &[]);
    let compose = "services:\n  web:\n    build:\n      context: .\n      args:\n        VITE_SOCKET: wss://example.org:8000\n";
    assert_ports(&[VITE, app, ("Dockerfile", &given), ("compose.yaml", compose)], &["compose.yaml:6"]);
}

#[test]
fn what_angular_replaces_does_not_ship() {
    let app = (
        "src/app/socket.ts",
        "import { environment } from '../environments/environment';\nimport { Injectable } from '@angular/core';\nnew WebSocket(environment.socket)",
    );
    let closed = "export const environment = { socket: 'wss://example.org:8000' }";
    let open = "export const environment = { socket: 'wss://example.org' }";
    let replace = (
        "angular.json",
        r#"{ "projects": { "web": { "root": "", "sourceRoot": "src", "architect": { "build": { "configurations": { "production": { "fileReplacements": [
            { "replace": "src/environments/environment.ts", "with": "src/environments/environment.prod.ts" }
        ] } } } } } } }"#,
    );
    let (own, production) = ("src/environments/environment.ts", "src/environments/environment.prod.ts");
    assert_ports(&[app, replace, (own, closed), (production, open)], &[]);
    assert_ports(
        &[app, replace, (own, open), (production, closed)],
        &["src/environments/environment.prod.ts:1"],
    );
    assert_ports(&[app, (own, closed), (production, open)], &["src/environments/environment.ts:1"]);
}

#[test]
fn modules_export_in_many_ways() {
    let app = |import: &str, port: &str| {
        format!("{import};\nnew WebSocket(`wss://${{window.location.hostname}}:${{{port}}}`)")
    };
    for (import, port, config) in [
        ("import PORT from './config'", "PORT", "export default 8000"),
        ("import config from './config'", "config.port", "export default { port: 8000 }"),
        (
            "import config from './config'",
            "config.port",
            "const config = { port: 8000 }; export default config",
        ),
        ("import * as config from './config'", "config.PORT", PORT),
        ("const { PORT } = require('./config')", "PORT", "module.exports = { PORT: 8000 }"),
        ("const config = require('./config')", "config.PORT", "exports.PORT = 8000"),
        ("import { Port } from './config'", "Port.Api", "export enum Port { Api = 8000 }"),
        ("import { Port } from './config'", "Port.API", "export class Port { static readonly API = 8000 }"),
        (
            "import { Port } from './config'",
            "Port.api",
            "export class Port { static get api() { return 8000 } }",
        ),
        (
            "import { Port } from './config'",
            "new Port().api",
            "export class Port { get api() { return 8000 } }",
        ),
        ("import { port } from './config'", "port()", "export function port() { return 8000 }"),
    ] {
        let app = app(import, port);
        assert_ports(&[("src/app.js", &app), ("src/config.ts", config)], &["src/config.ts:1"]);
        let open = config.replace("8000", "443");
        assert_ports(&[("src/app.js", &app), ("src/config.ts", &open)], &[]);
    }
    let types = app("import type { PORT } from './config'", "PORT");
    assert_ports(&[("src/app.ts", &types), ("src/config.ts", PORT)], &[]);
}

#[test]
fn components_and_pages_are_read_where_they_run() {
    let socket = |port: &str| format!("new WebSocket('wss://example.org{port}')");
    let (closed, open) = (socket(":8000"), socket(""));
    for (path, before, after, line) in [
        ("src/App.vue", "<script lang=\"ts\">\n", "\n</script>", 2),
        ("src/App.svelte", "<h1>x</h1>\n<script lang=\"ts\">\n", "\n</script>", 3),
        ("src/pages/index.astro", "---\nconst a = 1\n---\n<script>\n", "\n</script>", 5),
        ("public/index.html", "<html>\n<script>\n", "\n</script>", 3),
    ] {
        assert_ports(&[(path, &format!("{before}{closed}{after}"))], &[&format!("{path}:{line}")]);
        assert_ports(&[(path, &format!("{before}{open}{after}"))], &[]);
    }
    assert_ports(&[("src/pages/index.astro", &format!("---\n{closed}\n---\n<p/>"))], &[]);
}

#[test]
fn what_a_page_loads_ships() {
    let code = ("scripts/live.js", "const s = new WebSocket('wss://example.org:8000')");
    assert_ports(&[code], &[]);
    assert_ports(
        &[code, ("index.html", "<script src=\"scripts/live.js\"></script>")],
        &["scripts/live.js:1"],
    );
}
