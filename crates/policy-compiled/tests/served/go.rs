//! What programs in Go serve.

mod open;

use policy_compiled::Program;
use policy_text::source::RepoPath;

use super::{described, served_in};

const MODULE: (&str, &str) = ("go.mod", "module example.org/shop\n\ngo 1.22\n");

fn with(files: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec![MODULE];
    all.extend(files);
    described(&served_in(&Program::Go(RepoPath::root()), &all, &[]))
}

/// The lines of a program that imports one package and has these statements in its main function.
fn lines(import: &str, statements: &str) -> Vec<String> {
    let main = format!(
        "package main\n\nimport (\n\t\"net/http\"\n\t{import}\n)\n\nfunc main() {{\n{statements}\n}}\n"
    );
    with(&[("main.go", &main)])
}

fn meant(lines: Vec<String>) -> Vec<String> {
    lines
        .into_iter()
        .filter(|line| !line.starts_with("REDIRECT") && !line.ends_with("by its slash"))
        .collect()
}

#[test]
fn the_multiplexer_takes_patterns() {
    let found = lines(
        "",
        "mux := http.NewServeMux()\nmux.HandleFunc(\"/plain\", plain)\nmux.HandleFunc(\"GET /orders/{id}\", one)\n\
         mux.Handle(\"/tree/\", tree)\nmux.HandleFunc(\"/exact/{$}\", exact)\nmux.HandleFunc(\"/files/{path...}\", files)\n\
         log.Fatal(http.ListenAndServe(\":8080\", withLogs(mux)))\n}\n\nfunc withLogs(next http.Handler) http.Handler {\nreturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })",
    );
    let expected = [
        "ANY /plain",
        "GET,HEAD /orders/{}",
        "ANY /tree/*",
        "REDIRECT /tree",
        "ANY /exact/",
        "REDIRECT /exact",
        "ANY /files/*",
    ];
    assert_eq!(found, expected);
    let shared = lines(
        "",
        "http.HandleFunc(\"/a\", a)\nhttp.HandleFunc(\"/\", home)\nhttp.ListenAndServe(\":80\", nil)",
    );
    assert_eq!(shared, ["ANY /a", "? *: a handler takes all that is left"]);
    let stripped = lines(
        "",
        "api := http.NewServeMux()\napi.HandleFunc(\"/x\", x)\nroot := http.NewServeMux()\n\
         root.Handle(\"/api/\", http.StripPrefix(\"/api\", api))\nsrv := &http.Server{Addr: \":80\", Handler: root}\nsrv.ListenAndServe()",
    );
    assert_eq!(stripped, ["ANY /api/x"]);
}

#[test]
fn gorilla_describes_routes_step_by_step() {
    let found = lines(
        "\"github.com/gorilla/mux\"",
        "r := mux.NewRouter()\nr.HandleFunc(\"/a/{id:[0-9]+}\", a).Methods(\"GET\", http.MethodPost)\n\
         api := r.PathPrefix(\"/api/v1\").Subrouter()\napi.Use(auth)\napi.HandleFunc(\"/b\", b).Methods(http.MethodPut)\n\
         api.Path(\"/c\").Methods(\"DELETE\").HandlerFunc(c)\nr.PathPrefix(\"/static/\").Handler(files)\nhttp.ListenAndServe(\":80\", r)\n}\n\nfunc auth(next http.Handler) http.Handler {\nreturn next",
    );
    let expected = [
        "GET,POST,HEAD /a/{}",
        "PUT /api/v1/b",
        "DELETE /api/v1/c",
        "? /static: what is mounted there is not followed",
        "? /static/*: what is mounted there is not followed",
    ];
    assert_eq!(found, expected);
}

#[test]
fn chi_nests_routers_in_functions() {
    let found = lines(
        "\"github.com/go-chi/chi/v5\"\n\"github.com/go-chi/chi/v5/middleware\"",
        "r := chi.NewRouter()\nr.Use(middleware.Logger)\nr.Get(\"/\", home)\nr.Route(\"/orders\", func(r chi.Router) {\n\
         r.Get(\"/\", all)\nr.With(paginate).Post(\"/{id}\", one)\nr.Group(func(r chi.Router) {\nr.Use(admin)\nr.Delete(\"/{id}\", remove)\n})\n})\n\
         sub := chi.NewRouter()\nsub.Put(\"/x/*\", x)\nr.Mount(\"/sub\", sub)\nr.Method(\"PATCH\", \"/m\", m)\nhttp.ListenAndServe(\":80\", r)\n}\n\nfunc admin(next http.Handler) http.Handler {\nreturn next",
    );
    let expected = [
        "GET,HEAD /",
        "GET,HEAD /orders",
        "POST /orders/{}",
        "DELETE /orders/{}",
        "PUT /sub/x/*",
        "PATCH /m",
    ];
    assert_eq!(meant(found), expected);
}

