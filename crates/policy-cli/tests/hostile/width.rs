//! Many of a kind beside one another.

use crate::tree::{Hostile, Tree};

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("many files", |tree| {
        for at in 0..tree.count(500, 20_000) {
            tree.file(format!("d{}/f{at}.tf", at % 50), "a {");
        }
    }),
    Hostile::new("many folders", |tree| {
        (0..tree.count(500, 20_000)).for_each(|at| tree.folder(&format!("d{at}")));
    }),
    Hostile::new("many patterns in an ignore file", |tree| {
        patterns(tree, |at| format!("file{at}.txt"));
        patterns_at(tree, "a", |at| format!("*a*{at}*"));
        patterns_at(tree, "b", |at| format!("/src/**/x{at}/[a-c]*"));
        patterns_at(tree, "c", |at| format!("!*.{at}"));
    }),
    Hostile::says("patterns that are compared for long", "takes too long", |tree| {
        patterns(tree, |at| format!("{}{at}", "*a".repeat(60)));
        for at in 0..tree.count(20, 1_000) {
            tree.file(format!("{}{at}.tf", "a".repeat(200)), "a {");
        }
    }),
    Hostile::new("classes without an end", |tree| {
        tree.folder(".git");
        let times = tree.count(20_000, 1_000_000);
        tree.file(
            ".gitignore",
            format!("{}\n[{}]\n[{}\n", "[".repeat(times), "a-z".repeat(times), "[:alpha:]".repeat(times / 4)),
        );
        tree.file("a/main.tf", "a {");
    }),
    Hostile::refused("many globs in the configuration", "more than 1000 globs", |tree| {
        tree.file(
            "portcullis.toml",
            format!("exclude = [{}]\n", "'a*b', ".repeat(tree.count(2_000, 100_000))),
        );
    }),
    Hostile::refused("a class in a glob of the configuration", "is not a glob", |tree| {
        tree.file(
            "portcullis.toml",
            format!("exclude = ['[{}]']\n", "a-z".repeat(tree.count(2_000, 200_000))),
        );
    }),
    Hostile::says("stages that each take from the one before", "stages of this Dockerfile", |tree| {
        let times = tree.count(300, 1_000);
        let stage = |at: usize| format!("FROM {} AS s{at}\nCOPY --from={} a b\n", before(at), before(at));
        tree.file("Dockerfile", (0..times).map(stage).collect::<String>());
        let service = |at| format!("  s{at}:\n    build:\n      context: .\n      target: s{at}\n");
        tree.file("compose.yaml", format!("services:\n{}", (0..times).map(service).collect::<String>()));
    }),
    Hostile::says("a script of many words", "words; its commands were not checked", |tree| {
        let times = tree.count(300_000, 2_000_000);
        tree.file("a.sh", format!("#!/bin/sh\ndocker push a:b\n{}", ":\n".repeat(times)));
    }),
    Hostile::new("one line", |tree| {
        let times = tree.count(20_000, 400_000);
        tree.file("deploy.sh", format!("docker push a:latest {}\n", "a ".repeat(times)));
        tree.file("Dockerfile", format!("FROM a:latest\nCOPY {} /\n", "a ".repeat(times)));
        tree.file(".dockerignore", "a".repeat(times));
        tree.file("main.tf", format!("x = [{}]\n", "1, ".repeat(times)));
        tree.file("app.ts", format!("new WebSocket('ws://x:8000/{}')\n", "a".repeat(times)));
        tree.file("compose.yaml", format!("services: {{a: {{image: 'nginx:{}'}}}}\n", "a".repeat(times)));
    }),
];

/// What the stage numbered `at` is made from.
fn before(at: usize) -> String {
    at.checked_sub(1).map_or_else(|| "node:20".to_owned(), |before| format!("s{before}"))
}

fn patterns(tree: &Tree, pattern: fn(usize) -> String) {
    patterns_at(tree, ".", pattern);
}

fn patterns_at(tree: &Tree, folder: &str, pattern: fn(usize) -> String) {
    tree.folder(".git");
    let text: String = (0..tree.count(5_000, 200_000)).map(|at| pattern(at) + "\n").collect();
    // No file over 8 MiB is read.
    let text = text.get(..text.len().min(8 << 20)).unwrap_or_default();
    tree.file(format!("{folder}/.gitignore"), text);
    tree.file(format!("{folder}/main.tf"), "a {");
}
