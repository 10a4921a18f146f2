//! Requests that no rule of a load balancer sends to the program that serves them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod addresses;
mod development;
mod prefixes;
mod steps;
#[path = "../support/mod.rs"]
mod support;
mod told;

use policy_core::config::Settings;

const RULE: &str = "alb/unrouted-endpoint";

/// A page that asks for `/orders`, and an API that serves it. The listener knows only what is below.
const SHOP: &[(&str, &str)] = &[
    ("page/orders.ts", "export const orders = () => fetch(\"/orders\");\n"),
    ("page/index.html", "<!doctype html>\n<script type=\"module\" src=\"orders.ts\"></script>\n"),
    ("page/Dockerfile", "FROM nginx:1.27-alpine\nCOPY . /usr/share/nginx/html\n"),
    (
        "api/Dockerfile",
        "FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nEXPOSE 8000\nCMD [\"uvicorn\", \"main:app\", \"--port\", \"8000\"]\n",
    ),
    (
        "api/main.py",
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get(\"/orders\")\ndef orders():\n    return []\n\
         @app.get(\"/orders/{number}\")\ndef order(number: int):\n    return {}\n",
    ),
    ("main.tf", LISTENER),
    ("services.tf", SERVICES),
];

const LISTENER: &str = r#"
resource "aws_lb" "web" {
  load_balancer_type = "application"
}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.page.arn
  }
}
resource "aws_lb_listener_rule" "api" {
  listener_arn = aws_lb_listener.web.arn
  priority     = 10
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
  condition {
    path_pattern {
      values = ["/orders/*"]
    }
  }
}
resource "aws_lb_target_group" "page" {
  port     = 80
  protocol = "HTTP"
}
resource "aws_lb_target_group" "api" {
  port     = 8000
  protocol = "HTTP"
}
"#;

const SERVICES: &str = include_str!("../testdata/page_and_api.tf");

/// The severities and places of the findings for the shop with these files in the place of its own, or beside them.
fn found(changes: &[(&str, &str)]) -> Vec<String> {
    let own = SHOP.iter().filter(|(path, _)| changes.iter().all(|(changed, _)| changed != path));
    let files: Vec<(&str, &str)> = own.chain(changes).copied().collect();
    let report = support::check(&files, &Settings::default());
    let active = report.active().filter(|found| found.rule == *RULE);
    let shown = active.map(|found| {
        let place = report.place(found.finding.primary.span).unwrap();
        format!("{} {}:{}", found.severity.name(), place.path, place.start.line)
    });
    shown.collect()
}

/// What the first finding says to do.
fn help(changes: &[(&str, &str)]) -> String {
    let own = SHOP.iter().filter(|(path, _)| changes.iter().all(|(changed, _)| changed != path));
    let files: Vec<(&str, &str)> = own.chain(changes).copied().collect();
    let report = support::check(&files, &Settings::default());
    let mut active = report.active().filter(|found| found.rule == *RULE);
    active.next().and_then(|found| found.finding.help.clone()).unwrap_or_default()
}

/// The text after a change.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

#[test]
fn the_base_of_a_pattern_is_not_matched() {
    assert_eq!(found(&[]), ["error page/orders.ts:1"]);
    let routed = changed(LISTENER, "\"/orders/*\"", "\"/orders\", \"/orders/*\"");
    assert!(found(&[("main.tf", &routed)]).is_empty());
}

#[test]
fn a_rule_for_another_host_gets_no_pattern_more() {
    assert!(help(&[]).contains("to the path patterns of a rule"));
    let of_host = changed(
        LISTENER,
        "path_pattern {\n      values = [\"/orders/*\"]",
        "host_header {\n      values = [\"api.example.org\"]",
    );
    assert!(
        help(&[("main.tf", &of_host)]).ends_with("its present rules are only for other hosts or methods")
    );
}

