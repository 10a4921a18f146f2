//! What programs of Spring serve.

use policy_compiled::Program;
use policy_text::source::RepoPath;

use super::{described, of_jvm, served_in};

const BUILD: (&str, &str) = (
    "build.gradle",
    "dependencies {\n  implementation 'org.springframework.boot:spring-boot-starter-web'\n}\n",
);
const MAIN: (&str, &str) = (
    "src/main/java/shop/Main.java",
    "package shop;\nimport jakarta.annotation.PostConstruct;\n@SpringBootApplication\npublic class Main {}\n",
);

/// The lines for a program with these files, without that for the page of errors, which every program has.
fn lines(files: &[(&str, &str)]) -> Vec<String> {
    let all: Vec<(&str, &str)> = [BUILD, MAIN].into_iter().chain(files.iter().copied()).collect();
    let lines = of_jvm(&all);
    lines.into_iter().filter(|line| !line.ends_with("Spring answers errors there")).collect()
}

fn controller(text: &str) -> Vec<String> {
    lines(&[("src/main/java/shop/web/Orders.java", &format!("package shop.web;\n{text}"))])
}

#[test]
fn methods_are_served_below_the_paths_of_their_classes() {
    let found = controller(
        "@RestController\n@RequestMapping(\"/api/orders\")\nclass Orders {\n\
         @GetMapping List<Order> all() { return x(\"/no\"); }\n\
         @GetMapping(\"/{id}\") Order one(@PathVariable(\"id\") long id) { return null; }\n\
         @PostMapping(path = \"open\", consumes = \"text/csv\") void open() {}\n\
         @RequestMapping(value = {\"/a\", \"/b/**\"}, method = {RequestMethod.PUT, RequestMethod.PATCH}) void ab() {}\n\
         @RequestMapping(\"/any\") void any() {}\n\
         void plain() {} }",
    );
    let expected = [
        "GET,HEAD /api/orders",
        "GET,HEAD /api/orders/{}",
        "POST /api/orders/open",
        "PUT,PATCH /api/orders/a",
        "PUT,PATCH /api/orders/b/*",
        "PUT,PATCH /api/orders/b",
        "ANY /api/orders/any",
    ];
    assert_eq!(found, expected);
}

#[test]
fn constants_and_settings_make_up_paths() {
    let found = lines(&[
        ("src/main/resources/application.yml", "app.base: /v2\n"),
        (
            "src/main/java/shop/Paths.java",
            "package shop; interface Paths { String API = \"/api\"; String ORDERS = API + \"/orders\"; }",
        ),
        (
            "src/main/java/shop/Orders.java",
            "package shop; @RestController @RequestMapping(Paths.ORDERS) class Orders {\n\
             private static final String ONE = \"/{id}\";\n@GetMapping(ONE) void one() {}\n\
             @GetMapping(\"${app.base}/x\") void x() {} }",
        ),
    ]);
    assert_eq!(found, ["GET,HEAD /api/orders/{}", "GET,HEAD /api/orders/v2/x"]);
}

#[test]
fn the_context_path_goes_before_everything() {
    let orders = (
        "src/main/java/shop/Orders.java",
        "package shop; @RestController class Orders { @GetMapping(\"/x\") void x() {} }",
    );
    let settings = (
        "src/main/resources/application.properties",
        "server.servlet.context-path=/shop\nspring.mvc.servlet.path=/web\n",
    );
    assert_eq!(lines(&[orders, settings]), ["GET,HEAD /shop/web/x"]);
    let unknown = ("src/main/resources/application.properties", "server.servlet.context-path=${BASE}\n");
    assert_eq!(lines(&[orders, unknown]), ["? *: the path before it is not written as text"]);
    let program = Program::Jvm(RepoPath::root(), Vec::new());
    let served = served_in(&program, &[BUILD, MAIN, orders, unknown], &[("BASE", "/given")]);
    assert!(described(&served).contains(&"GET,HEAD /given/x".to_owned()));
}

