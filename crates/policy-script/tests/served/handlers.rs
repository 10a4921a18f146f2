//! What handlers do with requests that are not theirs alone: only one that is seen to pass them on counts as nothing.

use super::{assert_express, assert_served, lines};

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
        "(error, req, res, next) => res.send('broken')",
    ] {
        assert_express(&format!("app.use({handler})"), &[]);
    }
    let check = "class Check { use(req, res, next) { if (!req.user) return res.sendStatus(401); next() } }\nconst check = new Check();";
    assert_express(&format!("{check}\napp.use((req, res, next) => check.use(req, res, next))"), &[]);
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
}

#[test]
fn middleware_of_koa_answers_by_assigning() {
    let koa = |handler: &str| {
        format!(
            "import Koa from 'koa';\nimport Router from '@koa/router';\nconst app = new Koa();\nconst router = new Router();\n\
             router.get('/x', list);\napp.use({handler});\napp.use(router.routes());"
        )
    };
    for handler in [
        "async (ctx, next) => { if (ctx.path === '/health') { ctx.body = 'ok'; return } await next() }",
        "async (ctx, next) => { if (ctx.url === '/health') answer(ctx); else await next() }",
        "async (ctx, next) => { if (ctx.url === '/health') { ctx.status = 200; return } return next() }",
    ] {
        assert_served(&koa(handler), &["GET /x", "? *"]);
    }
    for handler in [
        "async (ctx, next) => { ctx.set('x-id', '1'); await next() }",
        "async (ctx, next) => { try { await next() } catch (error) { ctx.status = 500; ctx.body = 'broken' } }",
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
    assert_express("app.get('/Health', ok)", &["GET /Health", "? /health"]);
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
