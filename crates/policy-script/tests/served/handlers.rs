//! What handlers do with requests that are not theirs alone: only one that is seen to pass them on counts as nothing.

use policy_http::path::PathPattern;

use super::{assert_express, assert_served, lines, with_served};

#[test]
fn middleware_that_is_seen_to_pass_on_serves_nothing() {
    for handler in [
        "(req, res, next) => { res.setHeader('x-id', '1'); next() }",
        "(req, res, next) => { console.log(req.url); next() }",
        "(req, res, next) => req.user ? next() : res.status(401).json({})",
        "(req, res, next) => { if (!token(req)) return res.sendStatus(403); next() }",
        "(req, res) => { res.status(404).send('nothing here') }",
        "(req, res) => { res.status(404); res.end() }",
        "(req, res) => res.sendStatus(404)",
        "(req, res, next) => { if (!token(req)) { const error = new Error(); return next(error) } next() }",
        "(req, res, next) => { const status = req.user ? 403 : 401; if (!ok(req)) return res.status(status).end(); next() }",
        "(req, res) => { res.status(404); if (req.accepts('html')) { res.send('<p>'); return } res.json({}) }",
        "(req, res) => { const MISSING = 404; res.status(MISSING).send('none') }",
        "(req, res) => res.writeHead(404).end()",
        "(req, res) => { res.statusCode = 404; res.end() }",
        "(req, res, next) => { const send = res.send; res.send = function (body) { log(body); return send.call(this, body) }; next() }",
        "(req, res, next) => { res.locals.user = find(req); res.on('finish', () => log(res.statusCode)); next() }",
        "(error, req, res, next) => res.status(500).send('broken')",
        "(error, req, res, next) => { const status = error.status || 500; res.status(status).json({}) }",
        "(error, req, res, next) => { error.statusCode = error.statusCode || 500; res.status(error.statusCode).json({}) }",
        "(error, req, res, next) => { const code = res.statusCode === 200 ? 500 : res.statusCode; res.status(code); res.json({}) }",
    ] {
        assert_express(&format!("app.use({handler})"), &[]);
    }
    let check = "class Check { use(req, res, next) { if (!req.user) return res.sendStatus(401); next() } }\nconst check = new Check();";
    assert_express(&format!("{check}\napp.use((req, res, next) => check.use(req, res, next))"), &[]);
    let refuse = "const refuse = (response, status) => response.status(status).json({});";
    let guard = "app.use((req, res, next) => req.user ? next() : refuse(res, 401))";
    assert_express(&format!("{refuse}\n{guard}"), &[]);
    assert_express(&format!("{refuse}\n{}", guard.replace("401", "200")), &["? *"]);
    let named = "import { StatusCodes } from 'http-status-codes';";
    assert_express(&format!("{named}\napp.use((req, res) => res.status(StatusCodes.NOT_FOUND).end())"), &[]);
    assert_express(&format!("{named}\napp.use((req, res) => res.status(StatusCodes.OK).end())"), &["? *"]);
}

