//! Many of one kind beside many of another: whoever takes each with each never ends.

use crate::tree::Hostile;
use crate::work::{lines, rule, shop};

pub(crate) const TREES: &[Hostile] = &[
    Hostile::says(
        "builds of one Dockerfile with arguments of their own",
        "so many builds of long Dockerfiles",
        |tree| {
            let n = tree.count(400, 2_000);
            let args = lines(n, |at| format!("ARG A{at}=x\n"));
            let steps = lines(n, |at| format!("ENV E{}=$E{at}$A{at}\nCOPY x{at} y\n", at + 1));
            tree.file("Dockerfile", format!("{args}FROM node:20\n{steps}"));
            let services = lines(n, |at| {
                format!(
                    "  s{at}:\n    build:\n      context: .\n      args:\n        A{at}: v\n    image: x{at}:1\n"
                )
            });
            tree.file("docker-compose.yml", format!("services:\n{services}"));
        },
    ),
    Hostile::new("arguments that are doubled", |tree| {
        let args = lines(tree.count(500, 5_000), |at| format!("ARG A{}=$A{at}$A{at}\n", at + 1));
        tree.file("Dockerfile", format!("FROM node:20\nARG A0=x\n{args}"));
    }),
    Hostile::new("exceptions in ignore files", |tree| {
        for context in 0..tree.count(2, 100) {
            let lines = lines(2_000, |at| format!("**/x{at}*\n!**/y{at}*\n"));
            tree.file(format!("c{context}/.dockerignore"), lines);
            tree.file(format!("c{context}/Dockerfile"), "FROM node:20\nCOPY . .\n");
            tree.file(format!("c{context}/a/b"), "");
        }
    }),
    Hostile::new("root modules in environments", |tree| {
        let n = tree.count(20, 200);
        for at in 0..n {
            let call = "module \"m\" {\n  source = \"../../mod\"\n  x = var.x\n}\nvariable \"x\" {}\n";
            tree.file(format!("roots/r{at}/main.tf"), call);
            tree.file(format!("roots/e{at}.tfvars"), format!("x = \"v{at}\"\n"));
        }
        let rules = lines(n, |at| rule(at, &["${var.x}".to_owned()]));
        tree.file("mod/main.tf", format!("variable \"x\" {{}}\n{rules}"));
    }),
    Hostile::says("blocks that instances make", "costs too much to evaluate", |tree| {
        let rules = lines(tree.count(3, 100), |at| {
            format!(
                "resource \"aws_lb_listener_rule\" \"r{at}\" {{\n  count = 900\n  dynamic \"condition\" {{\n    for_each = range(900)\n    content {{\n      path_pattern {{\n        values = [\"/${{condition.value}}\"]\n      }}\n    }}\n  }}\n}}\n"
            )
        });
        tree.file("main.tf", rules);
    }),
    Hostile::new("pushes to repositories", |tree| {
        let n = tree.count(300, 10_000);
        tree.file("main.tf", lines(n, |at| {
            format!("resource \"aws_ecr_repository\" \"r{at}\" {{\n  name = \"repository-{at}\"\n  image_tag_mutability = \"IMMUTABLE\"\n}}\n")
        }));
        let known =
            lines(n, |at| format!("docker push 1.dkr.ecr.us-east-1.amazonaws.com/repository-{at}:latest\n"));
        let open = lines(n, |at| format!("docker push $REGISTRY/$STAGE-repository-{at}:latest\n"));
        tree.file("push.sh", format!("#!/bin/sh\n{known}{open}"));
    }),
    Hostile::new("requests and patterns that begin in any way", |tree| {
        let n = tree.count(60, 2_500);
        let long = "a".repeat(60);
        let rules = lines(n, |at| {
            rule(at, &[format!("*/p{at}/*x"), format!("*{long}{at}*b"), format!("/*/z{at}/*")])
        });
        shop(tree, &rules);
        let page = lines(n * 3, |at| {
            format!(
                "export const o{at} = (x) => fetch(`${{x}}/{long}/{long}/p{at}/q/r`);\nfetch(\"/a/b/c/p{at}/q\");\n"
            )
        });
        tree.file("page/orders.ts", page);
        let handlers =
            lines(n * 3, |at| format!("@app.get(\"/a/{{x}}/c/{{y}}/p{at}/q\")\ndef f{at}(): return []\n"));
        tree.file("api/main.py", format!("from fastapi import FastAPI\napp = FastAPI()\n{handlers}"));
        tree.file("ask.sh", lines(n, |at| format!("curl $HOST/{long}/p{at}\n")));
    }),
];
