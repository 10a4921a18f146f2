//! What may answer any path of a program in Go: middleware, wrappers, handlers of errors.

use policy_compiled::Program;
use policy_http::path::PathPattern;
use policy_text::source::RepoPath;

use super::super::served_in;
use super::{MODULE, with};

/// Whether a program that uses a framework may serve anything.
fn is_open(imports: &str, statements: &str, functions: &str) -> bool {
    let main = format!(
        "package main\n\nimport (\n\t\"net/http\"\n\t{imports}\n)\n\nfunc main() {{\n{statements}\n}}\n\n{functions}\n"
    );
    let found = with(&[("main.go", &main)]);
    assert!(found.iter().any(|line| line.contains(" /a")), "{found:?}");
    found.iter().any(|line| line.starts_with("? *: "))
}

#[test]
fn what_requests_pass_may_answer_them() {
    const CHI: &str =
        "\"github.com/go-chi/chi/v5\"\n\"github.com/go-chi/chi/v5/middleware\"\n\"github.com/go-chi/cors\"";
    let chi = |statement: &str, functions: &str| {
        let statements =
            format!("r := chi.NewRouter()\n{statement}\nr.Get(\"/a\", a)\nhttp.ListenAndServe(\":80\", r)");
        is_open(CHI, &statements, functions)
    };
    assert!(!chi("r.Use(middleware.Logger, middleware.Timeout(60))", ""));
    assert!(!chi("c := cors.New(cors.Options{})\nr.Use(c.Handler)", ""));
    assert!(chi("r.Use(middleware.Heartbeat(\"/health\"))", ""));
    assert!(chi("r.Use(elsewhere.New())", ""));
    let wraps = |body: &str| {
        format!(
            "func own(next http.Handler) http.Handler {{\n\treturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {{\n{body}\n\t}})\n}}"
        )
    };
    let logs = wraps(
        "log.Println(r.URL.Path)\nif token(r) == \"\" {\nhttp.Error(w, \"\", 401)\nreturn\n}\nnext.ServeHTTP(w, r)",
    );
    assert!(!chi("r.Use(own)", &logs));
    let lets_on = wraps(
        "if r.URL.Path == \"/login\" {\nnext.ServeHTTP(w, r)\nreturn\n}\nif token(r) == \"\" {\nreturn\n}\nnext.ServeHTTP(w, r)",
    );
    assert!(!chi("r.Use(own)", &lets_on));
    let health = wraps("if r.URL.Path == \"/health\" {\nw.WriteHeader(200)\nreturn\n}\nnext.ServeHTTP(w, r)");
    assert!(chi("r.Use(own)", &health));
    let variable = wraps(
        "path := strings.ToLower(r.URL.Path)\nif path == \"/health\" {\nreturn\n}\nnext.ServeHTTP(w, r)",
    );
    assert!(chi("r.Use(own)", &variable));
    let asks = "\nfunc isHealth(r *http.Request) bool { return r.URL.Path == \"/health\" }";
    let helped = wraps("if isHealth(r) {\nreturn\n}\nnext.ServeHTTP(w, r)") + asks;
    assert!(chi("r.Use(own)", &helped));
    let but = wraps("if r.URL.Path != \"/health\" {\nnext.ServeHTTP(w, r)\nreturn\n}\nw.WriteHeader(200)");
    assert!(chi("r.Use(own)", &but));

    // What is around a router as well.
    let wrapped = |serves: &str, functions: &str| {
        let statements = format!(
            "r := http.NewServeMux()\nr.HandleFunc(\"/a\", a)\nhttp.ListenAndServe(\":80\", {serves})"
        );
        is_open("", &statements, functions)
    };
    assert!(!wrapped("own(r)", &logs));
    let rows = "func a(w http.ResponseWriter, r *http.Request) {\nif r.URL.Path == \"/a/b\" {\nreturn\n}\nfor rows.Next() {\n}\n}";
    assert!(!wrapped("r", rows));
    assert!(wrapped("own(r)", &health));
    assert!(wrapped(
        "http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {\nif q.URL.Path == \"/health\" {\nreturn\n}\nr.ServeHTTP(w, q)\n})",
        ""
    ));
}