#[test]
fn gin_echo_and_fiber_group_handlers() {
    let gin = lines(
        "\"github.com/gin-gonic/gin\"",
        "r := gin.Default()\nr.GET(\"/ping\", func(c *gin.Context) { c.JSON(200, http.Get(\"/no\")) })\nv1 := r.Group(\"/v1\")\n{\n\
         v1.POST(\"/orders/:id\", one)\nv1.Any(\"/any/*rest\", any)\n}\nr.Static(\"/assets\", \"./a\")\nr.Run(\":8080\")",
    );
    let files = "a folder of files is served there";
    assert_eq!(
        meant(gin),
        [
            "GET,HEAD /ping".to_owned(),
            "POST /v1/orders/{}".to_owned(),
            "ANY /v1/any/*".to_owned(),
            format!("? /assets: {files}"),
            format!("? /assets/*: {files}")
        ]
    );
    let echo = lines(
        "\"github.com/labstack/echo/v4\"",
        "e := echo.New()\ng := e.Group(\"/api\")\ng.GET(\"/users/:id\", one)\ng.Match([]string{\"PUT\", http.MethodPost}, \"/m\", m)\ne.Logger.Fatal(e.Start(\":1323\"))",
    );
    assert_eq!(echo, ["GET,HEAD /api/users/{}", "PUT,POST /api/m"]);
    let fiber = lines(
        "\"github.com/gofiber/fiber/v2\"",
        "app := fiber.New()\napi := app.Group(\"/api\", auth)\napi.Get(\"/users/:id\", one)\napp.Get(\"/ws\", websocket.New(func(c *websocket.Conn) {}))\napp.Listen(\":3000\")",
    );
    assert_eq!(meant(fiber), ["GET,HEAD /api/users/{}", "SOCKET /ws"]);
}

#[test]
fn routers_are_followed_through_functions_fields_and_packages() {
    let main = "package main\n\nimport (\n\t\"example.org/shop/internal/api\"\n\t\"net/http\"\n)\n\nfunc main() {\n\tsrv := api.NewServer(db)\n\thttp.ListenAndServe(\":80\", srv.Handler())\n}\n";
    let server = "package api\n\nimport (\n\t\"github.com/go-chi/chi/v5\"\n\t\"example.org/shop/internal/orders\"\n)\n\ntype Server struct {\n\trouter chi.Router\n\torders *orders.Handler\n}\n\n\
                  func NewServer(db *DB) *Server {\n\ts := &Server{router: chi.NewRouter(), orders: orders.New(db)}\n\ts.routes()\n\treturn s\n}\n\n\
                  func (s *Server) routes() {\n\ts.router.Get(prefix+\"/x\", s.x)\n\ts.router.Route(orders.Base, func(r chi.Router) {\n\t\ts.orders.Register(r)\n\t})\n}\n\n\
                  func (s *Server) Handler() http.Handler { return s.router }\n\nconst prefix = \"/api\"\n";
    let orders = "package orders\n\nimport \"github.com/go-chi/chi/v5\"\n\nconst (\n\tBase = \"/orders\"\n)\n\ntype Handler struct{}\n\nfunc New(db *DB) *Handler { return &Handler{} }\n\n\
                  func (h *Handler) Register(r chi.Router) {\n\tr.Get(\"/{id}\", h.one)\n}\n";
    let other = "package orders\n\ntype Other struct{}\n\nfunc (o Other) Register(r chi.Router) {\n\tr.Get(\"/no\", o.no)\n}\n";
    let files = [
        ("main.go", main),
        ("internal/api/server.go", server),
        ("internal/orders/orders.go", orders),
        ("internal/orders/other.go", other),
    ];
    assert_eq!(with(&files), ["GET,HEAD /api/x", "GET,HEAD /orders/{}"]);
}

