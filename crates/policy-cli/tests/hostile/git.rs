//! Repositories as git would not make them.

use crate::tree::Hostile;

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("a repository that is a file", |tree| tree.file(".git", "gitdir: elsewhere\n")),
    Hostile::new("a repository that leads to itself", |tree| tree.file(".git", "gitdir: .git\n")),
    Hostile::new("a repository that leads out", |tree| tree.file(".git", "gitdir: /etc\n")),
    Hostile::new("a pointer of one long line", |tree| {
        tree.file(".git", "gitdir: ".repeat(tree.count(10_000, 1_000_000)));
    }),
    Hostile::new("a repository that is a link", |tree| tree.link(".git", "/etc")),
    Hostile::new("a repository of noise", |tree| {
        for name in ["HEAD", "config", "index", "packed-refs", "info/exclude", "objects/aa/bb"] {
            tree.file(format!(".git/{name}"), vec![0xff; tree.count(10_000, 8 << 20)]);
        }
    }),
    Hostile::new("an index that says it is long", |tree| tree.sparse(".git/index", 2 << 30)),
    Hostile::new("submodules that go round", |tree| {
        tree.folder(".git");
        tree.file(
            ".gitmodules",
            "[submodule \"a\"]\n\tpath = .\n\turl = .\n[submodule \"b\"]\n\tpath = ../..\n"
                .repeat(tree.count(100, 20_000)),
        );
        tree.file("a/.git", "gitdir: ../.git\n");
        tree.file("a/b/.git", "gitdir: ../../a/.git\n");
        tree.file("a/b/main.tf", "a {");
    }),
    Hostile::new("repositories in repositories", |tree| {
        let mut path = String::new();
        for _ in 0..tree.count(50, 500) {
            tree.file(format!("{path}.gitignore"), "*.log\n!*.tf\n");
            tree.file(format!("{path}.git/HEAD"), "");
            path += "d/";
        }
    }),
    Hostile::new("an ignore file that ignores nothing and everything by turns", |tree| {
        tree.folder(".git");
        tree.file(".gitignore", "*\n!*\n".repeat(tree.count(1_000, 100_000)));
        tree.file("a/b/main.tf", "a {");
    }),
];