#[test]
fn what_is_not_literal_is_unknown_and_never_empty() {
    let found = controller(
        "@RestController @RequestMapping(\"/api\") class Orders {\n@GetMapping(Elsewhere.PATH) void a() {}\n\
         @RequestMapping(value = \"/m\", method = METHODS) void m() {} }",
    );
    assert_eq!(
        found,
        ["? /api*: its path is not written as text", "? /api/m: its methods are not written as text"]
    );
    let found = controller(
        "@RestController @RequestMapping(Elsewhere.PATH) class Orders { @GetMapping(\"/a\") void a() {} }",
    );
    assert_eq!(found, ["? *: the path before it is not written as text"]);
}

#[test]
fn handlers_are_inherited_from_interfaces_and_classes() {
    let api = (
        "src/main/java/shop/Api.java",
        "package shop; @RequestMapping(\"/api\") interface Api { @GetMapping(\"/x\") void x(); }",
    );
    let base = (
        "src/main/java/shop/Base.java",
        "package shop; abstract class Base<T> { @GetMapping(\"/y\") void y() {} }",
    );
    let own = (
        "src/main/java/shop/Own.java",
        "package shop; @RestController class Own extends Base<Order> implements Api { public void x() {} }",
    );
    assert_eq!(lines(&[api, base, own]), ["GET,HEAD /api/y", "GET,HEAD /api/x"]);
    let why = "`Own` may inherit handlers from `Base`, which is not in the repository";
    assert_eq!(lines(&[api, own]), ["GET,HEAD /api/x".to_owned(), format!("? /api*: {why}")]);
    // Clients are written with the same annotations.
    assert_eq!(
        controller("@FeignClient(\"stock\") interface Stock { @GetMapping(\"/stock\") void stock(); }"),
        [] as [String; 0]
    );
}

#[test]
fn annotations_of_the_program_stand_for_those_of_spring() {
    let own = ("src/main/java/shop/Web.java", "package shop; @RestController public @interface Web {}");
    let orders = (
        "src/main/java/shop/Orders.java",
        "package shop; @Web @RequestMapping(\"/o\") class Orders { @GetMapping void all() {} }",
    );
    assert_eq!(lines(&[own, orders]), ["GET,HEAD /o"]);
    let mapped = (
        "src/main/java/shop/Web.java",
        "package shop; @RestController @RequestMapping(\"/w\") public @interface Web {}",
    );
    let plain =
        ("src/main/java/shop/Orders.java", "package shop; @Web class Orders { @GetMapping void all() {} }");
    assert_eq!(lines(&[mapped, plain]), ["? *: the path before it is not written as text"]);
}

#[test]
fn classes_that_spring_may_not_find_are_not_certain() {
    let elsewhere = (
        "src/main/java/other/Orders.java",
        "package other; @RestController class Orders { @GetMapping(\"/o\") void o() {} }",
    );
    assert_eq!(
        lines(&[elsewhere]),
        ["? /o: it does not lie in a package that is known to be looked through"]
    );
    let conditional = "@RestController @Profile(\"dev\") class Orders { @GetMapping(\"/o\") void o() {} }";
    assert_eq!(controller(conditional), ["? /o: a condition decides whether it is there"]);
}

#[test]
fn sockets_are_served_paths() {
    let config = "@Configuration class Sockets implements WebSocketConfigurer {\n\
                  public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {\n\
                  registry.addHandler(handler, \"/ws\", \"/live\").setAllowedOrigins(\"*\"); } }\n\
                  @ServerEndpoint(\"/chat/{room}\") class Chat {}";
    assert_eq!(controller(config), ["SOCKET /chat/{}", "SOCKET /ws", "SOCKET /live"]);
    let stomp = "class Sockets { void registerStompEndpoints(StompEndpointRegistry r) {\n\
                 r.addEndpoint(\"/events\"); r.addEndpoint(\"/sock\").setAllowedOriginPatterns(\"*\").withSockJS(); } }";
    assert_eq!(controller(stomp), ["SOCKET /events", "SOCKET /sock/*", "? /sock: SockJS greets there"]);
}