#[test]
fn sockets_are_known_by_their_handlers() {
    let main = "package main\n\nimport \"net/http\"\n\nfunc main() {\n\thttp.HandleFunc(\"/ws\", serveWs)\n\thttp.HandleFunc(\"/live\", func(w http.ResponseWriter, r *http.Request) {\n\t\thub.serve(w, r)\n\t})\n\thttp.HandleFunc(\"/x\", x)\n\thttp.ListenAndServe(\":80\", nil)\n}\n\n\
                func serveWs(w http.ResponseWriter, r *http.Request) {\n\tconn, err := upgrader.Upgrade(w, r, nil)\n}\n\nfunc (h *Hub) serve(w http.ResponseWriter, r *http.Request) {\n\tc, _ := websocket.Accept(w, r, nil)\n}\n\nfunc x(w http.ResponseWriter, r *http.Request) {}\n";
    assert_eq!(with(&[("main.go", main)]), ["SOCKET /ws", "SOCKET /live", "ANY /x"]);
}

#[test]
fn what_is_not_known_leaves_the_program_open() {
    let chi = "\"github.com/go-chi/chi/v5\"";
    let run = |statements: &str| {
        lines(chi, &format!("r := chi.NewRouter()\n{statements}\nhttp.ListenAndServe(\":80\", r)"))
    };
    assert_eq!(run("r.Get(os.Getenv(\"P\"), h)"), ["? *: its path is not written as text"]);
    assert_eq!(
        run("r.Route(base(), func(r chi.Router) {\nr.Get(\"/x\", h)\n})"),
        ["? *: its path is not written as text"]
    );
    assert_eq!(
        run("if debug {\nr.Get(\"/debug\", h)\n}"),
        ["? /debug: a condition decides whether it is there"]
    );
    assert_eq!(
        run("for _, route := range routes {\nr.Get(route.Path, h)\n}"),
        ["? *: its path is not written as text"]
    );
    assert_eq!(
        run("swagger.RegisterHandlers(r)"),
        ["? *: `RegisterHandlers` may add handlers, and is not in the repository"]
    );
    assert_eq!(run("r.Mount(\"/debug\", profiler())")[0], "? /debug: what is mounted there is not followed");
    assert_eq!(run("r.NotFound(h)"), ["? *: `NotFound` answers all that is left"]);
    let two = lines(
        chi,
        "a := chi.NewRouter()\na.Get(\"/a\", h)\nb := chi.NewRouter()\nb.Get(\"/b\", h)\ngo http.ListenAndServe(\":80\", a)\nhttp.ListenAndServe(\":81\", b)",
    );
    assert_eq!(two, ["? *: it has several routers"]);
    let unused = lines(
        chi,
        "a := chi.NewRouter()\na.Get(\"/a\", h)\nb := chi.NewRouter()\nb.Get(\"/b\", h)\nhttp.ListenAndServe(\":80\", a)",
    );
    assert_eq!(unused, ["GET,HEAD /a"]);
    assert_eq!(lines(chi, "fmt.Println(1)"), ["? *: no router was found"]);
}

#[test]
fn code_that_is_not_followed_leaves_the_program_open() {
    let main = |statements: &str| {
        format!(
            "package main\n\nimport \"github.com/go-chi/chi/v5\"\n\nfunc main() {{\n\tr := chi.NewRouter()\n\tr.Get(\"/a\", h)\n\t{statements}\n\thttp.ListenAndServe(\":80\", r)\n}}\n\nfunc add(r chi.Router) {{\n\tr.Get(\"/b\", h)\n}}\n"
        )
    };
    let found = |statements: &str| with(&[("main.go", &main(statements))]);
    assert_eq!(found("add(r)"), ["GET,HEAD /a", "GET,HEAD /b"]);
    let unreached = "? *: it is not followed how this code is reached";
    assert_eq!(found(""), ["GET,HEAD /a", unreached]);
    let several = found("for _, add := range all {\n\t\tadd(r)\n\t}");
    assert_eq!(several, ["GET,HEAD /a", "? /b: a condition decides whether it is there"]);
    let variable = found("each := func(s chi.Router) {\n\t\ts.Get(\"/c\", h)\n\t}\n\teach(r)\n\tadd(r)");
    assert_eq!(variable[..2], ["GET,HEAD /a", "GET,HEAD /b"]);
    assert!(variable[2..].contains(&unreached.to_owned()), "{variable:?}");
}

