//! What may not be read.

use crate::tree::Hostile;

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("files that may not be read", |tree| {
        for name in [".gitignore", ".dockerignore", "Dockerfile", "main.tf", "compose.yaml", "app.ts"] {
            tree.file(name, "a");
            tree.mode(name, 0o000);
        }
    }),
    Hostile::new("folders that may not be entered, or not be listed", |tree| {
        for (name, mode) in [("closed", 0o000), ("unlisted", 0o111), ("named", 0o444)] {
            tree.file(format!("{name}/main.tf"), "a {");
            tree.mode(name, mode);
        }
    }),
    Hostile::new("a build context that may not be entered", |tree| {
        tree.file("compose.yaml", "services:\n  a:\n    build: closed\n");
        tree.file("closed/Dockerfile", "FROM scratch\nCOPY . /\n");
        tree.mode("closed", 0o000);
    }),
];