#[test]
fn what_else_may_answer_leaves_the_program_open() {
    let functional = controller(
        "class Routes { RouterFunction<ServerResponse> routes() { return route(GET(\"/f\"), h); } }",
    );
    assert_eq!(functional, ["? *: what `RouterFunction` handles is not followed"]);
    let files = lines(&[("src/main/resources/static/index.html", "")]);
    assert_eq!(files, ["? *: it has a folder of files"]);
    let build = |name: &str| format!("dependencies {{\n implementation 'a.b:{name}:1'\n}}");
    assert_eq!(
        of_jvm(&[("build.gradle", &build("spring-data-rest-webmvc")), MAIN]).last().unwrap(),
        "? *: `spring-data-rest-webmvc` may serve paths of its own"
    );
    for (name, expected) in [
        ("session-ui-starter", "? *: `session-ui-starter` may serve paths of its own"),
        ("h2o-server", "? *: `h2o-server` may serve paths of its own"),
        ("apiece", "? *: `apiece` may serve paths of its own"),
        ("h2", "? /error: Spring answers errors there"),
        ("ojdbc11", "? /error: Spring answers errors there"),
        ("jackson-core", "? /error: Spring answers errors there"),
    ] {
        assert_eq!(of_jvm(&[("build.gradle", &build(name)), MAIN]).last().unwrap(), expected);
    }
    let monitored = of_jvm(&[("build.gradle", &build("spring-boot-starter-actuator")), MAIN]);
    let actuator = "? /actuator/*: `spring-boot-starter-actuator` may serve paths of its own";
    assert!(monitored.contains(&actuator.to_owned()), "{monitored:?}");
}

#[test]
fn the_context_path_goes_before_what_dependencies_serve() {
    let build = (
        "build.gradle",
        "dependencies {\n  implementation 'org.springframework.boot:spring-boot-starter-actuator'\n}\n",
    );
    let settings = ("src/main/resources/application.properties", "server.servlet.context-path=/svc\n");
    let found = of_jvm(&[build, MAIN, settings]);
    let actuator =
        |path: &str| format!("? {path}: `spring-boot-starter-actuator` may serve paths of its own");
    for path in ["/svc/actuator/*", "/actuator/*", "/svc/livez"] {
        assert!(found.contains(&actuator(path)), "{path}: {found:?}");
    }
    let elsewhere = ("src/main/resources/application.properties", "server.servlet.context-path=${BASE}\n");
    assert!(of_jvm(&[build, MAIN, elsewhere]).contains(&actuator("*")));
}

#[test]
fn who_answers_errors_may_answer_absent_paths() {
    let found = |code: &str| {
        let file = ("src/main/java/shop/Errors.java", format!("package shop;\n{code}"));
        lines(&[(file.0, &file.1)])
    };
    let advice = |handler: &str| found(&format!("@RestControllerAdvice\nclass Errors {{\n{handler}\n}}\n"));
    for handler in [
        "@ExceptionHandler(Exception.class) Result<?> any(Exception e) { return Result.error(500, e.getMessage()); }",
        "@ExceptionHandler(NoResourceFoundException.class) ResponseEntity<?> none(Exception e) { return ResponseEntity.ok(\"\"); }",
        "@ExceptionHandler Result<?> any(Throwable e) { return Result.error(HttpStatus.NOT_FOUND); }",
    ] {
        let why = "? *: this code may answer paths that no controller serves";
        assert_eq!(advice(handler), [why], "{handler}");
    }
    for handler in [
        "@ExceptionHandler(OrderException.class) Result<?> own(OrderException e) { return Result.error(e); }",
        "@ExceptionHandler(Exception.class) ResponseEntity<Err> any(Exception e) { return to(e, HttpStatus.INTERNAL_SERVER_ERROR); }",
        "@ExceptionHandler(Exception.class) @ResponseStatus(HttpStatus.INTERNAL_SERVER_ERROR) Err any(Exception e) { return to(e); }",
        "@ExceptionHandler(Exception.class) Object any(Exception e) { return ResponseEntity.internalServerError().build(); }",
        "void plain() {}",
    ] {
        assert_eq!(advice(handler), [""; 0], "{handler}");
    }
    assert_eq!(
        found("class Errors implements ErrorController { String error() { return \"forward:/\"; } }"),
        ["? *: it answers errors by itself"]
    );
}

#[test]
fn older_versions_do_not_tell_the_slash_at_the_end() {
    let main = ("src/main/java/shop/Main.java", "package shop;\n@SpringBootApplication class Main {}");
    let orders = (
        "src/main/java/shop/Orders.java",
        "package shop; @RestController class Orders { @GetMapping(\"/o\") void o() {} }",
    );
    let root = (
        "src/main/java/shop/Root.java",
        "package shop; @RestController class Root { @GetMapping void root() {} }",
    );
    let everything = "? *: its version decides whether it answers everything".to_owned();
    assert!(of_jvm(&[BUILD, main, root]).contains(&everything));
    assert!(!of_jvm(&[BUILD, MAIN, root]).contains(&everything));
    let found = of_jvm(&[BUILD, main, orders]);
    assert!(
        found.contains(&"? /o/: its version decides whether the slash at the end counts".to_owned()),
        "{found:?}"
    );
}

