//! Files that are large, or say so.

use crate::tree::Hostile;

pub(crate) const TREES: &[Hostile] = &[
    Hostile::says("files that say they are long", "files over 8388608 are not read", |tree| {
        for name in [
            "Dockerfile",
            "main.tf",
            "app.ts",
            ".dockerignore",
            "a/compose.yaml",
            "deploy.sh",
            ".env",
            "package.json",
        ] {
            tree.sparse(name, 2 << 30);
        }
    }),
    Hostile::new("files of NUL", |tree| {
        for name in [
            "Dockerfile",
            "main.tf",
            "app.ts",
            ".dockerignore",
            "a/compose.yaml",
            "deploy.sh",
            ".env",
            "package.json",
        ] {
            tree.sparse(name, tree.count(100_000, 8 << 20) as u64);
        }
    }),
    Hostile::new("files of one letter", |tree| {
        let text = "a".repeat(tree.count(100_000, 4 << 20));
        for name in [
            "Dockerfile",
            "main.tf",
            "app.ts",
            ".dockerignore",
            "a/compose.yaml",
            "deploy.sh",
            ".env",
            "package.json",
            "Makefile",
            "justfile",
        ] {
            tree.file(name, &text);
        }
    }),
    Hostile::new("files of line ends", |tree| {
        let text = "\n".repeat(tree.count(100_000, 4 << 20));
        for name in [
            "Dockerfile",
            "main.tf",
            "app.ts",
            ".dockerignore",
            "a/compose.yaml",
            "deploy.sh",
            ".env",
            "package.json",
            "Makefile",
            "justfile",
        ] {
            tree.file(name, &text);
        }
    }),
    Hostile::new("files of noise", |tree| {
        let noise = |seed: u32| -> Vec<u8> {
            let length = tree.count(50_000, 2 << 20) as u32;
            (0..length).map(|at| (at.wrapping_mul(2_654_435_761).wrapping_add(seed) >> 13) as u8).collect()
        };
        let names = [
            "Dockerfile",
            "main.tf",
            "app.ts",
            ".dockerignore",
            "a/compose.yaml",
            "deploy.sh",
            ".env",
            "package.json",
            "Makefile",
            "justfile",
        ];
        for (seed, name) in (0..).zip(names) {
            tree.file(name, noise(seed));
        }
    }),
];
