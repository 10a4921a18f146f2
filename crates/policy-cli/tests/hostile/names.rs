//! Names that a terminal, a log or a viewer would obey, and names of every length.

use crate::tree::{Hostile, Tree};

/// What a name may hold and nobody may obey.
const OBEYED: [&str; 14] = [
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\x1b]8;;http://x\x1b\\link",
    "\x1b[2J",
    "a\rb",
    "a\nb",
    "a\x08b",
    "\x07",
    "\u{9b}31m",
    "\u{202e}txt.exe",
    "\u{2066}x\u{2069}",
    "\u{2028}x",
    "\x7f",
    "::error::x",
];

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("files with findings by such names", |tree| {
        for (at, name) in OBEYED.iter().enumerate() {
            tree.file(format!("{at}{name}/compose.yaml"), "services:\n  a:\n    image: nginx:latest\n");
        }
    }),
    Hostile::new("broken files by such names", |tree| {
        for (at, name) in OBEYED.iter().enumerate() {
            tree.file(format!("{at}{name}.tf"), "a {");
        }
    }),
    Hostile::new("such names in messages", |tree| {
        let names: String =
            OBEYED.iter().filter(|name| !name.contains('\n')).map(|name| format!("{name} ")).collect();
        tree.file("Dockerfile", format!("FROM a:latest AS {names}\nCOPY {names} /\nUSER a\n# {names}\n"));
        tree.file("compose.yaml", format!("services:\n  {names:?}:\n    image: '{names}/nginx:latest'\n"));
        tree.file("deploy.sh", format!("docker push 'r.io/{names}:latest'\n"));
        tree.file(
            "main.tf",
            format!("resource \"aws_lb\" \"a\" {{\n  name = \"{names}\"\n}}\nx = \"{names}\n"),
        );
        tree.file(".dockerignore", format!("{names}[\n[a-\n{names}\n"));
        tree.file("a.ts", format!("new WebSocket(`ws://localhost:8000/{names}`);\n"));
    }),
    Hostile::new("such names in escapes of YAML and JSON", |tree| {
        tree.file(
            "compose.yaml",
            "services:\n  \"\\e[31ma\\u009b\\u202e\":\n    image: \"a\\e[2J/nginx:latest\"\n",
        );
        tree.file("task-definition.json", "{\"family\": \"a\\u001b[31m\", \"containerDefinitions\": [{\"name\": \"\\u001b]0;x\\u0007\", \"image\": \"a:latest\"}]}");
    }),
    Hostile::new("such names that cannot be listed", |tree| {
        tree.file_by_bytes(b"\x1b[31m\xff.tf", "");
        tree.file_by_bytes(b"\xff\xfe/\x9b31m/main.tf", "");
    }),
    Hostile::refused("such names in the configuration", "unknown key", |tree| {
        tree.file("portcullis.toml", "\"\\u001b[31m\\u009b\" = 1\n");
    }),
    Hostile::new("names as long as can be", |tree| {
        tree.file(format!("{}.tf", "x".repeat(252)), "a {");
        tree.file(format!("{}/main.tf", "y".repeat(255)), "a {");
    }),
    Hostile::new("names of many characters that are drawn as one", |tree| {
        tree.file(format!("a{}.tf", "\u{301}".repeat(100)), "a {");
    }),
    Hostile::new("names of blanks and dots", odd),
];

fn odd(tree: &Tree) {
    for name in [
        " ", "...", "a ", " a.tf", "-", "--help", "~", "$HOME", "*", "?", "[", "{a,b}.tf", "'", "\"", "`id`",
        "$(id)", "a;b", "%s%n", "\\",
    ] {
        tree.file(format!("{name}/compose.yaml"), "services:\n  a:\n    image: nginx:latest\n");
        tree.file(format!("f{name}.tf"), "a {");
    }
}