#[test]
fn a_program_to_which_no_rule_leads_is_one_fault() {
    let page =
        "export const orders = () => fetch(\"/orders\");\nexport const stock = () => fetch(\"/stock\");\n";
    let api = "from fastapi import FastAPI\napp = FastAPI()\n@app.get(\"/orders\")\ndef orders():\n    return []\n\
               @app.get(\"/stock\")\ndef stock():\n    return []\n";
    let with =
        |listener: &str| found(&[("page/orders.ts", page), ("api/main.py", api), ("main.tf", listener)]);
    let of_host = changed(
        LISTENER,
        "path_pattern {\n      values = [\"/orders/*\"]",
        "host_header {\n      values = [\"api.example.org\"]",
    );
    assert_eq!(with(&of_host), ["error page/orders.ts:1"]);
    // Where a rule leads there, each path that it lacks is one of its own.
    let others = changed(LISTENER, "\"/orders/*\"", "\"/carts\"");
    assert_eq!(with(&others), ["error page/orders.ts:1", "error page/orders.ts:2"]);
}

#[test]
fn a_target_group_without_weight_takes_no_requests() {
    let weighted = |idle: u8| {
        let both = format!(
            "forward {{\n      target_group {{\n        arn    = aws_lb_target_group.api.arn\n        weight = 100\n      }}\n      \
             target_group {{\n        arn    = aws_lb_target_group.green.arn\n        weight = {idle}\n      }}\n    }}"
        );
        let group = "resource \"aws_lb_target_group\" \"green\" {\n  port = 8000\n}\n";
        changed(LISTENER, "target_group_arn = aws_lb_target_group.api.arn", &both) + group
    };
    let asking = |idle: u8| {
        let page = ("page/orders.ts", "export const order = () => fetch(\"/orders/7/lines\");\n");
        let api = (
            "api/main.py",
            "from fastapi import FastAPI\napp = FastAPI()\n@app.get(\"/7/lines\")\ndef lines():\n    return []\n",
        );
        found(&[page, api, ("main.tf", &weighted(idle))])
    };
    assert_eq!(asking(0), ["error page/orders.ts:1"], "the program does not know the prefix");
    assert!(asking(1).is_empty(), "who knows what answers there");
}

#[test]
fn a_module_that_is_given_the_target_group_registers_with_it() {
    const MODULE: &str = r#"
variable "name" {}
variable "port" {}
variable "group" {
  default = null
}
resource "aws_ecs_task_definition" "this" {
  family = var.name
  container_definitions = jsonencode([{
    name         = var.name
    image        = "registry.example.org/${var.name}:1"
    portMappings = [{ containerPort = var.port }]
  }])
}
resource "aws_ecs_service" "this" {
  task_definition = aws_ecs_task_definition.this.arn
  dynamic "load_balancer" {
    for_each = var.group != null ? [1] : []
    content {
      target_group_arn = var.group
      container_name   = var.name
      container_port   = var.port
    }
  }
}
"#;
    const CALLS: &str = r#"
variable "environment" {}
module "page" {
  source = "./service"
  name   = "${var.environment}-page"
  port   = 80
  group  = aws_lb_target_group.page.arn
}
module "api" {
  source = "./service"
  name   = "${var.environment}-api"
  port   = 8000
  group  = aws_lb_target_group.api.arn
}
"#;
    let with = |calls: &str| found(&[("services.tf", calls), ("service/main.tf", MODULE)]);
    assert_eq!(with(CALLS), ["error page/orders.ts:1"], "the environment is not known, and the rest is");
    for (from, to) in
        [("${var.environment}-api", "${var.environment}"), ("group  = aws_lb_target_group.api.arn", "")]
    {
        assert!(with(&changed(CALLS, from, to)).is_empty(), "{to}");
    }
    let with_sidecar = changed(MODULE, "  }])", "  }, { name = \"${var.name}-proxy\", image = \"envoy\" }])");
    assert_eq!(
        found(&[("services.tf", CALLS), ("service/main.tf", &with_sidecar)]),
        ["error page/orders.ts:1"]
    );
    let with_two = changed(&with_sidecar, "image = \"envoy\"", "image = \"envoy\", portMappings = var.ports");
    assert!(found(&[("services.tf", CALLS), ("service/main.tf", &with_two)]).is_empty());
}