#[test]
fn what_may_answer_is_not_passed_over() {
    for handler in [
        "(req, res, next) => { if (req.path === '/health') return res.sendStatus(200); next() }",
        "(req, res, next) => { if (req.baseUrl === '/health') return ok(res); next() }",
        "(req, res, next) => isHealth(req) ? ok(res) : next()",
        "(req, res) => health(req, res)",
        "(req, res, next) => check(req, res) || next()",
        "(req, res) => { if (!found) return res.status(404).end(); res.json(found) }",
        "(req, res, next) => { res.send('hello') }",
        "(req, res, _next) => res.sendFile(page)",
        "(req, res, next) => { if (isProbe(req.headers)) return res.status(200).send('ok'); next() }",
        "(req, res, next) => { req.url = req.url.replace('/api', ''); next() }",
        "(req, res, next) => { res.status(status).json({}) }",
        "(req, res, next) => { const status = res.status.bind(res); res.status = (code) => status(200); next() }",
        "(req, res, next) => { answer({ req, res }); next() }",
        "(req, res, next) => { new Answer(res); next() }",
        "(req, res, next) => stream.pipe(res)",
        "(req, res, next) => { res[method]('x') }",
        "function () { return handler.apply(this, arguments) }",
        "(...given) => handler(...given)",
        "(req, { send }, next) => send('x')",
        "(error, req, res, next) => res.send('broken')",
        "(error, req, res, next) => res.status(200).send('page')",
        "[(req, res, next) => next(), (req, res, next) => res.end()]",
    ] {
        assert_express(&format!("app.use({handler})"), &["? *"]);
    }
    let file = "(req, res) => { if (!file) return res.status(404).end(); res.json(file) }";
    assert_express(&format!("app.use('/one', {file})"), &["? /one", "? /one/*"]);
}

#[test]
fn what_hono_answers_where_nothing_is_there_counts_by_its_status() {
    let hono = |answer: &str| {
        format!(
            "import {{ Hono }} from 'hono';\nconst app = new Hono();\napp.get('/x', list);\napp.notFound((c) => {answer});\nexport default app;"
        )
    };
    assert_served(&hono("c.json({}, 404)"), &["GET /x"]);
    assert_served(&hono("c.text('ok', 200)"), &["GET /x", "? *"]);
    assert_served(&hono("new Response('ok')"), &["GET /x", "? *"]);
    let uses = |handler: &str| {
        hono("c.json({}, 404)")
            .replace("export default app", &format!("app.use({handler});\nexport default app"))
    };
    for handler in [
        "async (c, next) => { if (!c.req.header('x')) return c.json({}, 401); await next(); c.res.headers.set('x', 'y') }",
        "async (c, next) => { c.set('user', await find(c.req)); return next() }",
        "async (c, next) => { if (!c.get('user')) return new Response('no', { status: 403 }); await next() }",
        "cors()",
        "async (c, next) => { c.status(401); return c.text('no') }",
    ] {
        let code = format!("import {{ cors }} from 'hono/cors';\n{}", uses(handler));
        assert_served(&code, &["GET /x"]);
    }
    for handler in [
        "async (c, next) => { await next(); c.res = new Response('ok') }",
        "async (c, next) => c.req.header('x') ? c.text('ok') : next()",
        "async (c, next) => OK",
        "async (c, next) => { await next(); c.status(200) }",
    ] {
        assert_served(&uses(handler), &["GET /x", "? *"]);
    }
    assert_served(
        &format!("{}\napp.onError((error, c) => c.text('x', 500));", hono("c.json({}, 404)")),
        &["GET /x"],
    );
    assert_served(
        &format!("{}\napp.onError((error, c) => c.text('x'));", hono("c.json({}, 404)")),
        &["GET /x", "? *"],
    );
}

