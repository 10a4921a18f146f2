//! What programs of ASP.NET serve.

use policy_compiled::Program;
use policy_text::source::{MemoryTree, RepoPath, Sources};

use super::{described, served_in};

const PROJECT: (&str, &str) = (
    "Shop.csproj",
    "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><PackageReference Include=\"Serilog.AspNetCore\" Version=\"8\" /></Project>",
);

fn lines(files: &[(&str, &str)]) -> Vec<String> {
    let tree = MemoryTree::of(files);
    let project = Sources::open(&tree).find(&RepoPath::new("Shop.csproj").unwrap()).unwrap();
    let served = served_in(&Program::DotNet(project), files, &[]);
    described(&served).into_iter().filter(|line| !line.starts_with("REDIRECT")).collect()
}

/// The lines of a program whose statements are these, between those that make the application and start it.
fn program(statements: &str) -> Vec<String> {
    with(statements, &[])
}

fn with(statements: &str, files: &[(&str, &str)]) -> Vec<String> {
    let main = format!(
        "using Shop;\nvar builder = WebApplication.CreateBuilder(args);\nbuilder.Services.AddControllers();\n\
         var app = builder.Build();\napp.UseHttpsRedirection();\n{statements}\napp.Run();\n"
    );
    let mut all = vec![PROJECT, ("Program.cs", main.as_str())];
    all.extend(files);
    lines(&all)
}

#[test]
fn endpoints_are_mapped_below_their_groups() {
    let found = program(
        "app.MapGet(\"/\", () => \"hello\");\n\
         app.MapGet(\"/orders/{id:int}\", async (int id, Store store) => { return await store.Find(id); });\n\
         var api = app.MapGroup(\"/api\").RequireAuthorization();\n\
         api.MapPost(\"orders\", (Order order) => Results.Ok()).WithName(\"Add\");\n\
         var v1 = api.MapGroup(\"/v1\");\nv1.MapMethods(\"/x\", new[] { \"PUT\", \"PATCH\" }, () => 1);\n\
         app.MapHub<LiveHub>(\"/hubs/live\");\napp.MapHealthChecks(\"/healthz\");\n\
         const string Base = \"/base\"; app.MapGet($\"{Base}/y/{{id?}}\", () => 1);",
    );
    let expected = [
        "GET,HEAD /",
        "GET,HEAD /orders/{}",
        "POST /api/orders",
        "PUT,PATCH /api/v1/x",
        "SOCKET /hubs/live",
        "GET,HEAD /healthz",
        "GET,HEAD /base/y/{}",
        "GET,HEAD /base/y",
    ];
    assert_eq!(found, expected);
}

const CONTROLLER: (&str, &str) = (
    "Controllers/OrdersController.cs",
    "namespace Shop.Controllers;\n[ApiController]\n[Route(\"api/[controller]\")]\npublic class OrdersController : ControllerBase {\n\
     [HttpGet] public Order[] All() => null;\n\
     [HttpGet(\"{id:guid}\"), Authorize] public Order One(Guid id) { return null; }\n\
     [HttpPost(\"[action]\")] public async Task<Order> CloseAsync() => null;\n\
     [HttpDelete(\"/remove/{id?}\")] public void Remove(int id) { }\n\
     [Route(\"x\")] [HttpPut] public void X() { }\n\
     public void Plain() { } }",
);

#[test]
fn controllers_are_served_where_they_are_mapped() {
    let expected = [
        "GET,HEAD /api/Orders",
        "GET,HEAD /api/Orders/{}",
        "POST /api/Orders/Close",
        "DELETE /remove/{}",
        "DELETE /remove",
        "PUT /api/Orders/x",
    ];
    assert_eq!(with("app.MapControllers();", &[CONTROLLER]), expected);
    assert_eq!(with("", &[CONTROLLER]), [] as [String; 0]);
    let conditional = with("if (flag) { app.MapControllers(); }", &[CONTROLLER]);
    assert_eq!(conditional[0], "? /api/Orders: a condition decides whether it is there");
}

#[test]
fn routes_are_inherited_from_classes_of_the_program() {
    let base = (
        "Base.cs",
        "[Route(\"api/v1/[controller]\")] public abstract class Base : ControllerBase { [HttpGet(\"ping\")] public void Ping() {} }",
    );
    let own =
        ("Items.cs", "public class ItemsController(Store store) : Base { [HttpGet] public void All() { } }");
    assert_eq!(
        with("app.MapControllers();", &[base, own]),
        ["GET,HEAD /api/v1/Items", "GET,HEAD /api/v1/Items/ping"]
    );
    let foreign = (
        "Items.cs",
        "[Route(\"items\")] public class ItemsController : AbpController { [HttpGet] public void All() { } }",
    );
    let why = "`ItemsController` may inherit handlers from `AbpController`, which is not in the repository";
    let mut found = with("app.MapControllers();", &[foreign]);
    found.sort();
    assert_eq!(found, [format!("? /items*: {why}"), "GET,HEAD /items".to_owned()]);
}

