//! Programs of compiled languages behind load balancers, end to end: the project is found by the build of the image, and what it
//! serves is held against the rules.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use policy_core::config::Settings;
use support::check;

const RULE: &str = "alb/unrouted-endpoint";

/// A load balancer that forwards these paths to the program in `api`, and everything else to the page.
fn balancer(patterns: &str) -> String {
    let of = |name: &str| {
        format!(
            r#"
resource "aws_lb_target_group" "{name}" {{
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"
}}
resource "aws_ecs_task_definition" "{name}" {{
  family                = "{name}"
  container_definitions = jsonencode([{{ name = "{name}", image = "r.example.org/{name}:1.0.0", portMappings = [{{ containerPort = 8080 }}] }}])
}}
resource "aws_ecs_service" "{name}" {{
  name            = "{name}"
  task_definition = aws_ecs_task_definition.{name}.arn
  load_balancer {{
    target_group_arn = aws_lb_target_group.{name}.arn
    container_name   = "{name}"
    container_port   = 8080
  }}
}}
"#
        )
    };
    format!(
        r#"{}{}
resource "aws_lb" "shop" {{}}
resource "aws_lb_listener" "http" {{
  load_balancer_arn = aws_lb.shop.arn
  port              = 80
  default_action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.page.arn
  }}
}}
resource "aws_lb_listener_rule" "api" {{
  listener_arn = aws_lb_listener.http.arn
  priority     = 10
  action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }}
  condition {{
    path_pattern {{
      values = [{patterns}]
    }}
  }}
}}
"#,
        of("api"),
        of("page")
    )
}

const PAGE: (&str, &str) = (
    "page/Dockerfile",
    "FROM nginx:1.27\nRUN printf 'server { listen 8080; root /srv; location / { try_files $uri /index.html; } }' > /etc/nginx/conf.d/default.conf\n",
);

/// The places that the rule finds with these patterns and files.
fn places(patterns: &str, files: &[(&str, &str)]) -> Vec<String> {
    let balancer = balancer(patterns);
    let mut all = vec![PAGE, ("main.tf", balancer.as_str())];
    all.extend(files);
    let report = check(&all, &Settings::default());
    let found = report.diagnostics.iter().filter(|diagnostic| diagnostic.rule == RULE);
    let places = found.map(|diagnostic| report.place(diagnostic.finding.primary.span).unwrap());
    places.map(|place| format!("{}:{}", place.path, place.start.line)).collect()
}

/// `/ws` is unrouted with `/api/*` alone, in the file and line that register it, and routed with a pattern of its own.
#[track_caller]
fn socket_is_missed(at: &str, files: &[(&str, &str)]) {
    assert_eq!(places("\"/api/*\"", files), [at]);
    assert!(places("\"/api/*\", \"/ws\", \"/ws/*\"", files).is_empty());
}

const SPRING: [(&str, &str); 4] = [
    ("api/pom.xml", "<dependency><artifactId>spring-boot-starter-websocket</artifactId></dependency>"),
    ("api/src/main/java/shop/Main.java", "package shop;\n@SpringBootApplication class Main {}\n"),
    (
        "api/src/main/java/shop/Orders.java",
        "package shop;\n@RestController @RequestMapping(\"/api/orders\") class Orders { @GetMapping(\"/{id}\") Order one() { return null; } }\n",
    ),
    (
        "api/src/main/java/shop/Sockets.java",
        "package shop;\nclass Sockets { void register(WebSocketHandlerRegistry registry) {\n  registry.addHandler(handler, \"/ws\");\n} }\n",
    ),
];

#[test]
fn a_socket_of_spring_needs_a_rule() {
    let built = "FROM maven:3 AS build\nWORKDIR /app\nCOPY pom.xml .\nCOPY src src\nRUN mvn package\n\
                 FROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY --from=build /app/target/*.jar app.jar\nENTRYPOINT [\"java\", \"-jar\", \"app.jar\"]\n";
    let with = |dockerfile| [&SPRING[..], &[("api/Dockerfile", dockerfile)]].concat();
    socket_is_missed("api/src/main/java/shop/Sockets.java:3", &with(built));
    let sent = "FROM eclipse-temurin:21-jre\nCOPY target/*.jar /srv/app.jar\nCMD exec java $JAVA_OPTS -jar /srv/app.jar\n";
    socket_is_missed("api/src/main/java/shop/Sockets.java:3", &with(sent));
    // What the image runs is not built here.
    let foreign = "FROM eclipse-temurin:21-jre\nADD https://example.org/server.jar /srv/app.jar\nCMD [\"java\", \"-jar\", \"/srv/app.jar\"]\n";
    assert!(places("\"/api/*\"", &with(foreign)).is_empty());
}

