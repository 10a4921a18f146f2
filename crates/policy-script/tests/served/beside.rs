//! What answers beside the registrations that stand in the code: packages, wrapped plug-ins, and what else a program starts.

use super::{assert_express, assert_served, lines};

#[test]
fn packages_answer_what_they_will_unless_they_are_known_to_pass_requests_on() {
    for (package, expected) in [
        ("helmet", &["GET /x"][..]),
        ("cors", &["GET /x"]),
        ("express-rate-limit", &["GET /x"]),
        ("sirv", &["GET /x", "? *"]),
        ("unheard-of", &["GET /x", "? *"]),
        ("connect-history-api-fallback", &["GET /x", "? *"]),
    ] {
        let code =
            format!("import middleware from '{package}';\napp.use(middleware()); app.get('/x', list);");
        assert_express(&code, expected);
        let below = format!(
            "import middleware from '{package}';\napp.get('/x', list); app.use('/in', middleware());"
        );
        assert_express(&below, if expected.len() > 1 { &["GET /x", "? /in", "? /in/*"] } else { expected });
    }
}

#[test]
fn what_a_package_wraps_is_judged_by_itself() {
    let wrapped = |handler: &str| {
        format!("import wrap from 'express-async-handler';\napp.get('/x', list); app.use(wrap({handler}));")
    };
    assert_express(&wrapped("async (req, res, next) => { await find(req); next() }"), &["GET /x"]);
    assert_express(&wrapped("async (req, res, next) => res.json({})"), &["GET /x", "? *"]);
}

const FASTIFY: &str = "import Fastify from 'fastify';\nimport fp from 'fastify-plugin';\nconst app = Fastify();\napp.get('/x', list);";

#[test]
fn plugins_that_are_wrapped_register_with_the_very_application() {
    let index =
        format!("{FASTIFY}\nimport health from './health.js';\napp.register(health, {{ prefix: '/ops' }});");
    for health in [
        "import fp from 'fastify-plugin';\nexport default fp(async function (fastify) { fastify.get('/health', ok) }, { name: 'health' })",
        "const fp = require('fastify-plugin');\nasync function health(f) { f.get('/health', ok) }\nmodule.exports = fp(health);",
    ] {
        let files = [("src/index.ts", index.as_str()), ("src/health.js", health)];
        assert_eq!(lines(&files), ["GET /x", "GET /health"], "{health}");
    }
    let hook = format!(
        "{FASTIFY}\napp.register(fp((f, o, done) => {{ f.addHook('onRequest', (req, reply, next) => {{ if (req.url === '/a') reply.send('x'); else next() }}); done() }}));"
    );
    assert_served(&hook, &["GET /x", "? *"]);
    assert_served(&format!("{FASTIFY}\napp.register(fp(unknown));"), &["GET /x", "? *"]);
}

#[test]
fn plugins_of_packages_register_what_they_will() {
    let register = |package: &str| format!("{FASTIFY}\napp.register(require('{package}'), {{}});");
    for package in ["@fastify/cors", "fastify-helmet", "@fastify/sensible", "@fastify/jwt"] {
        assert_served(&register(package), &["GET /x"]);
    }
    for package in ["fastify-metrics", "fastify-healthcheck", "@acme/routes"] {
        assert_served(&register(package), &["GET /x", "? *"]);
    }
}

#[test]
fn hooks_and_handlers_of_fastify_answer_by_their_replies() {
    for code in [
        "app.addHook('onSend', async (request, reply, payload) => { reply.header('x', 'y'); return payload })",
        "app.addHook('onClose', async (instance) => { await close() })",
        "app.addHook('preHandler', async (request, reply) => { if (!request.user) return reply.code(401).send() })",
        "app.addHook('onRequest', async (request) => { await request.jwtVerify() })",
        "app.setErrorHandler((error, request, reply) => reply.send(error))",
        "app.setErrorHandler((error, request, reply) => reply.status(error.statusCode ?? 500).send({}))",
    ] {
        assert_served(&format!("{FASTIFY}\n{code}"), &["GET /x"]);
    }
    for code in [
        "app.addHook('onSend', async (request, reply, payload) => { reply.code(200); return payload })",
        "app.setErrorHandler((error, request, reply) => reply.code(200).send('ok'))",
        "app.setNotFoundHandler(async (request, reply) => ({ page: 1 }))",
        "app.get('*', async (request, reply) => ({ page: 1 }))",
    ] {
        assert!(
            lines(&[("src/index.ts", &format!("{FASTIFY}\n{code}"))])
                .iter()
                .any(|line| line.starts_with('?')),
            "{code}"
        );
    }
}