#[test]
fn kotlin_is_read_too() {
    let main = (
        "src/main/kotlin/shop/Main.kt",
        "package shop\n\nimport jakarta.inject.Inject\n\n@SpringBootApplication\nclass Main\n\nfun main(args: Array<String>) {\n  runApplication<Main>(*args)\n}\n",
    );
    let orders = (
        "src/main/kotlin/shop/Orders.kt",
        "package shop\n\nconst val API = \"/api\"\n\n@RestController\n@RequestMapping(\"$API/orders\")\nclass Orders(private val service: Service) {\n\
         \x20 @GetMapping(\"/{id}\")\n  fun one(@PathVariable id: Long) = service.one(id)\n\n\
         \x20 @PostMapping(value = [\"/a\", \"/b\"])\n  fun add(): Order {\n    return service.add(\"/no\")\n  }\n}\n",
    );
    let build = (
        "build.gradle.kts",
        "dependencies {\n  implementation(\"org.springframework.boot:spring-boot-starter-web\")\n  implementation(kotlin(\"reflect\"))\n}\n",
    );
    let found = of_jvm(&[build, main, orders]);
    assert_eq!(&found[..3], ["GET,HEAD /api/orders/{}", "POST /api/orders/a", "POST /api/orders/b"]);
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn modules_beside_it_belong_to_the_program_that_uses_them() {
    let files = [
        ("pom.xml", "<project><artifactId>shop</artifactId></project>"),
        ("api/pom.xml", "<dependency><artifactId>web</artifactId></dependency>"),
        (
            "web/pom.xml",
            "<project><parent><artifactId>shop</artifactId></parent><artifactId>web</artifactId></project>",
        ),
        ("api/src/main/java/shop/Main.java", MAIN.1),
        (
            "web/src/main/java/shop/web/Orders.java",
            "package shop.web; @RestController class Orders { @GetMapping(\"/o\") void o() {} }",
        ),
        (
            "other/src/main/java/shop/No.java",
            "package shop; @RestController class No { @GetMapping(\"/no\") void no() {} }",
        ),
        ("other/pom.xml", ""),
    ];
    let program = Program::Jvm(RepoPath::new("api").unwrap(), Vec::new());
    let found = described(&served_in(&program, &files, &[]));
    assert_eq!(found[0], "GET,HEAD /o");
    assert!(!found.iter().any(|line| line.contains("/no")), "{found:?}");
}

#[test]
fn what_requests_pass_may_answer_them() {
    let is_open = |text: &str| {
        let found =
            controller(&format!("@RestController class A {{ @GetMapping(\"/a\") void a() {{}} }} {text}"));
        found.iter().any(|line| line.starts_with("? *: "))
    };
    let filter = |body: &str| {
        is_open(&format!(
            "@Component class F extends OncePerRequestFilter {{ protected void doFilterInternal(HttpServletRequest q, HttpServletResponse s, FilterChain c) {{ {body} }} }}"
        ))
    };
    assert!(!filter("log(q.getRequestURI()); c.doFilter(q, s);"));
    assert!(!filter(
        "if (q.getServletPath().contains(\"/login\")) { c.doFilter(q, s); return; } if (token(q) == null) { s.sendError(401); return; } c.doFilter(q, s);"
    ));
    assert!(filter(
        "if (q.getRequestURI().equals(\"/health\")) { s.setStatus(200); return; } c.doFilter(q, s);"
    ));
    assert!(filter(
        "String path = q.getServletPath(); if (path.equals(\"/health\")) return; c.doFilter(q, s);"
    ));
    assert!(is_open(
        "class I implements HandlerInterceptor { public boolean preHandle(HttpServletRequest q, HttpServletResponse s, Object h) { if (q.getRequestURI().equals(\"/health\")) { return false; } return true; } }"
    ));
    assert!(is_open(
        "class M { M(RequestMappingHandlerMapping m) { m.registerMapping(RequestMappingInfo.paths(\"/x\").build(), this, x); } }"
    ));
    let status = controller(
        "class C implements WebMvcConfigurer { void addViewControllers(ViewControllerRegistry r) { r.addStatusController(\"/health\", HttpStatus.OK); } }",
    );
    assert_eq!(status[0], "GET,HEAD /health");
    let meta = controller(
        "@GetMapping(\"/health\") @interface Health {} @RestController @RequestMapping(\"/b\") class B { @Health void h() {} }",
    );
    assert_eq!(meta, ["? /b*: its path is not written as text"]);
}

#[test]
fn settings_of_the_container_and_of_code_move_all_paths() {
    let orders = (
        "src/main/java/shop/Orders.java",
        "package shop; @RestController class Orders { @GetMapping(\"/x\") void x() {} }",
    );
    let program = Program::Jvm(RepoPath::root(), Vec::new());
    let with = |name: &str| {
        let value = "{\"server\": {\"servlet\": {\"context-path\": \"/shop\"}}}";
        described(&served_in(&program, &[BUILD, MAIN, orders], &[(name, value)]))
    };
    let unknown = "? *: the path before it is not written as text".to_owned();
    for name in ["SPRING_APPLICATION_JSON", "SPRING_CONFIG_ADDITIONAL_LOCATION"] {
        assert!(with(name).contains(&unknown), "{name}");
    }
    assert!(with("SHOP_JSON").contains(&"GET,HEAD /x".to_owned()));
    let starts = |statement: &str| {
        let text = format!("package shop; class Start {{ static void run() {{ {statement} }} }}");
        lines(&[orders, ("src/main/java/shop/Start.java", &text)])
    };
    for statement in [
        "System.setProperty(\"server.servlet.context-path\", \"/shop\");",
        "app.setDefaultProperties(Map.of(\"a.b\", 1, \"server.servlet.contextPath\", \"/shop\"));",
        "new SpringApplicationBuilder(Main.class).properties(\"server.servlet.context-path=/shop\").run();",
    ] {
        assert_eq!(starts(statement), [unknown.as_str()], "{statement}");
    }
    for statement in [
        "System.setProperty(\"user.timezone\", \"UTC\");",
        "log(environment.getProperty(\"server.servlet.context-path\"));",
        "System.setProperty(\"a.b\", environment.getProperty(\"server.servlet.context-path\"));",
    ] {
        assert_eq!(starts(statement), ["GET,HEAD /x"], "{statement}");
    }
}

#[test]
fn groups_of_health_have_paths_of_their_own() {
    let build = (
        "build.gradle",
        "dependencies {\n  implementation 'org.springframework.boot:spring-boot-starter-web'\n  implementation 'org.springframework.boot:spring-boot-starter-actuator'\n}\n",
    );
    let settings = |line: &str| {
        let files = [build, MAIN, ("src/main/resources/application.properties", line)];
        of_jvm(&files)
    };
    let why = "the health of a group may be asked there";
    let added = settings("management.endpoint.health.group.live.additional-path=server:/healthz\n");
    assert!(added.contains(&format!("? /healthz: {why}")), "{added:?}");
    let hidden = settings("management.endpoint.health.group.live.additional-path=${WHERE}\n");
    assert!(hidden.contains(&format!("? *: {why}")), "{hidden:?}");
    let plain = settings("management.endpoint.health.group.live.include=ping\n");
    assert!(!plain.iter().any(|line| line.ends_with(why)), "{plain:?}");
}

#[test]
fn filters_that_are_functions_are_read_where_they_are_registered() {
    let filter = |condition: &str| {
        let found = controller(&format!(
            "@Configuration class Filters {{ @Bean FilterRegistrationBean<Filter> one() {{\n\
             FilterRegistrationBean<Filter> bean = new FilterRegistrationBean<>((q, s, c) -> {{\n\
             if ({condition}) {{ s.setStatus(200); }} else {{ c.doFilter(q, s); }} }});\nreturn bean; }} }}"
        ));
        found.iter().any(|line| line.starts_with("? *: "))
    };
    assert!(filter("((HttpServletRequest) q).getRequestURI().equals(\"/up\")"));
    assert!(!filter("q.getHeader(\"X-Key\") == null"));
}