#[test]
fn middleware_of_koa_answers_by_assigning() {
    let koa = |handler: &str| {
        format!(
            "import Koa from 'koa';\nimport bodyParser from 'koa-bodyparser';\nimport compose from 'koa-compose';\nimport Router from '@koa/router';\nconst app = new Koa();\nconst router = new Router();\n\
             router.get('/x', list);\napp.use({handler});\napp.use(router.routes());"
        )
    };
    for handler in [
        "async (ctx, next) => { if (ctx.path === '/health') { ctx.body = 'ok'; return } await next() }",
        "async (ctx, next) => { if (ctx.url === '/health') answer(ctx); else await next() }",
        "async (ctx, next) => { if (ctx.url === '/health') { ctx.status = 200; return } return next() }",
        "async (ctx, next) => { await next(); if (ctx.status === 404) ctx.status = 200 }",
        "async (ctx, next) => { await next(); if (!ctx.body) ctx.body = '<p>' }",
        "async (ctx, next) => { ctx.path = ctx.path.slice(4); await next() }",
        "async ({ path, response }, next) => { response.body = 'ok' }",
        "async (ctx, next) => { ctx.response.body = 'ok' }",
        "async (ctx, next) => { const { response } = ctx; response.body = 'ok' }",
        "async (ctx, next) => { ctx.ok('x') }",
    ] {
        assert_served(&koa(handler), &["GET /x", "? *"]);
    }
    for handler in [
        "async (ctx, next) => { ctx.set('x-id', '1'); await next() }",
        "async (ctx, next) => { try { await next() } catch (error) { ctx.status = 500; ctx.body = 'broken' } }",
        "async (ctx, next) => { try { await next() } catch (error) { ctx.status = error.status || 500; ctx.body = error.message } }",
        "async (ctx, next) => { if (!ctx.state.user) ctx.throw(401); await next() }",
        "async (ctx) => { ctx.status = 404; ctx.body = 'nothing' }",
        "bodyParser()",
        "compose([bodyParser(), async (ctx, next) => next()])",
    ] {
        assert_served(&koa(handler), &["GET /x"]);
    }
}

#[test]
fn a_method_that_is_not_written_out_may_register_anything() {
    assert_express("for (const route of routes) app[route.method](route.path, route.handler)", &["? *"]);
    let router = "const router = Router(); router[method]('/x', list); app.use('/api', router);";
    assert_express(router, &["? /api", "? /api/*"]);
}

#[test]
fn case_and_options_that_change_the_matching_leave_paths_open() {
    let express = "import express from 'express';\nconst app = express();\napp.get('/Health', ok); app.post('/add', ok)";
    with_served(&[("src/index.ts", express)], |served| {
        let asked = |path: &str| served.lacks(&PathPattern::literal(path).unwrap());
        assert!(!asked("/health") && !asked("/HEALTH/") && !asked("/Health") && asked("/other"));
        assert!(served.may_answer(&PathPattern::literal("/health").unwrap()));
        assert!(!served.may_answer(&PathPattern::literal("/add").unwrap()));
    });
    let fastify = |options: &str| {
        format!("import fastify from 'fastify';\nconst app = fastify({options});\napp.get('/x', list);")
    };
    assert_served(&fastify("{ logger: true }"), &["GET /x"]);
    assert_served(&fastify("{ ignoreTrailingSlash: true }"), &["GET /x", "? *"]);
}

#[test]
fn a_parameter_that_may_be_left_out_leaves_its_slash_out_too() {
    assert_express("app.get('/health/:id?', ok)", &["? /health*"]);
    assert_express("app.get('/healths?', ok)", &["? /health*"]);
}

#[test]
fn routers_in_routers_are_followed_within_a_budget() {
    let routers: String = (0..24)
        .map(|index| format!("const r{index} = Router();\n"))
        .chain((0..23).map(|index| {
            let next = index + 1;
            format!("r{index}.use('/a', r{next}); r{index}.use('/b', r{next});\n")
        }))
        .collect();
    let code = format!(
        "import express, {{ Router }} from 'express';\nconst app = express();\n{routers}app.use(r0);"
    );
    assert!(lines(&[("src/index.ts", &code)]).contains(&"? *".to_owned()));
}

#[test]
fn a_wildcard_of_hono_takes_the_path_before_it() {
    let hono = |code: &str| {
        format!(
            "import {{ Hono }} from 'hono';\nconst app = new Hono();\napp.get('/x', list);\n{code}\nexport default app;"
        )
    };
    assert_served(&hono("app.all('/all/*', (c) => c.text('ok'));"), &["GET /x", "? /all/*", "? /all"]);
    assert_served(&hono("app.use('/all/*', async (c, next) => { await next() });"), &["GET /x"]);
    assert_express(
        "app.get('/x', list); app.all('/all/*', (req, res) => res.end());",
        &["GET /x", "? /all/*"],
    );
}
