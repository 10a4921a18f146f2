//! What programs of Node serve: from the entry to paths with all their prefixes, and where something is not known.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod beside;
mod forwarders;
mod handlers;
mod nest;

use policy_http::served::{Answers, Methods, Served};
use policy_script::served::served;
use policy_script::{ImportedNames, Program, Scripts};
use policy_text::source::{FileId, MemoryTree, RepoPath, Sources};

/// What the program of the first file serves, one line a registration; what is not known begins with `?`.
fn lines(files: &[(&str, &str)]) -> Vec<String> {
    with_served(files, described)
}

fn described(served: &Served) -> Vec<String> {
    let known = served.registrations.iter().filter_map(|registration| {
        let what = match &registration.answers {
            Answers::Redirect => return None,
            Answers::Requests(Methods::Only(methods)) => methods.join("|"),
            answers => answers.to_string(),
        };
        Some(format!("{what} {}", registration.path))
    });
    let unknown = served.unknown.iter().map(|unknown| unknown.below.to_string());
    known.chain(unknown.map(|below| format!("? {below}"))).collect()
}

fn with_served<T>(files: &[(&str, &str)], judge: impl FnOnce(&Served) -> T) -> T {
    let tree = MemoryTree::of(files);
    let sources = Sources::open(&tree);
    let text = |file: FileId| sources.read(file).unwrap().text;
    let imports: Vec<(FileId, ImportedNames)> =
        sources.files().map(|(file, path)| (file, ImportedNames::of(path, &text(file)))).collect();
    let images = |_: &str| Vec::new();
    let scripts = Scripts::new(&[], &imports, &images, &sources);
    let (first, _) = files.first().unwrap();
    let entry = sources.find(&RepoPath::new(first).unwrap()).unwrap();
    judge(&served(&scripts, &Program::Module(entry)))
}

#[track_caller]
fn assert_served(code: &str, expected: &[&str]) {
    assert_eq!(lines(&[("src/index.ts", code)]), expected, "{code}");
}

#[track_caller]
fn assert_express(code: &str, expected: &[&str]) {
    assert_served(
        &format!("import express, {{ Router }} from 'express';\nconst app = express();\n{code}"),
        expected,
    );
}

#[test]
fn an_application_of_express_serves_what_is_registered_with_it() {
    assert_express(
        "app.get('/users', list); app.post('/users/:id/posts', check, add); app.all(['/a', '/b'], any);
         app.get('port');",
        &["GET /users", "POST /users/{}/posts", "ANY /a", "ANY /b"],
    );
    assert_express("app.route('/x').get(list).put((req, res) => res.send())", &["GET /x", "PUT /x"]);
    assert_express(
        "import helmet from 'helmet';\napp.use(express.json()); app.use(helmet()); app.get('/x', list)",
        &["GET /x"],
    );
}

#[test]
fn routers_serve_below_what_mounts_them() {
    let index = "const express = require('express');
        const users = require('./users');
        const app = express();
        app.use('/api', require('cors')(), require('./api'));
        app.use('/v2/', users);
        app.use(users);";
    let api = "const router = require('express').Router();
        router.use('/users', require('./users'));
        router.get('/', list);
        module.exports = router;";
    let users = "const { Router } = require('express');
        const router = Router();
        router.get('/', list);
        router.get('/:id', one);
        module.exports = router;";
    let found = lines(&[("src/index.js", index), ("src/api.js", api), ("src/users.js", users)]);
    assert_eq!(
        found,
        ["GET /api/users", "GET /api/users/{}", "GET /api", "GET /v2", "GET /v2/{}", "GET /", "GET /{}"]
    );
}

#[test]
fn functions_and_classes_register_with_what_they_are_given() {
    let index = "import express from 'express';
        import register from './routes';
        import { Users } from './users';
        const app = express();
        register(app);
        new Users(app).start();
        export default app;";
    let routes = "import { more } from './more';
        export default function register(server: Express, prefix = '/api') {
          server.get('/health', (req, res) => res.send('ok'));
          more(server);
        }";
    let more = "export const more = (app) => { app.post('/more', (req, res) => res.json({})) };";
    let users = "export class Users {
          constructor(private app: express.Application) {}
          start() { this.app.get('/users', this.list) }
        }";
    let found = lines(&[
        ("src/index.ts", index),
        ("src/routes.ts", routes),
        ("src/more.ts", more),
        ("src/users.ts", users),
    ]);
    assert_eq!(found, ["GET /health", "POST /more", "GET /users"]);
}

#[test]
fn a_class_may_keep_its_application_and_its_routers() {
    let code = "import express, { Router } from 'express';
        class Users { public router = Router(); constructor() { this.router.get('/', list) } }
        class App {
          app = express();
          constructor() { this.routes() }
          routes() { const users = new Users(); this.app.use('/users', users.router) }
          listen() { this.app.listen(80) }
        }
        new App().listen();";
    assert_served(code, &["GET /users"]);
}