#[test]
fn methods_of_the_program_are_followed() {
    let endpoints = (
        "Endpoints.cs",
        "public static class Endpoints {\n\
         public static void MapOrders(this IEndpointRouteBuilder app) { var g = app.MapGroup(\"/orders\"); g.MapGet(\"/\", All); One(g); }\n\
         private static void One(RouteGroupBuilder group) => group.MapGet(\"/{id}\", () => 1); }",
    );
    assert_eq!(with("app.MapOrders();", &[endpoints]), ["GET,HEAD /orders/", "GET,HEAD /orders/{}"]);
    assert_eq!(with("app.MapGroup(\"/api\").MapOrders();", &[endpoints])[0], "GET,HEAD /api/orders/");
}

#[test]
fn startup_classes_are_followed() {
    let startup = (
        "Startup.cs",
        "public class Startup { public void ConfigureServices(IServiceCollection s) {}\n\
         public void Configure(IApplicationBuilder app, IHostEnvironment env) { if (env.IsDevelopment()) { app.UseDeveloperExceptionPage(); }\n\
         app.UseRouting(); app.UseEndpoints(endpoints => { endpoints.MapControllers(); endpoints.MapHub<Chat>(\"/chat\"); }); } }",
    );
    let found = lines(&[
        PROJECT,
        startup,
        (
            "Items.cs",
            "[Route(\"items\")] public class ItemsController : Controller { [HttpGet] public void All() { } }",
        ),
    ]);
    assert_eq!(found, ["SOCKET /chat", "GET,HEAD /items"]);
}

#[test]
fn what_is_not_known_leaves_the_program_open() {
    assert_eq!(program("app.MapGet(Paths.Find(), () => 1);"), ["? *: its path is not written as text"]);
    assert_eq!(program("app.MapReverseProxy();"), ["? *: what `MapReverseProxy` adds is not known"]);
    assert_eq!(
        program("app.MapFallbackToFile(\"index.html\");"),
        ["? *: what `MapFallbackToFile` adds is not known"]
    );
    assert_eq!(
        program("if (app.Environment.IsDevelopment()) { app.MapGet(\"/seed\", () => 1); }"),
        [
            "? /seed: a condition decides whether it is there",
            "? /seed/: a condition decides whether it is there"
        ]
    );
    assert_eq!(
        program("foreach (var p in paths) app.MapGet(p, () => 1);")[0],
        "? *: its path is not written as text"
    );
    assert_eq!(
        program("app.UsePathBase(\"/shop\"); app.MapGet(\"/x\", () => 1);"),
        ["GET,HEAD /x", "GET,HEAD /shop/x"]
    );
    assert_eq!(program("app.UseStaticFiles();"), [] as [String; 0]);
    assert_eq!(
        with("app.UseStaticFiles();", &[("wwwroot/index.html", "")]),
        ["? *: it has a folder of files"]
    );
    let packages = ("Shop.csproj", "<PackageReference Include=\"Umbraco.Cms\" />");
    assert_eq!(
        lines(&[
            packages,
            ("Program.cs", "var app = WebApplication.Create(args); app.MapGet(\"/x\", () => 1); app.Run();")
        ]),
        ["GET,HEAD /x", "? *: `Umbraco.Cms` may serve paths of its own"]
    );
    let packages = (
        "Shop.csproj",
        "<PackageReference Include=\"Ardalis.ApiEndpoints\" /><PackageReference Include=\"Ardalis.Result.AspNetCore\" />",
    );
    assert_eq!(
        lines(&[
            packages,
            ("Program.cs", "var app = WebApplication.Create(args); app.MapGet(\"/x\", () => 1); app.Run();")
        ]),
        ["GET,HEAD /x", "? *: `Ardalis.ApiEndpoints` may serve paths of its own"]
    );
}