#[test]
fn of_several_builds_in_one_folder_the_name_tells_which_is_meant() {
    const JOB: &str = "FROM python:3.12-slim\nCOPY . .\nCMD [\"python\", \"job.py\"]\n";
    let build = |tag: &str, dockerfile: &str| {
        format!("      - run: docker build -f api/{dockerfile} -t $REGISTRY/{tag}:$GITHUB_SHA --push api\n")
    };
    let workflow = |api: &str| {
        format!(
            "on: push\njobs:\n  images:\n    runs-on: ubuntu-latest\n    steps:\n{}{}",
            build(api, "Dockerfile"),
            build("shop-job", "job.Dockerfile")
        )
    };
    let unknown = changed(SERVICES, "registry.example.org/shop/api:1", "${var.image}");
    let with = |api: &str| {
        found(&[
            ("services.tf", &unknown),
            ("api/job.Dockerfile", JOB),
            (".github/workflows/images.yml", &workflow(api)),
        ])
    };
    assert_eq!(with("shop-api"), ["error page/orders.ts:1"]);
    assert!(with("shop-web").is_empty());
}

/// The shop with a page that asks for nothing, and this program as its API.
fn of_api(program: &str) -> Vec<String> {
    let start = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\n";
    found(&[("page/orders.ts", ""), ("api/main.py", &format!("{start}{program}"))])
}

#[test]
fn what_no_rule_knows_of_a_program_that_is_routed_is_noted() {
    let with = |path: &str| {
        of_api(&format!(
            "@app.get(\"/orders/{{number}}\")\ndef order(number):\n    return {{}}\n\
             @app.get(\"{path}\")\ndef more():\n    return {{}}\n"
        ))
    };
    assert_eq!(with("/returns/{number}"), ["note api/main.py:6"]);
    for path in ["/", "/orders/all", "/health", "/metrics", "/internal/returns", "/dev/token"] {
        assert!(with(path).is_empty(), "{path}");
    }
    assert!(
        of_api("@app.get(\"/returns\")\ndef more():\n    return {}\n").is_empty(),
        "nothing of it is routed"
    );
}

#[test]
fn what_no_rule_knows_of_most_of_a_program_is_said_once() {
    let with = |names: &[&str]| {
        let handler = |name: &&str| format!("@app.get(\"/{name}/{{n}}\")\ndef {name}(n):\n    return n\n");
        of_api(&["orders"].iter().chain(names).map(handler).collect::<String>())
    };
    let few = with(&["carts", "returns", "wishes"]);
    assert_eq!(few, ["note api/main.py:6", "note api/main.py:9", "note api/main.py:12"]);
    assert_eq!(with(&["carts", "labels", "returns", "wishes"]), ["note api/main.py:6"]);
}

#[test]
fn what_is_mounted_with_others_that_are_routed_is_meant_like_them() {
    let router = |name: &str, path: &str| {
        format!(
            "{name} = APIRouter()\n@{name}.get(\"{path}\")\ndef of_{name}():\n    return {{}}\napi.include_router({name})\n"
        )
    };
    let program = |prefix: &str| {
        format!(
            "from fastapi import APIRouter, FastAPI\napp = FastAPI()\napi = APIRouter()\n{}{}{}\
             app.include_router(api, prefix=\"{prefix}\")\n",
            router("order", "/orders/all"),
            router("returned", "/returns"),
            router("greeting", "/")
        )
    };
    let found = |prefix: &str, listener: &str| {
        found(&[("page/orders.ts", ""), ("api/main.py", &program(prefix)), ("main.tf", listener)])
    };
    let below_api = changed(LISTENER, "/orders/*", "/api/orders/*");
    assert_eq!(found("/api", &below_api), ["warning api/main.py:10"]);
    assert_eq!(found("", LISTENER), ["note api/main.py:10"], "the root is a prefix of everything");
    assert!(found("/api", &changed(LISTENER, "/orders/*", "/api/*")).is_empty());
}

/// The shop with an API of Express or Nest, and a page of this code.
fn of_node(page: &str, package: &str, program: &str) -> Vec<String> {
    found(&[
        ("page/orders.ts", page),
        ("api/main.py", ""),
        ("api/package.json", &format!("{{ \"dependencies\": {{ \"{package}\": \"*\" }} }}")),
        ("api/main.js", program),
        (
            "api/Dockerfile",
            "FROM node:22\nWORKDIR /srv\nCOPY . .\nEXPOSE 8000\nCMD [\"node\", \"main.js\"]\n",
        ),
    ])
}

