//! From the rule of a load balancer to the program that answers behind it, end to end: what starts the program is followed to its
//! source, in each form that workspaces of Node have.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use policy_core::config::Settings;
use support::check;

const RULE: &str = "alb/unrouted-endpoint";

const LISTENER: &str = r#"
resource "aws_lb" "web" {}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}
resource "aws_lb_listener_rule" "page" {
  listener_arn = aws_lb_listener.web.arn
  priority     = 10
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.page.arn
  }
  condition {
    path_pattern {
      values = ["/", "/orders.ts"]
    }
  }
}
resource "aws_lb_listener_rule" "api" {
  listener_arn = aws_lb_listener.web.arn
  priority     = 20
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
resource "aws_lb_target_group" "page" {}
resource "aws_lb_target_group" "api" {}
"#;

const SERVICES: &str = include_str!("testdata/page_and_api.tf");

const WORKFLOW: &str = ".github/workflows/build.yml";

const BUILDS: &str = "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      \
    - run: docker build -t registry.example.org/shop/api:1 -f apps/api/Dockerfile .\n      \
    - run: docker build -t registry.example.org/shop/page:1 page\n";

/// A page that asks for `/orders`, and an API in a workspace that is built with this Dockerfile and serves it by `source`.
fn shop<'a>(dockerfile: &'a str, source: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    vec![
        ("page/orders.ts", "export const orders = () => fetch(\"/orders\");\n"),
        ("page/index.html", "<!doctype html>\n<script type=\"module\" src=\"orders.ts\"></script>\n"),
        ("page/Dockerfile", "FROM nginx:1.27-alpine\nCOPY . /usr/share/nginx/html\n"),
        (
            "package.json",
            r#"{"private": true, "workspaces": ["apps/*"], "scripts": {"api": "npm run start -w @shop/api"}}"#,
        ),
        (
            "apps/api/package.json",
            r#"{"name": "@shop/api", "scripts": {"start": "node dist/main.js"}, "dependencies": {"next": "15", "express": "4"}}"#,
        ),
        ("apps/api/Dockerfile", dockerfile),
        source,
        ("main.tf", LISTENER),
        ("services.tf", SERVICES),
        (WORKFLOW, BUILDS),
    ]
}

/// Whether the request of the page is found to lack a rule.
fn is_found(files: &[(&str, &str)]) -> bool {
    let report = check(files, &Settings::default());
    let places = report.active().filter(|found| found.rule == *RULE);
    let mut places = places.map(|found| report.place(found.finding.primary.span).unwrap().path);
    places.any(|path| path.as_str() == "page/orders.ts")
}

const EXPRESS: (&str, &str) = (
    "apps/api/src/main.ts",
    "import express from \"express\";\nconst app = express();\napp.get(\"/orders\", (_, answer) => answer.json([]));\n\
     app.get(\"/orders/:number\", (_, answer) => answer.json({}));\napp.listen(3000);\n",
);

const NEXT: (&str, &str) =
    ("apps/api/app/orders/route.ts", "export async function GET() {\n  return Response.json([]);\n}\n");

const BUILD: &str =
    "FROM node:22 AS build\nWORKDIR /srv\nCOPY . .\nRUN npm ci && npm run build -w @shop/api\n";

#[test]
fn a_package_of_a_workspace_is_followed_to_its_source() {
    for start in [
        "FROM node:22\nWORKDIR /srv\nCOPY --from=build /srv ./\nCMD [\"node\", \"apps/api/dist/main.js\"]\n",
        "FROM node:22\nWORKDIR /srv\nCOPY --from=build /srv ./\nCMD [\"node\", \"/srv/apps/api/dist/main.js\"]\n",
        "FROM node:22\nWORKDIR /srv\nCOPY --from=build /srv ./\nCMD [\"npm\", \"run\", \"api\"]\n",
        "FROM node:22\nWORKDIR /srv\nCOPY --from=build /srv ./\nCMD [\"npm\", \"start\", \"--workspace\", \"apps/api\"]\n",
        "FROM node:22\nWORKDIR /srv\nCOPY --from=build /srv ./\nCMD [\"pnpm\", \"--filter\", \"@shop/api\", \"start\"]\n",
        "FROM node:22\nWORKDIR /srv\nCOPY --from=build /srv/apps/api/dist ./apps/api/dist\nCMD [\"node\", \"apps/api/dist/main.js\"]\n",
        "RUN pnpm --filter @shop/api deploy --prod /out\nFROM node:22\nWORKDIR /run\nCOPY --from=build /out /run\nCMD [\"node\", \"dist/main.js\"]\n",
        "RUN cd . && pnpm --filter=@shop/api --prod deploy out\nFROM node:22\nWORKDIR /run\nCOPY --from=build /srv/out/ ./\nCMD [\"npm\", \"start\"]\n",
    ] {
        assert!(is_found(&shop(&format!("{BUILD}{start}"), EXPRESS)), "{start}");
    }
}

