//! Things that refer to one another: whoever follows all of it never ends.

use crate::tree::{Hostile, Tree};

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("steps that hand variables on", |tree| {
        let n = tree.count(120, 6_000);
        let known = lines(n, |at| format!("  E{at}: v{at}\n"));
        let steps = lines(n, |at| format!("      - run: docker push a:$E{at}\n"));
        tree.file(".github/workflows/known.yml", format!("on: push\nenv:\n{known}{JOB}{steps}"));
        let steps = lines(n, |at| format!("      - run: echo \"E{}=$E{at}$E{at}\" >> $GITHUB_ENV\n", at + 1));
        tree.file(".github/workflows/doubled.yml", format!("on: push\n{JOB}{steps}"));
        let steps = lines(n, |at| {
            format!(
                "      - id: s{}\n        run: echo \"t=${{{{ steps.s{at}.outputs.t }}}}${{{{ steps.s{at}.outputs.t }}}}\" >> $GITHUB_OUTPUT\n",
                at + 1
            )
        });
        tree.file(".github/workflows/outputs.yml", format!("on: push\n{JOB}{steps}"));
    }),
    Hostile::says("loops in many scripts", "come to more commands than are followed", |tree| {
        let looped = (0..4).map(|at| format!("for a{at} in 1 2 3 4 5 6 7 8; do ")).collect::<String>();
        for at in 0..tree.count(60, 5_000) {
            tree.file(
                format!("s/a{at}.sh"),
                format!("#!/bin/sh\n{looped}docker push a:$a0$a1$a2$a3; done; done; done; done\n"),
            );
        }
    }),
    Hostile::new("jobs that need jobs", |tree| {
        let jobs = lines(tree.count(100, 2_000), |at| {
            format!(
                "  j{at}:\n    outputs:\n      t: ${{{{ needs.j{0}.outputs.t }}}}${{{{ needs.j{0}.outputs.t }}}}x\n    steps:\n      - run: docker push a:${{{{ needs.j{0}.outputs.t }}}}\n",
                at.saturating_sub(1)
            )
        });
        tree.file(".github/workflows/ci.yml", format!("on: push\njobs:\n{jobs}"));
    }),
    Hostile::new("variables in variables", |tree| {
        let n = tree.count(120, 6_000);
        let azure = lines(n, |at| format!("  v{at}: $(v{0})$(v{0})\n", at + 1));
        let steps = lines(n, |at| format!("  - script: docker push a/b:$(v{at})\n"));
        tree.file("azure-pipelines.yml", format!("variables:\n{azure}steps:\n{steps}"));
        let gitlab = lines(n, |at| format!("  V{at}: v\n"));
        let jobs = lines(n, |at| format!("j{at}:\n  script:\n    - docker push a/b:$V{at}\n"));
        tree.file(".gitlab-ci.yml", format!("variables:\n{gitlab}{jobs}"));
        let make = lines(n, |at| format!("V{at} = $(V{0})$(V{0})\n", at + 1));
        let recipes = lines(n, |at| format!("r{at}:\n\tdocker push a/b:$(V{at})\n"));
        tree.file("Makefile", make + &recipes);
        let jenkins = lines(n, |at| format!("  V{at} = 'x'\n"));
        let stages =
            lines(n, |at| format!("stage('s{at}') {{ steps {{ sh \"docker push a/b:${{V{at}}}\" }} }}\n"));
        tree.file("Jenkinsfile", format!("pipeline {{\n environment {{\n{jenkins} }}\n{stages}}}\n"));
        let shell = lines(n, |at| format!("A{}=$A{at}$A{at}\n", at + 1));
        tree.file("deploy.sh", format!("A0=x\n{shell}docker push a:$A{n}\n"));
    }),
    Hostile::new("mappings whose keys are looked up one by one", |tree| {
        let n = tree.count(400, 60_000);
        tree.file(
            "wide/compose.yaml",
            format!("services:\n{}", lines(n, |at| format!("  s{at}:\n    image: a:1\n"))),
        );
        let values = lines(n / 4, |at| format!("s{at}:\n  image: {{repository: a, tag: latest}}\n"));
        let images = lines(n / 4, |at| {
            format!(
                "    - image: \"{{{{ .Values.s{at}.image.repository }}}}:{{{{ .Values.s{at}.image.tag }}}}\"\n"
            )
        });
        tree.file("chart/Chart.yaml", "name: c\nversion: 1.0.0\n");
        tree.file("chart/values.yaml", values);
        tree.file("chart/templates/d.yaml", images);
    }),
    Hostile::new("findings in one file", |tree| {
        let n = tree.count(200, 12_000);
        let groups = lines(n, |at| {
            format!("resource \"aws_cloudwatch_log_group\" \"g{at}\" {{\n  name = \"g{at}\"\n}}\n")
        });
        tree.file("main.tf", groups);
        tree.file(
            "compose.prod.yaml",
            format!("services:\n{}", lines(n, |at| format!("  s{at}:\n    image: a/b:latest\n"))),
        );
    }),
    Hostile::says("values of Terraform that multiply", "costs too much to evaluate", |tree| {
        let n = tree.count(600, 6_000);
        let regexes = format!(
            "[for i in range(1000) : [for j in range({n}) : replace(\"a${{i}}\", \"/a(b|c)*${{j}}/\", \"x\")]]"
        );
        tree.file(
            "regex/main.tf",
            format!("{GROUP}locals {{\n  all = {regexes}\n}}\nresource \"aws_cloudwatch_log_group\" \"b\" {{\n  name = jsonencode(local.all)\n}}\n"),
        );
        tree.file("file/long.txt", "x".repeat(1 << 20));
        let files = lines(tree.count(100, 3_000), |at| {
            format!("  f{at} = \"${{file(\"long.txt\")}}${{local.f{}}}\"\n", at + 1)
        });
        tree.file("file/main.tf", format!("{GROUP}locals {{\n{files}}}\nresource \"aws_cloudwatch_log_group\" \"b\" {{\n  name = local.f0\n}}\n"));
    }),
    Hostile::new("root modules in many environments", |tree| {
        for root in 0..tree.count(5, 100) {
            let groups = lines(100, |at| {
                format!(
                    "resource \"aws_cloudwatch_log_group\" \"g{at}\" {{\n  name = \"${{var.name}}{at}\"\n}}\n"
                )
            });
            tree.file(
                format!("r{root}/main.tf"),
                format!("variable \"name\" {{}}\nterraform {{\n  backend \"s3\" {{}}\n}}\n{groups}"),
            );
            for environment in 0..24 {
                tree.file(format!("r{root}/envs/{environment}.tfvars"), "name = \"a\"\n");
            }
        }
    }),
    Hostile::new("routers in routers", |tree| {
        shop(tree, "");
        let doubled = lines(60, |at| {
            format!(
                "r{0} = APIRouter(prefix=\"/a{at}\")\nr{0}.include_router(r{at}, prefix=\"/l\")\nr{0}.include_router(r{at}, prefix=\"/r\")\n",
                at + 1
            )
        });
        tree.file("api/main.py", format!("{FASTAPI}r0 = APIRouter()\n@r0.get(\"/x\")\ndef f(): pass\n{doubled}app.include_router(r60)\n"));
        let n = tree.count(50, 2_000);
        for at in 0..n {
            tree.file(
                format!("api/m{at}.py"),
                format!("from m{0} import *\nimport m{0}\nfrom fastapi import APIRouter\nrouter = APIRouter()\nrouter.include_router(m{0}.router)\n", (at + 1) % n),
            );
        }
    }),
    Hostile::new("handlers, routes and requests", |tree| {
        let n = tree.count(200, 6_000);
        shop(tree, &lines(n / 4, |at| rule(at, &[format!("*/p{at}/*x"), format!("/*/z{at}/*")])));
        let handlers = lines(n, |at| format!("@app.get(\"/a/{{x}}/c/{{y}}/p{at}/q\")\ndef f{at}(): pass\n"));
        tree.file("api/main.py", format!("{FASTAPI}{handlers}"));
        tree.file(
            "page/orders.ts",
            lines(n, |at| format!("export const o{at} = () => fetch(\"/a/b/c/d/p{at}/q\");\n")),
        );
    }),
    Hostile::new("one rule with many patterns", |tree| {
        let n = tree.count(300, 20_000);
        shop(tree, &rule(0, &(0..n).map(|at| format!("/p{at}/*")).collect::<Vec<_>>()));
        tree.file("api/main.py", format!("{FASTAPI}@app.get(\"/p1\")\ndef f(): pass\n"));
        tree.file(
            "page/orders.ts",
            lines(n / 4, |at| format!("export const o{at} = () => fetch(\"/p{at}\");\n")),
        );
    }),
    Hostile::new("functions that hand an address on", |tree| {
        shop(tree, &rule(0, &["/orders/*".to_owned()]));
        let (layers, width) = (8, tree.count(10, 60));
        let mut text = String::from("const c0 = (p) => fetch(p);\n");
        for layer in 1..layers {
            for at in 0..width {
                let calls = lines(width, |other| {
                    if layer == 1 {
                        "c0(\"/\" + p); ".to_owned()
                    } else {
                        format!("c{}_{other}(\"/\" + p); ", layer - 1)
                    }
                });
                text += &format!("export const c{layer}_{at} = (p) => {{ {calls}}};\n");
            }
        }
        tree.file("page/orders.ts", text + &format!("c{}_0(\"x\");\n", layers - 1));
        tree.file("api/main.py", format!("{FASTAPI}@app.get(\"/orders\")\ndef f(): pass\n"));
    }),
    Hostile::new("variables and locations of nginx", |tree| {
        shop(tree, "");
        let n = tree.count(300, 5_000);
        let sets = lines(n, |at| format!("set $v{} $v{at}$v{at};\n", at + 1));
        let headers = lines(n / 5, |at| format!("proxy_set_header X-{at} $v{at};\n"));
        let locations =
            lines(n * 2, |at| format!("location /l{at} {{ set $w $v{at}; proxy_pass http://u{at}; }}\n"));
        let upstreams = lines(n, |at| format!("upstream u{at} {{ server api:8000; }}\n"));
        nginx(tree, &format!("{upstreams}server {{ listen 80;\nset $v0 ab;\n{sets}{headers}{locations}}}\n"));
    }),
    Hostile::new("servers of nginx", |tree| {
        shop(tree, &rule(0, &["/orders/*".to_owned()]));
        let n = tree.count(300, 15_000);
        nginx(
            tree,
            &lines(n, |at| {
                format!(
                    "server {{ listen 80; server_name s{at}; location / {{ proxy_pass http://u{at}; }} }}\n"
                )
            }),
        );
        tree.file(
            "page/orders.ts",
            lines(n / 8, |at| format!("export const o{at} = () => fetch(\"/l{at}\");\n")),
        );
        tree.file("api/main.py", format!("{FASTAPI}@app.get(\"/orders\")\ndef f(): pass\n"));
    }),
    Hostile::new("rewrites of nginx that lengthen a path", |tree| {
        shop(tree, "");
        let rewrites = "rewrite ^(.*)$ $1$1$1;\n".repeat(tree.count(100, 1_500));
        nginx(
            tree,
            &format!("server {{ listen 80;\nlocation / {{\n{rewrites}proxy_pass http://api:8000; }} }}\n"),
        );
        tree.file("page/orders.ts", "export const orders = () => fetch(\"/orders\");\n");
        tree.file("api/main.py", format!("{FASTAPI}@app.get(\"/orders\")\ndef f(): pass\n"));
    }),
    Hostile::new("files of nginx that include one another", |tree| {
        shop(tree, "");
        nginx(
            tree,
            "include /etc/nginx/nginx.conf;\nserver { listen 80; include c/0.conf; include c/*.conf; }\n",
        );
        tree.file(
            "page/Dockerfile",
            "FROM nginx:1.27-alpine\nCOPY nginx.conf /etc/nginx/nginx.conf\nCOPY c /etc/nginx/c\n",
        );
        for at in 0..tree.count(20, 200) {
            tree.file(
                format!("page/c/{at}.conf"),
                format!(
                    "include c/{0}.conf;\ninclude c/{0}.conf;\nlocation /l{at} {{ return 200; }}\n",
                    at + 1
                ),
            );
        }
    }),
    Hostile::new("services behind ingresses", |tree| {
        let n = tree.count(100, 10_000);
        tree.file("k8s/all.yaml", lines(n, |at| format!(
            "kind: Ingress\nmetadata: {{name: i{at}}}\nspec:\n  rules:\n    - http:\n        paths:\n          - path: /p{at}\n            pathType: Prefix\n            backend: {{service: {{name: s{at}, port: {{number: 80}}}}}}\n---\nkind: Service\nmetadata: {{name: s{at}}}\nspec: {{selector: {{app: s{at}, all: same}}}}\n---\nkind: Deployment\nmetadata: {{name: s{at}}}\nspec: {{template: {{metadata: {{labels: {{app: s{at}, all: same}}}}, spec: {{containers: [{{name: a, image: shop/api:1}}]}}}}}}\n---\n"
        )));
        tree.file("api/Dockerfile", "FROM python:3.12-slim\nCMD [\"python\", \"main.py\"]\n");
    }),
    Hostile::new("behaviors of a distribution", |tree| {
        shop(tree, "");
        let n = tree.count(100, 3_000);
        let behaviors = lines(n, |at| {
            format!(
                "  ordered_cache_behavior {{\n    path_pattern = \"/p{at}/*\"\n    target_origin_id = \"api\"\n  }}\n"
            )
        });
        tree.file("infra/cdn.tf", format!("resource \"aws_s3_bucket\" \"b\" {{}}\nresource \"aws_cloudfront_distribution\" \"d\" {{\n  default_root_object = \"index.html\"\n  origin {{\n    domain_name = aws_lb.web.dns_name\n    origin_id = \"api\"\n  }}\n  origin {{\n    domain_name = aws_s3_bucket.b.bucket_regional_domain_name\n    origin_id = \"s3\"\n  }}\n  default_cache_behavior {{\n    target_origin_id = \"s3\"\n  }}\n{behaviors}}}\n"));
        tree.file(
            "page/orders.ts",
            lines(n, |at| format!("export const o{at} = () => fetch(\"/o{at}\");\n")),
        );
        tree.file("api/main.py", format!("{FASTAPI}@app.get(\"/orders\")\ndef f(): pass\n"));
    }),
    Hostile::new("security groups that go round", |tree| {
        let n = tree.count(100, 3_000);
        let groups = lines(n, |at| {
            format!(
                "resource \"aws_security_group\" \"g{at}\" {{\n  ingress {{\n    from_port = 80\n    to_port = 80\n    protocol = \"tcp\"\n    security_groups = [aws_security_group.g{}.id, aws_security_group.g{}.id]\n  }}\n}}\n",
                (at + 1) % n,
                (at + 2) % n
            )
        });
        shop(tree, &groups);
    }),
];