#[test]
fn functions_around_an_application_answer_what_they_will() {
    let express = "import http from 'http';\napp.get('/x', list);\nconst server = http.createServer();";
    assert_express(&format!("{express}\nserver.on('request', app);"), &["GET /x"]);
    let listener =
        "server.on('request', (req, res) => { if (req.url === '/health') return res.end(); app(req, res) });";
    assert_express(&format!("{express}\n{listener}"), &["GET /x", "? *"]);
    let hono = "import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/x', list);";
    assert_served(
        &format!("{hono}\nexport default {{ fetch: (request) => app.fetch(request) }};"),
        &["GET /x"],
    );
    let wraps =
        "export default { fetch: (request) => isProbe(request) ? new Response('ok') : app.fetch(request) };";
    assert_served(&format!("{hono}\n{wraps}"), &["GET /x", "? *"]);
    assert_express("app.get('/x', list); app._router.stack.push(...other.stack);", &["GET /x", "? *"]);
    assert_express("app.get('/x', list); require('./' + file).register(app);", &["GET /x", "? *"]);
}

#[test]
fn another_program_that_is_started_may_answer() {
    let main = "import express from 'express';\nimport { fork } from 'child_process';\nconst app = express();\napp.get('/x', list);\nfork('./other.js');";
    let server = "import express from 'express';\nexpress().get('/health', ok);";
    assert_eq!(lines(&[("src/index.ts", main), ("src/other.js", server)]), ["GET /x", "? *"]);
    assert_eq!(
        lines(&[("src/index.ts", main), ("src/other.js", "import sharp from 'sharp';\nresize();")]),
        ["GET /x"]
    );
    assert_eq!(lines(&[("src/index.ts", main)]), ["GET /x", "? *"]);
}

#[test]
fn routers_of_koa_are_mounted_and_given_prefixes_by_calls() {
    let koa = |code: &str| {
        format!(
            "import Koa from 'koa';\nimport mount from 'koa-mount';\nimport Router from '@koa/router';\n\
             const app = new Koa();\nconst router = new Router();\nrouter.get('/x', list);\n{code}"
        )
    };
    assert_served(&koa("router.prefix('/api'); app.use(router.middleware());"), &["GET /api/x"]);
    assert_served(&koa("router.prefix(prefix); app.use(router.routes());"), &["? /*"]);
    assert_served(
        &koa("router.register('/reg', ['GET'], list); app.use(router.routes());"),
        &["GET /x", "GET /reg"],
    );
    assert_served(
        &koa("const api = new Koa(); api.use(router.routes()); app.use(mount('/api', api));"),
        &["GET /api/x"],
    );
    assert_served(
        &koa("app.use(mount('/health', async (ctx) => { ctx.body = 'ok' })); app.use(router.routes());"),
        &["ANY /health", "ANY /health/*", "GET /x"],
    );
}

#[test]
fn what_is_set_on_a_router_changes_what_it_answers() {
    let koa = |code: &str| {
        format!(
            "import Koa from 'koa';\nimport Router from '@koa/router';\nconst app = new Koa();\n\
             const router = new Router();\nrouter.get('/x', list);\n{code}\napp.use(router.routes());"
        )
    };
    assert_served(&koa("router.opts.prefix = '/api';"), &["GET /x", "? *"]);
    assert_served(&koa("settings.opts.prefix = '/api'; app.context.db = connect();"), &["GET /x"]);
    assert_express("app.get('/x', list); app._router = other;", &["GET /x", "? *"]);
}

#[test]
fn methods_that_are_added_to_an_application_may_register() {
    let fastify = |method: &str| format!("{FASTIFY}\napp.decorate('add', {method});\napp.add('/health');");
    assert_served(&fastify("function (path) { this.get(path, ok) }"), &["GET /x", "? *"]);
    assert_served(&fastify("function (path) { return this.log.info(path) }"), &["GET /x"]);
}

#[test]
fn a_prefix_that_a_caller_may_give_is_not_the_default() {
    let make = "import express, { Router } from 'express';\n\
        export function make({ prefix = '' } = {}) { const app = express(); const router = Router();\n\
        router.get('/x', list); app.use(prefix, router); return app }";
    let index = "import { make } from './make.js';\nmake({ prefix: '/api' }).listen(80);";
    let found = lines(&[("src/index.ts", index), ("src/make.js", make)]);
    assert!(found.contains(&"? *".to_owned()), "{found:?}");
}