#[test]
fn the_build_tells_which_of_several_modules_runs() {
    let dockerfile = "FROM maven:3 AS build\nWORKDIR /src\nCOPY . .\nRUN mvn package -pl core -am\n\
                      FROM eclipse-temurin:21-jre\nCOPY --from=build /src/core/target/core.jar /app.jar\nCMD [\"java\", \"-jar\", \"/app.jar\"]\n";
    let moved: Vec<(String, &str)> =
        SPRING.iter().map(|(path, text)| (path.replace("api/", "api/core/"), *text)).collect();
    let other = [
        ("api/other/pom.xml", ""),
        (
            "api/other/src/main/java/shop/Other.java",
            "package shop;\n@ServerEndpoint(\"/other\") @SpringBootApplication class Other {}\n",
        ),
        ("api/Dockerfile", dockerfile),
    ];
    let files: Vec<(&str, &str)> =
        moved.iter().map(|(path, text)| (path.as_str(), *text)).chain(other).collect();
    socket_is_missed("api/core/src/main/java/shop/Sockets.java:3", &files);
}

#[test]
fn a_hub_of_asp_net_needs_a_rule() {
    let dockerfile = "FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish Shop.Api -c Release -o /app\n\
                      FROM mcr.microsoft.com/dotnet/aspnet:9.0\nWORKDIR /app\nCOPY --from=build /app .\nENTRYPOINT [\"dotnet\", \"Shop.Api.dll\"]\n";
    let files = [
        ("api/Dockerfile", dockerfile),
        ("api/Shop.Api/Shop.Api.csproj", "<Project />"),
        ("api/Shop.Tests/Shop.Tests.csproj", "<Project />"),
        (
            "api/Shop.Api/Program.cs",
            "var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapControllers();\napp.MapHub<LiveHub>(\"/ws\");\napp.Run();\n",
        ),
        (
            "api/Shop.Api/OrdersController.cs",
            "[ApiController]\n[Route(\"api/[controller]\")]\npublic class OrdersController : ControllerBase { [HttpGet] public int All() => 1; }\n",
        ),
    ];
    socket_is_missed("api/Shop.Api/Program.cs:4", &files);
}

const GO: [(&str, &str); 3] = [
    ("api/go.mod", "module example.org/shop\n\ngo 1.22\n"),
    (
        "api/cmd/server/main.go",
        "package main\n\nimport \"example.org/shop/internal/web\"\n\nfunc main() {\n\tweb.Router().Run(\":8080\")\n}\n",
    ),
    (
        "api/internal/web/router.go",
        "package web\n\nimport \"github.com/gin-gonic/gin\"\n\nfunc Router() *gin.Engine {\n\tr := gin.Default()\n\tr.Group(\"/api\").GET(\"/orders\", orders)\n\tr.GET(\"/ws\", live)\n\treturn r\n}\n\n\
         func live(c *gin.Context) {\n\tconn, err := upgrader.Upgrade(c.Writer, c.Request, nil)\n}\n",
    ),
];

#[test]
fn a_socket_of_go_needs_a_rule() {
    let built = "FROM golang:1.22 AS build\nWORKDIR /src\nCOPY go.mod ./\nRUN go mod download\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /bin/server ./cmd/server && go build -o /bin/other ./cmd/other\n\
                 FROM scratch\nCOPY --from=build /bin/server /server\nENTRYPOINT [\"/server\"]\n";
    let with = |dockerfile| [&GO[..], &[("api/Dockerfile", dockerfile)]].concat();
    socket_is_missed("api/internal/web/router.go:8", &with(built));
    let single = "FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o main cmd/server/main.go\nCMD [\"./main\"]\n";
    socket_is_missed("api/internal/web/router.go:8", &with(single));
    let on_path = built
        .replace("/bin/server /server", "/bin/server /usr/local/bin/")
        .replace("[\"/server\"]", "[\"server\"]");
    socket_is_missed("api/internal/web/router.go:8", &with(&on_path));
    // What the image runs is another program.
    let other = built.replace("/bin/server /server", "/bin/other /server");
    assert!(places("\"/api/*\"", &with(&other)).is_empty());
}