#[test]
fn a_router_is_served_wherever_it_is_mounted() {
    let mounts: Vec<String> = (1..=40).map(|number| format!("r.Mount(\"/v{number}\", sub)\n")).collect();
    let found = lines(
        "\"github.com/go-chi/chi/v5\"",
        &format!(
            "r := chi.NewRouter()\nsub := chi.NewRouter()\nsub.Get(\"/orders\", h)\n{}http.ListenAndServe(\":80\", r)",
            mounts.concat()
        ),
    );
    let expected: Vec<String> = (1..=40).map(|number| format!("GET,HEAD /v{number}/orders")).collect();
    assert_eq!(found, expected);
}

#[test]
fn what_a_limit_cuts_off_leaves_the_program_open() {
    let chi = "\"github.com/go-chi/chi/v5\"";
    let is_open = |statements: &str| {
        let found =
            lines(chi, &format!("r := chi.NewRouter()\n{statements}\nhttp.ListenAndServe(\":80\", r)"));
        found.iter().any(|line| line.starts_with("? *: "))
    };
    // Every router lies twice in the next one: there are too many ways to the first.
    let twice: Vec<String> = (0..30)
        .map(|number| {
            let next = number + 1;
            format!("r{next} := chi.NewRouter()\nr{next}.Mount(\"/a\", r{number})\nr{next}.Mount(\"/b\", r{number})\n")
        })
        .collect();
    assert!(is_open(&format!(
        "r0 := chi.NewRouter()\nr0.Get(\"/x\", h)\n{}r.Mount(\"/c\", r30)",
        twice.concat()
    )));
    let deep: Vec<String> = (0..20)
        .map(|number| format!("r{0} := chi.NewRouter()\nr{0}.Mount(\"/a\", r{number})\n", number + 1))
        .collect();
    assert!(is_open(&format!(
        "r0 := chi.NewRouter()\nr0.Get(\"/x\", h)\nr.Get(\"/y\", h)\n{}r.Mount(\"/c\", r20)",
        deep.concat()
    )));
    let many = |statement: &str| is_open(&format!("r.Get(\"/y\", h)\n{}", statement.repeat(21_000)));
    assert!(many("r.Get(\"/x\", h)\n"));
    assert!(many("r.Get(p, h)\n"));
    assert!(many("r.Route(\"/x\", func(s chi.Router) {\ns.Get(\"/x\", h)\n})\n"));
    assert!(many("s := chi.NewRouter()\ns.Get(\"/x\", h)\nr.Mount(\"/x\", s)\n"));
    let deeper: Vec<String> =
        (0..30).map(|number| format!("}}\nfunc f{number}(s *S) {{\nf{}(s)\n", number + 1)).collect();
    assert!(is_open(&format!(
        "f0(s)\nr.Get(\"/y\", h)\nhttp.ListenAndServe(\":80\", r)\n{}s.r.Get(p, h)\n",
        deeper.concat()
    )));
}

#[test]
fn a_router_has_the_value_that_it_was_given_last() {
    let found = lines(
        "",
        "mux := http.NewServeMux()\nmux.HandleFunc(\"/orders\", h)\nvar handler http.Handler = mux\n\
         handler = http.StripPrefix(\"/api\", handler)\nsrv := http.Server{Addr: \":80\", Handler: handler}\nsrv.ListenAndServe()",
    );
    assert!(found.contains(&"ANY /api/orders".to_owned()), "{found:?}");
    let chi = "\"github.com/go-chi/chi/v5\"";
    let prefixed = |before: &str| {
        lines(
            chi,
            &format!(
                "{before}\nr := chi.NewRouter()\nr.Get(prefix+\"/orders\", h)\nhttp.ListenAndServe(\":80\", r)"
            ),
        )
    };
    assert!(prefixed("prefix := \"/api\"").contains(&"GET,HEAD /api/orders".to_owned()));
    let either = prefixed("prefix := os.Getenv(\"PREFIX\")\nif prefix == \"\" {\nprefix = \"/api\"\n}");
    assert!(either.iter().all(|line| line.starts_with('?')), "{either:?}");
}