#[test]
fn what_is_registered_for_development_alone_is_not_served() {
    assert_express(
        "if (process.env.NODE_ENV !== 'production') app.get('/debug', list);
         if (process.env.FEATURE) app.get('/feature', list);
         if (process.env.NODE_ENV === 'production') app.get('/live', list);",
        &["GET /live", "? /feature"],
    );
}

#[test]
fn what_is_not_written_out_is_unknown_where_it_lies() {
    assert_express("app.get(`/api/${version}/users`, list)", &["? /api/*"]);
    assert_express("app.use(process.env.PREFIX, users)", &["? *"]);
    assert_express("app.get(/^\\/x/, list)", &["? *"]);
    assert_express("app.use('/files', express.static('files'))", &["? /files", "? /files/*"]);
    assert_express("for (const route of routes) app.use(route.path, route.router)", &["? *", "? *"]);
    assert_express("import setup from 'unknown-setup'; setup(app)", &["? *"]);
    assert_express("unknown.get('/x', (req, res) => res.send())", &["? *"]);
    assert_served(
        "import { createServer } from 'http';\ncreateServer((req, res) => res.end())",
        &["? *", "? *"],
    );
}

#[test]
fn a_handler_of_every_path_answers_or_says_that_nothing_is_there() {
    assert_express("app.get('*', (req, res) => res.sendFile('index.html'))", &["? /*"]);
    assert_express("app.use((req, res) => res.status(404).json({}))", &[]);
    assert_express("app.use((error, req, res, next) => res.status(500).json({}))", &[]);
    assert_express("app.use((req, res, next) => { log(req.url); next() })", &[]);
    assert_express("app.use('/hook', (req, res) => res.send())", &["ANY /hook", "ANY /hook/*"]);
    let chooses = "app.use((req, res, next) => req.path === '/live' ? res.send() : next())";
    assert_express(chooses, &["? *"]);
}

#[test]
fn sockets_are_served_too() {
    let server = |code: &str| format!("import {{ Server }} from 'socket.io';\n{code}; app.get('/x', list)");
    assert_express(&server("new Server(server)"), &["SOCKET /socket.io/*", "GET /x"]);
    assert_express(&server("new Server(server, { path: '/live/' })"), &["SOCKET /live/*", "GET /x"]);
    let ws = "import { WebSocketServer } from 'ws'; new WebSocketServer({ server, path: '/ws' })";
    assert_express(ws, &["SOCKET /ws"]);
    assert_express("import WebSocket from 'ws'; new WebSocket.Server({ noServer: true })", &["? *"]);
}

#[test]
fn plugins_of_fastify_have_prefixes() {
    let index = "import Fastify from 'fastify';
        import cors from '@fastify/cors';
        import users from './users.js';
        const server = Fastify({ logger: true });
        await server.register(cors, { origin: true });
        server.register(users, { prefix: '/api/users' });
        server.register(async (scope) => { scope.get('/inner', list) }, { prefix: '/v1' });
        server.register(import('@fastify/autoload'), { dir: 'plugins' });
        server.get('/ws', { websocket: true }, handler);
        server.route({ method: ['GET', 'HEAD'], url: '/route', handler });
        await server.listen({ port: 80 });";
    let users = "export default async function users(fastify, options) {
          fastify.get('/', list);
          fastify.get('/:id', { schema }, async (request, reply) => ({}));
        }";
    let found = lines(&[("src/index.ts", index), ("src/users.ts", users)]);
    assert_eq!(
        found,
        ["GET /api/users", "GET /api/users/{}", "GET /v1/inner", "SOCKET /ws", "GET|HEAD /route", "? *"]
    );
}

#[test]
fn what_fastify_is_set_up_with_gives_the_application_back() {
    let index =
        "import { build } from './app.js';\nconst app = await build();\nawait app.listen({ port: 3000 });";
    let app = "import Fastify from 'fastify'; import { chats } from './chats.js';
        export async function build() {
          const app = Fastify().withTypeProvider<Types>().setErrorHandler((error, request, reply) => reply.send(error));
          await app.register(chats, { prefix: '/api/v1' }); return app; }";
    let chats = "export const chats: Plugin = async (app) => { app.route({ method: 'POST', url: '/chats', handler: async (request, reply) => ({}) }); };";
    let found = lines(&[("index.ts", index), ("app.ts", app), ("chats.ts", chats)]);
    assert_eq!(found, ["POST /api/v1/chats"]);
}

#[test]
fn hono_mounts_and_begins_its_paths() {
    let code = "import { Hono } from 'hono';
        const users = new Hono().get('/', list).post('/:id', add);
        const app = new Hono().basePath('/api');
        app.route('/users', users);
        app.on(['PUT', 'DELETE'], '/x', handler);
        app.get('/health', (c) => c.text('ok'));
        export default app;";
    assert_served(code, &["GET /api/users", "POST /api/users/{}", "PUT|DELETE /api/x", "GET /api/health"]);
}

