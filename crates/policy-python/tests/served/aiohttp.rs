//! What programs on aiohttp serve.

use indoc::indoc;

use super::lines;

#[test]
fn routes_tables_and_inner_applications_are_served() {
    let main = indoc! {r"
        from aiohttp import web
        from views import routes, get
        app = web.Application()
        app.add_routes(routes)
        app.add_routes([web.get('/a/{id}', get), web.static('/files', '.'), web.view('/v', get)])
        app.router.add_post(r'/b/{id:\d+}/{rest:.*}', get)
        app.router.add_route('*', '/any', get)
        inner = web.Application()
        inner.router.add_get('/x', get)
        app.add_subapp('/in/', inner)
        web.run_app(app, port=80)
    "};
    let views = "from aiohttp import web\nroutes = web.RouteTableDef()\n@routes.get('/t')\nasync def get(request): ...\n";
    assert_eq!(
        lines("python main.py", &[("main.py", main), ("views.py", views)]),
        [
            "GET,HEAD /t",
            "GET,HEAD /a/{}",
            "ANY /v",
            "POST /b/{}/*",
            "ANY /any",
            "GET,HEAD /in/x",
            "? /files*: it depends on which files there are",
        ]
    );
}
