//! Middleware that passes requests on to other programs.

use super::assert_express;

const CHECK: &str = "const check = (request, response, next) => next();";

#[test]
fn what_passes_everything_on_answers_below_where_it_is_mounted() {
    for (import, middleware) in [
        (
            "{ createProxyMiddleware } from 'http-proxy-middleware'",
            "createProxyMiddleware({ target: users })",
        ),
        ("* as proxies from 'http-proxy-middleware'", "proxies.createProxyMiddleware({ pathRewrite })"),
        ("proxy from 'express-http-proxy'", "proxy('http://users')"),
    ] {
        let proxy = format!("import {import}; {CHECK} app.use('/users', check, {middleware});");
        assert_express(&proxy, &["ANY /users", "ANY /users/*"]);
        let everywhere = format!("import {import}; app.use({middleware});");
        assert_express(&everywhere, &["? *"]);
    }
}

#[test]
fn what_chooses_what_it_passes_on_is_not_known() {
    for (import, middleware) in [
        (
            "{ createProxyMiddleware } from 'http-proxy-middleware'",
            "createProxyMiddleware({ target, pathFilter: '/users/x' })",
        ),
        ("{ createProxyMiddleware } from 'http-proxy-middleware'", "createProxyMiddleware('/x', { target })"),
        ("{ createProxyMiddleware } from 'http-proxy-middleware'", "createProxyMiddleware(options)"),
        ("proxy from 'express-http-proxy'", "proxy('http://users', { filter: some })"),
        ("proxy from 'other-proxy'", "proxy('http://users')"),
    ] {
        let proxy = format!("import {import}; app.use('/users', {middleware});");
        assert_express(&proxy, &["? /users", "? /users/*"]);
    }
}