#[test]
fn routers_of_koa_have_prefixes_and_names() {
    let code = "import Koa from 'koa';
        import Router from '@koa/router';
        const app = new Koa();
        const users = new Router({ prefix: '/users' });
        users.get('/', list).get('one', '/:id', one);
        const api = new Router();
        api.use('/api', users.routes(), users.allowedMethods());
        app.use(api.routes());";
    assert_served(code, &["GET /api/users", "GET /api/users/{}"]);
}

/// What the project serves whose package depends on a framework.
#[track_caller]
fn assert_project(framework: &str, files: &[(&str, &str)], expected: &[&str]) {
    let manifest = format!(r#"{{"dependencies": {{"{framework}": "1"}}}}"#);
    let mut files = files.to_vec();
    files.push(("package.json", &manifest));
    let tree = MemoryTree::of(&files);
    let sources = Sources::open(&tree);
    let images = |_: &str| Vec::new();
    let scripts = Scripts::new(&[], &[], &images, &sources);
    let served = served(&scripts, &Program::Project(RepoPath::root()));
    assert_eq!(described(&served), expected, "{files:?}");
}

#[test]
fn files_of_next_are_its_paths() {
    assert_project(
        "next",
        &[
            ("app/(site)/page.tsx", ""),
            ("app/_parts/page.tsx", ""),
            ("app/api/users/[id]/route.ts", "export async function GET() {}\nexport const POST = handler;"),
            ("app/docs/[[...slug]]/page.tsx", ""),
            ("app/users/layout.tsx", ""),
            ("pages/api/health.ts", "export default (req, res) => res.end()"),
            ("pages/about/index.tsx", ""),
            ("pages/_app.tsx", ""),
            ("public/logo.svg", ""),
        ],
        &[
            "PAGE /",
            "GET|POST /api/users/{}",
            "PAGE /docs",
            "PAGE /docs/{}*",
            "PAGE /about",
            "ANY /api/health",
            "GET /logo.svg",
            "? /_next/*",
        ],
    );
    let config = "module.exports = withPlugin({ basePath: '/shop', async rewrites() {
          return [{ source: '/backend/:path*', destination: 'http://api/:path*' }] } })";
    assert_project(
        "next",
        &[("app/page.tsx", ""), ("next.config.js", config)],
        &["PAGE /shop", "? /shop/backend*", "? /shop/_next/*"],
    );
}

#[test]
fn files_of_other_frameworks_are_their_paths() {
    assert_project(
        "@sveltejs/kit",
        &[
            ("src/routes/api/users/[id]/+server.ts", "export const GET = () => {}"),
            ("src/routes/(app)/about/+page.svelte", ""),
            ("src/routes/+layout.svelte", ""),
        ],
        &["ANY /about", "GET /api/users/{}", "? /_app/*"],
    );
    assert_project(
        "nuxt",
        &[
            ("server/api/users/[id].get.ts", ""),
            ("server/routes/health.ts", ""),
            ("app/pages/index.vue", ""),
            ("app/pages/users/[id].vue", ""),
        ],
        &["GET /api/users/{}", "ANY /health", "PAGE /", "PAGE /users/{}", "? /_nuxt/*"],
    );
    assert_project(
        "@remix-run/react",
        &[
            ("app/routes/_index.tsx", ""),
            ("app/routes/api.users.$id.tsx", ""),
            ("app/routes/files.$.tsx", ""),
        ],
        &["ANY /", "ANY /api/users/{}", "ANY /files", "ANY /files/{}*", "? /assets/*"],
    );
}

#[test]
fn what_answers_probes_beside_the_handlers_is_unknown() {
    let all = ["GET /x", "? *"];
    assert_express("import health from 'express-healthcheck';\napp.get('/x', list); app.use(health())", &all);
    assert_express(
        "import health from 'express-healthcheck';\napp.get('/x', list); app.use('/health', health())",
        &["GET /x", "? /health", "? /health/*"],
    );
    let terminus = "import http from 'http';\nimport { createTerminus } from '@godaddy/terminus';
        app.get('/x', list); const server = http.createServer(app);
        createTerminus(server, { healthChecks: { '/health': check } }); server.listen(80);";
    assert_express(terminus, &all);
    let fastify = |code: &str, expected: &[&str]| {
        let made = "import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/x', list);";
        assert_served(&format!("{made}\n{code}"), expected);
    };
    fastify("app.addHook('onRequest', async (request, reply) => { count(request); })", &["GET /x"]);
    fastify(
        "app.addHook('onRequest', async (request, reply) => { if (request.url === '/a') reply.send() })",
        &all,
    );
    fastify("app.setNotFoundHandler((request, reply) => reply.code(404).send({}))", &["GET /x"]);
    fastify("app.setNotFoundHandler((request, reply) => reply.sendFile('index.html'))", &all);
    fastify("app.register(require('@fastify/under-pressure'), { exposeStatusRoute: '/alive' })", &all);
}