#[test]
fn projects_that_are_referred_to_belong_to_the_program() {
    let own = "<ProjectReference Include=\"..\\Web\\Web.csproj\" />";
    let files = [
        ("Api/Shop.csproj", own),
        ("Api/Program.cs", "var app = WebApplication.Create(args); app.MapControllers(); app.Run();"),
        ("Web/Web.csproj", ""),
        (
            "Web/A.cs",
            "[Route(\"a\")] public class AController : ControllerBase { [HttpGet] public void A() {} }",
        ),
        (
            "Other/B.cs",
            "[Route(\"b\")] public class BController : ControllerBase { [HttpGet] public void B() {} }",
        ),
    ];
    let tree = MemoryTree::of(&files);
    let project = Sources::open(&tree).find(&RepoPath::new("Api/Shop.csproj").unwrap()).unwrap();
    let found = described(&served_in(&Program::DotNet(project), &files, &[]));
    assert!(
        found.contains(&"GET,HEAD /a".to_owned()) && !found.iter().any(|line| line.contains("/b")),
        "{found:?}"
    );
}

#[test]
fn what_requests_pass_may_answer_them() {
    let is_open = |statements: &str, class: &str| {
        let found = program(&format!("app.MapGet(\"/a\", () => 1);\n{statements}\n{class}"));
        found.iter().any(|line| line.starts_with("? *: "))
    };
    assert!(!is_open("app.Use(async (context, next) => { log(context.Request.Path); await next(); });", ""));
    assert!(is_open(
        "app.Use(async (c, n) => { if (c.Request.Path == \"/health\") { return; } await n(); });",
        ""
    ));
    assert!(!is_open(
        "app.Use(async (c, n) => { if (c.Request.Path == \"/health\") { await n(); return; } check(c); await n(); });",
        ""
    ));
    let middleware = |body: &str| {
        format!(
            "class H {{ RequestDelegate behind; public async Task InvokeAsync(HttpContext c) {{ {body} await behind(c); }} }}"
        )
    };
    let uses = "app.UseMiddleware<H>();";
    assert!(!is_open(uses, &middleware("log(c.Request.Path);")));
    assert!(is_open(uses, &middleware("if (c.Request.Path.StartsWithSegments(\"/health\")) return;")));
    assert!(is_open("app.Run(async c => await c.Response.WriteAsync(\"ok\"));", ""));
    assert!(is_open("app.UseWhen(c => true, a => a.Run(c => c.Response.WriteAsync(\"ok\")));", ""));
    assert!(!is_open("app.Run(\"http://0.0.0.0:80\");", ""));
    let below = program("app.Map(\"/health\", a => a.Run(c => c.Response.WriteAsync(\"ok\")));");
    assert_eq!(below, ["? /health*: `Run` answers all that is left"]);
}

#[test]
fn middleware_that_chooses_by_the_path_leaves_the_program_open() {
    let middleware = |gives: &str| {
        let class = format!(
            "public static class Own {{ public static IApplicationBuilder UseOwn(this IApplicationBuilder app) => app.UseMiddleware<Middle>(); }}\n\
             public class Middle(RequestDelegate next) {{ public Task Invoke(HttpContext c) => {gives}; }}"
        );
        with("app.UseOwn();\napp.MapGet(\"/x\", () => 1);", &[("Middle.cs", &class)])
    };
    let open = "? *: this code looks at paths before endpoints do".to_owned();
    let found = middleware("c.Request.Path.Value == \"/up\" ? c.Response.WriteAsync(\"ok\") : next(c)");
    assert!(found.contains(&open), "{found:?}");
    let found = middleware("next(Log(c, c.Request.Path.Value == \"/\" ? \"root\" : \"other\"))");
    assert_eq!(found, ["GET,HEAD /x"]);
}

#[test]
fn a_function_for_pages_of_statuses_may_change_them() {
    let pages =
        |given: &str| program(&format!("app.UseStatusCodePages({given});\napp.MapGet(\"/x\", () => 1);"));
    assert_eq!(pages(""), ["GET,HEAD /x"]);
    assert_eq!(pages("\"text/plain\", \"status {0}\""), ["GET,HEAD /x"]);
    let found = pages("async c => { c.HttpContext.Response.StatusCode = 200; }");
    assert!(found.iter().any(|line| line.starts_with("? *: ")), "{found:?}");
}

#[test]
fn conventions_may_change_the_paths_of_controllers() {
    let controllers = |options: &str| {
        with(&format!("builder.Services.AddControllers({options});\napp.MapControllers();"), &[CONTROLLER])
    };
    let is_open = |found: &[String]| found.iter().any(|line| line.starts_with("? *: "));
    assert!(is_open(&controllers("o => o.Conventions.Insert(0, new Prefix(\"shop\"))")));
    assert!(is_open(&controllers("o => o.Conventions.Add(new RouteTokenTransformerConvention(new Slug()))")));
    assert!(!is_open(&controllers("o => o.Filters.Add(new Audit())")));
}