#[test]
fn what_starts_another_package_or_cannot_be_followed_is_left_alone() {
    for start in [
        "FROM node:22\nWORKDIR /srv\nCOPY --from=build /srv ./\nCMD [\"node\", \"apps/other/dist/main.js\"]\n",
        "FROM node:22\nWORKDIR /srv\nCOPY --from=build /srv ./\nCMD [\"npm\", \"run\", \"other\"]\n",
        "FROM node:22\nWORKDIR /srv\nCOPY --from=build /srv ./\nCMD [\"turbo\", \"run\", \"start\"]\n",
        "RUN pnpm --filter @shop/other deploy --prod /out\nFROM node:22\nWORKDIR /run\nCOPY --from=build /out /run\nCMD [\"node\", \"dist/main.js\"]\n",
        "RUN pnpm --filter @shop/api deploy --prod /elsewhere\nFROM node:22\nWORKDIR /run\nCOPY --from=build /out /run\nCMD [\"node\", \"dist/main.js\"]\n",
    ] {
        assert!(!is_found(&shop(&format!("{BUILD}{start}"), EXPRESS)), "{start}");
    }
}

#[test]
fn the_server_that_next_makes_of_a_package_is_found_by_its_path() {
    let brings = "FROM node:22\nWORKDIR /run\nCOPY --from=build /srv/apps/api/.next/standalone ./\n\
        COPY --from=build /srv/apps/api/.next/static ./apps/api/.next/static\n";
    let started = format!("{BUILD}{brings}CMD [\"node\", \"apps/api/server.js\"]\n");
    assert!(is_found(&shop(&started, NEXT)));
    let other = format!("{BUILD}{brings}CMD [\"node\", \"apps/other/server.js\"]\n");
    assert!(!is_found(&shop(&other, NEXT)));
}

const RUN: &str = "FROM node:22 AS run\nWORKDIR /srv\nCOPY --from=build /srv ./\nCMD [\"node\", \"apps/api/dist/main.js\"]\n";

/// The shop where a compose file, and no pipeline, builds the API: `build` says how, `dockerfile` is the one of the API.
fn composed(service: &str, build: &str, (path, dockerfile): (&str, &str)) -> bool {
    let compose =
        format!("services:\n  {service}:\n    build: {{{build}}}\n  page:\n    build: {{context: page}}\n");
    let mut files = shop(dockerfile, EXPRESS);
    files.retain(|(other, _)| *other != WORKFLOW && !other.ends_with("api/Dockerfile"));
    files.extend([(path, dockerfile), ("compose.yaml", compose.as_str())]);
    is_found(&files)
}

#[test]
fn a_container_runs_what_is_built_as_the_service_of_its_name() {
    let whole = format!("{BUILD}{RUN}");
    let build = "context: ., dockerfile: docker/Dockerfile";
    assert!(composed("api", build, ("docker/Dockerfile", &whole)));
    assert!(composed("api-service", build, ("docker/Dockerfile", &whole)));
    assert!(!composed("worker", build, ("docker/Dockerfile", &whole)));
}

#[test]
fn a_stage_for_development_is_not_what_production_runs() {
    let stage = "FROM node:22 AS dev\nWORKDIR /srv\nCOPY . .\nCMD [\"npm\", \"run\", \"none\"]\n";
    let build = "context: ., dockerfile: apps/api/Dockerfile, target: dev";
    let whole = format!("{stage}{BUILD}{RUN}");
    assert!(composed("api", build, ("apps/api/Dockerfile", &whole)));
    let alone = format!("{BUILD}{RUN}{stage}");
    assert!(!composed("api", build, ("apps/api/Dockerfile", &alone)));
}

#[test]
fn a_dockerfile_for_development_beside_the_usual_one_is_not_meant() {
    let whole = format!("{BUILD}{RUN}").replace("COPY . .", "COPY package.json ./\nCOPY apps apps");
    let other = "FROM node:22\nWORKDIR /srv\nCOPY . .\nCMD [\"npm\", \"run\", \"none\"]\n";
    let mut files = shop(&whole, EXPRESS);
    files.retain(|(path, _)| *path != WORKFLOW);
    files.push(("apps/api/Dockerfile.dev", other));
    files.push((
        "compose.yaml",
        "services:\n  api:\n    build: {context: ., dockerfile: apps/api/Dockerfile.dev}\n",
    ));
    assert!(is_found(&files));
    files.retain(|(path, _)| *path != "apps/api/Dockerfile");
    assert!(!is_found(&files));
}

#[test]
fn the_user_of_a_registry_is_often_a_secret() {
    let whole = format!("{BUILD}{RUN}");
    let pushed = |name: &str| {
        let services = SERVICES.replace("registry.example.org/shop/api:1", &format!("somebody/{name}:1"));
        // What is called like its folder would be found by that.
        let build = "docker build -t ${{ secrets.USER }}/store:1 -f docker/Dockerfile .";
        let workflow =
            BUILDS.replace("docker build -t registry.example.org/shop/api:1 -f apps/api/Dockerfile .", build);
        let mut files = shop(&whole, EXPRESS);
        files.retain(|(path, _)| !matches!(*path, "services.tf" | "apps/api/Dockerfile" | WORKFLOW));
        files.extend([
            ("docker/Dockerfile", whole.as_str()),
            ("services.tf", &services),
            (WORKFLOW, &workflow),
        ]);
        is_found(&files)
    };
    assert!(pushed("store"));
    assert!(!pushed("other"));
}