#[test]
fn what_each_framework_uses_may_answer() {
    let gin = |statement: &str| {
        let statements = format!("r := gin.New()\n{statement}\nr.GET(\"/a\", a)\nr.Run()");
        is_open("\"github.com/gin-gonic/gin\"", &statements, "")
    };
    assert!(!gin("r.Use(gin.Logger(), gin.Recovery())"));
    assert!(!gin("r.Use(func(c *gin.Context) { c.Set(\"a\", c.Request.URL.Path) })"));
    assert!(gin(
        "r.Use(func(c *gin.Context) {\nif c.Request.URL.Path == \"/health\" {\nc.AbortWithStatus(200)\n}\n})"
    ));
    assert!(gin("get := r.GET\nget(\"/health\", a)"));
    let echo = |statement: &str| {
        let statements = format!("r := echo.New()\n{statement}\nr.GET(\"/a\", a)\nr.Start(\":80\")");
        let imports = "\"github.com/labstack/echo/v4\"\n\"github.com/labstack/echo/v4/middleware\"";
        is_open(imports, &statements, "")
    };
    assert!(!echo("r.Use(middleware.CORSWithConfig(middleware.CORSConfig{}))"));
    assert!(echo("r.Use(middleware.Static(\"public\"))"));
    assert!(echo(
        "r.Use(func(n echo.HandlerFunc) echo.HandlerFunc {\nreturn func(c echo.Context) error {\nif c.Path() == \"/health\" {\nreturn nil\n}\nreturn n(c)\n}\n})"
    ));
    let fiber = |statement: &str| {
        let statements = format!("r := fiber.New()\n{statement}\nr.Get(\"/a\", a)\nr.Listen(\":80\")");
        let imports = "\"github.com/gofiber/fiber/v2\"\n\"github.com/gofiber/fiber/v2/middleware/healthcheck\"\n\"github.com/gofiber/fiber/v2/middleware/logger\"";
        is_open(imports, &statements, "")
    };
    assert!(!fiber("r.Use(logger.New())"));
    assert!(!fiber("r.Use(func(c *fiber.Ctx) error { return c.Next() })"));
    assert!(!fiber("r.Use(func(c *fiber.Ctx) error { return c.SendStatus(404) })"));
    assert!(fiber("r.Use(func(c *fiber.Ctx) error { return c.SendString(\"ok\") })"));
    assert!(fiber("r.Use(healthcheck.New())"));
    let gorilla = "r := mux.NewRouter()\nr.HandleFunc(\"/a\", a)\nr.NotFoundHandler = http.HandlerFunc(h)\nhttp.ListenAndServe(\":80\", r)";
    assert!(is_open("\"github.com/gorilla/mux\"", gorilla, ""));
}

#[test]
fn who_changes_paths_or_answers_errors_leaves_the_program_open() {
    let run = "r := http.NewServeMux()\nr.HandleFunc(\"/a\", h)\nhttp.ListenAndServe(\":80\", strip(r))";
    let strip = |body: &str| {
        format!(
            "func strip(next http.Handler) http.Handler {{\nreturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {{\n{body}\nnext.ServeHTTP(w, r)\n}})\n}}\n"
        )
    };
    assert!(is_open("", run, &strip("r.URL.Path = strings.TrimPrefix(r.URL.Path, \"/api\")")));
    assert!(!is_open("", run, &strip("log.Println(r.URL.Path)")));
    let echo = |more: &str| {
        is_open(
            "\"github.com/labstack/echo/v4\"",
            &format!("e := echo.New()\ne.GET(\"/a\", h)\n{more}\ne.Start(\":80\")"),
            "",
        )
    };
    assert!(echo("e.HTTPErrorHandler = page"));
    assert!(!echo("e.HideBanner = true"));
}

