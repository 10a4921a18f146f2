//! What programs on aiohttp serve.

use super::lines;

#[test]
fn routes_tables_and_inner_applications_are_served() {
    let main = "from aiohttp import web\nfrom views import routes, get\napp = web.Application()\napp.add_routes(routes)\napp.add_routes([web.get('/a/{id}', get), web.static('/files', '.'), web.view('/v', get)])\napp.router.add_post(r'/b/{id:\\d+}/{rest:.*}', get)\napp.router.add_route('*', '/any', get)\ninner = web.Application()\ninner.router.add_get('/x', get)\napp.add_subapp('/in/', inner)\nweb.run_app(app, port=80)\n";
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