const JOB: &str = "jobs:\n  j:\n    runs-on: x\n    steps:\n";
const GROUP: &str = "resource \"aws_cloudwatch_log_group\" \"a\" {\n  name = \"a\"\n}\n";
pub(crate) const FASTAPI: &str = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\n";

pub(crate) fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// A page and an API behind one load balancer, with `more` of Terraform.
pub(crate) fn shop(tree: &Tree, more: &str) {
    let service = |name: &str| {
        format!(
            "resource \"aws_lb_target_group\" \"{name}\" {{\n  port = 80\n}}\nresource \"aws_ecr_repository\" \"{name}\" {{\n  name = \"shop/{name}\"\n}}\n\
             resource \"aws_ecs_task_definition\" \"{name}\" {{\n  family = \"{name}\"\n  container_definitions = jsonencode([{{ name = \"{name}\", image = \"${{aws_ecr_repository.{name}.repository_url}}:1\", portMappings = [{{ containerPort = 80 }}] }}])\n}}\n\
             resource \"aws_ecs_service\" \"{name}\" {{\n  name = \"{name}\"\n  task_definition = aws_ecs_task_definition.{name}.arn\n  load_balancer {{\n    target_group_arn = aws_lb_target_group.{name}.arn\n    container_name = \"{name}\"\n    container_port = 80\n  }}\n}}\n"
        )
    };
    let front = "resource \"aws_lb\" \"web\" {\n  load_balancer_type = \"application\"\n}\nresource \"aws_lb_listener\" \"web\" {\n  load_balancer_arn = aws_lb.web.arn\n  port = 80\n  protocol = \"HTTP\"\n  default_action {\n    type = \"forward\"\n    target_group_arn = aws_lb_target_group.page.arn\n  }\n}\n";
    tree.file("infra/main.tf", format!("{front}{}{}{more}", service("page"), service("api")));
    tree.file("page/index.html", "<script type=\"module\" src=\"orders.ts\"></script>\n");
    tree.file("page/Dockerfile", "FROM nginx:1.27-alpine\nCOPY . /usr/share/nginx/html\n");
    tree.file("api/Dockerfile", "FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nCMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"80\"]\n");
}

pub(crate) fn rule(at: usize, patterns: &[String]) -> String {
    format!(
        "resource \"aws_lb_listener_rule\" \"r{at}\" {{\n  listener_arn = aws_lb_listener.web.arn\n  priority = {}\n  action {{\n    type = \"forward\"\n    target_group_arn = aws_lb_target_group.api.arn\n  }}\n  condition {{\n    path_pattern {{\n      values = {patterns:?}\n    }}\n  }}\n}}\n",
        at + 1
    )
}

/// The page's own nginx, with `inside` its `http`.
fn nginx(tree: &Tree, inside: &str) {
    tree.file(
        "page/Dockerfile",
        "FROM nginx:1.27-alpine\nCOPY nginx.conf /etc/nginx/nginx.conf\nCOPY . /usr/share/nginx/html\n",
    );
    tree.file("page/nginx.conf", format!("events {{}}\nhttp {{\n{inside}}}\n"));
}