#[test]
fn what_answers_errors_may_answer_any_path() {
    let fiber = |settings: &str| {
        let imports = "\"github.com/gofiber/fiber/v2\"\n\"github.com/gofiber/contrib/jwt\"";
        let statements = format!("{settings}\nr.Get(\"/a\", a)\nr.Listen(\":80\")");
        is_open(imports, &statements, "")
    };
    assert!(fiber("r := fiber.New(fiber.Config{AppName: \"shop\", ErrorHandler: page})"));
    assert!(fiber(
        "c := fiber.Config{ErrorHandler: func(c *fiber.Ctx, err error) error { return nil }}\nr := fiber.New(c)"
    ));
    assert!(!fiber(
        "r := fiber.New(fiber.Config{AppName: \"shop\"})\nr.Use(jwt.New(jwt.Config{ErrorHandler: page}))"
    ));
    let field =
        "s := Server{e: echo.New()}\ns.e.HTTPErrorHandler = page\ns.e.GET(\"/a\", a)\ns.e.Start(\":80\")";
    assert!(is_open("\"github.com/labstack/echo/v4\"", field, ""));
}

#[test]
fn fiber_tells_neither_case_nor_the_last_slash() {
    let with_case = |path: &str| {
        let main = "package main\n\nimport \"github.com/gofiber/fiber/v2\"\n\nfunc main() {\napp := fiber.New()\napp.Get(\"/Health\", h)\napp.Listen(\":80\")\n}\n";
        let files = [MODULE, ("main.go", main)];
        let served = served_in(&Program::Go(RepoPath::root()), &files, &[]);
        assert!(served.ignores_slash);
        served.lacks(&PathPattern::literal(path).unwrap())
    };
    assert!(!with_case("/health") && !with_case("/HEALTH/") && with_case("/live"));
}

#[test]
fn middleware_that_answers_with_success_leaves_the_program_open() {
    let gin = |body: &str| {
        let statements =
            format!("r := gin.New()\nr.Use(func(c *gin.Context) {{\n{body}\n}})\nr.GET(\"/a\", a)\nr.Run()");
        is_open("\"github.com/gin-gonic/gin\"", &statements, "")
    };
    assert!(gin("if c.GetHeader(\"User-Agent\") == \"probe\" {\nc.AbortWithStatus(200)\n}"));
    assert!(gin("if isProbe(c) {\nc.JSON(http.StatusOK, gin.H{})\nreturn\n}\nc.Next()"));
    assert!(!gin(
        "if token(c) == \"\" {\nc.AbortWithStatusJSON(http.StatusUnauthorized, gin.H{})\nreturn\n}\nc.Next()"
    ));
    assert!(!gin("if c.Request.Method == \"OPTIONS\" {\nc.AbortWithStatus(204)\nreturn\n}\nc.Next()"));
    assert!(!gin(
        "if c.Request.Method == http.MethodOptions {\nc.Status(http.StatusNoContent)\nreturn\n}\nc.Next()"
    ));
    let around = |body: &str| {
        let statements = "r := http.NewServeMux()\nr.HandleFunc(\"/a\", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(200) })\nhttp.ListenAndServe(\":80\", own(r))";
        let own = format!(
            "func own(next http.Handler) http.Handler {{\nreturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {{\n{body}\nnext.ServeHTTP(w, r)\n}})\n}}"
        );
        is_open("", statements, &own)
    };
    assert!(around("if r.Header.Get(\"X-Probe\") != \"\" {\nw.WriteHeader(http.StatusOK)\nreturn\n}"));
    assert!(!around("if r.Header.Get(\"X-Key\") == \"\" {\nw.WriteHeader(http.StatusForbidden)\nreturn\n}"));
}
