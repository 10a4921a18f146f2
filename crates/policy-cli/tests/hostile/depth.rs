//! Things in things.

use crate::tree::{Hostile, Tree};

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("brackets in brackets", |tree| {
        let deep = |open: &str, close: &str| {
            let times = tree.count(20_000, 400_000);
            format!("{}1{}", open.repeat(times), close.repeat(times))
        };
        tree.file("a.tf", format!("x = {}", deep("[", "]")));
        tree.file("b.tf", deep("a {\n", "}\n"));
        tree.file("c.tf", format!("x = \"{}\"", deep("${", "}")));
        tree.file("a.ts", format!("new WebSocket({})", deep("(", ")")));
        tree.file("b.ts", format!("new WebSocket({})", deep("[", "]")));
        tree.file("c.ts", format!("new WebSocket({})", deep("`${", "}`")));
        tree.file("d.tsx", format!("new WebSocket({})", deep("<a>", "</a>")));
        tree.file("e.ts", format!("new WebSocket('a'); {}", deep("{", "}")));
        tree.file("f.ts", format!("new WebSocket({}'a')", "!".repeat(tree.count(20_000, 400_000))));
        tree.file("g.ts", format!("new WebSocket('a'); type A = {}", deep("A<", ">")));
        tree.file("compose.yaml", format!("services: {}", deep("[", "]")));
        tree.file("values.yaml", format!("image: {}", deep("{a: ", "}")));
        tree.file("package.json", deep("[", "]"));
        tree.file("tsconfig.json", deep("{\"a\":", "}"));
        tree.file("deploy.sh", format!("docker push {}", deep("$(", ")")));
        tree.file("nested.sh", format!("docker push x:latest; {}", deep("( ", ")")));
        tree.file("braces.sh", format!("docker push {}", deep("{a,", "}")));
        tree.file("Jenkinsfile", format!("sh 'docker push a:latest'\n{}", deep("{", "}")));
        tree.file("docker-bake.hcl", format!("target \"a\" {{ tags = {} }}", deep("[", "]")));
        tree.file("Dockerfile", format!("FROM a:latest\nARG A={}\nCOPY $A /\n", deep("${A:-", "}")));
        tree.file("index.html", deep("<div>", "</div>"));
        tree.file("fly.toml", format!("a = {}", deep("[", "]")));
    }),
    Hostile::new("parts of parts", |tree| {
        let times = tree.count(60_000, 200_000);
        let balancer =
            |part: &str| format!("resource \"aws_lb\" \"a\" {{\n  name = var.x{}\n}}\n", part.repeat(times));
        tree.file("variables.tf", "variable \"x\" {\n  default = 1\n}\n");
        tree.file("names.tf", balancer(".a"));
        tree.file("items.tf", balancer(".a[0]"));
        tree.file("splats.tf", balancer(".a[*]"));
    }),
    Hostile::new("indents in indents", |tree| {
        let times = tree.count(1_000, 3_800);
        let text = (0..times).fold(String::new(), |text, at| text + &" ".repeat(at) + "a:\n");
        for name in ["compose.yaml", ".github/workflows/ci.yml", ".gitlab-ci.yml", "k8s/deployment.yaml"] {
            tree.file(name, &text);
        }
        tree.file(
            "dashes/compose.yaml",
            format!("services:\n  {}a\n", "- ".repeat(tree.count(10_000, 200_000))),
        );
    }),
    Hostile::new("folders in folders", |tree| {
        // A path has at most 4,096 bytes, and the folder of the test is among them.
        let path = "d/".repeat(tree.count(300, 1_900));
        tree.file(format!("{path}main.tf"), "a {");
        tree.file(format!("{path}Dockerfile"), "FROM a:latest\nCOPY . /\n");
    }),
    Hostile::new("ignore files in folders in folders", |tree| {
        tree.folder(".git");
        let mut path = String::new();
        for _ in 0..tree.count(100, 1_000) {
            path += "d/";
            tree.file(format!("{path}.gitignore"), "*a*b*c*\n!*a*b*\n".repeat(20));
        }
        tree.file(format!("{path}main.tf"), "a {");
    }),
    Hostile::refused("braces in a glob of the configuration", "is not a glob", |tree| {
        let times = tree.count(10_000, 100_000);
        tree.file("portcullis.toml", format!("exclude = ['{}{}']\n", "{a,".repeat(times), "}".repeat(times)));
    }),
    Hostile::refused("lists in the configuration", "portcullis.toml", |tree| {
        tree.file("portcullis.toml", format!("exclude = {}\n", "[".repeat(tree.count(10_000, 500_000))));
    }),
    Hostile::new("braces in ignore files", braces),
];

/// Git has no braces, so they are nothing but letters.
fn braces(tree: &Tree) {
    let times = tree.count(20_000, 400_000);
    let deep = format!("{}{}\n", "{a,".repeat(times), "}".repeat(times));
    let wide = format!("{{{}}}\n", "a,".repeat(times));
    tree.folder(".git");
    for name in [".gitignore", ".ignore", ".git/info/exclude", ".dockerignore", "a/.gitignore"] {
        tree.file(name, format!("{deep}{wide}*{deep}{wide}?"));
    }
    tree.file("a/main.tf", "a {");
    tree.file("Dockerfile", "FROM scratch\nCOPY . /\n");
}