#[test]
fn a_base_that_is_served_with_a_slash_too_is_reached_where_it_is_written_so() {
    let program = "const app = require('express')();\napp.get('/orders', (_, to) => to.json([]));\n\
                   app.get('/orders/:number', (_, to) => to.json({}));\napp.listen(8000);\n";
    assert_eq!(of_node("", "express", program), ["warning api/main.js:2"]);
    assert_eq!(of_node("fetch(\"/orders\");\n", "express", program), ["error page/orders.ts:1"]);
    assert!(of_node("fetch(\"/orders/\");\n", "express", program).is_empty());
    let router = "const express = require('express');\nconst app = express();\nconst orders = express.Router();\n\
                  orders.get('/', (_, to) => to.json([]));\norders.get('/:number', (_, to) => to.json({}));\n\
                  app.use('/orders', orders);\napp.listen(8000);\n";
    assert!(of_node("", "express", router).is_empty(), "the root of a router is written with its slash");
    assert_eq!(of_node("fetch(\"/orders\");\n", "express", router), ["error page/orders.ts:1"]);
}

#[test]
fn what_an_application_of_nest_is_asked_for_is_no_path() {
    let program = |more: &str| {
        format!(
            "import {{ NestFactory }} from '@nestjs/core';\nimport {{ Module, Controller, Get }} from '@nestjs/common';\n\
             @Controller('orders')\nclass Orders {{\n  @Get(':number')\n  one() {{}}\n{more}}}\n\
             @Module({{ controllers: [Orders] }})\nclass Main {{}}\n\
             const app = await NestFactory.create(Main);\n\
             await app.listen(app.get('Settings').get('PORT', 8000));\n"
        )
    };
    assert!(of_node("", "@nestjs/core", &program("")).is_empty());
    let with_returns = changed(
        &program(""),
        "@Module({ controllers: [Orders] })",
        "@Controller('returns')\nclass Returns {\n  @Get(':number')\n  one() {}\n}\n@Module({ controllers: [Orders, Returns] })",
    );
    assert_eq!(of_node("", "@nestjs/core", &with_returns), ["note api/main.js:10"]);
}

#[test]
fn a_page_for_people_is_no_answer_for_code() {
    let server = |answer: &str| {
        let page = changed(SERVICES, "containerPort = 80 }", "containerPort = 3000 }");
        found(&[
            ("services.tf", &changed(&page, "container_port   = 80\n", "container_port   = 3000\n")),
            ("page/orders.ts", ""),
            ("page/index.html", ""),
            (
                "page/package.json",
                "{ \"dependencies\": { \"next\": \"15\" }, \"scripts\": { \"start\": \"next start\" } }",
            ),
            (
                "page/app/page.tsx",
                "\"use client\";\nexport default () => { fetch(\"/orders\"); return null; };\n",
            ),
            (answer, "export default () => null;\nexport const GET = () => {};\n"),
            (
                "page/Dockerfile",
                "FROM node:22\nWORKDIR /srv\nCOPY . .\nRUN npx next build\nEXPOSE 3000\nCMD [\"npm\", \"start\"]\n",
            ),
        ])
    };
    assert_eq!(server("page/app/orders/page.tsx"), ["error page/app/page.tsx:2"]);
    assert!(server("page/app/orders/route.ts").is_empty());
}

#[test]
fn a_page_may_ask_the_load_balancer_by_its_name() {
    let named = format!(
        "{LISTENER}resource \"aws_route53_record\" \"web\" {{\n  name = \"shop.example.org\"\n  alias {{\n    \
         name = aws_lb.web.dns_name\n  }}\n}}\n"
    );
    let with = |url: &str| found(&[("page/orders.ts", &format!("fetch(\"{url}\");\n")), ("main.tf", &named)]);
    assert_eq!(with("http://shop.example.org/orders"), ["error page/orders.ts:1"]);
    for url in [
        "http://shop.example.org/orders/7",
        "http://shop.example.com/orders",
        "http://shop.example.org:81/orders",
    ] {
        // Nothing is asked of the base then, which is a warning of its own.
        assert_eq!(with(url), ["warning api/main.py:3"], "{url}");
    }
}

#[test]
fn a_page_asks_the_host_that_it_has_come_from() {
    let condition = "path_pattern {\n      values = [\"/orders/*\"]";
    let by_host =
        |host: &str| LISTENER.replace(condition, &format!("host_header {{\n      values = [{host}]"));
    assert_eq!(found(&[("main.tf", &by_host("\"api.example.org\""))]).len(), 1);
    // What is for every host is for that of the page, too.
    assert!(found(&[("main.tf", &by_host("\"*\""))]).is_empty());
}
